//! What the style sheet promises.

use std::collections::BTreeMap;

use bogi::theme::assets::Assets;

fn style() -> String {
    let assets = Assets::new(&BTreeMap::new());
    let file = assets.files.iter().find(|file| file.path == assets.stylesheet).unwrap();
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// The custom properties that are colours in the first block after a mark.
fn colors(css: &str, mark: &str) -> BTreeMap<String, [f64; 3]> {
    let block = css.split(mark).nth(1).unwrap().split('}').next().unwrap();
    let colors = block.split(';').filter_map(|line| {
        let (name, value) = line.trim().split_once(": ")?;
        let digits = value.strip_prefix('#')?;
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        Some((name.to_owned(), [channel(0), channel(2), channel(4)]))
    });
    colors.collect()
}

/// The contrast of two colours by WCAG 2.2.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn words_stand_out_from_every_ground_in_light_and_dark() {
    let css = style();
    let light = colors(&css, ":root{color-scheme: light;");
    let dark = colors(&css, ":root[data-theme=\"dark\"]{color-scheme: dark;");
    let by_system = colors(&css, ":root:not([data-theme=\"light\"]){color-scheme: dark;");
    assert_eq!(dark, by_system);
    for (mode, colors) in [("light", light), ("dark", dark)] {
        let words = colors.iter().filter(|(name, _)| {
            let code =
                name.starts_with("--code-") && !name.ends_with("add") && !name.ends_with("remove");
            let named =
                ["--text", "--quiet", "--link", "--info", "--success", "--warning", "--danger"];
            code || named.contains(&name.as_str())
        });
        for (name, color) in words {
            for ground in ["--ground", "--raised"] {
                let contrast = contrast(*color, colors[ground]);
                assert!(contrast >= 4.5, "{mode}: {name} on {ground} has {contrast:.2}");
            }
        }
        for (word, ground) in
            [("--text", "--code-add"), ("--text", "--code-remove"), ("--text", "--mark")]
        {
            assert!(contrast(colors[word], colors[ground]) >= 4.5, "{mode}: {word} on {ground}");
        }
        assert!(contrast(colors["--edge"], colors["--ground"]) >= 3.0, "{mode}: edges");
    }
}

#[test]
fn the_style_sheet_is_small_and_fetches_nothing() {
    let css = style();
    // 40 KiB of such text are about 10 KiB compressed.
    assert!(css.len() <= 40 << 10, "{} bytes", css.len());
    for word in ["@import", "url(", "@font-face", "justify;", "justify}"] {
        assert!(!css.contains(word), "{word}");
    }
}

#[test]
fn korean_is_set_for_reading() {
    let css = style();
    for rule in
        ["word-break: keep-all", "overflow-wrap: anywhere", "/1.75 ", "prefers-reduced-motion"]
    {
        assert!(css.contains(rule), "{rule}");
    }
}
