//! One `POST` over HTTP/1.1, with limits; TLS is the business of a proxy before it.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The largest head of a request.
const MAX_HEAD: usize = 8 << 10;
/// From the connection to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at a time; more are closed at once.
const MAX_CONNECTIONS: usize = 64;

/// An answer: status, content type, body.
pub type Answer = (u16, &'static str, String);

/// Answers `POST path` with what `answer` makes of a body of at most `most` bytes, for ever.
pub fn serve(
    listener: &TcpListener,
    path: &'static str,
    most: usize,
    answer: impl Fn(&[u8]) -> Answer + Send + Sync + 'static,
) -> io::Result<()> {
    let (answer, open) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(_) => {
                // Out of descriptors, or a connection that was gone already: neither is the end.
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        if open.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            open.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let (answer, done) = (Arc::clone(&answer), Arc::clone(&open));
        let spawned = std::thread::Builder::new().spawn(move || {
            // Whoever breaks off has no answer to wait for.
            let _ = connection(stream, path, most, &*answer);
            done.fetch_sub(1, Ordering::SeqCst);
        });
        if spawned.is_err() {
            open.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn connection(
    mut stream: TcpStream,
    path: &str,
    most: usize,
    answer: &(impl Fn(&[u8]) -> Answer + ?Sized),
) -> io::Result<()> {
    let until = Instant::now() + PATIENCE;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (status, kind, body) = match request(&mut stream, until, path, most) {
        Ok(body) => answer(&body),
        Err(Refused::Status(status)) => (status, "text/plain; charset=utf-8", "refused\n".to_owned()),
        Err(Refused::Io(error)) => return Err(error),
    };
    let reason = match status {
        200 => "OK",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        _ => "Refused",
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)
}

enum Refused {
    Status(u16),
    Io(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads some more, but not beyond the time.
fn more(stream: &mut TcpStream, until: Instant, bytes: &mut Vec<u8>) -> io::Result<()> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    stream.set_read_timeout(Some(left))?;
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            bytes.extend(&buffer[..read]);
            Ok(())
        }
    }
}

/// The body of a request for `path`.
fn request(stream: &mut TcpStream, until: Instant, path: &str, most: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let (at, length) = loop {
        more(stream, until, &mut bytes)?;
        match head(&bytes, path) {
            Ok(Some(parsed)) => break parsed,
            Ok(None) if bytes.len() <= MAX_HEAD => {}
            Ok(None) => return Err(Refused::Status(431)),
            Err(status) => return Err(Refused::Status(status)),
        }
    };
    if length > most {
        return Err(Refused::Status(413));
    }
    let mut body = bytes.split_off(at);
    if body.is_empty() && length > 0 {
        // Clients that ask first are told to go on; the others do not mind.
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    while body.len() < length {
        more(stream, until, &mut body)?;
    }
    body.truncate(length);
    Ok(body)
}

/// Where the body begins and how long it is; `None` if the head is not whole yet.
fn head(bytes: &[u8], path: &str) -> Result<Option<(usize, usize)>, u16> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let at = match request.parse(bytes).map_err(|_| 400_u16)? {
        httparse::Status::Complete(at) => at,
        httparse::Status::Partial => return Ok(None),
    };
    if request.path != Some(path) {
        return Err(404);
    }
    if request.method != Some("POST") {
        return Err(405);
    }
    let of = |name: &'static str| {
        request.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name))
    };
    let mut lengths = of("content-length");
    let (Some(length), None, None) = (lengths.next(), lengths.next(), of("transfer-encoding").next()) else {
        return Err(411);
    };
    let length =
        std::str::from_utf8(length.value).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let length = length.and_then(|text| text.parse().ok()).ok_or(400_u16)?;
    Ok(Some((at, length)))
}
