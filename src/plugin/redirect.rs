//! Pages that lead to where a document is now, as jekyll-redirect-from 0.16 makes them.

use super::text::to_s;
use super::{View, url};
use crate::content::permalink::{self, PageParts};
use crate::value::{Map, Value};

/// The layout that a redirect asks for. Where the site has none of this name, [`page`] stands.
pub const LAYOUT: &str = "redirect";

/// A document that may have been elsewhere, or be elsewhere now.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'d> {
    /// Its front matter over the defaults.
    pub data: &'d Map,
    /// Its URL path without `baseurl`.
    pub url: &'d str,
}

/// A page that stands where a document was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Where it stands: what `redirect_from` says, with a slash at the beginning.
    pub from: String,
    /// Where it leads, with scheme and host where the site has them.
    pub to: String,
    /// Its URL path without `baseurl`.
    pub url: String,
    /// Its file below the destination.
    pub output_path: String,
}

impl Redirect {
    /// What a `redirect` layout of the site sees as `page`, besides the `url`.
    pub fn data(&self) -> Map {
        let text = |text: &str| Value::from(text);
        let ends = [("from".to_owned(), text(&self.from)), ("to".to_owned(), text(&self.to))];
        Map::from([
            ("sitemap".to_owned(), Value::Bool(false)),
            ("layout".to_owned(), text(LAYOUT)),
            ("permalink".to_owned(), text(&self.from)),
            ("redirect".to_owned(), Value::Map(ends.into_iter().collect())),
        ])
    }
}

/// All redirects of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redirects {
    /// The pages to add.
    pub pages: Vec<Redirect>,
    /// For documents with `redirect_to`: the position among the candidates, and the redirect whose
    /// [`Redirect::data`] goes over the document's own and whose page is written in its place.
    pub moved: Vec<(usize, Redirect)>,
    /// The file `redirects.json`; `None` with `redirect_from: { json: false }`.
    pub json: Option<String>,
}

/// The redirects of documents in the order in which Jekyll writes them: those of collections, then
/// pages. What isn't written must not be among them. A path that leads out of the site is no
/// redirect.
pub fn redirects(candidates: &[Candidate<'_>], view: &View<'_>) -> Redirects {
    let mut redirects = Redirects::default();
    let mut table: Vec<(String, String)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let sources = listed(candidate.data.get("redirect_from"));
        for from in sources {
            if let Some(redirect) = redirect(&from, candidate.url, view) {
                note(&mut table, &redirect);
                redirects.pages.push(redirect);
            }
        }
        // `redirect_to: false` says that there is none; an empty one leads to the home page.
        let to = candidate.data.get("redirect_to").filter(|to| to.is_truthy());
        if let Some(to) = listed(to).first()
            && let Some(redirect) = redirect(candidate.url, to, view)
        {
            note(&mut table, &redirect);
            redirects.moved.push((at, redirect));
        }
    }
    let settings = view.config.get("redirect_from");
    let wanted = settings.and_then(|settings| settings.get("json")) != Some(&Value::Bool(false));
    redirects.json = wanted.then(|| json(&table));
    redirects
}

/// The texts of a list, or the one text that stands in its place.
fn listed(value: Option<&Value>) -> Vec<String> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => {
            let said = items.iter().filter(|item| **item != Value::Null);
            said.map(|item| to_s(item).to_string()).collect()
        }
        Some(value) => vec![to_s(value).to_string()],
    }
}

fn redirect(from: &str, to: &str, view: &View<'_>) -> Option<Redirect> {
    let from = if from.starts_with('/') { from.to_owned() } else { format!("/{from}") };
    let is_web = to.starts_with("http://") || to.starts_with("https://");
    let to = if is_web { to.to_owned() } else { url::absolute(to, view) };
    let parts = PageParts {
        folder: "",
        basename: "redirect",
        output_extension: permalink::extension_of(&from).unwrap_or(".html"),
    };
    let address = permalink::page_address(Some(&from), "none", &parts).ok()?;
    Some(Redirect { from, to, url: address.url, output_path: address.output_path })
}

/// A later redirect from the same place takes the earlier one's.
fn note(table: &mut Vec<(String, String)>, redirect: &Redirect) {
    match table.iter_mut().find(|(from, _)| *from == redirect.from) {
        Some((_, to)) => to.clone_from(&redirect.to),
        None => table.push((redirect.from.clone(), redirect.to.clone())),
    }
}

fn json(table: &[(String, String)]) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let entries = table.iter().map(|(from, to)| format!("{}:{}", text(from), text(to)));
    format!("{{{}}}", entries.collect::<Vec<String>>().join(","))
}

/// The page of a redirect, where the site has no layout of its own for it. A target can't end the
/// attribute or the script that it stands in.
pub fn page(to: &str) -> String {
    let mut target = String::with_capacity(to.len());
    for c in to.chars() {
        if c.is_ascii_control() || "\"<>\\".contains(c) {
            target.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            target.push(c);
        }
    }
    format!(
        "<!DOCTYPE html>\n\
         <html lang=\"en-US\">\n\
         \x20 <meta charset=\"utf-8\">\n\
         \x20 <title>Redirecting&hellip;</title>\n\
         \x20 <link rel=\"canonical\" href=\"{target}\">\n\
         \x20 <script>location=\"{target}\"</script>\n\
         \x20 <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n\
         \x20 <meta name=\"robots\" content=\"noindex\">\n\
         \x20 <h1>Redirecting&hellip;</h1>\n\
         \x20 <a href=\"{target}\">Click here if you are not redirected.</a>\n\
         </html>\n"
    )
}
