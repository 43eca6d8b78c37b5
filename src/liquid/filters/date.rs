//! The `date` filter.

use crate::date::Moment;
use crate::liquid::host::Arguments;
use crate::liquid::problem::Outcome;
use crate::liquid::render::Context;
use crate::liquid::value::Val;

/// A day or an instant by a pattern of `strftime`; what is no date passes through.
pub(super) fn date<'s>(
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
) -> Outcome<Val<'s>> {
    let pattern = arguments.get(0).to_text();
    if pattern.is_empty() {
        return Ok(input.clone());
    }
    let options = context.options();
    let unix = |seconds: i64| {
        Moment::from_unix_seconds(seconds).map(|moment| moment.in_zone(&options.zone))
    };
    let moment = match input {
        Val::Date(date) => return Ok(Val::text(date.strftime(&pattern))),
        Val::Time(moment) => Some(moment.shown_in(&options.zone)),
        Val::Integer(seconds) => i64::try_from(*seconds).ok().and_then(unix),
        Val::Text(text) if text.is_empty() => None,
        Val::Text(text) => match text.to_lowercase().as_str() {
            "now" | "today" => options.now().cloned(),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().and_then(unix)
            }
            _ => Moment::parse(text, &options.zone).ok(),
        },
        _ => None,
    };
    Ok(match moment {
        Some(moment) => Val::text(moment.strftime(&pattern)),
        None => input.clone(),
    })
}
