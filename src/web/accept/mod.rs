//! The accept loop: every connection is watched, so that nobody can hold the door for others.
//!
//! `axum::serve` waits for ever on a client that sends one byte a second. Here each connection is
//! always in one of five phases, each phase has a limit, and one sweep a tick looks for those over
//! theirs. A request costs a few relaxed stores for that, and no timer and no clock.
//!
//! When every place is taken, a newcomer is not refused: the connection that has been open longest
//! without asking anything makes way (nginx does the same). Only if all are busy does the newcomer
//! wait, and the rest of the crowd waits in the kernel's queue, where it costs us nothing.

mod answer;
mod connection;
mod crowd;
mod files;
mod limits;
mod line;
mod stream;
mod watch;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tower::Service;

use crowd::Crowd;
pub use limits::Limits;
use line::Order;
use watch::Watch;

/// Who is at the other end of a connection: a client, or a proxy in front of us. Among a request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What is asked on every connection: the whole site, or a part of it.
pub trait Asked:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Unpin
    + 'static
{
}

impl<S> Asked for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Unpin
        + 'static
{
}

/// What may be on its way to one reader; the kernel doubles it for its own accounts.
const SEND_BUFFER: usize = 128 * 1024;

/// Connections the kernel may keep for us until we take them.
const QUEUE: i32 = 16_384;

/// Serves `app` until `shutdown`, then lets requests in flight finish, for at most `limits.drain`.
pub async fn serve(
    listener: TcpListener,
    app: impl Asked,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    // Connections inherit it. The kernel's own choice, up to 4 MB each, would be memory that slow
    // readers hold, and would hide from the watch how little they take.
    rustix::net::sockopt::set_socket_send_buffer_size(&listener, SEND_BUFFER)?;
    // A crowd that arrives in one second must find room in the kernel's queue: whoever does not is
    // not refused but ignored, and tries again after one second, then three. (Capped by somaxconn.)
    rustix::net::listen(&listener, QUEUE)?;
    let mut room = Room::new(app, limits);
    let mut shutdown = pin!(shutdown);
    let mut ticks = interval(limits.tick());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // One newcomer at most stands at the door, waiting for a place.
    let mut newcomer: Option<TcpStream> = None;
    let mut resting = false;
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => {
                room.watch.sweep();
                resting = false;
                if newcomer.is_some() {
                    room.watch.make_way();
                }
            }
            accepted = listener.accept(), if newcomer.is_none() && !resting => match accepted {
                Ok((stream, _)) => newcomer = room.seat_or_make_way(stream),
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    // Out of file descriptors or memory: trying again at once would only spin.
                    tracing::warn!(%error, "cannot accept connections, resting for a moment");
                    room.watch.make_way();
                    resting = true;
                }
            },
            place = Arc::clone(&room.places).acquire_owned(), if newcomer.is_some() => {
                if let (Ok(place), Some(stream)) = (place, newcomer.take()) {
                    room.seat(stream, place);
                }
            }
        }
    }
    drop((listener, newcomer));
    room.drain(limits).await;
    Ok(())
}

/// The places, who sits in them, and what they are served.
struct Room<A> {
    app: A,
    crowd: Arc<Crowd>,
    watch: Watch,
    places: Arc<Semaphore>,
    all: u32,
}

impl<A: Asked> Room<A> {
    fn new(app: A, limits: Limits) -> Self {
        let connections = limits.connections.min(files::for_connections());
        if connections < limits.connections {
            tracing::warn!(
                wanted = limits.connections,
                connections,
                "this process may not open enough files for limits.connections: raise LimitNOFILE"
            );
        }
        let all = u32::try_from(connections).unwrap_or(u32::MAX);
        let (crowd, places) = (Arc::new(Crowd::new()), Arc::new(Semaphore::new(connections)));
        Self { app, crowd, watch: Watch::new(limits), places, all }
    }

    fn seat_or_make_way(&mut self, stream: TcpStream) -> Option<TcpStream> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => {
                self.seat(stream, place);
                None
            }
            Err(_) => {
                self.watch.make_way();
                Some(stream)
            }
        }
    }

    fn seat(&mut self, stream: TcpStream, place: OwnedSemaphorePermit) {
        let line = self.watch.line();
        tokio::spawn(connection::attend(stream, self.app.clone(), Arc::clone(&self.crowd), line, place));
    }

    /// Everyone out: politely first, and the limits stay in force meanwhile.
    async fn drain(mut self, limits: Limits) {
        let deadline = Instant::now() + limits.drain;
        self.watch.tell_all(Order::Finish);
        let mut ticks = interval(limits.tick());
        loop {
            tokio::select! {
                _ = self.places.acquire_many(self.all) => return,
                _ = ticks.tick() => self.watch.sweep(),
                () = sleep_until(deadline) => break,
            }
        }
        tracing::warn!(open = self.watch.open(), "requests did not finish in limits.drain_ms: cut");
        self.watch.tell_all(Order::Cut);
    }
}

/// Errors of one connection that was gone before we took it.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
