//! AWS managed policies that study notes speak of, cut to what this model asks for.
//!
//! Source: AWS Managed Policy Reference Guide, the page of each policy. A policy of this list
//! allows on every resource what stands here; the real ones may allow more actions of services that
//! have nothing to do with the examples.

use crate::aws::iam::policy::{Effect, Patterns, Policy, PolicyType, Statement};

/// A managed policy: its name, and the actions that it allows on all resources.
struct Managed {
    name: &'static str,
    actions: &'static [&'static str],
    /// Whether the actions are those that it leaves out.
    except: bool,
}

const fn allows(name: &'static str, actions: &'static [&'static str]) -> Managed {
    Managed { name, actions, except: false }
}

const MANAGED: &[Managed] = &[
    allows("AdministratorAccess", &["*"]),
    Managed {
        name: "PowerUserAccess",
        actions: &["iam:*", "organizations:*", "account:*"],
        except: true,
    },
    allows("FullAWSAccess", &["*"]),
    allows(
        "AmazonECSTaskExecutionRolePolicy",
        &[
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchGetImage",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    allows(
        "AmazonEC2ContainerServiceforEC2Role",
        &[
            "ec2:DescribeTags",
            "ecs:CreateCluster",
            "ecs:DeregisterContainerInstance",
            "ecs:DiscoverPollEndpoint",
            "ecs:Poll",
            "ecs:RegisterContainerInstance",
            "ecs:StartTelemetrySession",
            "ecs:UpdateContainerInstancesState",
            "ecs:Submit*",
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchGetImage",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    allows("AmazonECS_FullAccess", &["ecs:*", "ecr:*", "logs:*", "iam:PassRole"]),
    allows(
        "AmazonEC2ContainerRegistryReadOnly",
        &[
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheck*",
            "ecr:Get*",
            "ecr:List*",
            "ecr:Describe*",
            "ecr:BatchGetImage",
        ],
    ),
    allows("AmazonS3FullAccess", &["s3:*", "s3-object-lambda:*"]),
    allows(
        "AmazonS3ReadOnlyAccess",
        &["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
    ),
    allows("AmazonSQSFullAccess", &["sqs:*"]),
    allows("AmazonSNSFullAccess", &["sns:*"]),
    allows("AmazonDynamoDBFullAccess", &["dynamodb:*"]),
    allows(
        "AmazonDynamoDBReadOnlyAccess",
        &[
            "dynamodb:BatchGetItem",
            "dynamodb:Describe*",
            "dynamodb:List*",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQLSelect",
        ],
    ),
    allows("CloudWatchLogsFullAccess", &["logs:*", "cloudwatch:GenerateQuery"]),
    allows("SecretsManagerReadWrite", &["secretsmanager:*"]),
    allows("AmazonSSMReadOnlyAccess", &["ssm:Describe*", "ssm:Get*", "ssm:List*"]),
    allows(
        "AWSLambdaBasicExecutionRole",
        &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ),
    allows("AWSLambdaRole", &["lambda:InvokeFunction"]),
    allows(
        "AWSLambdaSQSQueueExecutionRole",
        &[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    allows(
        "AWSLambdaKinesisExecutionRole",
        &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
            "kinesis:ListStreams",
            "kinesis:SubscribeToShard",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    allows(
        "AWSLambdaDynamoDBExecutionRole",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
    ),
    allows(
        "AWSLambdaVPCAccessExecutionRole",
        &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ],
    ),
];

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    MANAGED.iter().map(|managed| managed.name)
}

/// A policy by its name.
pub fn policy(name: &str, policy_type: PolicyType) -> Option<Policy> {
    let managed = MANAGED.iter().find(|managed| managed.name == name)?;
    let written = managed.actions.iter().map(|&action| action.to_owned()).collect();
    let statement = Statement {
        name: "Statement[0]".to_owned(),
        effect: Effect::Allow,
        actions: Patterns { negated: managed.except, written },
        resources: Some(Patterns { negated: false, written: vec!["*".to_owned()] }),
        principal: None,
        conditions: Vec::new(),
        has_variables: true,
    };
    Some(Policy { name: name.to_owned(), policy_type, statements: vec![statement] })
}
