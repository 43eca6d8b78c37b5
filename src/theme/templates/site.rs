//! The site's view as a value of Tera's. Posts are values once, however many lists show them and
//! however often the site is made anew.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tera::{Map, Value};

use super::overlay;
use crate::theme::view::{PostSummary, SiteView, TermView, YearView};

/// Posts as values, by the addresses of their summaries, which are kept with them so that no other
/// summary can have the same.
#[derive(Clone, Default)]
pub struct Posts(FxHashMap<usize, (Arc<PostSummary>, Value)>);

impl Posts {
    /// The site's view; what `known` has of its posts is taken from there.
    pub fn of_site(site: &SiteView, known: &Self) -> (Self, Value) {
        let mut posts = Self::default();
        for post in &site.posts {
            let address = address(post);
            let value = match known.0.get(&address) {
                Some((_, value)) => value.clone(),
                None => Value::from_serializable(&**post),
            };
            posts.0.insert(address, (Arc::clone(post), value));
        }
        let value = posts.site(site);
        (posts, value)
    }

    fn site(&self, site: &SiteView) -> Value {
        let Some(mut fields) = overlay(&site.config, site).into_map() else {
            return Value::from(Map::new());
        };
        let years = site.years.iter().map(|year| self.year(year)).collect::<Vec<Value>>();
        let terms = |terms: &[TermView]| terms.iter().map(|term| self.term(term)).collect();
        let (categories, tags): (Vec<Value>, Vec<Value>) =
            (terms(&site.categories), terms(&site.tags));
        fields.insert("posts".into(), self.list(&site.posts));
        fields.insert("years".into(), Value::from(years));
        fields.insert("categories".into(), Value::from(categories));
        fields.insert("tags".into(), Value::from(tags));
        Value::from(fields)
    }

    fn list(&self, posts: &[Arc<PostSummary>]) -> Value {
        let value = |post: &Arc<PostSummary>| match self.0.get(&address(post)) {
            Some((_, value)) => value.clone(),
            None => Value::from_serializable(&**post),
        };
        Value::from(posts.iter().map(value).collect::<Vec<Value>>())
    }

    fn year(&self, year: &YearView) -> Value {
        let mut fields = Map::new();
        fields.insert("year".into(), Value::from(year.year.as_str()));
        fields.insert("posts".into(), self.list(&year.posts));
        Value::from(fields)
    }

    fn term(&self, term: &TermView) -> Value {
        let mut fields = Map::new();
        fields.insert("name".into(), Value::from(term.name.as_str()));
        fields.insert("slug".into(), Value::from(term.slug.as_str()));
        fields.insert("url".into(), Value::from(term.url.as_str()));
        fields.insert("count".into(), Value::from(term.count));
        fields.insert("posts".into(), self.list(&term.posts));
        Value::from(fields)
    }
}

fn address(post: &Arc<PostSummary>) -> usize {
    Arc::as_ptr(post) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_made_by_hand_have_all_fields_of_their_views() {
        let post = Arc::new(PostSummary { title: "글".to_owned(), ..PostSummary::default() });
        let term = TermView { name: "태그".to_owned(), count: 1, ..TermView::default() };
        let term = TermView { posts: vec![Arc::clone(&post)], slug: "t".to_owned(), ..term };
        let year = YearView { year: "2026".to_owned(), posts: vec![Arc::clone(&post)] };
        let posts = Posts::default();
        assert_eq!(posts.term(&term), Value::from_serializable(&term));
        assert_eq!(posts.year(&year), Value::from_serializable(&year));
        let site = SiteView { posts: vec![post], tags: vec![term], ..SiteView::default() };
        let (known, value) = Posts::of_site(&site, &posts);
        assert_eq!(Posts::of_site(&site, &known).1, value);
    }
}
