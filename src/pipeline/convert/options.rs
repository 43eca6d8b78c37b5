//! kramdown's options from the configuration, with Jekyll's additions to them.

use crate::content::config::Config;
use crate::diagnostic::{Code, Diagnostic, Staged, closest};
use crate::markdown::Options;
use crate::markdown::commonmark::{CommonMark, extension_names, option_names};
use crate::markdown::options::{Refusal, names};
use crate::span::Place;
use crate::value::{Map, Value};

/// An option of kramdown's that means nothing, or that bogi doesn't have.
pub const UNFIT_OPTION: Code = Code("W0403");

/// What Jekyll itself reads under `kramdown`.
const OF_JEKYLL: [&str; 4] = ["guess_lang", "enable_coderay", "coderay", "show_warnings"];

/// The options of a site, and what is wrong with them.
pub fn read(config: &Config) -> Staged<Options> {
    let mut options = Options::default();
    let mut diagnostics = Vec::new();
    let none = Map::new();
    let kramdown = config.get("kramdown").and_then(Value::as_map).unwrap_or(&none);
    for (name, value) in with_jekylls(kramdown, config) {
        if OF_JEKYLL.contains(&name.as_str()) {
            continue;
        }
        if let Err(refusal) = options.set(&name, &value) {
            // What Jekyll sets on its own has no place, and isn't the author's.
            if let Some((key, value)) = places(config, &name) {
                diagnostics.push(remark(&name, &refusal, key, value));
            }
        }
    }
    options.commonmark = commonmark(config, &mut diagnostics);
    Staged::new(options, diagnostics)
}

/// What `markdown` and `commonmark` ask for; `None` is kramdown.
fn commonmark(config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Option<CommonMark> {
    let processor = config.get("markdown").and_then(Value::as_str).unwrap_or("kramdown");
    let mut options = match processor.to_lowercase().as_str() {
        "kramdown" => return None,
        "commonmark" => CommonMark::default(),
        "commonmarkghpages" => CommonMark { github_pages: true, ..CommonMark::default() },
        "gfm" => return Some(CommonMark::gfm()),
        _ => {
            let message = format!("bogi doesn't have the Markdown of `{processor}`");
            let remark = Diagnostic::new(UNFIT_OPTION, message).at(config.place_of_key("markdown"));
            diagnostics.push(remark.label("texts are read as kramdown's"));
            return None;
        }
    };
    let settings = config.get("commonmark");
    let listed = |key: &str| {
        let names = settings.and_then(|map| map.get(key)).and_then(Value::as_array);
        names.unwrap_or_default().iter().filter_map(Value::as_str)
    };
    let mut refuse = |kind: &str, name: &str, near: Option<&str>| {
        let message = format!("CommonMark has no {kind} `{name}`");
        let mut remark = Diagnostic::new(UNFIT_OPTION, message);
        if let Some(near) = near {
            remark = remark.hint(format!("did you mean `{near}`?"));
        }
        diagnostics.push(remark.at(config.place_of_key("commonmark")));
    };
    for name in listed("options").filter(|name| !options.enable(name)) {
        refuse("option", name, closest(&name.to_lowercase(), option_names()));
    }
    for name in listed("extensions").filter(|name| !options.extend(name)) {
        refuse("extension", name, closest(name, extension_names()));
    }
    Some(options)
}

/// The options with those that Jekyll adds: the site's highlighter, and the language of code that
/// names none.
fn with_jekylls(kramdown: &Map, config: &Config) -> Map {
    let mut options = kramdown.clone();
    let given = options.get("syntax_highlighter").filter(|value| value.is_truthy());
    if given.is_none() {
        let coderay = options.get("enable_coderay").is_some_and(Value::is_truthy);
        let own = config.get("highlighter").filter(|value| value.is_truthy());
        let own = own.cloned().unwrap_or_else(|| "rouge".into());
        let highlighter = if coderay { "coderay".into() } else { own };
        options.insert("syntax_highlighter".to_owned(), highlighter);
    }
    let guess = options.get("guess_lang").cloned().unwrap_or_default();
    let code = options.get("syntax_highlighter_opts").and_then(Value::as_map);
    let mut code = code.cloned().unwrap_or_default();
    if !code.get("default_lang").is_some_and(Value::is_truthy) {
        code.insert("default_lang".to_owned(), "plaintext".into());
    }
    code.insert("guess_lang".to_owned(), guess);
    options.insert("syntax_highlighter_opts".to_owned(), Value::Map(code));
    options
}

/// Where an option's name and value stand: in the last file that gives it.
fn places(config: &Config, name: &str) -> Option<(Option<Place>, Option<Place>)> {
    config.files.iter().rev().find_map(|file| {
        let entry = file.node.get("kramdown")?.as_mapping()?.entry(name)?;
        let key = file.text.locate(entry.key_range.clone());
        Some((key, file.text.locate(entry.value.range.clone())))
    })
}

fn remark(name: &str, refusal: &Refusal, key: Option<Place>, value: Option<Place>) -> Diagnostic {
    match refusal {
        Refusal::Unknown => {
            let message = format!("kramdown has no option `{name}`");
            let remark = Diagnostic::new(UNFIT_OPTION, message).at(key);
            match closest(name, names().chain(OF_JEKYLL)) {
                Some(near) => remark.hint(format!("did you mean `{near}`?")),
                None => remark,
            }
        }
        Refusal::Unfit(wanted) => {
            let message = format!("`{name}` can't be set to this");
            let remark = Diagnostic::new(UNFIT_OPTION, message).at(value);
            remark.label(format!("needs {wanted}")).note("the option stays as it is by default")
        }
        Refusal::Unsupported(instead) => {
            let message = format!("bogi doesn't do what `{name}` asks for");
            Diagnostic::new(UNFIT_OPTION, message).at(value).label(*instead)
        }
    }
}
