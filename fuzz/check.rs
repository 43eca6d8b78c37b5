//! What must hold for Markdown of any bytes; shared by the fuzz target and `examples/fuzz.rs`.

use bogi::markdown::commonmark::CommonMark;
use bogi::markdown::options::{EntityOutput, Input};
use bogi::markdown::{Host, Options, fences, mark, render};

struct Marks;

impl Host for Marks {
    fn mark(&self, index: usize) -> Option<(String, String)> {
        Some((format!("<output id=\"m{index}\">"), "</output>".to_owned()))
    }
}

/// Options by the bits of a number.
fn options(bits: u8) -> Options {
    let mut options = Options::default();
    let is_set = |bit: u8| bits >> bit & 1 == 1;
    if is_set(0) {
        options.input = Input::Kramdown;
    }
    options.hard_wrap = is_set(1);
    options.paragraph_end = !is_set(2);
    options.parse_block_html = is_set(3);
    options.parse_span_html = !is_set(4);
    options.footnote_backlink_inline = is_set(5);
    if is_set(6) {
        options.entity_output = EntityOutput::Number;
    }
    // One in sixteen is CommonMark.
    options.commonmark = (bits >> 4 == 15).then(CommonMark::gfm);
    options
}

/// Converts a text: the first byte chooses options, the rest is the text.
///
/// # Panics
/// When a promise doesn't hold.
pub fn check(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let options = options(first);
    let rendered = render(&text, &options, &Marks);
    let kept = options.commonmark.is_some() || !rendered.html.contains(mark::is_mark);
    assert!(kept, "a mark is left");
    for link in &rendered.links {
        assert!(text.get(link.range.clone()).is_some(), "{link:?}");
    }
    for (range, remark) in &rendered.remarks {
        assert!(text.get(range.clone()).is_some(), "{remark:?}");
    }
    for fence in fences(&text) {
        assert!(text.get(fence.body.clone()).is_some(), "{fence:?}");
        assert!(fence.lines.iter().all(|line| text.get(line.clone()).is_some()), "{fence:?}");
    }
}
