//! Headers that edge functions must not touch.
//!
//! Source: the developer guide's page on restrictions of edge functions. Names are lower case, a
//! name that ends in `*` stands for all that begin so.

use crate::aws::cloudfront::distribution::Trigger;

/// Not shown to functions, and not theirs to add, wherever they run.
const DISALLOWED: [&str; 27] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amz-cf-*",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-edge-*",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Readable, but not to be changed, by where the function runs.
const READ_ONLY: [(Trigger, &[&str]); 4] = [
    (Trigger::ViewerRequest, &["content-length", "host", "transfer-encoding", "via"]),
    (
        Trigger::OriginRequest,
        &[
            "accept-encoding",
            "content-length",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "transfer-encoding",
            "via",
        ],
    ),
    (Trigger::OriginResponse, &["transfer-encoding", "via"]),
    (Trigger::ViewerResponse, &["warning", "via"]),
];

/// What stands against a function's touching a header at a trigger: `disallowed`, `read-only` or
/// nothing.
pub fn restriction(trigger: Trigger, header: &str) -> Option<&'static str> {
    let name = header.to_ascii_lowercase();
    let is = |pattern: &&str| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == **pattern,
    };
    let read_only = READ_ONLY.iter().any(|(at, names)| *at == trigger && names.iter().any(&is));
    if DISALLOWED.iter().any(&is) { Some("disallowed") } else { read_only.then_some("read-only") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forbidden_depends_on_name_and_trigger() {
        let all = [
            Trigger::ViewerRequest,
            Trigger::OriginRequest,
            Trigger::OriginResponse,
            Trigger::ViewerResponse,
        ];
        for trigger in all {
            for name in ["Connection", "X-Amz-Cf-Id", "x-edge-location", "X-Cache", "X-Real-IP"] {
                assert_eq!(restriction(trigger, name), Some("disallowed"), "{name}");
            }
            assert_eq!(restriction(trigger, "Via"), Some("read-only"));
            assert_eq!(restriction(trigger, "X-Amz-Date"), None);
            assert_eq!(restriction(trigger, "Cache-Control"), None);
        }
        assert_eq!(restriction(Trigger::ViewerRequest, "Host"), Some("read-only"));
        assert_eq!(restriction(Trigger::OriginRequest, "Host"), None);
        assert_eq!(restriction(Trigger::OriginRequest, "If-None-Match"), Some("read-only"));
        assert_eq!(restriction(Trigger::ViewerResponse, "Warning"), Some("read-only"));
        assert_eq!(restriction(Trigger::OriginResponse, "Warning"), None);
    }
}
