//! Answers.

use std::fmt::Write as _;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

/// What an answer carries.
#[derive(Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A part of bytes in memory.
    Bytes(Arc<[u8]>, Range<u64>),
    /// A part of an open file.
    File(File, Range<u64>),
}

impl Body {
    /// All of some bytes.
    pub fn of(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::Bytes(bytes.into(), 0..length)
    }

    /// How many bytes are carried.
    pub fn length(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(_, part) | Self::File(_, part) => part.end - part.start,
        }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status, for instance 200.
    pub status: u16,
    /// The fields, but for those that belong to the connection.
    pub fields: Vec<(&'static str, String)>,
    /// What is carried.
    pub body: Body,
}

impl Response {
    /// An answer with a text for people.
    pub fn text(status: u16, text: &str) -> Self {
        let fields = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
        Self { status, fields, body: Body::of(text) }
    }

    /// The same with one more field.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// The head as it goes over the wire. A line break in a value is left out, so that no value can
    /// become a field.
    pub fn head(&self, keeps_alive: bool) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.fields {
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(out, "{name}: {value}\r\n");
        }
        if self.status != 304 {
            let _ = write!(out, "Content-Length: {}\r\n", self.body.length());
        }
        out.push_str("Cache-Control: no-cache\r\n");
        out.push_str(if keeps_alive { "Connection: keep-alive" } else { "Connection: close" });
        out.push_str("\r\n\r\n");
        out.into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
