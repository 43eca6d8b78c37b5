//! Which functions run when, with the numbers of the independent examples (A45 to A54).

use bogi::aws::cloudfront::distribution::{
    ErrorPage, Failover, Failure, Kind, Outage, Trigger, ViewerProtocol,
};
use bogi::aws::cloudfront::effect::{Condition, Effect, Subject};
use bogi::aws::cloudfront::metrics::CacheResult;
use bogi::aws::cloudfront::request::{Fault, Request};

use crate::setup::*;

const ALL: [&str; 4] = ["viewer_request", "origin_request", "origin_response", "viewer_response"];

#[test]
fn a45_a_miss_runs_all_four_in_order() {
    let mut case = with_all_triggers();
    case.get(0, "/");
    let record = case.one();
    assert_eq!(triggers(&record), ALL);
    assert_eq!((record.status, record.cache), (200, CacheResult::Miss));
    // Four functions of 5 ms and the origin's 100 ms, one after the other.
    assert_eq!(record.answered, 120 * MS);
}

#[test]
fn a46_a_hit_runs_the_viewer_s_two() {
    let mut case = with_all_triggers();
    case.get(0, "/");
    case.get(S, "/");
    let run = case.run();
    assert_eq!(triggers(&run.requests[1]), ["viewer_request", "viewer_response"]);
    assert_eq!(run.requests[1].cache, CacheResult::Hit);
    assert_eq!(run.requests[1].answered, S + 10 * MS);
    assert_eq!(run.distributions[0].origin_requests, 1);
}

#[test]
fn a47_a_viewer_request_s_own_response_is_not_cached() {
    let mut case = with_all_triggers();
    case.does(Trigger::ViewerRequest, vec![respond(200, 100)]);
    case.get(0, "/");
    case.get(S, "/");
    let run = case.run();
    for record in &run.requests {
        assert_eq!(triggers(record), ["viewer_request"]);
        assert_eq!((record.status, record.cache), (200, CacheResult::None));
    }
    assert_eq!(run.distributions[0].origin_requests, 0);
    assert_eq!(run.distributions[0].generated_responses, 2);
}

/// A response made at the origin request is cached: the function runs once.
#[test]
fn a48_an_origin_request_s_own_response_is_cached() {
    let mut case = with_all_triggers();
    case.does(Trigger::OriginRequest, vec![respond(200, 100)]);
    case.get(0, "/");
    case.get(S, "/");
    let run = case.run();
    let first = ["viewer_request", "origin_request", "viewer_response"];
    assert_eq!(triggers(&run.requests[0]), first);
    assert_eq!(triggers(&run.requests[1]), ["viewer_request", "viewer_response"]);
    assert_eq!(results(&run), ["miss", "hit"]);
    assert_eq!(run.distributions[0].origin_requests, 0);
    assert_eq!(run.distributions[0].generated_responses, 1);
}

#[test]
fn a49_an_origin_s_error_skips_the_viewer_response() {
    let mut case = with_all_triggers();
    case.distribution.origins[0].answers.insert(0, answer("/none", 404, ""));
    case.get(0, "/none");
    case.get(S, "/none");
    let run = case.run();
    let expected = ["viewer_request", "origin_request", "origin_response"];
    assert_eq!(triggers(&run.requests[0]), expected);
    assert_eq!(run.requests[0].status, 404);
    // The error is cached, and is still one.
    assert_eq!(triggers(&run.requests[1]), ["viewer_request"]);
    assert_eq!((run.requests[1].status, run.requests[1].cache), (404, CacheResult::Hit));
}

/// What the origin response makes of an error is still an origin's error to the viewer response.
#[test]
fn an_error_that_is_made_good_skips_the_viewer_response_too() {
    let mut case = with_all_triggers();
    case.distribution.origins[0].answers = vec![answer("*", 404, "")];
    case.does(Trigger::OriginResponse, vec![always(Effect::SetStatus(200))]);
    case.get(0, "/");
    let record = case.one();
    assert_eq!(record.status, 200);
    assert_eq!(triggers(&record).last(), Some(&"origin_response"));
}

#[test]
fn a50_the_redirect_to_https_runs_none() {
    let mut case = with_all_triggers();
    case.behavior().viewer_protocol = ViewerProtocol::RedirectToHttps;
    case.at(0, Request { plain_http: true, ..Request::get("/") });
    let record = case.one();
    assert_eq!((record.status, triggers(&record).len()), (301, 0));
    assert_eq!(record.answered, 0);
}

#[test]
fn a51_an_error_page_is_fetched_without_the_viewer_s_functions() {
    let mut case = with_all_triggers();
    case.distribution.origins[0].answers.insert(0, answer("/none", 404, ""));
    case.distribution.error_pages.push(ErrorPage {
        status: 404,
        page: Some("/404.html".to_owned()),
        response_status: Some(200),
        min_ttl: None,
    });
    case.get(0, "/none");
    let record = case.one();
    let page = ["origin_request", "origin_response"];
    assert_eq!(triggers(&record), [&["viewer_request"][..], &page, &page].concat());
    assert_eq!(record.status, 200);
    assert_eq!(case.run().distributions[0].origin_requests, 2);
}

#[test]
fn a52_a_failover_runs_the_origin_request_twice() {
    let mut case = with_all_triggers();
    case.distribution.origins.push(origin("backup", 50 * MS, "max-age=60"));
    case.distribution.origins[0].answers = vec![answer("*", 503, "")];
    case.behavior().failover = Some(Failover { origin: 1, statuses: [500, 502, 503, 504].into() });
    case.get(0, "/");
    let record = case.one();
    let expected = [
        "viewer_request",
        "origin_request",
        "origin_request",
        "origin_response",
        "viewer_response",
    ];
    assert_eq!(triggers(&record), expected);
    assert_eq!((record.status, record.origin), (200, Some(1)));
    assert_eq!(record.answered, (5 * 5 + 100 + 50) * MS);
    let metrics = &case.run().distributions[0];
    assert_eq!((metrics.failovers, metrics.origin_requests), (1, 2));
    assert_eq!((metrics.origins[0].errors, metrics.origins[1].errors), (1, 0));
}

#[test]
fn only_reading_fails_over() {
    let mut case = with_all_triggers();
    case.distribution.origins.push(origin("backup", 50 * MS, "max-age=60"));
    case.distribution.origins[0].answers = vec![answer("*", 503, "")];
    case.behavior().failover = Some(Failover { origin: 1, statuses: [503].into() });
    case.post(0, "/");
    assert_eq!(case.one().status, 503);
}

#[test]
fn a53_a_disallowed_header_is_a_502() {
    let set = |name: &str| {
        vec![always(Effect::SetHeader { name: name.to_owned(), value: "x".to_owned() })]
    };
    for trigger in Trigger::ALL {
        let mut case = with_all_triggers();
        case.does(trigger, set("Connection"));
        case.get(0, "/");
        let record = case.one();
        assert_eq!(record.status, 502, "{trigger:?}");
        assert_eq!(record.fault, Some(Fault::LambdaValidationError));
        let detail = format!("header connection is disallowed at {}", trigger.api_name());
        assert_eq!(record.detail, Some(detail));
        assert_eq!(triggers(&record).last(), Some(&trigger.name()));
        assert_eq!(case.run().distributions[0].lambda_validation_errors, 1);
    }
    let mut case = with_all_triggers();
    case.does(Trigger::OriginRequest, set("Host"));
    case.get(0, "/");
    assert_eq!(case.one().status, 200);
}

#[test]
fn a54_throttling_timeout_and_exception_are_503() {
    let mut throttled = with_all_triggers();
    throttled.account.concurrent_executions = Some(0);
    throttled.get(0, "/");
    let record = throttled.one();
    assert_eq!((record.status, record.fault), (503, Some(Fault::LambdaLimitExceeded)));
    assert!(record.detail.is_some_and(|detail| detail.contains("throttled in ap-northeast-2")));
    let metrics = &throttled.run().distributions[0];
    assert_eq!(metrics.lambda_limit_exceeded_errors, 1);
    assert_eq!((metrics.functions[0].invocations, metrics.functions[0].throttles), (0, 1));

    let mut slow = with_all_triggers();
    slow.does(Trigger::OriginRequest, vec![always(Effect::Slow { by: 20 * S, share: 1.0 })]);
    slow.get(0, "/");
    let record = slow.one();
    assert_eq!((record.status, record.fault), (503, Some(Fault::LambdaLimitExceeded)));
    // Lambda's default timeout of 3 s, after the viewer request's 5 ms.
    assert_eq!(record.answered, 3 * S + 5 * MS);
    assert_eq!(slow.run().distributions[0].functions[1].timeouts, 1);

    let mut thrown = with_all_triggers();
    thrown.does(Trigger::ViewerRequest, vec![always(Effect::Fail { share: 1.0 })]);
    thrown.get(0, "/");
    let record = thrown.one();
    assert_eq!((record.status, record.fault), (503, Some(Fault::LambdaExecutionError)));
    assert_eq!(thrown.run().distributions[0].lambda_execution_errors, 1);
}

/// The origin's name is looked up before the function runs.
#[test]
fn an_unresolved_name_is_a_502_without_the_origin_request() {
    let mut case = with_all_triggers();
    let failure = Failure::Unresolved;
    case.distribution.origins[0].outages = vec![Outage { from: 0, until: S, share: 1.0, failure }];
    case.get(0, "/");
    let record = case.one();
    assert_eq!((record.status, record.fault), (502, Some(Fault::OriginDnsError)));
    assert_eq!(triggers(&record), ["viewer_request"]);
}

/// With the regional edge cache in between, another location's miss runs no origin function.
#[test]
fn a_regional_hit_runs_the_viewer_s_two() {
    let mut case = with_all_triggers();
    case.distribution.locations.push(location("GMP", "ap-northeast-2"));
    case.get(0, "/");
    case.get(S, "/");
    case.distribution.viewers[1].locations = vec![1];
    let run = case.run();
    assert_eq!(triggers(&run.requests[1]), ["viewer_request", "viewer_response"]);
    assert_eq!(results(&run), ["miss", "regional_hit"]);
}

/// A rewritten URI stays with the behaviour and the origin that the viewer's path chose.
#[test]
fn a_rewritten_uri_changes_the_key_and_not_the_behavior() {
    let mut case = with_all_triggers();
    let mut special = case.distribution.behaviors[0].clone();
    special.pattern = "/special/*".to_owned();
    special.origin = 1;
    case.distribution.behaviors.insert(0, special);
    case.distribution.origins.push(origin("other", 7 * MS, "max-age=60"));
    let rewrite = Effect::Rewrite { from: "/*".to_owned(), to: "/special/*".to_owned() };
    case.distribution.functions[0].actions = vec![always(rewrite)];
    case.get(0, "/x");
    assert_eq!(case.one().origin, Some(0));
}

#[test]
fn conditions_decide_what_a_function_does() {
    let mut case = with_all_triggers();
    let mut reject = respond(401, 0);
    reject.when.push(Condition {
        subject: Subject::Header("authorization".to_owned()),
        pattern: "Bearer *".to_owned(),
        negated: true,
    });
    case.does(Trigger::ViewerRequest, vec![reject]);
    case.get(0, "/");
    let mut good = Request::get("/");
    good.headers.insert("authorization".to_owned(), "Bearer abc".to_owned());
    case.at(S, good);
    let run = case.run();
    assert_eq!((run.requests[0].status, run.requests[1].status), (401, 200));
    assert_eq!(run.distributions[0].errors_4xx, 1);
}

/// CloudFront Functions at the viewer's events: no Region, no quota, the same order.
#[test]
fn cloudfront_functions_run_at_the_viewer_s_events() {
    let mut case = site("max-age=60");
    for trigger in [Trigger::ViewerRequest, Trigger::ViewerResponse] {
        case.associate(trigger, function(trigger.name(), Kind::CloudFrontFunction, Vec::new()));
    }
    case.account.concurrent_executions = Some(0);
    case.get(0, "/");
    let record = case.one();
    assert_eq!(triggers(&record), ["viewer_request", "viewer_response"]);
    assert_eq!(record.answered, 101 * MS);
    let metrics = &case.run().distributions[0].functions[0];
    assert_eq!(metrics.compute_utilization.max(), 50_000);

    case.does(Trigger::ViewerRequest, vec![always(Effect::Slow { by: MS, share: 1.0 })]);
    let record = case.one();
    assert_eq!((record.status, record.fault), (503, Some(Fault::FunctionThrottledError)));
    assert_eq!(record.answered, MS);
}
