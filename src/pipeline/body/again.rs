//! What a run takes over from the one before: bodies, excerpts and dressed pages that would come
//! out the same.

use std::sync::Arc;

use super::{Bodies, Body, Dressed};
use crate::jekyll::reads::Read;
use crate::pipeline::memory::changes::Reader;
use crate::pipeline::memory::{Changes, Made, Parts};

impl<'a> Bodies<'a> {
    /// What has changed since the last run.
    pub fn changes(&self) -> Option<&'a Changes<'a>> {
        self.past.map(|(_, changes)| changes)
    }

    /// The body of a document, to be kept.
    pub fn shared(&self, at: usize) -> Arc<Body> {
        self.get(at);
        self.bodies[at].get().map(|made| Arc::clone(&made.value)).unwrap_or_default()
    }

    /// Whether the body of a document was taken over from the last run.
    pub fn is_old(&self, at: usize) -> bool {
        self.get(at);
        self.bodies[at].get().is_some_and(|made| made.is_old)
    }

    /// What was made of a document in the last run, if it stands in its file as it did.
    fn before(&self, at: usize) -> Option<(&'a Parts, &'a Changes<'a>)> {
        let (parts, changes) = self.past?;
        let parts = parts.get(changes.old(at)?)?;
        changes.is_same(at).then_some((parts, changes))
    }

    pub(super) fn dressed_before(&self, at: usize) -> Option<Made<Dressed>> {
        let (parts, changes) = self.before(at)?;
        let (dressed, body, now) = (parts.dressed.as_ref()?, parts.body.as_ref()?, self.get(at));
        let same_body = body.value.html == now.html && body.value.broken == now.broken;
        let reader = Reader { at, horizon: at + 1 };
        let holds = same_body && changes.hold(&dressed.reads, reader, Some(self));
        holds.then(|| Made { is_old: true, ..dressed.clone() })
    }

    pub(super) fn body_before(&self, at: usize) -> Option<Made<Body>> {
        let (parts, changes) = self.before(at)?;
        let body = parts.body.as_ref()?;
        let reader = Reader { at, horizon: at };
        let holds = changes.hold(&body.reads, reader, Some(self));
        holds.then(|| Made { is_old: true, ..body.clone() })
    }

    /// Whether anything that is made looked at this.
    pub fn have_read(&self, read: &Read) -> bool {
        let bodies = self.bodies.iter().filter_map(|made| Some(&made.get()?.reads));
        let excerpts = self.excerpts.iter().filter_map(|made| Some(&made.get()?.reads));
        let dressed = self.dressed.iter().filter_map(|made| Some(&made.get()?.reads));
        let mut all = bodies.chain(excerpts).chain(dressed);
        all.any(|reads| reads.binary_search(read).is_ok())
    }

    /// What was made of each document, for the next run.
    pub fn into_parts(self) -> Vec<Parts> {
        let parts = self.bodies.into_iter().zip(self.excerpts).zip(self.dressed);
        parts
            .map(|((body, excerpt), dressed)| Parts {
                body: body.into_inner(),
                excerpt: excerpt.into_inner(),
                dressed: dressed.into_inner(),
            })
            .collect()
    }

    pub(super) fn excerpt_before(&self, at: usize) -> Option<Made<str>> {
        let (parts, changes) = self.before(at)?;
        let excerpt = parts.excerpt.as_ref()?;
        let holds = changes.excerpt_holds(changes.old(at)?);
        holds.then(|| Made { is_old: true, ..excerpt.clone() })
    }
}
