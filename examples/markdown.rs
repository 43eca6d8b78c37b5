//! Converts Markdown from the standard input to HTML on the standard output, as a page's text is
//! converted, for comparison with kramdown:
//!
//! ```sh
//! cargo run --example markdown < post.md
//! ```
//!
//! With `--batch`, texts and results are separated by a line `\u{1}`. `--plain` leaves code
//! without highlighting. `--bench FILE…` converts each file repeatedly and prints the throughput
//! beside plain pulldown-cmark's:
//!
//! ```sh
//! cargo run --release --example blog -- 1000 /tmp/blog
//! cargo run --release --example markdown -- --bench /tmp/blog/posts/*.md
//! ```

use std::io::{self, Read, Write};
use std::sync::OnceLock;
use std::time::Instant;

use bogi::markdown::{self, Host, Options};

/// The allocator of the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Highlighting(bool);

impl Host for Highlighting {
    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        if self.0 { markdown::highlight::highlight(language, code) } else { None }
    }
}

const SEPARATOR: &str = "\u{1}\n";

/// The seconds of processor time that this process has used.
fn processor_seconds() -> f64 {
    // Linux counts nanoseconds; elsewhere the clock on the wall has to do.
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
    nanoseconds.map_or_else(wall_seconds, |nanoseconds| nanoseconds / 1e9)
}

fn wall_seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// The texts' megabytes per second of processor time, the best of some rounds.
fn speed(texts: &[String], mut convert: impl FnMut(&str) -> usize) -> f64 {
    const ROUNDS: usize = 5;
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let start = processor_seconds();
        let written: usize = texts.iter().map(|text| convert(text)).sum();
        std::hint::black_box(written);
        best = best.min(processor_seconds() - start);
    }
    bytes as f64 / 1e6 / best.max(1e-9)
}

fn bench(files: &[String]) -> io::Result<()> {
    let texts: Vec<String> = files.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let bytes: usize = texts.iter().map(String::len).sum();
    let options = Options::default();
    let host = Highlighting(false);
    let rendered = speed(&texts, |text| markdown::render(text, &options, &host).html.len());
    let tables = pulldown_cmark::Options::ENABLE_TABLES;
    let events = speed(&texts, |text| pulldown_cmark::Parser::new_ext(text, tables).count());
    let html = speed(&texts, |text| {
        let mut html = String::with_capacity(text.len() * 2);
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(text, tables));
        html.len()
    });
    println!("{} files, {bytes} bytes; megabytes per second of processor time", files.len());
    println!("bogi, kramdown's HTML     {rendered:7.1}");
    println!("pulldown-cmark's HTML     {html:7.1}  {:.1} times", html / rendered);
    println!("pulldown-cmark's events   {events:7.1}  {:.1} times", events / rendered);
    Ok(())
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--bench") {
        return bench(&arguments[at + 1..]);
    }
    let host = Highlighting(!arguments.iter().any(|argument| argument == "--plain"));
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut output = io::stdout().lock();
    if !arguments.iter().any(|argument| argument == "--batch") {
        let html = markdown::render(&input, &Options::default(), &host).html;
        return output.write_all(html.as_bytes());
    }
    for text in input.split(SEPARATOR) {
        let html = markdown::render(text, &Options::default(), &host).html;
        output.write_all(html.as_bytes())?;
        output.write_all(SEPARATOR.as_bytes())?;
    }
    Ok(())
}
