//! Small distributions to test with, and what comes of them.

use std::collections::{BTreeMap, BTreeSet};

use bogi::aws::architecture::{
    Account, Architecture, Form, Resource, ResourceKind, Sender, Source,
};
use bogi::aws::catalogue::{Catalogue, Quotas};
use bogi::aws::cloudfront::distribution::{
    AllowedMethods, Answer, Association, Behavior, CachePolicy, Distribution, Function, Kind,
    Location, Objects, Origin, Parts, Trigger, Version, ViewerProtocol, Viewers,
};
use bogi::aws::cloudfront::effect::{Action, Effect, Response};
use bogi::aws::cloudfront::metrics::RequestRecord;
use bogi::aws::cloudfront::request::{Method, Request};
use bogi::aws::cloudfront::ttl::CacheControl;
use bogi::aws::engine::{Bounds, Settings, run};
use bogi::aws::metrics::Run;
use bogi::quantity::Quantity;
use bogi::sim::draw;
use bogi::sim::flow::Arrivals;

pub const MS: u64 = 1_000_000;
pub const S: u64 = 1_000_000_000;

/// A distribution under test, and what happens to it.
#[derive(Clone)]
pub struct Case {
    pub distribution: Distribution,
    pub sources: Vec<Source>,
    pub account: Account,
    pub overrides: BTreeMap<String, Quantity>,
}

/// An origin that answers everything after a time, with what `Cache-Control` says.
pub fn origin(name: &str, duration: u64, cache_control: &str) -> Origin {
    Origin {
        name: name.to_owned(),
        duration: draw::Distribution::Constant(duration),
        answers: vec![answer("*", 200, cache_control)],
        outages: Vec::new(),
        changes_every: None,
        validators: true,
        bucket_region: None,
        connection_timeout: None,
        connection_attempts: None,
        response_timeout: None,
    }
}

pub fn answer(pattern: &str, status: u16, cache_control: &str) -> Answer {
    let cache_control = CacheControl::parse(cache_control).expect("a header");
    Answer { pattern: pattern.to_owned(), status, cache_control, body_size: 1000 }
}

pub fn function(name: &str, kind: Kind, actions: Vec<Action>) -> Function {
    Function {
        name: name.to_owned(),
        kind,
        runtime: None,
        region: None,
        code_size: None,
        memory: None,
        ephemeral_storage: None,
        timeout: None,
        duration: Some(draw::Distribution::Constant(match kind {
            Kind::CloudFrontFunction => MS / 2,
            Kind::LambdaEdge => 5 * MS,
        })),
        init_duration: draw::Distribution::Constant(0),
        version: Version::Numbered,
        trusts_edge: true,
        needs: BTreeSet::new(),
        actions,
    }
}

pub fn always(effect: Effect) -> Action {
    Action { when: Vec::new(), effect }
}

pub fn respond(status: u16, body_size: u64) -> Action {
    let cache_control = CacheControl::default();
    always(Effect::Respond(Response { status, location: None, cache_control, body_size }))
}

/// One origin, one edge location in Seoul, no functions; no time but the origin's 100 ms.
pub fn site(cache_control: &str) -> Case {
    let behavior = Behavior {
        pattern: "*".to_owned(),
        origin: 0,
        failover: None,
        policy: CachePolicy::default(),
        origin_request_policy: Parts::default(),
        viewer_protocol: ViewerProtocol::AllowAll,
        allowed_methods: AllowedMethods::All,
        associations: Vec::new(),
    };
    let distribution = Distribution {
        name: "site".to_owned(),
        origins: vec![origin("app", 100 * MS, cache_control)],
        behaviors: vec![behavior],
        error_pages: Vec::new(),
        functions: Vec::new(),
        locations: vec![location("ICN", "ap-northeast-2")],
        viewers: Vec::new(),
    };
    let account = Account { region: "ap-northeast-2".to_owned(), ..Account::default() };
    let overrides = BTreeMap::from([quota("cloudfront.regional_edge_cache_round_trip", "0ms")]);
    Case { distribution, sources: Vec::new(), account, overrides }
}

pub fn location(name: &str, region: &str) -> Location {
    Location { name: name.to_owned(), region: region.to_owned() }
}

pub fn quota(name: &str, value: &str) -> (String, Quantity) {
    assert!(Catalogue::builtin().get(name).is_some(), "{name}");
    (name.to_owned(), Quantity::parse(value).expect("a quantity"))
}

/// A site with a function at all four events, of the kind that each may have.
pub fn with_all_triggers() -> Case {
    let mut case = site("max-age=60");
    for trigger in Trigger::ALL {
        case.associate(trigger, function(trigger.name(), Kind::LambdaEdge, Vec::new()));
    }
    case
}

impl Case {
    pub fn behavior(&mut self) -> &mut Behavior {
        &mut self.distribution.behaviors[0]
    }

    pub fn associate(&mut self, trigger: Trigger, function: Function) {
        let place = self.distribution.functions.len();
        self.distribution.functions.push(function);
        let association = Association { trigger, function: place, include_body: false };
        self.distribution.behaviors[0].associations.push(association);
    }

    /// Replaces what the function at an event does.
    pub fn does(&mut self, trigger: Trigger, actions: Vec<Action>) {
        let at = self.distribution.behaviors[0].associations.iter().find(|a| a.trigger == trigger);
        let place = at.expect("an association").function;
        self.distribution.functions[place].actions = actions;
    }

    /// A request at a time.
    pub fn at(&mut self, time: u64, request: Request) {
        self.send(Arrivals::Once { at: time, count: 1 }, request, vec![0], Objects::default());
    }

    pub fn get(&mut self, time: u64, path: &str) {
        self.at(time, Request::get(path));
    }

    pub fn post(&mut self, time: u64, path: &str) {
        self.at(time, Request { method: Method::Post, ..Request::get(path) });
    }

    pub fn send(
        &mut self,
        arrivals: Arrivals,
        request: Request,
        locations: Vec<u32>,
        objects: Objects,
    ) {
        let source = self.sources.len() as u32;
        let target = Resource::new(ResourceKind::Distribution, 0);
        self.sources.push(Source {
            target,
            form: Form::Request,
            arrivals,
            cargo: Default::default(),
            clients: None,
            attributes: BTreeMap::new(),
            body: BTreeMap::new(),
            sender: Sender::Client,
        });
        self.distribution.viewers.push(Viewers {
            source,
            requests: vec![request],
            objects,
            locations,
        });
    }

    pub fn run(&self) -> Run {
        self.seeded(0)
    }

    pub fn seeded(&self, seed: u64) -> Run {
        let architecture = Architecture {
            account: self.account.clone(),
            distributions: vec![self.distribution.clone()],
            sources: self.sources.clone(),
            ..Architecture::default()
        };
        let quotas = Quotas::new(Catalogue::builtin(), self.overrides.clone());
        let bounds = Bounds { events: 1 << 32, time: u64::MAX };
        let settings = Settings { seed, bounds, followed: BTreeSet::new() };
        run(&architecture, &quotas, &settings).expect("a run")
    }

    /// The only request's record.
    #[track_caller]
    pub fn one(&self) -> RequestRecord {
        let run = self.run();
        assert_eq!(run.rejected, None);
        assert_eq!(run.requests.len(), 1);
        run.requests.into_iter().next().expect("a request")
    }

    /// Why AWS refuses it.
    #[track_caller]
    pub fn refusal(&self) -> (String, String) {
        let rejection = self.run().rejected.expect("a refusal");
        (rejection.error, rejection.reason)
    }
}

/// Names of the events whose functions ran.
pub fn triggers(record: &RequestRecord) -> Vec<&'static str> {
    record.triggers.iter().map(|trigger| trigger.name()).collect()
}

/// What the caches had, request by request.
pub fn results(run: &Run) -> Vec<&'static str> {
    run.requests.iter().map(|record| record.cache.name()).collect()
}
