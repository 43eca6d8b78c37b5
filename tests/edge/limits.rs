//! What AWS refuses to deploy, and what fails when it runs.

use bogi::aws::cloudfront::distribution::{Association, Function, Kind, Need, Trigger, Version};
use bogi::aws::cloudfront::effect::Effect;
use bogi::aws::cloudfront::request::Fault;

use crate::setup::*;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;
const TOO_LARGE: &str =
    "larger than the maximum allowed for functions that are triggered by a CloudFront event";

type Change = fn(&mut Function);

/// A site with one function, changed.
fn one(kind: Kind, trigger: Trigger, change: Change) -> Case {
    let mut case = site("max-age=60");
    let mut function = function("f", kind, Vec::new());
    change(&mut function);
    case.associate(trigger, function);
    case.get(0, "/");
    case
}

#[test]
fn lambda_edge_is_refused_with_aws_s_reason() {
    let cases: [(Trigger, Change, &str); 19] = [
        (Trigger::ViewerRequest, |f| f.region = Some("ap-northeast-2".to_owned()), "'us-east-1'"),
        (Trigger::ViewerRequest, |f| f.version = Version::Latest, "specific function version"),
        (Trigger::ViewerRequest, |f| f.version = Version::Alias, "specific function version"),
        (Trigger::ViewerRequest, |f| f.runtime = Some("java21".to_owned()), "Node.js and Python"),
        (Trigger::ViewerRequest, |f| f.trusts_edge = false, "edgelambda.amazonaws.com"),
        (
            Trigger::ViewerRequest,
            |f| f.code_size = Some(50 * MB),
            "code size is {TOO_LARGE}: 52428800 Max allowed: 1048576",
        ),
        (Trigger::OriginRequest, |f| f.code_size = Some(50 * MB + 1), "Max allowed: 52428800"),
        (
            Trigger::ViewerRequest,
            |f| f.memory = Some(256 * MB),
            "memory size is {TOO_LARGE}: 256 Max allowed: 128",
        ),
        (Trigger::OriginResponse, |f| f.memory = Some(10241 * MB), "Max allowed: 10240"),
        (Trigger::OriginResponse, |f| f.memory = Some(64 * MB), "Min allowed: 128"),
        (
            Trigger::ViewerResponse,
            |f| f.timeout = Some(6 * S),
            "timeout is {TOO_LARGE}: 6 Max allowed: 5",
        ),
        (Trigger::OriginResponse, |f| f.timeout = Some(31 * S), "31 Max allowed: 30"),
        (Trigger::OriginRequest, |f| f.ephemeral_storage = Some(513 * MB), "Max allowed: 512"),
        (
            Trigger::OriginRequest,
            |f| f.needs = [Need::EnvironmentVariables].into(),
            "environment variables",
        ),
        (Trigger::OriginRequest, |f| f.needs = [Need::Vpc].into(), "VPC"),
        (Trigger::OriginRequest, |f| f.needs = [Need::Layers].into(), "layers"),
        (Trigger::OriginRequest, |f| f.needs = [Need::Arm64].into(), "arm64"),
        (Trigger::OriginRequest, |f| f.needs = [Need::ContainerImage].into(), "container image"),
        (Trigger::OriginRequest, |f| f.needs = [Need::KeyValueStore].into(), "key value store"),
    ];
    for (trigger, change, reason) in cases {
        let reason = reason.replace("{TOO_LARGE}", TOO_LARGE);
        let refusal = one(Kind::LambdaEdge, trigger, change).refusal();
        assert_eq!(refusal.0, "InvalidLambdaFunctionAssociation", "{reason}");
        assert!(refusal.1.contains(&reason), "{}: {reason}", refusal.1);
    }
    let fits: [(Trigger, Change); 5] = [
        (Trigger::ViewerRequest, |f| f.code_size = Some(MB)),
        (Trigger::OriginRequest, |f| f.code_size = Some(50 * MB)),
        (Trigger::OriginRequest, |f| f.memory = Some(10240 * MB)),
        (Trigger::OriginRequest, |f| f.timeout = Some(30 * S)),
        (Trigger::ViewerRequest, |f| f.needs = [Need::Network, Need::FileSystem].into()),
    ];
    for (trigger, change) in fits {
        assert_eq!(one(Kind::LambdaEdge, trigger, change).one().status, 200);
    }
}

#[test]
fn cloudfront_functions_are_refused_with_aws_s_reason() {
    let viewer = Trigger::ViewerRequest;
    let cases: [(Trigger, Change, &str, &str); 7] = [
        (
            viewer,
            |f| f.runtime = Some("python3.13".to_owned()),
            "InvalidArgument",
            "Member must satisfy enum value set: [cloudfront-js-1.0, cloudfront-js-2.0]",
        ),
        (
            viewer,
            |f| f.code_size = Some(10 * KB + 1),
            "FunctionSizeLimitExceeded",
            "10241 bytes is larger than 10240 bytes",
        ),
        (Trigger::OriginRequest, |_| {}, "InvalidFunctionAssociation", "not with origin-request"),
        (Trigger::OriginResponse, |_| {}, "InvalidFunctionAssociation", "not with origin-response"),
        (
            viewer,
            |f| f.needs = [Need::EnvironmentVariables].into(),
            "InvalidArgument",
            "environment variables",
        ),
        (viewer, |f| f.needs = [Need::Vpc].into(), "InvalidArgument", "VPC"),
        (
            viewer,
            |f| {
                f.needs = [Need::KeyValueStore].into();
                f.runtime = Some("cloudfront-js-1.0".to_owned());
            },
            "InvalidArgument",
            "cloudfront-js-2.0",
        ),
    ];
    for (trigger, change, error, reason) in cases {
        let refusal = one(Kind::CloudFrontFunction, trigger, change).refusal();
        assert_eq!(refusal.0, error, "{reason}");
        assert!(refusal.1.contains(reason), "{}: {reason}", refusal.1);
    }
    let kvs = one(Kind::CloudFrontFunction, viewer, |f| f.needs = [Need::KeyValueStore].into());
    assert_eq!(kvs.one().status, 200);
}

#[test]
fn the_viewer_s_events_have_one_kind_and_each_event_one_function() {
    let pair = |first: (Kind, Trigger), second: (Kind, Trigger)| {
        let mut case = site("max-age=60");
        for (name, (kind, trigger)) in [("a", first), ("b", second)] {
            case.associate(trigger, function(name, kind, Vec::new()));
        }
        case.get(0, "/");
        case
    };
    let (cff, edge) = (Kind::CloudFrontFunction, Kind::LambdaEdge);
    let (request, response) = (Trigger::ViewerRequest, Trigger::ViewerResponse);
    let mixed = pair((cff, request), (edge, response)).refusal();
    assert_eq!(mixed.0, "InvalidLambdaFunctionAssociation");
    assert!(mixed.1.contains("can't be combined in the viewer events"));
    assert!(pair((edge, request), (cff, response)).run().rejected.is_some());
    let twice = pair((cff, request), (cff, request)).refusal();
    assert!(twice.1.contains("one function for viewer-request"));
    assert!(pair((edge, request), (cff, request)).run().rejected.is_some());
    for (first, second) in [
        ((cff, request), (cff, response)),
        ((edge, request), (edge, response)),
        ((cff, request), (edge, Trigger::OriginRequest)),
        ((edge, Trigger::OriginResponse), (cff, response)),
    ] {
        assert_eq!(pair(first, second).run().rejected, None);
    }
}

#[test]
fn bodies_and_responses_have_their_sizes() {
    let generated = |trigger, size| {
        let mut case = with_all_triggers();
        case.does(trigger, vec![respond(200, size)]);
        case.get(0, "/");
        case.one()
    };
    assert_eq!(generated(Trigger::ViewerRequest, 40 * KB).status, 200);
    let large = generated(Trigger::ViewerRequest, 40 * KB + 1);
    assert_eq!((large.status, large.fault), (502, Some(Fault::LambdaValidationError)));
    assert_eq!(generated(Trigger::OriginRequest, MB).status, 200);
    assert_eq!(generated(Trigger::OriginRequest, MB + 1).status, 502);
    assert_eq!(generated(Trigger::OriginResponse, MB + 1).status, 502);
    assert_eq!(generated(Trigger::ViewerResponse, 40 * KB + 1).status, 502);

    let replaced = |trigger, include_body, size| {
        let mut case = with_all_triggers();
        case.does(trigger, vec![always(Effect::ReplaceBody { size })]);
        for association in &mut case.behavior().associations {
            association.include_body = include_body && association.trigger == trigger;
        }
        case.post(0, "/");
        case.one().status
    };
    assert_eq!(replaced(Trigger::ViewerRequest, true, 40 * KB), 200);
    assert_eq!(replaced(Trigger::ViewerRequest, true, 40 * KB + 1), 502);
    assert_eq!(replaced(Trigger::ViewerRequest, false, 1), 502);
    assert_eq!(replaced(Trigger::OriginRequest, true, MB), 200);
    assert_eq!(replaced(Trigger::OriginRequest, true, MB + 1), 502);
}

#[test]
fn a_viewer_response_keeps_the_status() {
    for kind in [Kind::CloudFrontFunction, Kind::LambdaEdge] {
        let mut case = site("max-age=60");
        let actions = vec![always(Effect::SetStatus(404))];
        case.associate(Trigger::ViewerResponse, function("f", kind, actions));
        case.get(0, "/");
        assert_eq!(case.one().status, 502, "{kind:?}");
    }
    let mut case = with_all_triggers();
    case.does(Trigger::OriginResponse, vec![always(Effect::SetStatus(404))]);
    case.get(0, "/");
    assert_eq!(case.one().status, 404);
    case.does(Trigger::OriginResponse, vec![]);
    case.does(Trigger::OriginRequest, vec![respond(600, 0)]);
    assert_eq!(case.one().status, 502);
}

#[test]
fn cloudfront_functions_have_no_network_files_or_body() {
    let viewer = Trigger::ViewerRequest;
    for need in [Need::Network, Need::FileSystem] {
        let mut case = one(Kind::CloudFrontFunction, viewer, |_| {});
        case.distribution.functions[0].needs = [need].into();
        let record = case.one();
        assert_eq!((record.status, record.fault), (503, Some(Fault::FunctionExecutionError)));
    }
    let case = one(Kind::CloudFrontFunction, viewer, |f| f.memory = Some(3 * MB));
    assert_eq!(case.one().fault, Some(Fault::FunctionExecutionError));
    let mut case = one(Kind::CloudFrontFunction, viewer, |_| {});
    case.does(viewer, vec![always(Effect::ReplaceBody { size: 10 })]);
    assert_eq!(case.one().fault, Some(Fault::FunctionValidationError));
    case.behavior().associations =
        vec![Association { trigger: viewer, function: 0, include_body: true }];
    assert!(case.refusal().1.contains("can't access the body"));
}

#[test]
fn the_origin_is_chosen_at_the_right_event() {
    let chosen = |kind, trigger, runtime: Option<&str>| {
        let mut case = site("max-age=60");
        case.distribution.origins.push(origin("other", MS, "max-age=60"));
        let mut function = function("f", kind, vec![always(Effect::SetOrigin(1))]);
        function.runtime = runtime.map(str::to_owned);
        case.associate(trigger, function);
        case.get(0, "/");
        let record = case.one();
        (record.status, record.origin)
    };
    assert_eq!(chosen(Kind::LambdaEdge, Trigger::OriginRequest, None), (200, Some(1)));
    assert_eq!(chosen(Kind::LambdaEdge, Trigger::ViewerRequest, None), (502, None));
    assert_eq!(chosen(Kind::CloudFrontFunction, Trigger::ViewerRequest, None), (200, Some(1)));
    let old = Some("cloudfront-js-1.0");
    assert_eq!(chosen(Kind::CloudFrontFunction, Trigger::ViewerRequest, old), (502, None));
}

/// Functions share the Region's quota: a function that is busy there throttles the next viewer.
#[test]
fn the_region_s_quota_is_shared() {
    let mut case = with_all_triggers();
    case.account.concurrent_executions = Some(1);
    case.get(0, "/a");
    case.get(MS, "/b");
    let run = case.run();
    assert_eq!(run.requests[0].status, 200);
    assert_eq!((run.requests[1].status, run.requests[1].answered), (503, MS));
    // Another Region has a quota of its own.
    case.distribution.locations.push(location("NRT", "ap-northeast-1"));
    case.distribution.viewers[1].locations = vec![1];
    assert_eq!(case.run().requests[1].status, 200);
}
