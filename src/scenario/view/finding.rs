//! What a figure shows, in one sentence, computed from the numbers.

use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Function, Variant};
use crate::scenario::view::phrase::{self, count, pick, with_particle};

/// A measure that variants are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Requests refused.
    Throttles,
    /// Function errors.
    Errors,
    /// Invocations that waited for Init.
    ColdStarts,
    /// The 99th percentile of what callers wait.
    Latency,
    /// The greatest concurrency.
    Peak,
    /// The bill.
    Cost,
}

/// All topics, the one that matters most first.
pub const TOPICS: [Topic; 6] =
    [Topic::Throttles, Topic::Errors, Topic::ColdStarts, Topic::Latency, Topic::Peak, Topic::Cost];

impl Topic {
    /// The value of a function, in a unit that only this file compares; of cost the whole bill.
    fn value(self, variant: &Variant, function: &Function) -> f64 {
        match self {
            Self::Throttles => function.throttles as f64,
            Self::Errors => function.errors as f64,
            Self::ColdStarts => function.cold_starts as f64,
            Self::Latency => function.latency.p99 as f64,
            Self::Peak => function.busy.max as f64,
            Self::Cost => total(variant),
        }
    }

    /// The value as a reader sees it.
    fn show(self, variant: &Variant, function: &Function, language: Language) -> String {
        let cases = |number: u64| match language {
            Language::Korean => format!("{}건", count(number)),
            Language::English => count(number),
        };
        match self {
            Self::Throttles => cases(function.throttles),
            Self::Errors => cases(function.errors),
            Self::ColdStarts => cases(function.cold_starts),
            Self::Latency if function.latency.count == 0 => "–".to_owned(),
            Self::Latency => ticks::duration(function.latency.p99, language),
            Self::Peak => count(function.busy.max),
            Self::Cost => phrase::money(total(variant)),
        }
    }

    /// What it is called, of a function.
    fn subject(self, function: &str, language: Language) -> String {
        match (self, language) {
            (Self::Throttles, Language::Korean) => format!("{function}의 제한된 요청"),
            (Self::Throttles, Language::English) => format!("throttled requests of {function}"),
            (Self::Errors, Language::Korean) => format!("{function}의 오류"),
            (Self::Errors, Language::English) => format!("errors of {function}"),
            (Self::ColdStarts, Language::Korean) => format!("{function}의 콜드 스타트"),
            (Self::ColdStarts, Language::English) => format!("cold starts of {function}"),
            (Self::Latency, Language::Korean) => format!("{function}의 응답 시간 p99"),
            (Self::Latency, Language::English) => format!("p99 latency of {function}"),
            (Self::Peak, Language::Korean) => format!("{function}의 최대 동시 실행"),
            (Self::Peak, Language::English) => format!("peak concurrency of {function}"),
            (Self::Cost, Language::Korean) => "전체 비용".to_owned(),
            (Self::Cost, Language::English) => "total cost".to_owned(),
        }
    }

    /// Where an expectation speaks of it.
    fn key(self) -> &'static str {
        match self {
            Self::Throttles => ".throttles",
            Self::Errors => ".errors",
            Self::ColdStarts => ".cold_starts",
            Self::Latency => ".latency",
            Self::Peak => ".concurrent_executions",
            Self::Cost => ".cost",
        }
    }
}

/// The whole bill of a variant in dollars.
fn total(variant: &Variant) -> f64 {
    variant.functions.iter().map(|function| function.billed.total).sum()
}

/// A measure of one function in every variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// What is measured.
    pub subject: String,
    /// A variant's name and what it measured.
    pub values: Vec<(String, String)>,
}

/// The contrast that says most about the variants, among some topics; `None` without variants or
/// where nothing differs. What an expectation speaks of counts most, then the order of the topics,
/// then how much it differs.
pub fn contrast(facts: &Facts, topics: &[Topic], language: Language) -> Option<Contrast> {
    if facts.ran().count() < 2 {
        return None;
    }
    let claims: Vec<&str> = facts
        .variants
        .iter()
        .flat_map(|variant| &variant.verdicts)
        .map(|verdict| verdict.expression.as_str())
        .collect();
    let mut best: Option<(f64, Topic, &str)> = None;
    for (rank, &topic) in topics.iter().enumerate() {
        for name in facts.function_names() {
            let values: Vec<f64> = measured(facts, name).map(|(v, f)| topic.value(v, f)).collect();
            let most = values.iter().copied().fold(0.0, f64::max);
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            if most <= least {
                continue;
            }
            let key = format!("{name}{}", topic.key());
            let claimed = claims.iter().any(|claim| claim.contains(&key));
            let order = (topics.len() - rank) as f64 * 2.0;
            let score = f64::from(u8::from(claimed)) * 100.0 + order + (most - least) / most;
            if best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, topic, name));
            }
        }
    }
    let (_, topic, name) = best?;
    Some(Contrast {
        subject: topic.subject(name, language),
        values: select(facts, topic, name, language),
    })
}

/// A function in each variant that ran.
fn measured<'a>(
    facts: &'a Facts,
    name: &'a str,
) -> impl Iterator<Item = (&'a Variant, &'a Function)> {
    facts.ran().filter_map(move |variant| Some((variant, variant.function(name)?)))
}

/// Up to four values as they are; of more the least and the greatest, in the author's order.
fn select(facts: &Facts, topic: Topic, name: &str, language: Language) -> Vec<(String, String)> {
    let mut measured: Vec<(&Variant, &Function)> = measured(facts, name).collect();
    if measured.len() > 4 {
        let value = |&(variant, function): &(&Variant, &Function)| topic.value(variant, function);
        let mut order: Vec<usize> = (0..measured.len()).collect();
        order.sort_by(|&a, &b| value(&measured[a]).total_cmp(&value(&measured[b])));
        let ends = [order[0], order[order.len() - 1]];
        let mut index = 0..measured.len();
        measured.retain(|_| index.next().is_some_and(|index| ends.contains(&index)));
    }
    let value = |(variant, function): (&Variant, &Function)| {
        (variant.name.clone().unwrap_or_default(), topic.show(variant, function, language))
    };
    measured.into_iter().map(value).collect()
}

impl Contrast {
    /// The contrast as a sentence: `orders의 제한된 요청: ‘예약 없음’ 1,234건 → ‘100 예약’ 0건`.
    pub fn sentence(&self) -> String {
        let values: Vec<String> =
            self.values.iter().map(|(name, value)| format!("‘{name}’ {value}")).collect();
        format!("{}: {}", self.subject, values.join(" → "))
    }
}

/// What became of the requests of one variant: how many were refused and why, or how far from the
/// limit it stayed.
pub fn load(variant: &Variant, language: Language) -> String {
    let concerned: Vec<&Function> =
        variant.functions.iter().filter(|function| function.throttles > 0).collect();
    match concerned.as_slice() {
        [] => {}
        [function] => return refused(function, language),
        several => return refused_together(variant, several.len(), language),
    }
    let requests = variant.sum(|function| function.requests);
    if requests == 0 {
        return pick(language, "요청이 없음", "no requests").to_owned();
    }
    let peak = variant.busy.max;
    let share = phrase::share(peak, variant.limit.max(1));
    match language {
        Language::Korean => format!(
            "요청 {}건이 제한 없이 처리됨: 동시 실행은 최대 {} 계정 한도 {}의 {share}",
            count(requests),
            with_particle(&count(peak), "으로"),
            count(variant.limit),
        ),
        Language::English => format!(
            "no throttling of {} requests: concurrency peaked at {}, {share} of the account's {}",
            count(requests),
            count(peak),
            count(variant.limit),
        ),
    }
}

fn refused_together(variant: &Variant, functions: usize, language: Language) -> String {
    let requests = variant.sum(|function| function.requests);
    let throttles = variant.sum(|function| function.throttles);
    let share = phrase::share(throttles, requests);
    let (requests, throttles) = (count(requests), count(throttles));
    match language {
        Language::Korean => {
            format!("함수 {functions}개가 제한에 걸림: 요청 {requests}건 중 {throttles}건({share})")
        }
        Language::English => {
            format!("{functions} functions throttled: {throttles} of {requests} requests ({share})")
        }
    }
}

fn refused(function: &Function, language: Language) -> String {
    let reason = function.throttles_by_reason.iter().max_by_key(|(_, count)| *count);
    let Function { name, requests, throttles, .. } = function;
    let (requests, share) = (count(*requests), phrase::share(*throttles, *requests));
    let throttles = count(*throttles);
    match language {
        Language::Korean => {
            let reason = reason.map_or(String::new(), |&(reason, _)| {
                format!(" (원인: {})", phrase::reason(reason, language))
            });
            format!("{name}: 요청 {requests}건 중 {throttles}건({share})이 제한됨{reason}")
        }
        Language::English => {
            let reason = reason.map_or(String::new(), |&(reason, _)| {
                format!(" by {}", phrase::reason(reason, language))
            });
            format!("{name}: {throttles} of {requests} requests ({share}) throttled{reason}")
        }
    }
}

/// How many requests had to wait for an environment.
pub fn starts(variant: &Variant, language: Language) -> String {
    let invocations = variant.sum(|function| function.invocations);
    let cold = variant.sum(|function| function.cold_starts);
    let environments = variant.sum(|function| {
        (function.lifelines.len() as u64).saturating_add(function.lifelines_omitted)
    });
    if invocations == 0 {
        return pick(language, "처리된 요청이 없음", "no request was served").to_owned();
    }
    let (environments, invocations) = (count(environments), count(invocations));
    match (language, cold) {
        (Language::Korean, 0) => {
            format!("환경 {environments}개가 요청 {invocations}건을 콜드 스타트 없이 처리함")
        }
        (Language::Korean, cold) => format!(
            "환경 {environments}개가 요청 {invocations}건을 처리함: 콜드 스타트 {}건",
            count(cold)
        ),
        (Language::English, cold) => format!(
            "{environments} environments served {invocations} requests: {} cold starts",
            count(cold)
        ),
    }
}

/// How long callers wait, for the function whose tail is longest.
pub fn waiting(variant: &Variant, language: Language) -> String {
    let served = variant.functions.iter().filter(|function| function.latency.count > 0);
    let Some(function) = served.max_by_key(|function| function.latency.p99) else {
        return pick(language, "처리된 요청이 없음", "no request was served").to_owned();
    };
    let (name, latency) = (&function.name, function.latency);
    let (half, most) =
        (ticks::duration(latency.p50, language), ticks::duration(latency.p99, language));
    match language {
        _ if latency.p50 == latency.p99 && latency.p99 == latency.max => match language {
            Language::Korean => format!("{name}: 모든 요청이 {half} 안에 응답을 받음"),
            Language::English => format!("{name}: every request was answered within {half}"),
        },
        Language::Korean => format!("{name}: 절반은 {half}, 99%는 {most} 안에 응답을 받음"),
        Language::English => format!("{name}: half were answered within {half}, 99% within {most}"),
    }
}

/// What it costs, and the part that a reader may not have expected.
pub fn bill(variant: &Variant, language: Language) -> String {
    let sum = |part: fn(&Function) -> f64| variant.functions.iter().map(part).sum::<f64>();
    let total = sum(|function| function.billed.total);
    let init = sum(|function| function.billed.init);
    let holding = sum(|function| function.billed.provisioned_concurrency);
    let percent = |part: f64| (part / total * 100.0).round();
    let money = phrase::money(total);
    let (name, part) = if holding >= init {
        (pick(language, "프로비저닝 유지", "holding provisioned concurrency"), holding)
    } else {
        (pick(language, "초기화", "Init"), init)
    };
    if part <= 0.0 || total <= 0.0 || percent(part) < 1.0 {
        return match language {
            Language::Korean => format!("비용은 모두 {money}"),
            Language::English => format!("{money} in total"),
        };
    }
    match language {
        Language::Korean => format!("비용 {money} 중 {}%가 {name} 몫", percent(part)),
        Language::English => format!("{}% of {money} is for {name}", percent(part)),
    }
}
