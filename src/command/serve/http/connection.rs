//! A connection with a browser, with a time limit on everything that waits for it.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::request::{self, Parsed, Request};
use super::response::{Body, Response};

/// How long an open connection may say nothing. Browsers keep theirs for the next click.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How long a request may take to arrive from its first byte on, however many bytes a client
/// dribbles.
const HEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// How long a client may take for [`CHUNK`] bytes of an answer.
const CHUNK_TIME_MAX: Duration = Duration::from_secs(20);
/// Answers are written in pieces of this many bytes.
const CHUNK: usize = 64 << 10;
/// How long, and how many bytes, a client may go on to send after an answer that ends the
/// connection, so that closing doesn't take the answer away from it.
const LINGER: (Duration, usize) = (Duration::from_millis(500), 256 << 10);

/// Why no request came.
#[derive(Debug, PartialEq, Eq)]
pub enum NoRequest {
    /// The client is gone, or had nothing to say.
    Closed,
    /// What came isn't answered but with this status.
    Refused(u16),
}

/// A connection, and what was read from it ahead.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    ahead: Vec<u8>,
}

impl Connection {
    /// A connection on a stream.
    pub fn new(stream: TcpStream) -> Self {
        // Without it an answer's last piece would wait for the client's word on the one before.
        let _ = stream.set_nodelay(true);
        Self { stream, ahead: Vec::new() }
    }

    /// Waits for the next request.
    ///
    /// # Errors
    /// When none came in time, or one that can't be read.
    pub fn request(&mut self) -> Result<Request, NoRequest> {
        let mut deadline = if self.ahead.is_empty() { None } else { Some(within(HEAD_TIME_MAX)) };
        let silent_until = within(SILENCE_MAX);
        loop {
            match request::parse(&self.ahead) {
                Parsed::Complete(request, length) => {
                    self.ahead.drain(..length);
                    return Ok(*request);
                }
                Parsed::Refused(status) => return Err(NoRequest::Refused(status)),
                Parsed::Partial => {}
            }
            let mut buffer = [0; 4 << 10];
            match self.read(&mut buffer, deadline.unwrap_or(silent_until)) {
                Ok(0) => return Err(NoRequest::Closed),
                Ok(length) => self.ahead.extend_from_slice(&buffer[..length]),
                Err(error) if is_late(&error) && deadline.is_some() => {
                    return Err(NoRequest::Refused(408));
                }
                Err(_) => return Err(NoRequest::Closed),
            }
            deadline = deadline.or_else(|| Some(within(HEAD_TIME_MAX)));
        }
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(left(deadline)?))?;
            match self.stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Sends an answer, only its head if that is all that was asked for.
    ///
    /// # Errors
    /// When the client is gone or too slow, or a file grew shorter while it was sent: then the
    /// connection can't be used any more.
    pub fn answer(
        &mut self,
        response: Response,
        head_only: bool,
        keeps_alive: bool,
    ) -> io::Result<()> {
        let head = response.head(keeps_alive);
        if head_only {
            return self.send(&head);
        }
        match response.body {
            Body::Empty => self.send(&head),
            Body::Bytes(bytes, part) => {
                let start = usize::try_from(part.start).unwrap_or(usize::MAX);
                let end = usize::try_from(part.end).unwrap_or(usize::MAX);
                let part = bytes.get(start..end).unwrap_or_default();
                // Small answers go as one packet.
                let first = part.len().min(CHUNK);
                self.send(&[&head, &part[..first]].concat())?;
                self.send(&part[first..])
            }
            Body::File(mut file, part) => {
                self.send(&head)?;
                file.seek(SeekFrom::Start(part.start))?;
                let mut rest = file.take(part.end - part.start);
                let mut buffer = vec![0; CHUNK];
                while rest.limit() > 0 {
                    let length = rest.read(&mut buffer)?;
                    if length == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    self.send(&buffer[..length])?;
                }
                Ok(())
            }
        }
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// When the client is gone or too slow.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        for chunk in bytes.chunks(CHUNK) {
            let deadline = within(CHUNK_TIME_MAX);
            let mut rest = chunk;
            while !rest.is_empty() {
                self.stream.set_write_timeout(Some(left(deadline)?))?;
                match self.stream.write(rest) {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(length) => rest = rest.get(length..).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Ends the connection in such a way that the last answer arrives.
    pub fn end(mut self) {
        if self.stream.shutdown(Shutdown::Write).is_err() {
            return;
        }
        let (time, mut bytes) = LINGER;
        let deadline = within(time);
        let mut buffer = [0; 4 << 10];
        while let Ok(length) = self.read(&mut buffer, deadline) {
            bytes = bytes.saturating_sub(length);
            if length == 0 || bytes == 0 {
                break;
            }
        }
    }
}

fn within(time: Duration) -> Instant {
    Instant::now() + time
}

/// The time that is left; none left is an error, for a timeout of zero would mean no limit.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}
