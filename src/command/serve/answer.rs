//! From a request to its answer.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::command::serve::address::{self, Target};
use crate::command::serve::host::Hosts;
use crate::command::serve::http::{Body, Method, Request, Response, range};
use crate::command::serve::preview::Preview;
use crate::command::serve::script;
use crate::command::serve::snapshot::{self, Served, Snapshot};
use crate::command::serve::types;

/// Where what belongs to the preview itself is served from.
const OWN: &str = "/_bogi/";
/// Where pages hear of new states of the site.
pub const EVENTS: &str = "/_bogi/events";
/// Where what is wrong with the site is listed.
const PROBLEMS: &str = "/_bogi/problems";
/// The script of pages.
const RELOAD: &str = include_str!("reload.js");
/// The page of the site for addresses that lead nowhere.
const NOT_FOUND: &str = "404.html";

/// What answers are made from.
#[derive(Debug)]
pub struct Desk {
    /// The site.
    pub preview: Arc<Preview>,
    /// Who may ask.
    pub hosts: Hosts,
    /// Whether pages reload.
    pub reload: bool,
    /// The folders, without links, that copied files may lie in.
    pub roots: Vec<PathBuf>,
}

/// An answer, or a connection that stays open.
#[derive(Debug)]
pub enum Answer {
    /// An answer.
    Response(Response),
    /// Word of every new state of the site, as long as somebody listens.
    Events,
}

impl Desk {
    /// The answer to a request.
    pub fn answer(&self, request: &Request) -> Answer {
        if request.host().is_some_and(|host| !self.hosts.allow(host)) {
            let words = "the preview answers to host names of this machine only; start it with \
                         `--host NAME` for another one\n";
            return Answer::Response(Response::text(403, words));
        }
        if request.method == Method::Other {
            let refused = Response::text(405, "a preview has only files\n");
            return Answer::Response(refused.with("Allow", "GET, HEAD"));
        }
        let path = request.path();
        if path == EVENTS && self.reload && request.method == Method::Get {
            return Answer::Events;
        }
        Answer::Response(self.file_or_own(request, path))
    }

    fn file_or_own(&self, request: &Request, path: &str) -> Response {
        if self.reload && path.starts_with(OWN) {
            return self.own(request, path);
        }
        let site = self.preview.site();
        match address::find(&site, path, request.query()) {
            Target::Elsewhere(location) => Response::text(302, "").with("Location", location),
            Target::Unreadable => Response::text(400, "the address can't be read\n"),
            Target::Nothing => self.nothing(&site),
            Target::File(path) => match site.file(&path) {
                Some(served) => self.file(&site, request, &path, served),
                None => self.nothing(&site),
            },
        }
    }

    fn own(&self, request: &Request, path: &str) -> Response {
        let (kind, text) = match path {
            script::PATH => (types::of(path), RELOAD.to_owned()),
            PROBLEMS => (types::of("a.json"), self.preview.site().problems.json()),
            _ => return Response::text(404, "the preview has no such file\n"),
        };
        let tag = snapshot::tag(&[text.as_bytes()]);
        bytes(request, kind, &Arc::from(text.into_bytes()), &tag)
    }

    fn nothing(&self, site: &Snapshot) -> Response {
        let page = match site.file(NOT_FOUND) {
            _ if site.paths().next().is_none() => None,
            Some(Served::Made(bytes, tag)) => Some((bytes, tag)),
            Some(Served::Copied(path)) => {
                self.read(&path).map(|bytes| site.with_script(&Arc::from(bytes)))
            }
            None => None,
        };
        let (page, tag) = page.unwrap_or_else(|| {
            let page = if site.problems.without_site {
                site.problems.alone()
            } else {
                b"<!DOCTYPE html><meta charset=\"utf-8\"><title>404</title><body><p>404: the \
                  site has no such page</p></body>"
                    .to_vec()
            };
            site.with_script(&Arc::from(page))
        });
        let status =
            if site.problems.without_site && site.paths().next().is_none() { 500 } else { 404 };
        let mut response = Response { status, fields: Vec::new(), body: whole(&page) };
        response.fields.push(("Content-Type", types::of(NOT_FOUND).to_owned()));
        response.fields.push(("ETag", format!("\"{tag}\"")));
        response
    }

    fn file(&self, site: &Snapshot, request: &Request, path: &str, served: Served) -> Response {
        let kind = types::of(path);
        match served {
            Served::Made(made, tag) => bytes(request, kind, &made, &tag),
            // A page without front matter is copied, and yet a page.
            Served::Copied(source) if snapshot::is_page(path) => match self.read(&source) {
                Some(page) => {
                    let (page, tag) = site.with_script(&Arc::from(page));
                    bytes(request, kind, &page, &tag)
                }
                None => self.nothing(site),
            },
            Served::Copied(source) => match self.open(&source) {
                Some((file, length, tag)) => {
                    conditional(request, kind, length, &tag, |part| Body::File(file, part))
                }
                None => self.nothing(site),
            },
        }
    }

    /// A copied file's real path, if it still lies in the site or its theme.
    fn inside(&self, source: &Path) -> Option<PathBuf> {
        let real = source.canonicalize().ok()?;
        let inside = self.roots.iter().any(|root| real.starts_with(root));
        (inside && real.is_file()).then_some(real)
    }

    fn read(&self, source: &Path) -> Option<Vec<u8>> {
        fs::read(self.inside(source)?).ok()
    }

    /// A file with its length and its entity tag: of its content where that is short, else of its
    /// time and length, for a film isn't read twice to be sent once.
    fn open(&self, source: &Path) -> Option<(File, u64, String)> {
        let real = self.inside(source)?;
        let file = File::open(&real).ok()?;
        let metadata = file.metadata().ok()?;
        let length = metadata.len();
        if length <= HASHED_MAX {
            let tag = snapshot::tag(&[&fs::read(&real).ok()?]);
            return Some((file, length, tag));
        }
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let parts = [real.as_os_str().as_encoded_bytes(), &since.as_nanos().to_le_bytes()];
        let tag = snapshot::tag(&[parts[0], parts[1], &length.to_le_bytes()]);
        Some((file, length, tag))
    }
}

/// The largest file whose entity tag is made of its content.
const HASHED_MAX: u64 = 8 << 20;

fn whole(bytes: &Arc<[u8]>) -> Body {
    Body::Bytes(Arc::clone(bytes), 0..bytes.len() as u64)
}

fn bytes(request: &Request, kind: &str, bytes: &Arc<[u8]>, tag: &str) -> Response {
    let length = bytes.len() as u64;
    conditional(request, kind, length, tag, |part| Body::Bytes(Arc::clone(bytes), part))
}

/// A file, a part of it, or word that the client has it already.
fn conditional(
    request: &Request,
    kind: &str,
    length: u64,
    tag: &str,
    body: impl FnOnce(std::ops::Range<u64>) -> Body,
) -> Response {
    let tag = format!("\"{tag}\"");
    let answer = |status, body| {
        Response { status, fields: Vec::new(), body }
            .with("ETag", tag.as_str())
            .with("Accept-Ranges", "bytes")
    };
    let known = request.field("if-none-match").unwrap_or_default();
    let same = |known: &str| known.trim().trim_start_matches("W/") == tag || known.trim() == "*";
    if known.split(',').any(same) {
        return answer(304, Body::Empty);
    }
    let wanted = request.field("if-range").is_none_or(|known| known == tag);
    let field = request.field("range").filter(|_| wanted && request.method == Method::Get);
    match range::asked(field, length) {
        range::Asked::Whole => answer(200, body(0..length)).with("Content-Type", kind),
        range::Asked::Part(part) => {
            let place = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            answer(206, body(part)).with("Content-Type", kind).with("Content-Range", place)
        }
        range::Asked::Nothing => {
            answer(416, Body::Empty).with("Content-Range", format!("bytes */{length}"))
        }
    }
}
