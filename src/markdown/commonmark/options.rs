//! What `commonmark` in `_config.yml` sets.

/// How texts are read and written. Everything is off at first, as in jekyll-commonmark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonMark {
    /// Headings with ids, and code as on GitHub Pages (jekyll-commonmark-ghpages).
    pub github_pages: bool,
    /// `unsafe`: HTML in the text is on the page.
    pub raw_html: bool,
    /// `footnotes`
    pub footnotes: bool,
    /// `smart`: curly quotes, dashes and dots.
    pub smart: bool,
    /// `hardbreaks`: each line break breaks the line.
    pub hard_breaks: bool,
    /// `nobreaks`: line breaks are spaces.
    pub no_breaks: bool,
    /// `github_pre_lang`: the language of code stands at its `pre`.
    pub pre_language: bool,
    /// `strikethrough_double_tilde`: one tilde strikes nothing.
    pub double_tilde: bool,
    /// The extension `table`.
    pub tables: bool,
    /// The extension `strikethrough`.
    pub strikethrough: bool,
    /// The extension `autolink`: addresses are links.
    pub autolinks: bool,
    /// The extension `tagfilter`: scripts and the like are text.
    pub tag_filter: bool,
    /// The extension `tasklist`.
    pub task_lists: bool,
}

const OPTIONS: [&str; 12] = [
    "unsafe",
    "footnotes",
    "smart",
    "hardbreaks",
    "nobreaks",
    "github_pre_lang",
    "strikethrough_double_tilde",
    "default",
    "validate_utf8",
    "liberal_html_tag",
    "table_prefer_style_attributes",
    "full_info_string",
];
const EXTENSIONS: [&str; 5] = ["table", "strikethrough", "autolink", "tagfilter", "tasklist"];

/// The names of options, for a "did you mean".
pub fn option_names() -> impl Iterator<Item = &'static str> {
    OPTIONS.into_iter()
}

/// The names of extensions, for a "did you mean".
pub fn extension_names() -> impl Iterator<Item = &'static str> {
    EXTENSIONS.into_iter()
}

impl CommonMark {
    /// What GitHub Pages makes of `markdown: GFM`.
    pub fn gfm() -> Self {
        Self {
            github_pages: true,
            raw_html: true,
            footnotes: true,
            tables: true,
            strikethrough: true,
            autolinks: true,
            tag_filter: true,
            ..Self::default()
        }
    }

    /// Turns an option on, whatever its case; whether there is such an option.
    pub fn enable(&mut self, name: &str) -> bool {
        let name = name.to_lowercase();
        match name.as_str() {
            "unsafe" => self.raw_html = true,
            "footnotes" => self.footnotes = true,
            "smart" => self.smart = true,
            "hardbreaks" => self.hard_breaks = true,
            "nobreaks" => self.no_breaks = true,
            "github_pre_lang" => self.pre_language = true,
            "strikethrough_double_tilde" => self.double_tilde = true,
            // The rest changes nothing in what commonmarker's Ruby writes.
            name => return OPTIONS.contains(&name),
        }
        true
    }

    /// Turns an extension on; whether there is such an extension.
    pub fn extend(&mut self, name: &str) -> bool {
        match name {
            "table" => self.tables = true,
            "strikethrough" => self.strikethrough = true,
            "autolink" => self.autolinks = true,
            "tagfilter" => self.tag_filter = true,
            "tasklist" => self.task_lists = true,
            _ => return false,
        }
        true
    }
}
