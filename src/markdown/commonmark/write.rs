//! Writes pulldown-cmark's events as commonmarker and jekyll-commonmark do.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Tag, TagEnd};

use super::autolink::addresses;
use super::{CommonMark, Placed};
use crate::escape;
use crate::markdown::ids::Ids;
use crate::markdown::{Heading, Host, LinkKind, LinkUse, Rendered, highlight, mark, uses, write};

/// Writes a text's events.
pub fn write(
    events: Vec<Placed<'_>>,
    text: &str,
    options: &CommonMark,
    host: &dyn Host,
) -> Rendered {
    let mut writer = Writer {
        text,
        options,
        host,
        out: String::with_capacity(text.len() * 2),
        rendered: Rendered::default(),
        ids: Ids::default(),
        lists: Vec::new(),
        alignments: Vec::new(),
        column: 0,
        in_head: false,
        in_body: false,
        linked: 0,
        notes: Vec::new(),
        definitions: HashMap::new(),
        outer: Vec::new(),
    };
    let mut events = events.into_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let mut depth = 1;
                let inner = events.by_ref().take_while(|(event, _)| {
                    match event {
                        Event::Start(Tag::Image { .. }) => depth += 1,
                        Event::End(TagEnd::Image) => depth -= 1,
                        _ => {}
                    }
                    depth > 0
                });
                writer.image(&dest_url, &title, inner, range);
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut code = String::new();
                for (event, _) in events.by_ref() {
                    match event {
                        Event::Text(text) => code.push_str(&text),
                        _ => break,
                    }
                }
                writer.code_block(&kind, &mark::strip(&code));
            }
            Event::Start(tag) => writer.start(tag, range),
            Event::End(end) => writer.end(end),
            event => writer.span(event, range),
        }
    }
    writer.finish()
}

struct Writer<'t> {
    text: &'t str,
    options: &'t CommonMark,
    host: &'t dyn Host,
    out: String,
    rendered: Rendered,
    ids: Ids,
    /// What closes the lists that are open.
    lists: Vec<&'static str>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    in_body: bool,
    /// How many links are open.
    linked: usize,
    /// The footnotes in the order of first use.
    notes: Vec<String>,
    /// What the footnotes say.
    definitions: HashMap<String, String>,
    /// What was written before the footnote or heading that is open, and its name.
    outer: Vec<(String, String)>,
}

impl Writer<'_> {
    /// Begins a line, if one has begun.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn block(&mut self, html: &str) {
        self.line();
        self.out.push_str(html);
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.block("<p>"),
            Tag::Heading { .. } => {
                self.line();
                self.set_aside(String::new());
            }
            Tag::BlockQuote(_) => self.block("<blockquote>\n"),
            Tag::List(first) => {
                self.lists.push(if first.is_some() { "</ol>" } else { "</ul>" });
                let start = first.filter(|&first| first != 1);
                self.line();
                let _written = match (first, start) {
                    (None, _) => writeln!(self.out, "<ul>"),
                    (_, None) => writeln!(self.out, "<ol>"),
                    (_, Some(start)) => writeln!(self.out, "<ol start=\"{start}\">"),
                };
            }
            Tag::Item => self.block("<li>"),
            Tag::FootnoteDefinition(name) => self.set_aside(name.to_string()),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.in_body = false;
                self.block("<table>\n");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.out.push_str("<thead>\n<tr>\n");
            }
            Tag::TableRow => {
                self.column = 0;
                let body = if self.in_body { "" } else { "<tbody>\n" };
                self.in_body = true;
                self.out.push_str(body);
                self.out.push_str("<tr>\n");
            }
            Tag::TableCell => {
                let align = match self.alignments.get(self.column) {
                    Some(Alignment::Left) => " align=\"left\"",
                    Some(Alignment::Right) => " align=\"right\"",
                    Some(Alignment::Center) => " align=\"center\"",
                    _ => "",
                };
                let _written = write!(self.out, "<{}{align}>", self.cell());
                self.column += 1;
            }
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => {
                let single = self.is_single_tilde(&range);
                self.out.push_str(if single { "~" } else { "<del>" });
                self.outer.push((String::new(), if single { "~" } else { "</del>" }.to_owned()));
            }
            Tag::Link { dest_url, title, .. } => {
                self.linked += 1;
                self.open_link(&dest_url, &title, range);
            }
            Tag::HtmlBlock => self.line(),
            _ => {}
        }
    }

    fn cell(&self) -> &'static str {
        if self.in_head { "th" } else { "td" }
    }

    fn is_single_tilde(&self, range: &Range<usize>) -> bool {
        let source = self.text.get(range.clone()).unwrap_or_default();
        self.options.double_tilde && !source.starts_with("~~")
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::Heading(level) => self.heading(level as u8),
            TagEnd::BlockQuote(_) => self.block("</blockquote>\n"),
            TagEnd::List(_) => {
                let close = self.lists.pop().unwrap_or_default();
                self.block(close);
                self.out.push('\n');
            }
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => {
                if let Some((before, name)) = self.outer.pop() {
                    let note = std::mem::replace(&mut self.out, before);
                    self.definitions.entry(name).or_insert(note);
                }
            }
            TagEnd::Table => {
                let body = if self.in_body { "</tbody>\n" } else { "" };
                self.out.push_str(body);
                self.out.push_str("</table>\n");
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.out.push_str("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => {
                let _written = writeln!(self.out, "</{}>", self.cell());
            }
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => {
                if let Some((_, close)) = self.outer.pop() {
                    self.out.push_str(&close);
                }
            }
            TagEnd::Link => {
                self.linked = self.linked.saturating_sub(1);
                self.out.push_str("</a>");
            }
            TagEnd::HtmlBlock => self.line(),
            _ => {}
        }
    }

    /// Writes what follows apart from what was written.
    fn set_aside(&mut self, name: String) {
        self.outer.push((std::mem::take(&mut self.out), name));
    }

    fn heading(&mut self, level: u8) {
        let Some((before, _)) = self.outer.pop() else { return };
        let html = std::mem::replace(&mut self.out, before);
        let mut id = String::new();
        let mut attribute = String::new();
        if self.options.github_pages {
            id = self.ids.basic(&html);
            attribute = format!(" id=\"{id}\"");
            self.rendered.anchors.push(id.clone());
        }
        let _written = writeln!(self.out, "<h{level}{attribute}>{html}</h{level}>");
        let html = mark::strip(&html);
        self.rendered.headings.push(Heading { level, id, html, no_toc: false });
    }

    fn span(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => {
                let code = mark::strip(&code);
                let _written = write!(self.out, "<code>{}</code>", escape::attribute(&code));
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range),
            Event::SoftBreak if self.options.hard_breaks => self.out.push_str("<br />\n"),
            Event::SoftBreak if self.options.no_breaks => self.out.push(' '),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br />\n"),
            Event::Rule => self.block("<hr />\n"),
            Event::TaskListMarker(done) => {
                let checked = if done { "checked=\"\" " } else { "" };
                let _written =
                    write!(self.out, "<input type=\"checkbox\" {checked}disabled=\"\" /> ");
            }
            Event::FootnoteReference(name) => {
                let at = self.notes.iter().position(|note| *note == *name);
                let number = 1 + at.unwrap_or_else(|| {
                    self.notes.push(name.to_string());
                    self.notes.len() - 1
                });
                let _written = write!(
                    self.out,
                    "<sup class=\"footnote-ref\"><a href=\"#fn{number}\" id=\"fnref{number}\">\
                     {number}</a></sup>"
                );
            }
            _ => {}
        }
    }

    /// Text, with links in the place of addresses where they are wanted.
    fn text(&mut self, text: &str, range: Range<usize>) {
        let mut from = 0;
        if self.options.autolinks && self.linked == 0 {
            for address in addresses(text) {
                let written = &text[address.range.clone()];
                self.out.push_str(&escape::attribute(&text[from..address.range.start]));
                let destination = format!("{}{written}", address.scheme);
                self.open_link(&destination, "", range.clone());
                self.out.push_str(&escape::attribute(written));
                self.out.push_str("</a>");
                from = address.range.end;
            }
        }
        self.out.push_str(&escape::attribute(&text[from..]));
    }

    fn html(&mut self, html: &str, range: Range<usize>) {
        if !self.options.raw_html {
            if !self.out.ends_with("<!-- raw HTML omitted -->") {
                self.out.push_str("<!-- raw HTML omitted -->");
            }
            return;
        }
        let (links, anchors) = uses::of_html(html);
        self.rendered.anchors.extend(anchors);
        self.rendered
            .links
            .extend(links.into_iter().map(|link| LinkUse { range: range.clone(), ..link }));
        let html = mark::strip(html);
        if self.options.tag_filter {
            filter_tags(&html, &mut self.out);
        } else {
            self.out.push_str(&html);
        }
    }

    fn note(&mut self, destination: &str, kind: LinkKind, range: Range<usize>, alt_missing: bool) {
        let destination = mark::strip(destination);
        self.rendered.links.push(LinkUse { destination, kind, range, alt_missing });
    }

    fn open_link(&mut self, destination: &str, title: &str, range: Range<usize>) {
        self.note(destination, LinkKind::Link, range, false);
        let _written = write!(self.out, "<a href=\"{}\"", Href(&mark::strip(destination)));
        self.title(title);
        self.out.push('>');
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            let title = mark::strip(title);
            let _written = write!(self.out, " title=\"{}\"", escape::attribute(&title));
        }
    }

    fn image<'t>(
        &mut self,
        destination: &str,
        title: &str,
        inner: impl Iterator<Item = Placed<'t>>,
        range: Range<usize>,
    ) {
        let mut alt = String::new();
        for (event, _) in inner {
            match event {
                Event::Text(text) | Event::Code(text) => alt.push_str(&mark::strip(&text)),
                Event::SoftBreak | Event::HardBreak => alt.push('\n'),
                _ => {}
            }
        }
        self.note(destination, LinkKind::Image, range, alt.trim().is_empty());
        let _written = write!(
            self.out,
            "<img src=\"{}\" alt=\"{}\"",
            Href(&mark::strip(destination)),
            escape::attribute(&alt)
        );
        self.title(title);
        self.out.push_str(" />");
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, code: &str) {
        let info = match kind {
            CodeBlockKind::Fenced(info) => mark::strip(info),
            CodeBlockKind::Indented => String::new(),
        };
        let github = self.options.github_pages;
        let ends = |c: char| c.is_ascii_whitespace() || (github && c == ',');
        let language = info.split(ends).next().unwrap_or_default();
        if let Some(html) = self.host.code_block(language, code) {
            self.line();
            self.out.push_str(&html);
            return;
        }
        let shown = escape::attribute(language);
        let known = !language.is_empty() && highlight::is_rouge_language(language);
        if known || !github {
            self.line();
        }
        let html = if known { self.host.highlight(language, code) } else { None };
        let html = html.unwrap_or_else(|| escape::text(code).into_owned());
        let class = if language.is_empty() { String::new() } else { format!("language-{shown} ") };
        let data = |name: &str| match language {
            "" => String::new(),
            _ => format!(" {name}=\"{shown}\""),
        };
        let _written = match (github, self.options.pre_language) {
            (true, _) if known => writeln!(
                self.out,
                "<div class=\"{class}highlighter-rouge\"><div class=\"highlight\">\
                 <pre class=\"highlight\"><code>{html}</code></pre></div></div>"
            ),
            (true, true) => {
                write!(
                    self.out,
                    "<pre{}><code>{}</code></pre>",
                    data("lang"),
                    escape::attribute(code)
                )
            }
            (true, false) => {
                let class = class.trim_end();
                let class =
                    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
                write!(self.out, "<pre><code{class}>{}</code></pre>", escape::attribute(code))
            }
            (false, on_pre) => {
                let data = data("data-lang");
                let (pre, code) = if on_pre { (data.as_str(), "") } else { ("", data.as_str()) };
                writeln!(
                    self.out,
                    "<div class=\"{class}highlighter-rouge\"><div class=\"highlight\">\
                     <pre class=\"highlight\"{pre}><code{code}>{html}</code></pre></div></div>"
                )
            }
        };
    }

    /// Writes the footnotes that the text refers to.
    fn finish(mut self) -> Rendered {
        if !self.notes.is_empty() {
            self.block("<section class=\"footnotes\">\n<ol>\n");
            for (index, name) in self.notes.iter().enumerate() {
                let number = index + 1;
                let back = format!("<a href=\"#fnref{number}\" class=\"footnote-backref\">↩</a>");
                let note = self.definitions.get(name).map_or("", String::as_str);
                let note = match note.strip_suffix("</p>\n") {
                    Some(text) => format!("{text} {back}</p>\n"),
                    None => format!("{note}{back}\n"),
                };
                let _written = write!(self.out, "<li id=\"fn{number}\">\n{note}</li>\n");
                self.rendered.anchors.extend([format!("fn{number}"), format!("fnref{number}")]);
            }
            self.out.push_str("</ol>\n</section>\n");
        }
        let mut rendered = self.rendered;
        rendered.html = write::resolve_marks(self.out, self.host);
        rendered
    }
}

/// A destination as commonmarker writes it: other characters than those of URLs by their bytes.
struct Href<'t>(&'t str);

impl std::fmt::Display for Href<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in self.0.bytes() {
            match byte {
                b'&' => f.write_str("&amp;")?,
                b'\'' => f.write_str("&#x27;")?,
                b if b.is_ascii_alphanumeric() || b"-_.+!*(),%#@?=;:/$~".contains(&b) => {
                    write!(f, "{}", char::from(b))?;
                }
                b => write!(f, "%{b:02X}")?,
            }
        }
        Ok(())
    }
}

/// Writes HTML in which the tags that GitHub doesn't want are text.
fn filter_tags(html: &str, out: &mut String) {
    const UNWANTED: [&str; 9] = [
        "title",
        "textarea",
        "style",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "script",
        "plaintext",
    ];
    for (index, piece) in html.split('<').enumerate() {
        if index > 0 {
            let length = piece.bytes().take_while(u8::is_ascii_alphabetic).count();
            let name = piece[..length].to_ascii_lowercase();
            let rest = &piece[length..];
            let ends = rest.starts_with("/>")
                || rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace());
            let unwanted = ends && UNWANTED.contains(&name.as_str());
            out.push_str(if unwanted { "&lt;" } else { "<" });
        }
        out.push_str(piece);
    }
}
