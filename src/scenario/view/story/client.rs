//! What happens on the side of a client, in the reader's language.

use crate::aws::sdk::metrics::ClientStep;
use crate::diagram::ticks;
use crate::quantity::Language;
use crate::scenario::view::phrase::pick;

/// What happened at a step.
pub fn words(step: ClientStep, now: u64, language: Language) -> String {
    let time = |time| ticks::duration(time, language);
    match step {
        ClientStep::Retry { at } => match language {
            Language::Korean => format!("{} 뒤 다시 보냄", time(at.saturating_sub(now))),
            Language::English => format!("sends it again after {}", time(at.saturating_sub(now))),
        },
        ClientStep::HeldBack => {
            pick(language, "보내지 않고 기다림 (adaptive)", "held back (adaptive)").to_owned()
        }
        ClientStep::TimedOut => {
            pick(language, "응답을 더 기다리지 않음", "waits no longer for the answer").to_owned()
        }
        ClientStep::GivenUp { quota: false } => {
            pick(language, "재시도를 다 쓰고 포기", "gives up after the last attempt").to_owned()
        }
        ClientStep::GivenUp { quota: true } => {
            pick(language, "재시도 토큰이 없어 포기", "gives up: no retry quota is left").to_owned()
        }
    }
}
