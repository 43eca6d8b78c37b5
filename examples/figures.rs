//! Writes pages with the figures of the scenarios under `tests/figures/scenarios/`, to look at:
//! `cargo run --example figures -- DIR`.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::PathBuf;

use bogi::aws::catalogue::Catalogue;
use bogi::escape;
use bogi::quantity::Language;
use bogi::scenario::view::{CardContext, card};
use bogi::scenario::{Block, Outcome, parse};
use bogi::span::{Mapped, Source};

fn outcomes() -> io::Result<Vec<(String, Outcome)>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/figures/scenarios");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    let mut outcomes = Vec::new();
    for path in paths {
        let yaml = fs::read_to_string(&path)?;
        let source = Source::new(path.display().to_string(), yaml.clone());
        let block = Block { yaml: Mapped::from_source(&source, 0..yaml.len()) };
        let staged = parse(&block, Catalogue::builtin());
        let Some(scenario) = staged.value else {
            let messages: Vec<String> =
                staged.diagnostics.iter().map(|d| format!("{}: {}", d.message, d.label)).collect();
            return Err(io::Error::other(format!("{}: {messages:?}", path.display())));
        };
        let outcome = scenario.run(Catalogue::builtin()).value;
        outcomes.extend(outcome.map(|outcome| (yaml, outcome)));
    }
    Ok(outcomes)
}

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/tmp/figures".into()));
    fs::create_dir_all(&folder)?;
    let outcomes = outcomes()?;
    for language in [Language::Korean, Language::English] {
        for theme in ["light", "dark"] {
            let mut page = format!(
                "<!doctype html><html lang=\"{0}\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width\"><title>figures</title>\
                 <style>{1}{2}</style><main class=\"content\" style=\"max-width:36em;margin:0 auto;\
                 padding:1em\"><h1>figures</h1>",
                language.tag(),
                include_str!("../assets/site.css"),
                include_str!("../assets/scenario.css"),
            );
            for (yaml, outcome) in &outcomes {
                let yaml_html = format!("<pre><code>{}</code></pre>", escape::text(yaml));
                let context = CardContext { language, yaml_html: &yaml_html };
                let _ = writeln!(page, "{}", card(outcome, context));
            }
            page.push_str("</main></html>");
            fs::write(folder.join(format!("{}-{theme}.html", language.tag())), page)?;
        }
    }
    Ok(())
}
