//! A preview in a process of its own, and what asks it over plain sockets.

// Each test that includes this uses another part of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything is waited for that has to come at last. No test is about time.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for a site.
pub struct Site {
    _folder: tempfile::TempDir,
    /// The site's folder.
    pub root: PathBuf,
}

impl Site {
    /// A site of these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("site");
        fs::create_dir(&root).unwrap();
        let site = Self { _folder: folder, root };
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let target = self.root.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, text).unwrap();
    }

    /// What `bogi build` writes.
    pub fn build(&self, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let to = self.root.with_file_name("built");
        let output = bogi(&self.root)
            .args(["build", "--quiet", "--destination", to.to_str().unwrap()])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
        let mut files = BTreeMap::new();
        files_below(&to, "", &mut files);
        files.remove(".bogi-site");
        files
    }
}

fn files_below(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files_below(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

fn bogi(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bogi"));
    command.current_dir(root).env_remove("JEKYLL_ENV").env("NO_COLOR", "1");
    command
}

/// A running preview; it ends with the value.
pub struct Preview {
    child: Child,
    /// Where it listens.
    pub port: u16,
    said: Arc<Mutex<String>>,
}

impl Preview {
    /// Starts the preview of a site, and waits until it serves.
    pub fn start(site: &Site, arguments: &[&str]) -> Self {
        let usual = [("--port", "0"), ("--today", "2026-11-22")];
        let mut child = bogi(&site.root)
            .arg("serve")
            .args(arguments)
            .args(
                usual
                    .iter()
                    .filter(|(name, _)| !arguments.contains(name))
                    .flat_map(|(n, v)| [n, v]),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut heard = heard.lock().unwrap();
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        let mut preview = Self { child, port: 0, said };
        let said = preview.hears("Serving http://");
        let address = said.split("http://").nth(1).unwrap();
        let port = address.split(']').next_back().unwrap().split(':').nth(1).unwrap();
        preview.port = port.split('/').next().unwrap().parse().unwrap();
        preview
    }

    /// Everything that it said.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has said something; gives all that it said.
    #[track_caller]
    pub fn hears(&self, words: &str) -> String {
        eventually(|| self.said().contains(words).then(|| self.said()))
            .unwrap_or_else(|| panic!("no `{words}` in:\n{}", self.said()))
    }

    /// How many rebuilds it has told of.
    pub fn rebuilds(&self) -> usize {
        self.said().matches(" Rebuilt ").count()
    }

    /// A connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes on a connection of their own, and gives all that comes back.
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut stream = self.connect();
        stream.write_all(bytes.as_ref()).unwrap();
        let mut all = Vec::new();
        // An answer that is cut off is what the test wants to see.
        let _ = stream.read_to_end(&mut all);
        Answer::new(&all)
    }

    /// Asks for a path with more fields.
    pub fn get(&self, path: &str, fields: &[&str]) -> Answer {
        self.ask("GET", path, fields)
    }

    /// Asks with another method.
    pub fn ask(&self, method: &str, path: &str, fields: &[&str]) -> Answer {
        let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
        let host = format!("Host: localhost:{}", self.port);
        self.send(format!(
            "{method} {path} HTTP/1.1\r\n{host}\r\nConnection: close\r\n{fields}\r\n"
        ))
    }

    /// Asks for a path until the text is what is wanted.
    #[track_caller]
    pub fn shows(&self, path: &str, wanted: impl Fn(&str) -> bool) -> String {
        let mut last = String::new();
        eventually(|| {
            last = self.get(path, &[]).text();
            wanted(&last).then(|| last.clone())
        })
        .unwrap_or_else(|| panic!("{path} stays:\n{last}\n{}", self.said()))
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end; gives the exit code.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tries until it is so.
pub fn eventually<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = attempt() {
            return Some(value);
        }
        if Instant::now() > until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    fields: Vec<(String, String)>,
    /// What it carries.
    pub body: Vec<u8>,
}

impl Answer {
    fn new(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let Some(end) = end else {
            return Self { status: 0, fields: Vec::new(), body: bytes.to_vec() };
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let fields = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Self { status, fields: fields.collect(), body: bytes[end + 4..].to_vec() }
    }

    /// A field's value, or nothing.
    pub fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// What it carries, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
