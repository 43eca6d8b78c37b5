//! What settings and measures are called in a sentence.

use crate::quantity::{Language, format_number};
use crate::scenario::lookup::display;
use crate::scenario::outcome::{Measure, MeasureDimension};
use crate::scenario::view::phrase::{self, pick};

/// A name in both languages.
type Name = (&'static str, &'static str, &'static str);

/// What may be set, by the last step of its path.
const SETTINGS: [Name; 25] = [
    ("reserved_concurrency", "예약 동시성", "reserved concurrency"),
    ("provisioned_concurrency", "프로비저닝된 동시성", "provisioned concurrency"),
    ("concurrent_executions", "동시 실행 한도", "concurrency quota"),
    ("memory", "메모리", "memory"),
    ("timeout", "제한 시간", "timeout"),
    ("duration", "처리 시간", "duration"),
    ("init_duration", "초기화 시간", "Init duration"),
    ("idle_timeout", "유휴 시간", "idle timeout"),
    ("failure_rate", "실패율", "failure rate"),
    ("restore_duration", "복원 시간", "restore duration"),
    ("max_event_age", "이벤트의 최대 수명", "maximum event age"),
    ("max_retry_attempts", "최대 재시도 횟수", "maximum retry attempts"),
    ("ephemeral_storage", "임시 저장소", "ephemeral storage"),
    ("architecture", "아키텍처", "architecture"),
    ("routing", "라우팅 정책", "routing policy"),
    ("rate", "요청 빈도", "request rate"),
    ("count", "요청 수", "number of requests"),
    ("seed", "시드", "seed"),
    ("visibility_timeout", "가시성 제한 시간", "visibility timeout"),
    ("retention_period", "보존 기간", "retention period"),
    ("delay", "지연", "delay"),
    ("max_receive_count", "최대 수신 횟수", "maximum receive count"),
    ("batch_size", "배치 크기", "batch size"),
    ("batching_window", "배치를 모으는 시간", "batching window"),
    ("max_concurrency", "최대 동시성", "maximum concurrency"),
];

/// What is counted, in cases.
const COUNTS: [Name; 21] = [
    ("requests", "요청", "requests"),
    ("invocations", "처리된 요청", "invocations"),
    ("errors", "오류", "errors"),
    ("timeouts", "시간 초과", "timeouts"),
    ("throttles", "제한", "throttles"),
    ("cold_starts", "콜드 스타트", "cold starts"),
    ("retries", "재시도", "retries"),
    ("async_events_received", "받은 비동기 이벤트", "asynchronous events received"),
    ("async_events_dropped", "버려진 비동기 이벤트", "asynchronous events dropped"),
    ("number_of_messages_published", "발행된 메시지", "messages published"),
    ("number_of_notifications_delivered", "전달된 알림", "notifications delivered"),
    ("number_of_notifications_failed", "실패한 알림", "notifications failed"),
    ("number_of_messages_sent", "보낸 메시지", "messages sent"),
    ("number_of_messages_received", "받아 간 메시지", "messages received"),
    ("number_of_messages_deleted", "지운 메시지", "messages deleted"),
    ("messages_dead_lettered", "DLQ로 옮긴 메시지", "messages dead-lettered"),
    ("dead_letters", "DLQ에 들어온 메시지", "dead letters"),
    ("messages_expired", "기한이 지난 메시지", "messages expired"),
    ("messages_returned", "다시 나타난 메시지", "messages returned"),
    (
        "provisioned_concurrency_invocations",
        "프로비저닝된 환경의 처리",
        "invocations of provisioned environments",
    ),
    ("provisioned_concurrency_spillover_invocations", "프로비저닝 초과", "provisioned spill-over"),
];

/// Other measures.
const MEASURES: [Name; 23] = [
    ("success_rate", "성공률", "success rate"),
    ("error_rate", "오류율", "error rate"),
    ("throttle_rate", "제한율", "throttle rate"),
    ("cold_start_rate", "콜드 스타트 비율", "cold start rate"),
    ("concurrent_executions.max", "최대 동시 실행", "peak concurrency"),
    ("concurrent_executions.mean", "평균 동시 실행", "mean concurrency"),
    ("environments.max", "최대 환경 수", "peak number of environments"),
    ("environments.mean", "평균 환경 수", "mean number of environments"),
    ("cost.total", "비용", "cost"),
    ("cost", "비용", "cost"),
    ("end", "끝난 시각", "end of the run"),
    ("latency", "응답 시간", "latency"),
    ("duration", "처리 시간", "duration"),
    ("init_duration", "초기화 시간", "Init duration"),
    ("restore_duration", "복원 시간", "restore duration"),
    ("async_event_age", "비동기 이벤트의 나이", "age of asynchronous events"),
    ("waiting_time", "대기 시간", "waiting time"),
    ("sojourn_time", "머문 시간", "sojourn time"),
    ("approximate_age_of_oldest_message", "가장 오래된 메시지의 나이", "age of the oldest message"),
    ("approximate_number_of_messages_visible", "보이는 메시지 수", "messages visible"),
    ("approximate_number_of_messages_not_visible", "처리 중인 메시지 수", "messages in flight"),
    ("remaining", "남은 메시지", "messages remaining"),
    ("provisioned_concurrency_utilization.max", "최대 프로비저닝 사용률", "peak utilization"),
];

/// Statistics behind a group of measures.
const STATISTICS: [Name; 9] = [
    ("p50", "p50", "p50"),
    ("p90", "p90", "p90"),
    ("p95", "p95", "p95"),
    ("p99", "p99", "p99"),
    ("p999", "p99.9", "p99.9"),
    ("min", "최솟값", "minimum"),
    ("max", "최댓값", "maximum"),
    ("mean", "평균", "mean"),
    ("sum", "합", "sum"),
];

fn of(names: &[Name], key: &str, language: Language) -> Option<&'static str> {
    let (_, korean, english) = names.iter().find(|(known, ..)| *known == key)?;
    Some(pick(language, korean, english))
}

/// The greatest whole number along an axis for which a larger unit isn't the better one.
const MOST_WHOLE: f64 = 9_999.0;

/// What the setting at a path is called. `alone` says that there is one resource, whose name goes
/// without saying.
pub fn setting(path: &str, alone: bool, language: Language) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    let key = steps.last().copied().unwrap_or(path);
    let (section, owner) = (steps.first().copied(), steps.get(1).copied());
    if section == Some("quotas") {
        return path.strip_prefix("quotas.").unwrap_or(path).to_owned();
    }
    // Of `provisioned_concurrency.amount` the part that has a name, behind section and owner.
    let mut inner = steps.iter().skip((steps.len() - 1).min(2)).rev();
    let named = inner.find_map(|step| of(&SETTINGS, step, language));
    let name = named.unwrap_or(key);
    match (section, owner) {
        (Some("account"), _) => {
            let account = pick(language, "계정의", "account's");
            format!("{account} {name}")
        }
        (Some("events" | "policies" | "seed"), _) | (_, None) => name.to_owned(),
        (_, Some(owner)) if alone || owner == key => match alone {
            true => name.to_owned(),
            false => owner.to_owned(),
        },
        (_, Some(owner)) => owned(owner, name, language),
    }
}

fn owned(owner: &str, name: &str, language: Language) -> String {
    match language {
        Language::Korean => format!("{owner}의 {name}"),
        Language::English => format!("{name} of {owner}"),
    }
}

/// What a measure is called, and whether it is counted in cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Whether it counts requests and the like.
    pub cases: bool,
}

/// The name of a measure, or of what is computed from several.
pub fn measure(expression: &str, alone: bool, language: Language) -> Named {
    let is_path = expression.split('.').all(|step| {
        !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    });
    let computed = Named { name: expression.to_owned(), cases: false };
    let Some((owner, tail)) = expression.split_once('.').filter(|_| is_path) else {
        return computed;
    };
    let counted = of(&COUNTS, tail, language);
    let statistic = || {
        let (group, statistic) = tail.split_once('.')?;
        let group = of(&MEASURES, group, language)?;
        let statistic = of(&STATISTICS, statistic, language)?;
        Some(match language {
            Language::Korean => format!("{group} {statistic}"),
            Language::English => format!("{statistic} {group}"),
        })
    };
    let name = counted.or_else(|| of(&MEASURES, tail, language)).map(str::to_owned);
    let Some(name) = name.or_else(statistic) else { return computed };
    let name = match (owner, language) {
        ("total", Language::Korean) => format!("전체 {name}"),
        ("total", Language::English) => format!("total {name}"),
        ("account", _) => owned(pick(language, "계정", "the account"), &name, language),
        ("run", _) => name,
        _ if alone => name,
        _ => owned(owner, &name, language),
    };
    Named { name, cases: counted.is_some() }
}

/// A value of a measure in a sentence.
pub fn value(amount: f64, dimension: MeasureDimension, cases: bool, language: Language) -> String {
    match dimension {
        MeasureDimension::Money => phrase::money(amount),
        MeasureDimension::Duration if amount >= 0.0 && amount < u64::MAX as f64 => {
            crate::diagram::ticks::duration(amount.round() as u64, language)
        }
        MeasureDimension::Percent => percent(amount),
        MeasureDimension::Number if cases && language == Language::Korean => {
            format!("{}건", format_number(amount))
        }
        _ => display(&Measure::Quantity(rounded(amount), dimension), language),
    }
}

/// A share with a sensible number of digits, which never claims all or nothing wrongly.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let rounded = match percent.abs() {
        size if size >= 10.0 => percent.round(),
        size if size >= 1.0 => (percent * 10.0).round() / 10.0,
        _ => (percent * 100.0).round() / 100.0,
    };
    match share {
        share if share < 1.0 && rounded >= 100.0 => ">99%".to_owned(),
        share if share > 0.0 && rounded == 0.0 => "<0.01%".to_owned(),
        _ => format!("{}%", format_number(rounded)),
    }
}

/// A number with three significant digits, or all of its whole ones.
fn rounded(number: f64) -> f64 {
    if number.fract() == 0.0 || !number.is_finite() {
        return number;
    }
    let mut scale = 1.0;
    while (number * scale).abs() < 100.0 && scale < 1e12 {
        scale *= 10.0;
    }
    (number * scale).round() / scale
}

/// The values of a setting along an axis, and their unit, which stands once beside the setting's
/// name. Values of several kinds keep their units.
pub fn scale(values: &[Measure], language: Language) -> (Vec<String>, String) {
    let quantities: Option<Vec<(f64, MeasureDimension)>> = values
        .iter()
        .map(|value| match value {
            Measure::Quantity(amount, dimension) => Some((*amount, *dimension)),
            _ => None,
        })
        .collect();
    let whole = |quantities: &Vec<(f64, MeasureDimension)>| {
        let first = quantities.first().map(|(_, dimension)| *dimension);
        quantities.iter().all(|(_, dimension)| Some(*dimension) == first)
    };
    let Some(quantities) = quantities.filter(whole) else {
        return (values.iter().map(|value| display(value, language)).collect(), String::new());
    };
    let dimension = quantities.first().map_or(MeasureDimension::Number, |(_, unit)| *unit);
    let amounts: Vec<f64> = quantities.iter().map(|(amount, _)| *amount).collect();
    let (size, unit) = unit(&amounts, dimension, language);
    let labels = amounts.iter().map(|amount| format_number(amount / size));
    (labels.collect(), unit.to_owned())
}

/// The largest unit in which all values are whole numbers of few digits, else the largest in which
/// they have at most two decimals and the greatest is one or more.
fn unit(amounts: &[f64], dimension: MeasureDimension, language: Language) -> (f64, &'static str) {
    const KB: f64 = 1024.0;
    let units: &[(f64, &'static str, &'static str)] = match dimension {
        MeasureDimension::Number => &[],
        MeasureDimension::Percent => return (0.01, "%"),
        MeasureDimension::Rate => return (1.0, pick(language, "건/초", "/s")),
        MeasureDimension::Money => return (1.0, pick(language, "달러", "USD")),
        MeasureDimension::Duration => &[
            (86400e9, "일", "d"),
            (3600e9, "시간", "h"),
            (60e9, "분", "min"),
            (1e9, "초", "s"),
            (1e6, "ms", "ms"),
            (1e3, "µs", "µs"),
            (1.0, "ns", "ns"),
        ],
        MeasureDimension::DataSize => {
            &[(KB * KB * KB, "GB", "GB"), (KB * KB, "MB", "MB"), (KB, "KB", "KB"), (1.0, "B", "B")]
        }
    };
    let most = amounts.iter().copied().fold(0.0, f64::max);
    let fits = |size: f64, decimals: f64| {
        let short = |amount: &f64| {
            let part = amount / size * decimals;
            (part - part.round()).abs() < 1e-6
        };
        most >= size && amounts.iter().all(short)
    };
    let whole = |size: f64| fits(size, 1.0) && most / size <= MOST_WHOLE;
    let found = units.iter().find(|(size, ..)| whole(*size));
    let found = found.or_else(|| units.iter().find(|(size, ..)| fits(*size, 100.0)));
    let found = found.or(units.last());
    found.map_or((1.0, ""), |(size, korean, english)| (*size, pick(language, korean, english)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_measures_have_names() {
        let path = "functions.orders.reserved_concurrency";
        assert_eq!(setting(path, true, Language::Korean), "예약 동시성");
        assert_eq!(setting(path, false, Language::Korean), "orders의 예약 동시성");
        assert_eq!(setting(path, false, Language::English), "reserved concurrency of orders");
        let path = "functions.orders.provisioned_concurrency.amount";
        assert_eq!(setting(path, true, Language::Korean), "프로비저닝된 동시성");
        let path = "queues.jobs.event_source_mapping.batch_size";
        assert_eq!(setting(path, false, Language::English), "batch size of jobs");
        assert_eq!(setting("seed", false, Language::Korean), "시드");
        assert_eq!(setting("events.0.rate", false, Language::Korean), "요청 빈도");
        assert_eq!(
            setting("quotas.lambda.timeout_max", false, Language::Korean),
            "lambda.timeout_max"
        );
        let named = |expression| measure(expression, false, Language::Korean).name;
        assert_eq!(named("orders.throttles"), "orders의 제한");
        assert_eq!(named("orders.latency.p999"), "orders의 응답 시간 p99.9");
        assert_eq!(named("orders.cost.total"), "orders의 비용");
        assert_eq!(named("total.requests"), "전체 요청");
        assert_eq!(
            named("orders.throttles / orders.requests"),
            "orders.throttles / orders.requests"
        );
        assert_eq!(named("orders.something_new"), "orders.something_new");
    }

    #[test]
    fn a_scale_has_one_unit() {
        let quantities = |texts: &[&str]| -> Vec<Measure> {
            let parse = |text: &&str| crate::quantity::Quantity::parse(text).unwrap().into();
            texts.iter().map(parse).collect()
        };
        let scale = |texts: &[&str]| {
            let (labels, unit) = scale(&quantities(texts), Language::Korean);
            format!("{} {unit}", labels.join(" "))
        };
        assert_eq!(scale(&["100ms", "250ms", "2s"]), "100 250 2,000 ms");
        assert_eq!(scale(&["5ms", "50ms", "1s"]), "5 50 1,000 ms");
        assert_eq!(scale(&["0s", "30s", "5m", "1h"]), "0 30 300 3,600 초");
        assert_eq!(scale(&["128MB", "1GB", "10240MB"]), "128 1,024 10,240 MB");
        assert_eq!(scale(&["0", "100", "1000"]), "0 100 1,000 ");
        assert_eq!(scale(&["5%", "12.5%"]), "5 12.5 %");
        assert_eq!(scale(&["10/s", "1s"]), "초당 10건 1초 ");
    }

    #[test]
    fn values_are_short() {
        let value = |amount, dimension| super::value(amount, dimension, true, Language::Korean);
        assert_eq!(value(1234.0, MeasureDimension::Number), "1,234건");
        assert_eq!(value(0.12345, MeasureDimension::Percent), "12%");
        assert_eq!(value(0.999_9, MeasureDimension::Percent), ">99%");
        assert_eq!(value(212_345_678.0, MeasureDimension::Duration), "212\u{202f}ms");
        assert_eq!(value(0.000_123_45, MeasureDimension::Money), "$0.000123");
        assert_eq!(rounded(12.3456), 12.3);
    }
}
