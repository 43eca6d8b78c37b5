//! URLs as the `addressable` library, which Jekyll uses, normalises them: Unicode in form KC,
//! percent-encoded where it must be and nowhere else, without dots, default ports and capital
//! letters in hosts.

use unicode_normalization::UnicodeNormalization;

use super::Call;
use super::elements::url_of;
use crate::liquid::{Outcome, Problem, Val, is_space};

/// Which bytes stay as they are.
type Keeps = fn(u8) -> bool;

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn is_path_byte(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@".contains(&byte)
}

fn is_host_byte(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=[:]".contains(&byte)
}

fn is_fragment_byte(byte: u8) -> bool {
    is_path_byte(byte) || b"/?".contains(&byte)
}

/// Without `&` and `;`, which part the pairs of a query.
fn is_query_byte(byte: u8) -> bool {
    is_fragment_byte(byte) && !b"&;".contains(&byte)
}

fn is_uri_byte(byte: u8) -> bool {
    is_path_byte(byte) || b"/?#[]".contains(&byte)
}

impl<'s> Call<'_, 's> {
    /// A text as a URL's part: everything is encoded that isn't reserved or unreserved (RFC 3986).
    pub(super) fn uri_escape(&self) -> Outcome<Val<'s>> {
        match self.input {
            Val::Nil => Ok(Val::Nil),
            _ => Ok(Val::from(normalize(self.text()?, is_uri_byte))),
        }
    }

    /// A URL under the site's `baseurl`; one with a scheme stays.
    pub(super) fn relative_url(&self) -> Outcome<Val<'s>> {
        if self.input.is_nil() {
            return Ok(Val::Nil);
        }
        let input = url_of(self.input);
        let text = input.to_text();
        if Uri::parse(&text)?.scheme.is_some() {
            return Ok(input);
        }
        self.under_baseurl(&text).map(Val::from)
    }

    /// A URL under the site's `url` and `baseurl`; one with a scheme stays.
    pub(super) fn absolute_url(&self) -> Outcome<Val<'s>> {
        if self.input.is_nil() {
            return Ok(Val::Nil);
        }
        let input = url_of(self.input);
        let text = input.to_text();
        if Uri::parse(&text)?.scheme.is_some() {
            return Ok(input);
        }
        let relative = self.under_baseurl(&text)?;
        if self.site.url().is_empty() {
            return Ok(Val::from(relative));
        }
        let whole = format!("{}{relative}", self.site.url());
        Uri::parse(&whole)?.normalized().map(Val::from)
    }

    fn under_baseurl(&self, path: &str) -> Outcome<String> {
        let baseurl = self.site.baseurl();
        let baseurl = baseurl.strip_suffix('/').unwrap_or(baseurl);
        let mut whole = String::with_capacity(baseurl.len() + path.len() + 2);
        for part in [baseurl, path] {
            if !part.is_empty() && !part.starts_with('/') {
                whole.push('/');
            }
            whole.push_str(part);
        }
        Uri::parse(&whole)?.normalized()
    }
}

/// A URL taken apart.
struct Uri<'u> {
    scheme: Option<&'u str>,
    authority: Option<&'u str>,
    path: &'u str,
    query: Option<&'u str>,
    fragment: Option<&'u str>,
}

fn invalid(text: &str, why: &str) -> Box<Problem> {
    Problem::internal(format!("`{text}` is no URL: {why}"))
}

impl<'u> Uri<'u> {
    /// Takes a URL apart, as the expression in RFC 3986 does.
    fn parse(text: &'u str) -> Outcome<Self> {
        let (rest, fragment) = match text.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (text, None),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => {
                (Some(scheme), rest)
            }
            _ => (None, rest),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (Some(&rest[..end]), &rest[end..])
            }
            None => (None, rest),
        };
        let uri = Self { scheme, authority, path, query, fragment };
        uri.check(text)?;
        Ok(uri)
    }

    fn check(&self, text: &str) -> Outcome<()> {
        if let Some(scheme) = self.scheme {
            let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            if !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                || !scheme.chars().all(is_part)
            {
                return Err(invalid(text, &format!("a scheme can't be `{scheme}`"))
                    .hint("a colon stands in its first part; a slash before it makes it a path"));
            }
            let has_host = self.authority.is_some_and(|authority| !authority.is_empty());
            if default_port(scheme).is_some() && !has_host && self.path.is_empty() {
                return Err(invalid(text, "it has neither host nor path"));
            }
        }
        let Some(authority) = self.authority else { return Ok(()) };
        let (user, host, port) = parts_of(authority);
        if host.contains(|c: char| "<>{}/\\?#@\"".contains(c) || c.is_whitespace()) {
            return Err(invalid(text, "its host has signs that no host can have"));
        }
        if port.is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(invalid(text, "its port is no number"));
        }
        if host.is_empty() && (port.is_some() || user.is_some()) {
            return Err(invalid(text, "it has no host"));
        }
        Ok(())
    }

    fn normalized(&self) -> Outcome<String> {
        let mut out = String::new();
        let scheme = self.scheme.map(str::to_ascii_lowercase);
        if let Some(scheme) = &scheme {
            out.push_str(scheme);
            out.push(':');
        }
        if let Some(authority) = self.authority {
            out.push_str("//");
            out.push_str(&normalized_authority(authority, scheme.as_deref()));
        }
        let path = self.path.trim_matches(|c| is_space(c) || c == '\0');
        let segments: Vec<String> =
            path.split('/').map(|segment| normalize(segment, is_path_byte)).collect();
        let path = without_dots(&segments.join("/"));
        if path.starts_with("//") && self.authority.is_none() {
            return Err(invalid(&path, "a path can't begin with two slashes"));
        }
        let is_web = matches!(scheme.as_deref(), Some("http" | "https" | "ftp" | "tftp"));
        out.push_str(if path.is_empty() && is_web { "/" } else { &path });
        if let Some(query) = self.query {
            let pairs: Vec<String> = query.split('&').map(normalize_query).collect();
            let query = pairs.join("&");
            if !query.is_empty() {
                out.push('?');
                out.push_str(&query);
            }
        }
        if let Some(fragment) = self.fragment.filter(|fragment| !fragment.is_empty()) {
            out.push('#');
            out.push_str(&normalize(fragment, is_fragment_byte));
        }
        Ok(out)
    }
}

/// The user, the host and the port of an authority.
fn parts_of(authority: &str) -> (Option<&str>, &str, Option<&str>) {
    let (user, rest) = match authority.rsplit_once('@') {
        Some((user, rest)) if !user.contains(['[', ']']) => (Some(user), rest),
        _ => (None, authority),
    };
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(['@', '[', ']']) => {
            (user, host, (!port.is_empty()).then_some(port))
        }
        _ => (user, rest, None),
    }
}

fn default_port(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "http" | "ws" => "80",
        "https" | "wss" => "443",
        "ftp" => "21",
        "tftp" => "69",
        "ssh" | "sftp" => "22",
        "telnet" => "23",
        _ => return None,
    })
}

fn normalized_authority(authority: &str, scheme: Option<&str>) -> String {
    let (user, host, port) = parts_of(authority);
    let mut out = String::new();
    if let Some(user) = user {
        let parts: Vec<String> =
            user.splitn(2, ':').map(|part| normalize(part.trim(), is_unreserved)).collect();
        out.push_str(&parts.join(":"));
        out.push('@');
    }
    let host: String = host.trim().chars().flat_map(char::to_lowercase).collect();
    let decoded = String::from_utf8(decode(&host, false)).unwrap_or(host);
    let ascii = ascii_host(&decoded);
    let host = match ascii.strip_suffix('.') {
        Some(bare) if !bare.is_empty() && !bare.ends_with('.') => bare,
        _ => ascii.as_str(),
    };
    out.push_str(&normalize(host, is_host_byte));
    let port = port.map(|port| port.trim_start_matches('0')).filter(|port| !port.is_empty());
    if let Some(port) = port.filter(|port| scheme.and_then(default_port) != Some(port)) {
        out.push(':');
        out.push_str(port);
    }
    out
}

/// Decodes all percent sequences, brings the text into form KC and encodes what isn't kept.
fn normalize(text: &str, keeps: Keeps) -> String {
    match String::from_utf8(decode(text, false)) {
        Ok(decoded) => encode(decoded.nfkc().collect::<String>().as_bytes(), keeps),
        // What isn't UTF-8 has no form; it is encoded as it is.
        Err(error) => encode(error.as_bytes(), is_uri_byte),
    }
}

/// A pair of a query, in which an encoded plus stays encoded: a bare one means a space.
fn normalize_query(pair: &str) -> String {
    let decoded = match String::from_utf8(decode(pair, true)) {
        Ok(decoded) => decoded.nfkc().collect::<String>(),
        Err(error) => return encode(error.as_bytes(), is_uri_byte),
    };
    let mut out = String::with_capacity(decoded.len());
    let mut rest = decoded.as_str();
    while let Some(at) = rest.find('%') {
        out.push_str(&encode(&rest.as_bytes()[..at], is_query_byte));
        let tail = &rest[at + 1..];
        match tail.strip_prefix("2B").or_else(|| tail.strip_prefix("2b")) {
            Some(after) => {
                out.push_str("%2B");
                rest = after;
            }
            None => {
                out.push_str("%25");
                rest = tail;
            }
        }
    }
    out.push_str(&encode(rest.as_bytes(), is_query_byte));
    out
}

fn decode(text: &str, keep_plus: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        match code.filter(|&code| !(keep_plus && code == b'+')) {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn encode(bytes: &[u8], keeps: Keeps) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if keeps(byte) {
            out.push(char::from(byte));
            continue;
        }
        out.push('%');
        for half in [byte >> 4, byte & 15] {
            out.push(DIGITS.get(usize::from(half)).map_or('0', |&digit| char::from(digit)));
        }
    }
    out
}

/// A path without `.` and `..` (RFC 3986, 5.2.4).
fn without_dots(path: &str) -> String {
    let mut path = path;
    while let Some(rest) = ["../", "./"].iter().find_map(|dots| path.strip_prefix(dots)) {
        path = rest;
    }
    if matches!(path, "." | "..") {
        return String::new();
    }
    let Some(root) = path.find('/') else { return path.to_owned() };
    let (first, rest) = path.split_at(root);
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = rest.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if segments.peek().is_none() {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("{first}/{}", kept.join("/"))
}

/// A host in ASCII: each label of other letters in Punycode (RFC 3492).
fn ascii_host(host: &str) -> String {
    if host.is_ascii() {
        return host.to_owned();
    }
    let labels = host.trim_end_matches('.').split('.').map(|label| {
        if label.is_ascii() {
            return label.to_owned();
        }
        let label: Vec<char> = label.nfkc().collect();
        format!("xn--{}", punycode(&label))
    });
    labels.collect::<Vec<_>>().join(".")
}

/// The longest label that is encoded; DNS knows none longer than 63.
const MAX_LABEL: usize = 256;

fn punycode(label: &[char]) -> String {
    const BASE: u32 = 36;
    const THRESHOLD_MIN: u32 = 1;
    const THRESHOLD_MAX: u32 = 26;
    let label = &label[..label.len().min(MAX_LABEL)];
    let letter = |digit: u32| char::from_digit(digit, BASE).unwrap_or('a');
    // The digits count a to z, then 0 to 9.
    let digit = |value: u32| if value < 26 { letter(value + 10) } else { letter(value - 26) };
    let mut out: String = label.iter().filter(|c| c.is_ascii()).collect();
    let basic = out.len() as u32;
    if basic > 0 {
        out.push('-');
    }
    let (mut code, mut delta, mut bias, mut done) = (128_u32, 0_u32, 72_u32, basic);
    while (done as usize) < label.len() {
        let next = label.iter().map(|&c| u32::from(c)).filter(|&c| c >= code).min();
        let Some(next) = next else { break };
        delta = delta.saturating_add((next - code).saturating_mul(done + 1));
        code = next;
        for &c in label {
            if u32::from(c) < code {
                delta = delta.saturating_add(1);
            }
            if u32::from(c) != code {
                continue;
            }
            let mut rest = delta;
            let mut weight = BASE;
            loop {
                let threshold = weight.saturating_sub(bias).clamp(THRESHOLD_MIN, THRESHOLD_MAX);
                if rest < threshold {
                    break;
                }
                let range = BASE - threshold;
                out.push(digit(threshold + (rest - threshold) % range));
                rest = (rest - threshold) / range;
                weight += BASE;
            }
            out.push(digit(rest));
            bias = adapted(delta, done + 1, done == basic);
            delta = 0;
            done += 1;
        }
        delta = delta.saturating_add(1);
        code += 1;
    }
    out
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_in_ascii() {
        for (host, ascii) in [
            ("한국.kr", "xn--3e0b707e.kr"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("블로그.example", "xn--2i0b10rqve.example"),
            ("example.com", "example.com"),
        ] {
            assert_eq!(ascii_host(host), ascii, "{host}");
        }
    }

    #[test]
    fn paths_lose_their_dots() {
        for (path, plain) in [
            ("/a/./b/../c", "/a/c"),
            ("/../../a", "/a"),
            ("/a/..", "/"),
            ("/a/.", "/a/"),
            ("../a", "a"),
            ("..", ""),
            ("/a//b/", "/a//b/"),
        ] {
            assert_eq!(without_dots(path), plain, "{path}");
        }
    }
}
