//! Policies as they are written, with AWS's own element names. Nothing is checked yet: what AWS
//! would refuse is a result, so a document has to be able to say it.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".

/// A policy document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// `Version`; a document without one has the version of 2008.
    pub version: Option<String>,
    /// `Id`.
    pub id: Option<String>,
    /// `Statement`, one or several.
    pub statements: Vec<WrittenStatement>,
}

/// A statement of a [`Document`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenStatement {
    /// `Sid`.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Option<String>,
    /// `Action`.
    pub action: Option<Vec<String>>,
    /// `NotAction`.
    pub not_action: Option<Vec<String>>,
    /// `Resource`.
    pub resource: Option<Vec<String>>,
    /// `NotResource`.
    pub not_resource: Option<Vec<String>>,
    /// `Principal`.
    pub principal: Option<WrittenPrincipal>,
    /// `NotPrincipal`.
    pub not_principal: Option<WrittenPrincipal>,
    /// `Condition`: each key under each operator.
    pub condition: Vec<WrittenCondition>,
}

/// What stands under `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenPrincipal {
    /// A text; only `*` is valid.
    Text(String),
    /// Values by type: `AWS`, `Service`, `Federated`, `CanonicalUser`.
    Typed(Vec<(String, Vec<String>)>),
}

/// A key of a condition with the values that it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenCondition {
    /// The operator, for instance `ForAnyValue:StringLike`.
    pub operator: String,
    /// The condition key, for instance `aws:SourceIp`.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
}

impl Document {
    /// How many characters count against the quotas on the size of policies: those of the JSON
    /// without white space, a list of one value written as that value.
    ///
    /// Source: IAM User Guide, "IAM and AWS STS quotas" (white space isn't counted).
    pub fn size(&self) -> u64 {
        let mut json = Json::default();
        json.open('{');
        json.optional("Version", self.version.as_deref());
        json.optional("Id", self.id.as_deref());
        json.key("Statement");
        if self.statements.len() != 1 {
            json.open('[');
        }
        self.statements.iter().for_each(|statement| statement.write(&mut json));
        if self.statements.len() != 1 {
            json.close(']');
        }
        json.close('}');
        json.characters
    }
}

impl WrittenStatement {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.optional("Sid", self.sid.as_deref());
        json.optional("Effect", self.effect.as_deref());
        let principals = [("Principal", &self.principal), ("NotPrincipal", &self.not_principal)];
        for (name, principal) in principals {
            match principal {
                Some(WrittenPrincipal::Text(text)) => json.optional(name, Some(text)),
                Some(WrittenPrincipal::Typed(typed)) => {
                    json.key(name);
                    json.open('{');
                    typed.iter().for_each(|(kind, values)| json.values(kind, values));
                    json.close('}');
                }
                None => {}
            }
        }
        let lists = [
            ("Action", &self.action),
            ("NotAction", &self.not_action),
            ("Resource", &self.resource),
            ("NotResource", &self.not_resource),
        ];
        for (name, values) in lists {
            if let Some(values) = values {
                json.values(name, values);
            }
        }
        if !self.condition.is_empty() {
            json.key("Condition");
            json.open('{');
            let mut operator: Option<&str> = None;
            for condition in &self.condition {
                if operator != Some(&condition.operator) {
                    if operator.is_some() {
                        json.close('}');
                    }
                    json.key(&condition.operator);
                    json.open('{');
                    operator = Some(&condition.operator);
                }
                json.values(&condition.key, &condition.values);
            }
            json.close('}');
            json.close('}');
        }
        json.close('}');
    }
}

/// The length of JSON under construction.
#[derive(Default)]
struct Json {
    characters: u64,
    /// Whether the next item needs a comma before it.
    follows: bool,
}

impl Json {
    fn item(&mut self) {
        self.characters += u64::from(self.follows);
        self.follows = true;
    }

    fn open(&mut self, bracket: char) {
        self.item();
        self.characters += bracket.len_utf8() as u64;
        self.follows = false;
    }

    fn close(&mut self, bracket: char) {
        self.characters += bracket.len_utf8() as u64;
        self.follows = true;
    }

    fn text(&mut self, text: &str) {
        self.item();
        let counted = text.chars().filter(|c| !c.is_whitespace()).count();
        self.characters += counted as u64 + 2;
    }

    /// A key with its colon; what follows is no new item.
    fn key(&mut self, key: &str) {
        self.text(key);
        self.characters += 1;
        self.follows = false;
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.key(key);
            self.text(value);
        }
    }

    fn values(&mut self, key: &str, values: &[String]) {
        self.key(key);
        match values {
            [value] => self.text(value),
            values => {
                self.open('[');
                values.iter().for_each(|value| self.text(value));
                self.close(']');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Option<Vec<String>> {
        Some(values.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn the_size_is_that_of_json_without_white_space() {
        let mut document = Document {
            version: Some("2012-10-17".to_owned()),
            statements: vec![WrittenStatement {
                sid: Some("Read".to_owned()),
                effect: Some("Allow".to_owned()),
                action: texts(&["s3:GetObject", "s3:PutObject"]),
                resource: texts(&["*"]),
                condition: vec![
                    WrittenCondition {
                        operator: "Bool".to_owned(),
                        key: "aws:SecureTransport".to_owned(),
                        values: vec!["true".to_owned()],
                    },
                    WrittenCondition {
                        operator: "Bool".to_owned(),
                        key: "aws:ViaAWSService".to_owned(),
                        values: vec!["false".to_owned()],
                    },
                    WrittenCondition {
                        operator: "IpAddress".to_owned(),
                        key: "aws:SourceIp".to_owned(),
                        values: vec!["10.0.0.0/8".to_owned()],
                    },
                ],
                ..WrittenStatement::default()
            }],
            ..Document::default()
        };
        let json = concat!(
            r#"{"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","#,
            r#""Action":["s3:GetObject","s3:PutObject"],"Resource":"*","#,
            r#""Condition":{"Bool":{"aws:SecureTransport":"true","aws:ViaAWSService":"false"},"#,
            r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}"#
        );
        assert_eq!(document.size(), json.len() as u64);
        document.statements.clear();
        let empty = r#"{"Version":"2012-10-17","Statement":[]}"#;
        assert_eq!(document.size(), empty.len() as u64);
    }

    #[test]
    fn principals_count_too() {
        let principal = WrittenPrincipal::Typed(vec![(
            "Service".to_owned(),
            vec!["ecs-tasks.amazonaws.com".to_owned()],
        )]);
        let document = Document {
            statements: vec![WrittenStatement {
                principal: Some(principal),
                not_principal: Some(WrittenPrincipal::Text("*".to_owned())),
                ..WrittenStatement::default()
            }],
            ..Document::default()
        };
        let json = concat!(
            r#"{"Statement":{"Principal":{"Service":"ecs-tasks.amazonaws.com"},"#,
            r#""NotPrincipal":"*"}}"#
        );
        assert_eq!(document.size(), json.len() as u64);
    }
}
