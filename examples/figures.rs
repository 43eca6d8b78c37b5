//! Writes a page with all kinds of figures, to look at: `cargo run --example figures -- DIR`.

#[path = "../tests/figures/sample.rs"]
#[allow(dead_code)]
mod sample;

use std::fmt::Write;
use std::path::PathBuf;

use bogi::quantity::Language;
use bogi::scenario::view::{CardContext, card_from};

const PAGE: &str = "
:root { color-scheme: light dark; }
[data-theme=dark] { color-scheme: dark; }
body { margin: 0; background: var(--bogi-ground); color: var(--bogi-text);
  font: 17px/1.75 -apple-system, 'Apple SD Gothic Neo', Pretendard, 'Noto Sans KR',
  'Noto Sans CJK KR', sans-serif; word-break: keep-all; }
main { max-width: 36em; margin: 0 auto; padding: 1em; }
";

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/tmp/figures".into()));
    std::fs::create_dir_all(&folder)?;
    let catalogue = sample::catalogue();
    for language in [Language::Korean, Language::English] {
        for theme in ["light", "dark"] {
            let mut page = format!(
                "<!doctype html><html lang=\"{0}\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width\"><title>figures</title>\
                 <style>{PAGE}{1}</style><main>",
                language.tag(),
                include_str!("../assets/scenario.css"),
            );
            for (outcome, facts) in sample::scenarios() {
                let yaml_html = "<pre><code>id: example</code></pre>";
                let context = CardContext { language, yaml_html };
                let _ = writeln!(page, "{}", card_from(&outcome, &facts, &catalogue, context));
            }
            page.push_str("</main></html>");
            std::fs::write(folder.join(format!("{}-{theme}.html", language.tag())), page)?;
        }
    }
    Ok(())
}
