//! The preview over plain sockets: what it sends, what it refuses, and that nobody can hold it up.

#[path = "serve/preview.rs"]
mod preview;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use preview::{Preview, Site};

/// The tag of a page, for any state of it.
fn without_script(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(page);
    let start = text.find("<script src=\"/_bogi/reload.js\" data-page=\"").expect("a script tag");
    let length = text[start..].find("</script>").unwrap() + "</script>".len();
    let rest = text[..start].to_owned() + &text[start + length..];
    assert!(!rest.contains("/_bogi/"), "one tag, not two");
    rest.into_bytes()
}

fn escaped(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._/".contains(byte);
    path.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}

/// Compares each file that `bogi build` writes with what is served.
fn compare(preview: &Preview, base: &str, built: &BTreeMap<String, Vec<u8>>, script: bool) {
    assert!(!built.is_empty());
    for (path, bytes) in built {
        let answer = preview.get(&format!("{base}/{}", escaped(path)), &[]);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.field("content-length"), answer.body.len().to_string(), "{path}");
        let served = if script && path.ends_with(".html") {
            without_script(&answer.body)
        } else {
            answer.body
        };
        assert!(served == *bytes, "{path} differs:\n{}", String::from_utf8_lossy(&served));
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

const SMALL: &[(&str, &str)] = &[
    ("_config.yml", "title: 작은 것\n"),
    ("_layouts/default.html", "<html><body>{{ content }}</body></html>"),
    ("index.md", "---\nlayout: default\n---\n처음이다.\n"),
    ("a.md", "---\nlayout: default\n---\n가.\n"),
    ("part.html", "---\n---\n<p>no body</p>\n"),
    ("loud.html", "---\n---\n<BODY>x</BODY>\n"),
    ("plain.html", "<p>copied</p>"),
    ("both/index.md", "---\nlayout: default\n---\n폴더.\n"),
    ("both.md", "---\npermalink: /both.html\nlayout: default\n---\n파일.\n"),
    ("한글 이름+하나.md", "---\nlayout: default\n---\n나.\n"),
    ("404.md", "---\npermalink: /404.html\n---\n<p>없는 쪽</p>\n"),
    ("a.xml", "<a/>"),
    ("data.json", "{}"),
    ("digits.txt", "0123456789"),
    ("film.webm", "x"),
    ("_posts/2026-01-01-one.md", "---\ntitle: 하나\nlayout: default\n---\n첫째.\n"),
];

#[test]
fn the_blog_of_this_repository_is_served_as_it_is_built() {
    let site = Site::new(&[]);
    for name in ["_config.yml", "_data", "about.md", "assets", "index.html", "posts"] {
        copy(Path::new(name), &site.root.join(name));
    }
    let built = site.build(&["--today", "2026-11-27"]);
    let preview = Preview::start(&site, &["--today", "2026-11-27"]);
    let config = fs::read_to_string("_config.yml").unwrap();
    assert!(!config.contains("\nbaseurl: /"), "the test asks below `/`");
    compare(&preview, "", &built, true);
    let bare = Preview::start(&site, &["--today", "2026-11-27", "--no-reload"]);
    compare(&bare, "", &built, false);
    assert_eq!(bare.get("/_bogi/reload.js", &[]).status, 404);
    assert_eq!(bare.get("/_bogi/events", &[]).status, 404);
}

#[test]
fn small_sites_are_served_as_they_are_built() {
    let site = Site::new(SMALL);
    let today = ["--today", "2026-11-22"];
    compare(&Preview::start(&site, &[]), "", &site.build(&today), true);
    compare(&Preview::start(&site, &["--no-reload"]), "", &site.build(&today), false);
    let under = [&today[..], &["--baseurl", "/밑/줄"]].concat();
    let preview = Preview::start(&site, &["--baseurl", "/밑/줄"]);
    compare(&preview, &escaped("/밑/줄"), &site.build(&under), true);
}

#[test]
fn an_address_leads_where_jekylls_server_leads() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    for (path, words) in [
        ("/", "처음이다"),
        ("/index.html", "처음이다"),
        ("/?query=1", "처음이다"),
        ("/a", "<p>가."),
        ("/a.html", "<p>가."),
        ("/both/", "폴더"),
        ("/both.html", "파일"),
        ("/%ED%95%9C%EA%B8%80%20%EC%9D%B4%EB%A6%84+%ED%95%98%EB%82%98.html", "<p>나."),
        ("/%ED%95%9C%EA%B8%80%20%EC%9D%B4%EB%A6%84%2B%ED%95%98%EB%82%98", "<p>나."),
        // The same with decomposed letters, as macOS writes them.
        (
            "/%E1%84%92%E1%85%A1%E1%86%AB%E1%84%80%E1%85%B3%E1%86%AF%20%E1%84%8B%E1%85%B5\
             %E1%84%85%E1%85%B3%E1%86%B7+%E1%84%92%E1%85%A1%E1%84%82%E1%85%A1.html",
            "<p>나.",
        ),
        ("http://localhost/a", "<p>가."),
    ] {
        let answer = preview.get(path, &[]);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
    }
    let answer = preview.get("/both?x=1", &[]);
    assert_eq!((answer.status, answer.field("location")), (302, "/both/?x=1"));
    for path in ["/none", "/a/", "/both/none", "//a", "/A.html", "/index.html/", "/.bogi-cache/"] {
        let answer = preview.get(path, &[]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("없는 쪽"), "{path}: {}", answer.text());
    }
    let under = Preview::start(&site, &["--baseurl", "/base"]);
    for (path, location) in [("/", "/base/"), ("/base", "/base/"), ("/base/both", "/base/both/")] {
        let answer = under.get(path, &[]);
        assert_eq!((answer.status, answer.field("location")), (302, location), "{path}");
    }
    assert_eq!(under.get("/base/a", &[]).status, 200);
    assert_eq!(under.get("/a", &[]).status, 404);
    assert_eq!(under.get("/basement", &[]).status, 404);
}

#[test]
fn nothing_outside_the_site_is_sent() {
    let site = Site::new(SMALL);
    fs::write(site.root.with_file_name("secret.txt"), "secret").unwrap();
    let preview = Preview::start(&site, &[]);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/both/../../secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/digits.txt%00.html",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/_config.yml",
        "/%",
    ] {
        let answer = preview.get(path, &[]);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret"), "{path}");
    }
    #[cfg(unix)]
    {
        // A file that became a link out of the site after the build that knew it.
        let still = Preview::start(&site, &["--no-watch"]);
        assert_eq!(still.get("/digits.txt", &[]).text(), "0123456789");
        fs::remove_file(site.root.join("digits.txt")).unwrap();
        let secret = site.root.with_file_name("secret.txt");
        std::os::unix::fs::symlink(secret, site.root.join("digits.txt")).unwrap();
        assert_eq!(still.get("/digits.txt", &[]).status, 404);
    }
}

#[test]
fn a_file_that_is_known_is_not_sent_again() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    for path in ["/", "/digits.txt", "/plain.html", "/_bogi/reload.js"] {
        let first = preview.get(path, &[]);
        let tag = first.field("etag");
        assert!(tag.len() > 2 && tag.starts_with('"'), "{path}");
        assert_eq!(first.field("cache-control"), "no-cache");
        for known in [tag, "*", &format!("\"x\", W/{tag}")] {
            let again = preview.get(path, &[&format!("If-None-Match: {known}")]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {known}");
            assert_eq!(again.field("etag"), tag);
        }
        assert_eq!(preview.get(path, &["If-None-Match: \"x\""]).status, 200);
        let head = preview.ask("HEAD", path, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.field("content-length"), first.body.len().to_string());
    }
}

#[test]
fn a_part_of_a_file_is_sent_alone() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    let ask = |fields: &[&str]| preview.get("/digits.txt", fields);
    for (range, part, place) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=3-5", "345", "bytes 3-5/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
    ] {
        let answer = ask(&[&format!("Range: {range}")]);
        assert_eq!((answer.status, answer.text().as_str()), (206, part), "{range}");
        assert_eq!(answer.field("content-range"), place);
    }
    let answer = ask(&["Range: bytes=10-"]);
    assert_eq!((answer.status, answer.field("content-range")), (416, "bytes */10"));
    assert_eq!(ask(&["Range: bytes=0-1,3-4"]).text(), "0123456789");
    let whole = ask(&[]);
    let tag = format!("If-Range: {}", whole.field("etag"));
    assert_eq!(ask(&["Range: bytes=1-1", &tag]).text(), "1");
    assert_eq!(ask(&["Range: bytes=1-1", "If-Range: \"old\""]).text(), "0123456789");
    // A page has parts of what is served.
    let page = preview.get("/", &[]);
    assert_eq!(preview.get("/", &["Range: bytes=5-"]).body, page.body[5..]);
}

#[test]
fn files_have_their_types() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/none", "text/html; charset=utf-8"),
        ("/a.xml", "application/xml; charset=utf-8"),
        ("/data.json", "application/json; charset=utf-8"),
        ("/film.webm", "video/webm"),
        ("/_bogi/reload.js", "text/javascript; charset=utf-8"),
    ] {
        assert_eq!(preview.get(path, &[]).field("content-type"), kind, "{path}");
    }
}

#[test]
fn other_names_of_this_machine_are_refused() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    let ask = |host: &str| {
        preview.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status
    };
    for host in ["localhost", "127.0.0.1:1", "[::1]:4000"] {
        assert_eq!(ask(host), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example:4000", "10.0.0.1", ""] {
        assert_eq!(ask(host), 403, "{host}");
    }
    let rebound = preview
        .send("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(rebound.status, 403);
    // An old client names no host; no browser does so.
    assert_eq!(preview.send("GET / HTTP/1.0\r\n\r\n").status, 200);
}

#[test]
fn what_is_no_request_gets_a_word_and_nothing_else() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    let long = format!("GET /{} HTTP/1.1\r\n", "a".repeat(40_000));
    for (bytes, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("hello\r\n\r\n", 400),
        ("\x16\x03\x01\x02\x00\x01", 400),
        ("GET a HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (&long, 431),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 405),
        ("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ] {
        assert_eq!(preview.send(bytes).status, status, "{bytes:.40}");
    }
    assert_eq!(preview.get("/", &[]).status, 200);
}

#[test]
fn several_requests_go_over_one_connection() {
    let site = Site::new(SMALL);
    let preview = Preview::start(&site, &[]);
    let ask = "GET /digits.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let last = "GET /digits.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answers = preview.send([ask, ask, last].concat()).text();
    assert_eq!(answers.matches("0123456789").count(), 3, "{answers}");
    let old = "GET /digits.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n";
    assert!(preview.send(old).text().contains("처음이다"));
}

#[test]
fn slow_and_many_clients_hold_nobody_up() {
    let large = "가".repeat(8 << 20);
    let site = Site::new(SMALL);
    site.write("large.bin", &large);
    let preview = Preview::start(&site, &[]);
    let mut held = Vec::new();
    for number in 0..400 {
        let mut stream = preview.connect();
        // Some say nothing, some half a request, some ask for much and read nothing of it.
        let word = match number % 3 {
            0 => "",
            1 => "GET / HTTP/1.1\r\nHost: localh",
            _ => "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n",
        };
        // One that was sent away for another may hear so.
        let _ = stream.write_all(word.as_bytes());
        held.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(preview.get("/digits.txt", &[]).text(), "0123456789");
    }
    // A client that sends a byte now and then is told that it takes too long.
    let mut slow = preview.connect();
    let mut heard = Vec::new();
    for byte in "GET / HTTP/1.1\r\nHost: localhost\r\nX: ".bytes().chain(std::iter::repeat(b'x')) {
        if slow.write_all(&[byte]).is_err() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        slow.set_read_timeout(Some(std::time::Duration::from_millis(1))).unwrap();
        let mut buffer = [0; 512];
        match slow.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => heard.extend_from_slice(&buffer[..length]),
            Err(_) => {}
        }
    }
    assert!(heard.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&heard));
}

#[test]
fn the_next_free_port_is_taken_with_a_word() {
    let site = Site::new(SMALL);
    let first = Preview::start(&site, &[]);
    let second = Preview::start(&site, &["--port", &first.port.to_string()]);
    assert_ne!(first.port, second.port);
    assert!(second.said().contains(&format!("port {} is taken", first.port)), "{}", second.said());
}
