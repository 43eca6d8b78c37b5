//! Connections: a thread for each, and no more of them than a machine has room for.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::command::serve::answer::{Answer, Desk};
use crate::command::serve::http::connection::NoRequest;
use crate::command::serve::http::{Connection, Method, Response};

/// The most connections at a time; a browser has six and one that listens for each tab.
const CONNECTIONS_MAX: usize = 256;
/// The stack of a connection's thread in bytes. Frames of problems are drawn on it.
const STACK: usize = 1 << 20;
/// How many ports after the one asked for are tried.
const PORTS: u16 = 50;
/// How long a listener is left alone before it hears that nothing is new; a closed one is noticed
/// then.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// The pause after the system refused a connection, for instance because files ran out.
const PAUSE: Duration = Duration::from_millis(100);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    /// Waiting for a request, whole or begun: the first to go when others need room.
    Waiting,
    /// Listening for new states of the site.
    Listening,
    /// Getting an answer.
    Answering,
}

/// The connections that are open.
#[derive(Debug, Default)]
struct Guests {
    next: u64,
    all: BTreeMap<u64, (Doing, TcpStream)>,
}

/// Takes a port: the one asked for, or the next one that is free. Port 0 is any.
///
/// # Errors
/// When none of them can be had.
pub fn bind(host: &str, port: u16) -> io::Result<TcpListener> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut result = Err(io::ErrorKind::AddrNotAvailable.into());
    for port in (port..=u16::MAX).take(usize::from(PORTS)) {
        let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
        result = TcpListener::bind(addresses.as_slice());
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            _ => break,
        }
    }
    result
}

/// Answers whoever connects, until the preview ends.
pub fn listen(listener: &TcpListener, desk: &Arc<Desk>) {
    let guests = Arc::new(Mutex::new(Guests::default()));
    for stream in listener.incoming() {
        if desk.preview.has_ended() {
            return;
        }
        match stream {
            Ok(stream) => welcome(stream, desk, &guests),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

fn lock(guests: &Mutex<Guests>) -> MutexGuard<'_, Guests> {
    guests.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives a connection a thread, and takes another one's room where there is none.
fn welcome(stream: TcpStream, desk: &Arc<Desk>, guests: &Arc<Mutex<Guests>>) {
    let Ok(held) = stream.try_clone() else { return };
    let id = {
        let mut guests = lock(guests);
        if guests.all.len() >= CONNECTIONS_MAX {
            let first = guests.all.iter().min_by_key(|(id, (doing, _))| (*doing, **id));
            let Some(leaving) = first.map(|(&id, _)| id) else { return };
            if let Some((_, stream)) = guests.all.remove(&leaving) {
                // Its thread wakes up and ends.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        guests.next += 1;
        let id = guests.next;
        guests.all.insert(id, (Doing::Waiting, held));
        id
    };
    let (desk, shared) = (Arc::clone(desk), Arc::clone(guests));
    let work = move || {
        let guest = Guest { id, guests: &shared };
        converse(stream, &desk, &guest);
    };
    if thread::Builder::new().stack_size(STACK).spawn(work).is_err() {
        lock(guests).all.remove(&id);
    }
}

/// A connection's place among the others, which it leaves at the end, whatever the end is.
struct Guest<'a> {
    id: u64,
    guests: &'a Mutex<Guests>,
}

impl Guest<'_> {
    fn is(&self, doing: Doing) {
        if let Some((own, _)) = lock(self.guests).all.get_mut(&self.id) {
            *own = doing;
        }
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        lock(self.guests).all.remove(&self.id);
    }
}

fn converse(stream: TcpStream, desk: &Desk, guest: &Guest<'_>) {
    let mut connection = Connection::new(stream);
    loop {
        guest.is(Doing::Waiting);
        let request = match connection.request() {
            Ok(request) => request,
            Err(NoRequest::Closed) => return,
            Err(NoRequest::Refused(status)) => {
                let response =
                    Response::text(status, "this is no request that a preview answers\n");
                if connection.answer(response, false, false).is_ok() {
                    connection.end();
                }
                return;
            }
        };
        guest.is(Doing::Answering);
        match desk.answer(&request) {
            Answer::Events => {
                guest.is(Doing::Listening);
                // It ends when the client is gone.
                let _ = tell(&mut connection, desk);
                return;
            }
            Answer::Response(response) => {
                let keeps_alive = request.keeps_alive() && request.method != Method::Other;
                let head_only = request.method == Method::Head;
                if connection.answer(response, head_only, keeps_alive).is_err() {
                    return;
                }
                if !keeps_alive {
                    connection.end();
                    return;
                }
            }
        }
    }
}

/// Tells a page of each new state of the site, the present one first.
fn tell(connection: &mut Connection, desk: &Desk) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
                Connection: close\r\n\r\nretry: 500\n\n";
    connection.send(head.as_bytes())?;
    let (mut site, mut edition) = desk.preview.shown();
    loop {
        let (errors, warnings) = site.problems.counts();
        let word = serde_json::json!({
            "edition": edition, "errors": errors, "warnings": warnings,
            "unbuilt": site.problems.without_site,
        });
        connection.send(format!("data: {word}\n\n").as_bytes())?;
        drop(site);
        loop {
            if let Some((next, number)) = desk.preview.next_edition(edition, HEARTBEAT) {
                (site, edition) = (next, number);
                break;
            }
            if desk.preview.has_ended() {
                return Ok(());
            }
            connection.send(b":\n\n")?;
        }
    }
}
