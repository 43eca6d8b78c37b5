//! The head of a request, from bytes.

/// The longest head of a request in bytes; browsers send one or two kilobytes.
pub const HEAD_MAX: usize = 16 << 10;
/// The most header fields of a request.
const FIELDS_MAX: usize = 100;

/// What a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A file.
    Get,
    /// What a file's answer would say, without the file.
    Head,
    /// Something that a preview doesn't do.
    Other,
}

/// A request's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it wants.
    pub method: Method,
    /// Path and query as they were sent, beginning with `/`.
    pub target: String,
    /// The fields: names in lower case, values without blanks around them.
    fields: Vec<(String, String)>,
    /// Whether the client speaks HTTP/1.1.
    is_modern: bool,
    /// The host of a target in absolute form (`GET http://host/path`); it counts before the field.
    authority: Option<String>,
}

/// What bytes are as the beginning of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// More has to come.
    Partial,
    /// A head, and how many bytes it has.
    Complete(Box<Request>, usize),
    /// No request that is understood: the status to answer with.
    Refused(u16),
}

/// Reads the head of a request.
pub fn parse(bytes: &[u8]) -> Parsed {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
    let mut head = httparse::Request::new(&mut fields);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= HEAD_MAX => length,
        Ok(httparse::Status::Partial) if bytes.len() < HEAD_MAX => return Parsed::Partial,
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Parsed::Refused(431),
        Err(_) => return Parsed::Refused(400),
    };
    let method = match head.method {
        Some("GET") => Method::Get,
        Some("HEAD") => Method::Head,
        _ => Method::Other,
    };
    let mut fields = Vec::with_capacity(head.headers.len());
    for field in head.headers.iter() {
        let value = String::from_utf8_lossy(field.value).trim().to_owned();
        fields.push((field.name.to_ascii_lowercase(), value));
    }
    let is_modern = head.version == Some(1);
    let target = head.path.unwrap_or_default();
    let (authority, target) = match target.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme) => {
            let at = rest.find(['/', '?']).unwrap_or(rest.len());
            let (host, path) = rest.split_at(at);
            (Some(host.to_owned()), if path.starts_with('/') { path } else { "/" }.to_owned())
        }
        _ => (None, target.to_owned()),
    };
    if !target.starts_with('/') && method != Method::Other {
        return Parsed::Refused(400);
    }
    let request = Request { method, target, fields, is_modern, authority };
    let hosts = request.fields.iter().filter(|(name, _)| name == "host").count();
    if hosts > 1 || (is_modern && hosts == 0) {
        return Parsed::Refused(400);
    }
    Parsed::Complete(Box::new(request), length)
}

impl Request {
    /// The value of the first field of this name, which must be in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The path as it was sent, without the query.
    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or_default()
    }

    /// The query with its `?`, or nothing.
    pub fn query(&self) -> &str {
        let target = self.target.split('#').next().unwrap_or_default();
        target.find('?').map_or("", |at| &target[at..])
    }

    /// The host that the client believes to speak to, with its port; `None` where an old client
    /// names none.
    pub fn host(&self) -> Option<&str> {
        self.authority.as_deref().or_else(|| self.field("host"))
    }

    /// Whether the client wants to ask more on this connection.
    pub fn keeps_alive(&self) -> bool {
        let wishes = self.field("connection").unwrap_or_default().to_ascii_lowercase();
        let mut wishes = wishes.split(',').map(str::trim);
        // A body would have to be read before the next request, and is never wanted.
        let bodiless = self.field("transfer-encoding").is_none()
            && self.field("content-length").is_none_or(|length| length == "0");
        let stays = if self.is_modern {
            wishes.all(|wish| wish != "close")
        } else {
            wishes.any(|wish| wish == "keep-alive")
        };
        stays && bodiless
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &[u8] =
        b"GET /a%20b?c=1 HTTP/1.1\r\nHost: localhost:4000\r\nRange: bytes=0-\r\n\r\n";

    fn complete(bytes: &[u8]) -> (Request, usize) {
        match parse(bytes) {
            Parsed::Complete(request, length) => (*request, length),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_request_is_read_with_what_follows_left_alone() {
        let (request, length) = complete(&[PLAIN, b"GET /next"].concat());
        assert_eq!(length, PLAIN.len());
        assert_eq!((request.path(), request.query()), ("/a%20b", "?c=1"));
        assert_eq!(request.field("range"), Some("bytes=0-"));
        assert!(request.keeps_alive());
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for (bytes, status) in [
            (&b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n"[..], 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            (b"\x16\x03\x01\x02\x00", 400),
            (&[b'A'; HEAD_MAX], 431),
        ] {
            assert_eq!(parse(bytes), Parsed::Refused(status));
        }
        let many = "a: b\r\n".repeat(FIELDS_MAX + 1);
        let many = format!("GET / HTTP/1.1\r\n{many}\r\n");
        assert_eq!(parse(many.as_bytes()), Parsed::Refused(431));
    }

    #[test]
    fn a_target_in_absolute_form_names_the_host() {
        let (request, _) = complete(b"GET http://evil/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!((request.host(), request.path()), (Some("evil"), "/x"));
    }

    proptest! {
        #[test]
        fn every_beginning_of_a_request_waits_for_more(cut in 0..PLAIN.len()) {
            prop_assert_eq!(parse(&PLAIN[..cut]), Parsed::Partial);
        }

        #[test]
        fn any_bytes_get_an_answer(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            at in 0..PLAIN.len(),
        ) {
            let mut mixed = PLAIN[..at].to_vec();
            mixed.extend(&bytes);
            for bytes in [&bytes[..], &mixed, &[&mixed, PLAIN].concat()] {
                if let Parsed::Complete(request, length) = parse(bytes) {
                    prop_assert!(length <= bytes.len());
                    let is_path = request.path().starts_with('/');
                    prop_assert!(is_path || request.method == Method::Other);
                    request.keeps_alive();
                }
            }
        }
    }
}
