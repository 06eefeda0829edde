//! One connection from its first byte to its last.

use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::answer;
use super::line::{Line, Order, Phase};
use super::stream::Stream;
use super::{Asked, Peer};

/// Longest head of a request that is read; hyper answers 431 beyond it.
const HEAD_BYTES: usize = 16 * 1024;

/// Serves one connection until it ends, is told to, or is cut.
pub(super) async fn attend(
    stream: TcpStream,
    app: impl Asked,
    line: Arc<Line>,
    _place: OwnedSemaphorePermit,
) {
    let _end = End(Arc::clone(&line));
    // Without it, Nagle and delayed acknowledgements cost 40 ms on every second small answer.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|peer| Peer(peer.ip()));
    let io = TokioIo::new(Stream::new(stream, Arc::clone(&line)));
    let service = {
        let line = Arc::clone(&line);
        service_fn(move |request| answer(app.clone(), request, Arc::clone(&line), peer))
    };
    let mut connection = pin!(
        // The watch does the timing: hyper's own header limit would set a timer for each request.
        http1::Builder::new()
            .header_read_timeout(None)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(io, service)
    );
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended early");
                }
                return;
            }
            () = line.told.notified() => {
                if line.is_told(Order::Cut) {
                    return;
                }
                if line.is_told(Order::Finish) {
                    connection.as_mut().graceful_shutdown();
                }
                // Told to apologise: the service sees it when the connection is polled again.
            }
        }
    }
}

/// Marks a line as ended, also if its task panics.
struct End(Arc<Line>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.enter(Phase::Ended);
    }
}
