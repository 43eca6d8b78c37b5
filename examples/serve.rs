//! Measures the preview: from a save to the new page's bytes, for edits of a post and of a layout.
//!
//! `cargo run --release --example blog -- 1000 DIR` makes a blog, then
//! `cargo run --release --example serve -- DIR` serves it and edits it fifty times each. It adds a
//! post and a template of its own to the folder and takes them away at the end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use bogi::command::arguments::{Arguments, Command};
use bogi::command::serve;
use clap::Parser;

const EDITS: usize = 50;
const PORT: &str = "4987";
/// How long a page is waited for before something must be wrong.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: serve DIR");
        return ExitCode::from(2);
    };
    match measure(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn measure(folder: &Path) -> io::Result<()> {
    let post = folder.join("posts/2026-01-01-measured.md");
    let template = folder.join("templates/single.html");
    write_post(&post, 0)?;
    write_template(&template, 0)?;
    let source = folder.to_string_lossy().into_owned();
    let words = ["bogi", "serve", "--quiet", "--port", PORT, "--source", &source];
    let arguments = Arguments::parse_from(words);
    let begin = Instant::now();
    thread::spawn(move || {
        if let Command::Serve(arguments) = &arguments.command {
            serve::serve(arguments);
        }
    });
    until("edit 0;")?;
    println!("first page after {:.2}s", begin.elapsed().as_secs_f64());
    for (name, path, write) in [
        ("a post", &post, write_post as fn(&Path, usize) -> io::Result<()>),
        ("a layout", &template, write_template),
    ] {
        let mut times = Vec::with_capacity(EDITS);
        for edit in 1..=EDITS {
            // As if somebody wrote: no save comes while the last one is still looked at.
            thread::sleep(Duration::from_millis(200));
            let begin = Instant::now();
            write(path, edit)?;
            until(&format!("{} {edit};", if path == &post { "edit" } else { "template" }))?;
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(EDITS * share / 100).min(EDITS - 1)];
        println!("{name}: p50 {:.0}ms, p95 {:.0}ms, max {:.0}ms", at(50), at(95), at(100));
    }
    fs::remove_file(post)?;
    fs::remove_file(template)
}

fn write_post(path: &Path, edit: usize) -> io::Result<()> {
    let front_matter = "---\ntitle: 재는 글\nlayout: single\npermalink: /measured/\n---\n\n";
    fs::write(path, format!("{front_matter}본문, edit {edit};\n"))
}

fn write_template(path: &Path, edit: usize) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let template = include_str!("../templates/single.html");
    fs::write(path, template.replacen("{{ page", &format!("template {edit};{{{{ page"), 1))
}

/// Asks for the measured page until it has these words.
fn until(words: &str) -> io::Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        match page() {
            Ok(page) if page.contains(words) => return Ok(()),
            Ok(_) => {}
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(io::Error::other(format!("no `{words}` in time")))
}

fn page() -> io::Result<String> {
    let port = PORT.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let ask = "GET /measured/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
