//! What happens to a request at a distribution, in the reader's language.

use crate::aws::cloudfront::metrics::{CacheResult, RunEnd, Tier, What};
use crate::quantity::Language;
use crate::scenario::view::edge::cache_word;
use crate::scenario::view::phrase::pick;

/// What happened at a place.
pub(super) fn words(what: What, place: &str, failover: bool, language: Language) -> String {
    match what {
        What::Trigger { trigger, end, .. } => {
            // A function without a name of its own is called like its event.
            let name = if place == trigger.name() { "" } else { trigger.name() };
            run(name, end, language).trim().to_owned()
        }
        What::Lookup { tier, hit, expired } => lookup(tier, hit, expired, language).to_owned(),
        What::Waited { .. } => pick(
            language,
            "같은 객체를 가져오는 앞선 요청을 기다림",
            "waits for an earlier request for the same object",
        )
        .to_owned(),
        What::ToRegional => {
            pick(language, "리전 엣지 캐시로 보냄", "goes to the regional edge cache").to_owned()
        }
        What::FromRegional => {
            pick(language, "엣지 로케이션으로 돌려보냄", "goes back to the edge location")
                .to_owned()
        }
        What::Origin { status, .. } => match (failover, language) {
            (true, Language::Korean) => format!("장애 조치로 요청, 응답 {status}"),
            (true, Language::English) => format!("asked as a failover, answers {status}"),
            (false, Language::Korean) => format!("오리진 요청, 응답 {status}"),
            (false, Language::English) => format!("the origin is asked, answers {status}"),
        },
        What::ErrorPage => {
            pick(language, "오류 페이지를 가져옴", "fetches the error page").to_owned()
        }
    }
}

/// How the function of an event ran.
fn run(event: &str, end: RunEnd, language: Language) -> String {
    match (end, language) {
        (RunEnd::Continued, Language::Korean) => format!("{event} 함수 실행"),
        (RunEnd::Continued, Language::English) => format!("{event} function runs"),
        (RunEnd::Responded(status), Language::Korean) => {
            format!("{event} 함수가 {status} 응답을 만듦")
        }
        (RunEnd::Responded(status), Language::English) => {
            format!("{event} function answers {status}")
        }
        (RunEnd::Failed(fault), Language::Korean) => {
            format!("{event} 함수 실패: {}", fault.name())
        }
        (RunEnd::Failed(fault), Language::English) => {
            format!("{event} function fails: {}", fault.name())
        }
    }
}

fn lookup(tier: Tier, hit: bool, expired: bool, language: Language) -> &'static str {
    let (korean, english) = match (tier, hit, expired) {
        (Tier::Edge, true, _) => ("엣지 캐시에 있음", "in the edge cache"),
        (Tier::Edge, false, true) => {
            ("엣지 캐시의 사본이 만료됨", "the copy in the edge cache has expired")
        }
        (Tier::Edge, false, false) => ("엣지 캐시에 없음", "not in the edge cache"),
        (Tier::Regional, true, _) => ("리전 엣지 캐시에 있음", "in the regional edge cache"),
        (Tier::Regional, false, true) => {
            ("리전 엣지 캐시의 사본이 만료됨", "the copy in the regional edge cache has expired")
        }
        (Tier::Regional, false, false) => {
            ("리전 엣지 캐시에 없음", "not in the regional edge cache")
        }
    };
    pick(language, korean, english)
}

/// How the request was answered.
pub(super) fn answer(
    status: u16,
    cache: CacheResult,
    fault: Option<&str>,
    language: Language,
) -> String {
    let word = cache_word(cache, language);
    let why = match (fault, cache) {
        (Some(fault), _) => format!(" ({fault})"),
        (None, CacheResult::None) => String::new(),
        (None, _) => match language {
            Language::Korean => format!(" (캐시: {word})"),
            Language::English => format!(" (cache: {word})"),
        },
    };
    match language {
        Language::Korean => format!("뷰어에게 {status} 응답{why}"),
        Language::English => format!("answers the viewer {status}{why}"),
    }
}
