//! Filters for dates, all in the site's time zone.

use super::Call;
use crate::date::{Moment, Zone};
use crate::liquid::{Context, Outcome, Printer, Problem, Val};

impl<'s> Call<'_, 's> {
    /// `date_to_xmlschema`, `date_to_rfc822`, `date_to_string` and `date_to_long_string`; nil and
    /// the empty text pass through.
    pub(super) fn date(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let options = context.options();
        if self.input.is_nil() || self.input.as_text() == Some("") {
            return Ok(self.input.clone());
        }
        let is_now = |text: &str| matches!(text.to_lowercase().as_str(), "now" | "today");
        let moment = match self.input {
            // Without a clock the word stays, as in Liquid's own `date`.
            Val::Text(text) if is_now(text) => match options.now() {
                Some(now) => Some(now.in_zone(&options.zone)),
                None => return Ok(self.input.clone()),
            },
            input => moment_of(input, &options.zone),
        };
        let Some(moment) = moment else {
            let mut printer = Printer::default();
            printer.inspect(self.input);
            let shown = printer.finish();
            let words = format!("Invalid Date: '{shown}' is not a valid datetime.");
            return Err(Problem::internal(words).message(format!("not a date: {shown}")));
        };
        Ok(Val::from(match self.name {
            "date_to_xmlschema" => moment.xmlschema(),
            "date_to_rfc822" => moment.rfc822(),
            "date_to_string" => self.day(&moment, "%b"),
            _ => self.day(&moment, "%B"),
        }))
    }

    /// `07 Jan 2026`, `7th Jan 2026` or `Jan 7th, 2026`.
    fn day(&self, moment: &Moment, month: &str) -> String {
        if self.arguments.get(0).as_text() != Some("ordinal") {
            return moment.strftime(&format!("%d {month} %Y"));
        }
        let day = moment.date().day();
        let ending = match (day, day % 10) {
            (11..=13, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        };
        match self.arguments.get(1).as_text() {
            Some("US") => moment.strftime(&format!("{month} {day}{ending}, %Y")),
            _ => moment.strftime(&format!("{day}{ending} {month} %Y")),
        }
    }
}

/// The moment that a value means, in the site's zone.
fn moment_of(value: &Val<'_>, zone: &Zone) -> Option<Moment> {
    match value {
        Val::Date(date) => date.at_midnight(zone),
        Val::Time(moment) => Some(moment.in_zone(zone)),
        Val::Integer(seconds) => i64::try_from(*seconds)
            .ok()
            .and_then(Moment::from_unix_seconds)
            .map(|moment| moment.in_zone(zone)),
        Val::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().and_then(Moment::from_unix_seconds).map(|moment| moment.in_zone(zone))
        }
        Val::Text(text) => Moment::parse(text, zone).ok().map(|moment| moment.in_zone(zone)),
        _ => None,
    }
}
