//! The part of a list of posts that a page shows.

use super::single;
use crate::jekyll::scope::PageScope;
use crate::liquid::Val;
use crate::plugin::paginate::Paginator;

/// What templates see as `paginator`.
pub fn drop<'s>(scope: &'s PageScope<'_>, paginator: &'s Paginator) -> Val<'s> {
    let count = |number: usize| Val::Integer(number as i128);
    let page = |number: Option<usize>| number.map_or(Val::Nil, count);
    let path = |path: &'s Option<String>| path.as_deref().map_or(Val::Nil, Val::text);
    single([
        ("page", count(paginator.page)),
        ("per_page", count(paginator.per_page)),
        ("posts", scope.members(&paginator.posts)),
        ("total_posts", count(paginator.total_posts)),
        ("total_pages", count(paginator.total_pages)),
        ("previous_page", page(paginator.previous_page)),
        ("previous_page_path", path(&paginator.previous_page_path)),
        ("next_page", page(paginator.next_page)),
        ("next_page_path", path(&paginator.next_page_path)),
    ])
}
