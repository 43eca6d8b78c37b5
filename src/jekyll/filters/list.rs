//! Filters for lists: ends, draws, sentences.

use super::elements::{MapAs, elements};
use super::{Call, wrong_kind};
use crate::liquid::{Context, Outcome, Printer, Problem, Val};

impl<'s> Call<'_, 's> {
    /// `push`, `pop`, `shift` and `unshift` on a copy of a list; what is no list passes through.
    pub(super) fn shifted(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        if !matches!(self.input, Val::List(_)) {
            return Ok(self.input.clone());
        }
        let count = match self.name {
            "pop" | "shift" => self.count("negative array size")?,
            _ => 0,
        };
        let mut all = elements(self.input, MapAs::Values, context)?.unwrap_or_default();
        match self.name {
            "push" => all.push(self.arguments.get(0)),
            "unshift" => all.insert(0, self.arguments.get(0)),
            "pop" => all.truncate(all.len().saturating_sub(count)),
            _ => all = all.split_off(count.min(all.len())),
        }
        Ok(Val::list(all))
    }

    /// The argument as a number of elements, 1 without one.
    fn count(&self, negative: &str) -> Outcome<usize> {
        match self.arguments.positional.first() {
            None => Ok(1),
            Some(count) => match count.to_integer()? {
                count if count < 0 => Err(Problem::render(negative)),
                count => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            },
        }
    }

    /// Elements drawn from a list: one, or a list of as many as are asked for.
    ///
    /// Ruby draws at random. Here the same inputs must give the same bytes, so the draw depends on
    /// the page's seed, the list's length and how many are drawn, and on nothing else.
    pub(super) fn sample(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let Val::List(list) = self.input else { return Ok(self.input.clone()) };
        let count = match self.arguments.positional.first().map(Val::to_integer) {
            None | Some(Err(_)) => 1,
            Some(Ok(count)) if count < 0 => {
                return Err(Problem::render("negative sample number"));
            }
            Some(Ok(count)) => usize::try_from(count).unwrap_or(usize::MAX),
        };
        let mut draws = Draws::new(self.site.seed(), list.len(), count);
        if count == 1 {
            return Ok(list.get(draws.below(list.len())).unwrap_or_default());
        }
        let mut all = elements(self.input, MapAs::Values, context)?.unwrap_or_default();
        let count = count.min(all.len());
        for at in 0..count {
            let other = at + draws.below(all.len() - at);
            all.swap(at, other);
        }
        all.truncate(count);
        Ok(Val::list(all))
    }

    /// `a, b, and c`.
    pub(super) fn sentence(&self) -> Outcome<Val<'s>> {
        let connector = match self.arguments.positional.first() {
            Some(connector) => connector.to_text(),
            None => "and".into(),
        };
        let failed = || wrong_kind(self.name, self.input);
        // Texts and maps have a length and `[]` too, and so they pass as short lists.
        let (length, at): (usize, Box<dyn Fn(usize) -> Val<'s> + '_>) = match self.input {
            Val::List(list) => (list.len(), Box::new(|index| list.get(index).unwrap_or_default())),
            Val::Map(map) => (map.len(), Box::new(|_| Val::Nil)),
            Val::Text(text) => {
                let character = |index| text.chars().nth(index).map(|c| Val::from(c.to_string()));
                (text.chars().count(), Box::new(move |index| character(index).unwrap_or_default()))
            }
            _ => return Err(failed()),
        };
        let words = |index| at(index).to_text();
        Ok(match length {
            0 => Val::text(""),
            1 => Val::Text(words(0)),
            2 => Val::from(format!("{} {} {}", &*words(0), &*connector, &*words(1))),
            _ => {
                let Val::List(list) = self.input else { return Err(failed()) };
                let mut printer = Printer::default();
                printer.join(&Val::list(list.iter().take(length - 1).collect()), ", ");
                let first = printer.finish();
                Val::from(format!("{first}, {} {}", &*connector, &*words(length - 1)))
            }
        })
    }
}

/// Numbers that look drawn but follow from their seed: SplitMix64.
struct Draws(u64);

impl Draws {
    fn new(seed: u64, length: usize, count: usize) -> Self {
        let mut draws = Self(seed);
        for part in [length, count] {
            draws.0 = draws.next() ^ part as u64;
        }
        draws
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 when the bound is.
    fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}
