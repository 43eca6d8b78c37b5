//! Markdown at its limits, without nightly Rust:
//!
//! ```sh
//! cargo run --release --example fuzz -- 600      # random texts for so many seconds
//! cargo run --release --example fuzz -- --time   # bytes per second of texts that repeat a piece
//! cargo run --release --example fuzz -- FILE     # one input again
//! ```
//!
//! Random texts are pieces of the pages in `tests/` and of the posts, cut, joined, repeated and
//! sprinkled with mark-up; the check is that of the fuzz target in `fuzz/`. An input that fails or
//! takes too long is written to the folder of temporary files, and the program ends with 1.

#[path = "../fuzz/check.rs"]
mod check;

use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

use bogi::markdown::{Host, Options, render};

/// The pieces that are repeated.
const REPEATED: &[&str] = &[
    "*",
    "_",
    "[",
    "![",
    "]",
    "(",
    "`",
    "|",
    "<",
    ">",
    "&",
    "{:",
    "^",
    ":",
    "~",
    "#",
    "-",
    "+",
    "=",
    "$",
    "\\",
    "\"",
    "'",
    "!",
    ".",
    " ",
    "\t",
    "\n",
    "가",
    "a*",
    "a_",
    "**a ",
    "*a **b",
    "_*",
    "* a",
    "[a](",
    "[a](<",
    "[a](b \"",
    "[a][",
    "[^a]",
    "[a]: b\n",
    "![a](",
    "``a`",
    "` a",
    "a|`",
    "| a ",
    "|\n",
    "|-|\n",
    "| a |\n",
    "<b>",
    "<b ",
    "<a b=\"",
    "<div>",
    "<div>\n",
    "</div>\n",
    "<p>a</p>\n",
    "<!--",
    "<!-- a -->",
    "<?",
    "<a@b.c>",
    "<https://a",
    "&a;",
    "&#1;",
    "&#x",
    "{: a=\"b\"}",
    "{: .a}\n",
    "{::comment}",
    "{::nomarkdown}\n",
    "{:/}",
    "{:a: b}\n",
    "{: a}",
    "^\n",
    ": a\n",
    "a\n: b\n",
    "a\n\n: b\n\n",
    "> ",
    ">\n",
    "> a\n",
    "- ",
    "- a\n",
    "- a\n\n",
    "  - a\n",
    "1. a\n",
    "1. a\n    - b\n",
    "* * *\n",
    "- - ",
    "    a\n",
    "```\n",
    "~~~\na\n",
    "```a b\n",
    "~~a",
    "~~a~~",
    "$$",
    "$$a$$",
    "# a\n",
    "#a\n",
    "a\n===\n",
    "a\n---\n",
    "[^a]: b\n\n",
    "*[a]: b\n",
    "\"a",
    "'s ",
    "--",
    "...",
    "<<",
    " >>",
    "a\\\n",
    "a  \n",
    "\r",
    "\0",
    "{::options a=\"b\" /}\n",
    "<div markdown=\"1\">\n",
    "<p markdown=\"1\">",
    "<td markdown=\"1\">\n- ",
    "<script>",
    "</a>",
    "<b>*[",
    "*`[<",
    "> - ",
    "> 1. ",
    "- > ",
    "_*[a`<b>",
    "[[",
    "][",
    "[a",
    "a]",
    "(a",
    "![[",
    "\\[",
    "\\`",
    "<br>",
    "<img>",
    "\u{F0B00}",
    "\u{2e3f}",
    "\u{100000}",
    "- [ ] a\n",
    "|a\n",
    "a|b\n",
    "[a](b)",
    "**",
    "__a__",
    "***a***",
    "*a*",
    "가**나**",
    "{:toc}\n",
    "- a\n{:toc}\n\n# b\n",
];

struct Plain;

impl Host for Plain {}

/// The slowest that a text of a mebibyte may be, in bytes per second.
const SLOWEST: f64 = 500_000.0;
/// How often throughput may fall when a text becomes sixteen times as long.
const STEEPEST: f64 = 4.0;
/// How long a random text may take, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest random text.
const LONGEST: usize = 1 << 16;

/// The fastest of some runs over a text that repeats a piece, in bytes per second.
fn speed(piece: &str, bytes: usize) -> f64 {
    let text = piece.repeat(bytes.div_ceil(piece.len()));
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let _rendered = render(&text, &Options::default(), &Plain);
        best = best.min(start.elapsed());
        if best > Duration::from_millis(400) {
            break;
        }
    }
    text.len() as f64 / best.as_secs_f64()
}

fn time() -> ExitCode {
    let mut steep = 0;
    println!("{:>24}  {:>9} {:>9} {:>9}  MB/s", "piece", "64 KiB", "256 KiB", "1 MiB");
    for piece in REPEATED {
        let speeds = [1 << 16, 1 << 18, 1 << 20].map(|bytes| speed(piece, bytes));
        let is_steep = speeds[0] / speeds[2] > STEEPEST || speeds[2] < SLOWEST;
        steep += usize::from(is_steep);
        let [small, middle, large] = speeds.map(|speed| speed / 1e6);
        let note = if is_steep { "  <- steep" } else { "" };
        println!("{:>24}  {small:9.2} {middle:9.2} {large:9.2}{note}", format!("{piece:?}"));
    }
    println!("{} pieces, {steep} steep", REPEATED.len());
    if steep == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A generator of numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 16) as usize % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The text files below a folder, by paragraphs.
fn paragraphs(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            paragraphs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found.extend(text.split("\n\n").map(|paragraph| format!("{paragraph}\n\n")));
        }
    }
}

/// A text made of pieces of others.
fn made(random: &mut Random, corpus: &[String]) -> Vec<u8> {
    let mut bytes = vec![random.below(256) as u8];
    for _ in 0..random.below(24) {
        let piece: &[u8] = match random.below(3) {
            0 => random.pick(REPEATED).as_bytes(),
            _ => random.pick(corpus).as_bytes(),
        };
        let (mut from, mut to) = (0, piece.len());
        if random.below(2) == 0 {
            from = random.below(to);
            to = from + random.below(to - from + 1);
        }
        let times = if random.below(8) == 0 { random.below(200) } else { 1 };
        for _ in 0..times {
            bytes.extend(&piece[from..to]);
        }
    }
    for _ in 0..random.below(12) {
        let at = 1 + random.below(bytes.len());
        let at = at.min(bytes.len());
        match random.below(3) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            _ => drop(bytes.splice(at..at, random.pick(REPEATED).bytes())),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn fuzz(seconds: u64) -> ExitCode {
    let mut corpus = Vec::new();
    for folder in ["tests", "posts", "."] {
        paragraphs(Path::new(folder), &mut corpus);
    }
    let seed = env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    let mut random = Random(seed.max(1));
    let start = Instant::now();
    let (mut count, mut bytes, mut slowest) = (0_u64, 0, Duration::ZERO);
    while start.elapsed().as_secs() < seconds {
        let input = made(&mut random, &corpus);
        let begun = Instant::now();
        let outcome = catch_unwind(|| check::check(&input));
        let took = begun.elapsed();
        count += 1;
        bytes += input.len();
        slowest = slowest.max(took);
        if outcome.is_err() || took > PATIENCE {
            let path = env::temp_dir().join(format!("bogi-fuzz-{seed}-{count}"));
            let _written = fs::write(&path, &input);
            println!("execution {count} fails or takes {took:?}: {}", path.display());
            return ExitCode::FAILURE;
        }
    }
    println!(
        "seed {seed}: {count} executions, {bytes} bytes in {seconds} s, the slowest {slowest:?}"
    );
    ExitCode::SUCCESS
}

fn main() -> ExitCode {
    let argument = env::args().nth(1).unwrap_or_else(|| "60".to_owned());
    if argument == "--time" {
        return time();
    }
    match argument.parse() {
        Ok(seconds) => fuzz(seconds),
        Err(_) => {
            let input = fs::read(&argument).unwrap_or_default();
            let start = Instant::now();
            check::check(&input);
            println!("{} bytes in {:?}", input.len(), start.elapsed());
            ExitCode::SUCCESS
        }
    }
}
