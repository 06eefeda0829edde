//! The load: one thread, keep-alive connections over loopback sockets, request bytes made before.
//!
//! It shares the cores with what it measures, so it does as little as it can: write the bytes, read
//! to the end of the answer as its head says, look for one line in the head.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

/// Requests, ready to be sent, each once.
pub struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// What the head of a right answer holds.
    pub answer: String,
    /// How it begins.
    status: &'static [u8],
    /// Whether they may be sent again when all were.
    again: bool,
}

impl Requests {
    /// `count` forms for `path`; `write` appends the further header lines and returns the body.
    pub fn new(
        path: &str,
        answer: String,
        count: usize,
        mut write: impl FnMut(&mut Vec<u8>) -> String,
    ) -> Self {
        let (bytes, ends) = (Vec::new(), Vec::with_capacity(count));
        let mut requests = Self { bytes, ends, answer, status: b"HTTP/1.1 303 ", again: false };
        for _ in 0..count {
            requests
                .bytes
                .extend_from_slice(format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n").as_bytes());
            let body = write(&mut requests.bytes);
            let rest = format!(
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            requests.bytes.extend_from_slice(rest.as_bytes());
            requests.ends.push(requests.bytes.len());
        }
        requests
    }

    /// Pages to be read, each a path and further header lines, over and over.
    pub fn reading(pages: impl IntoIterator<Item = (String, String)>) -> Self {
        let (bytes, ends) = (Vec::new(), Vec::new());
        let mut requests =
            Self { bytes, ends, answer: "HTTP/1.1 200 OK".to_owned(), status: b"HTTP/1.1 200 ", again: true };
        for (path, headers) in pages {
            let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n");
            requests.bytes.extend_from_slice(request.as_bytes());
            requests.ends.push(requests.bytes.len());
        }
        requests
    }

    fn get(&self, at: usize) -> Option<&[u8]> {
        let at = if self.again { at % self.ends.len() } else { at };
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.bytes[begin..*self.ends.get(at)?])
    }
}

/// What came of one round.
pub struct Round {
    /// Right answers a second.
    pub rate: f64,
    /// From the first byte sent to the last received, in microseconds, sorted.
    pub latencies: Vec<u32>,
    /// All right answers, also those of the warming up.
    pub answered: usize,
    /// Processor time of the server (everything in this process but the generator) per request.
    pub server_us: f64,
    /// The same of the generator.
    pub generator_us: f64,
    /// Whether it ran out of requests before the time was over.
    pub ran_out: bool,
}

/// Sends `requests` over `connections`, dealt evenly among the addresses, for `time`; the first fifth warms up and is
/// not counted.
pub fn run(
    addrs: &[SocketAddr],
    connections: usize,
    requests: Requests,
    time: Duration,
) -> io::Result<Round> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, load(addrs, connections, requests, time))
}

struct Shared {
    requests: Requests,
    next: Cell<usize>,
    counting_from: Instant,
    until: Instant,
    latencies: RefCell<Vec<u32>>,
    last: Cell<Instant>,
}

async fn load(
    addrs: &[SocketAddr],
    connections: usize,
    requests: Requests,
    time: Duration,
) -> io::Result<Round> {
    let mut streams = Vec::with_capacity(connections);
    for addr in addrs.iter().cycle().take(connections) {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let begun = Instant::now();
    let shared = Rc::new(Shared {
        latencies: RefCell::new(Vec::with_capacity(requests.ends.len())),
        requests,
        next: Cell::new(0),
        counting_from: begun + time / 5,
        until: begun + time,
        last: Cell::new(begun),
    });
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|stream| tokio::task::spawn_local(connection(stream, shared.clone())))
        .collect();
    tokio::time::sleep_until(shared.counting_from.into()).await;
    let before = (shared.latencies.borrow().len(), processor()?);
    for task in tasks {
        task.await.map_err(io::Error::other)??;
    }
    let after = processor()?;
    let latencies = shared.latencies.borrow();
    let counted = (latencies.len() - before.0).max(1) as f64;
    let mut counted_latencies = latencies[before.0..].to_vec();
    counted_latencies.sort_unstable();
    let us = |nanoseconds: u64| nanoseconds as f64 / 1_000.0 / counted;
    let generator = after.1 - before.1.1;
    Ok(Round {
        rate: counted / (shared.last.get() - shared.counting_from).as_secs_f64(),
        latencies: counted_latencies,
        answered: latencies.len(),
        server_us: us((after.0 - before.1.0).saturating_sub(generator)),
        generator_us: us(generator),
        ran_out: !shared.requests.again && shared.next.get() >= shared.requests.ends.len(),
    })
}

async fn connection(mut stream: TcpStream, shared: Rc<Shared>) -> io::Result<()> {
    let mut buffer = vec![0; 128 * 1_024];
    loop {
        let sent = Instant::now();
        let at = shared.next.get();
        let Some(request) = shared.requests.get(at).filter(|_| sent < shared.until) else { return Ok(()) };
        shared.next.set(at + 1);
        stream.write_all(request).await?;
        let (head, _) = answer(&mut stream, &mut buffer).await?;
        let head = &buffer[..head];
        let is_right =
            head.starts_with(shared.requests.status) && contains(head, shared.requests.answer.as_bytes());
        if !is_right {
            return Err(io::Error::other(format!(
                "not the answer wanted: {}",
                String::from_utf8_lossy(head)
            )));
        }
        let now = Instant::now();
        shared.latencies.borrow_mut().push((now - sent).as_micros().try_into().unwrap_or(u32::MAX));
        shared.last.set(now);
    }
}

/// Reads one answer to its end. Returns how long its head is and how long all of it, which may be longer than the
/// buffer: of a long body only the beginning is kept.
pub async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<(usize, usize)> {
    let mut filled = 0;
    let head = loop {
        match stream.read(&mut buffer[filled..]).await? {
            0 => return Err(io::Error::other("the server closed a connection")),
            read => filled += read,
        }
        // Most answers end with their head.
        if buffer[..filled].ends_with(b"\r\n\r\n") {
            break filled;
        }
        if let Some(at) = buffer[..filled].windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let all = head + length(&buffer[..head]).unwrap_or(0);
    let (mut left, room) = (all.saturating_sub(filled), buffer.len());
    while left > 0 {
        let at = if filled < room { filled } else { head };
        let end = room.min(at + left);
        match stream.read(&mut buffer[at..end]).await? {
            0 => return Err(io::Error::other("the server closed a connection")),
            read => {
                left -= read;
                filled = at + read;
            }
        }
    }
    Ok((head, all))
}

/// What `content-length` says.
fn length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length: ";
    let line = lines(head).find(|line| begins(line, NAME))?;
    let digits = line[NAME.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// Whether a line of the head begins so.
fn contains(head: &[u8], part: &[u8]) -> bool {
    lines(head).any(|line| begins(line, part))
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split_inclusive(|byte| *byte == b'\n')
}

fn begins(line: &[u8], part: &[u8]) -> bool {
    line.get(..part.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(part))
}

/// Nanoseconds of processor time: of the whole process, and of this thread.
fn processor() -> io::Result<(u64, u64)> {
    let time = |path: &std::path::Path| {
        let text = std::fs::read_to_string(path)?;
        let first = text.split(' ').next().and_then(|number| number.parse::<u64>().ok());
        first.ok_or_else(|| io::Error::other("/proc/*/schedstat cannot be read"))
    };
    let own = time("/proc/thread-self/schedstat".as_ref())?;
    let mut all = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        // A thread may end between the listing and the reading.
        all += time(&task?.path().join("schedstat")).unwrap_or(0);
    }
    Ok((all, own))
}
