//! The plugins that nearly every Jekyll blog uses, by their behaviour: functions from values to
//! texts and values. Which stage calls them, and where a page goes, is the pipeline's business.

pub mod archives;
pub mod feed;
pub mod gist;
mod html;
pub mod jemoji;
pub mod paginate;
pub mod redirect;
pub mod relative_links;
pub mod seo;
pub mod sitemap;
mod text;
pub mod toc;
pub mod url;
pub mod wiki_links;

pub use crate::content::Plugin;

use crate::content::Content;
use crate::date::{Moment, Zone};
use crate::value::Map;

/// What every plugin may see of a site.
#[derive(Clone, Copy)]
pub struct View<'s> {
    /// The configuration with Jekyll's defaults: [`crate::content::Config::values`].
    pub config: &'s Map,
    /// `site.data`.
    pub data: &'s Map,
    /// The site's zone, in which dates are shown.
    pub zone: &'s Zone,
    /// The filters that convert text as the site's pages are converted.
    pub filters: &'s dyn Filters,
    /// `site.time`, for sites that turn on plugins of Jekyll's which print when they ran; without
    /// it the same sources give the same bytes at any time.
    pub time: Option<&'s Moment>,
}

impl<'s> View<'s> {
    /// What plugins see of a site with this content.
    pub fn of(content: &'s Content, filters: &'s dyn Filters) -> Self {
        let config = &content.config;
        let zone = &config.timezone;
        Self { config: &config.values, data: &content.data, zone, filters, time: None }
    }

    /// The same with the time of the build.
    pub fn at(self, time: &'s Moment) -> Self {
        Self { time: Some(time), ..self }
    }
}

/// Filters that need the site's Markdown.
pub trait Filters: Sync {
    /// Markdown as HTML (`markdownify`).
    fn markdownify(&self, text: &str) -> String;

    /// A text with typographic quotes, dashes and ellipses (`smartify`).
    fn smartify(&self, text: &str) -> String;
}

/// A post, page or document that is rendered, as plugins see it.
#[derive(Clone, Copy, Debug)]
pub struct Rendered<'d> {
    /// The front matter over the defaults, completed as templates see it: with `title`, `date`,
    /// `categories`, `tags` and `draft` where Jekyll gives them.
    pub data: &'d Map,
    /// The URL path without `baseurl`.
    pub url: &'d str,
    /// The identity: [`crate::content::Document::id`].
    pub id: &'d str,
    /// The body as HTML, without its layout.
    pub content: &'d str,
    /// The excerpt as HTML; empty for none.
    pub excerpt: &'d str,
}
