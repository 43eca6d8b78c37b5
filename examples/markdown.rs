//! Converts Markdown from the standard input to HTML on the standard output, as a page's text is
//! converted, for comparison with kramdown:
//!
//! ```sh
//! cargo run --example markdown < post.md
//! ```
//!
//! With `--batch`, texts and results are separated by a line `\u{1}`. `--plain` leaves code
//! without highlighting. `--bench FILE…` converts each file repeatedly and prints the throughput.

use std::io::{self, Read, Write};
use std::time::Instant;

use bogi::markdown::{self, Host, Options};

struct Highlighting(bool);

impl Host for Highlighting {
    fn highlight(&self, language: &str, code: &str) -> Option<String> {
        if self.0 { markdown::highlight::highlight(language, code) } else { None }
    }
}

const SEPARATOR: &str = "\u{1}\n";

fn bench(files: &[String]) -> io::Result<()> {
    let texts: Vec<String> = files.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let bytes: usize = texts.iter().map(String::len).sum();
    let rounds = (50_000_000 / bytes.max(1)).clamp(1, 100);
    let start = Instant::now();
    let mut written = 0;
    for _ in 0..rounds {
        for text in &texts {
            written += markdown::render(text, &Options::default(), &Highlighting(false)).html.len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut events = 0;
    let start = Instant::now();
    for _ in 0..rounds {
        for text in &texts {
            events += pulldown_cmark::Parser::new(text).count();
        }
    }
    let alone = start.elapsed().as_secs_f64();
    let megabytes = (bytes * rounds) as f64 / 1e6;
    println!("{} files, {bytes} bytes, {rounds} rounds, {written} bytes out", files.len());
    println!("render          {:7.1} MB/s", megabytes / seconds);
    println!("pulldown-cmark  {:7.1} MB/s ({events} events)", megabytes / alone);
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
