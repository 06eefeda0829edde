//! The sockets of the mailbox: lines in, `mailin`'s replies out.

use super::store::{Raw, Store};
use mailin::{
    Action, Handler, Response, SessionBuilder,
    response::{NO_MAILBOX, NO_STORAGE, OK},
};
use std::{io, net::IpAddr, sync::Arc, time::Duration, time::Instant};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A line longer than this ends the connection; RFC 5321 section 4.5.3.1 allows 1,000 octets.
const LINE: u64 = 64 * 1024;
/// A mail longer than this is refused with 552.
const MAIL: usize = 10 * 1024 * 1024;

pub(super) async fn serve(listener: TcpListener, store: Arc<Store>, stop: CancellationToken) {
    let sessions = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (store, stop) = (Arc::clone(&store), stop.clone());
                sessions.spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        // A connection that breaks is the sender's to report.
                        _ = converse(stream, peer.ip(), store) => {}
                    }
                });
            }
            // Out of file handles, most likely: wait for some to close.
            Err(_) => time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    sessions.close();
    sessions.wait().await;
}

async fn converse(stream: TcpStream, peer: IpAddr, store: Arc<Store>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut session = SessionBuilder::new("jebi-mailbox").build(peer, Receiver::new(store));
    let (mut line, mut replies) = (Vec::with_capacity(1024), Vec::with_capacity(256));
    session.greeting().write_to(&mut replies)?;
    loop {
        // Replies to pipelined commands (RFC 2920) leave together.
        if stream.buffer().is_empty() && !replies.is_empty() {
            stream.get_mut().write_all(&replies).await?;
            replies.clear();
        }
        line.clear();
        let read = (&mut stream).take(LINE).read_until(b'\n', &mut line).await?;
        if read == 0 || line.last() != Some(&b'\n') {
            return Ok(());
        }
        let response = session.process(&line);
        response.write_to(&mut replies)?;
        if response.action == Action::Close {
            return stream.get_mut().write_all(&replies).await;
        }
    }
}

/// One connection's mail under way.
struct Receiver {
    store: Arc<Store>,
    from: String,
    to: Vec<String>,
    bytes: Vec<u8>,
    too_long: bool,
}

impl Receiver {
    const fn new(store: Arc<Store>) -> Self {
        Self { store, from: String::new(), to: Vec::new(), bytes: Vec::new(), too_long: false }
    }
}

impl Handler for Receiver {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        from.clone_into(&mut self.from);
        self.to.clear();
        self.bytes.clear();
        self.too_long = false;
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if !self.store.knows(to) {
            return NO_MAILBOX;
        }
        self.to.push(to.to_owned());
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.too_long |= self.bytes.len() + line.len() > MAIL;
        if !self.too_long {
            self.bytes.extend_from_slice(line);
        }
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        if self.too_long {
            return NO_STORAGE;
        }
        let bytes = std::mem::take(&mut self.bytes);
        self.store.insert(&self.to, Raw { from: self.from.clone(), bytes, received_at: Instant::now() });
        OK
    }
}
