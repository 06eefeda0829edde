//! One connection from its first byte to its last.
//!
//! What a request and its answer are read from and written to takes some thirty kilobytes. It is made when the first byte
//! comes, and let go of when nothing came for a while: twenty thousand people who are reading cost twenty thousand sockets,
//! and no more.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use super::answer::{answer, too_late};
use super::crowd::{Crowd, Turn};
use super::line::{Line, Order, Phase};
use super::stream::Stream;
use super::{Asked, Peer};

/// Longest head of a request that is read; hyper answers 431 beyond it.
const HEAD_BYTES: usize = 16 * 1024;

/// Serves one connection until it ends, is told to, or is cut.
pub(super) async fn attend(
    stream: TcpStream,
    app: impl Asked,
    crowd: Arc<Crowd>,
    line: Arc<Line>,
    _place: OwnedSemaphorePermit,
) {
    let _end = End(Arc::clone(&line));
    // Without it, Nagle and delayed acknowledgements cost 40 ms on every second small answer.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|peer| Peer(peer.ip()));
    let mut stream = Stream::new(stream, Arc::clone(&line));
    while hears(&stream, &line).await {
        let of = Arc::clone(&line);
        // Boxed: whoever asks nothing keeps no room for it.
        let served = match crowd.turn(&line).await {
            Turn::Theirs => {
                let (app, crowd) = (app.clone(), Arc::clone(&crowd));
                let ask = move |request| {
                    Box::pin(answer(app.clone(), request, Arc::clone(&of), peer, Arc::clone(&crowd)))
                };
                Box::pin(serve(stream, service_fn(ask), &line)).await
            }
            Turn::TooLate => {
                let ask = move |_| Box::pin(too_late(Arc::clone(&of)));
                Box::pin(serve(stream, service_fn(ask), &line)).await
            }
            Turn::Over => return,
        };
        line.stand_up();
        match served {
            Some(rested) => stream = rested,
            None => return,
        }
    }
}

/// Waits until there is something to read. `false` when it is told to end.
async fn hears(stream: &Stream, line: &Line) -> bool {
    line.rest(true);
    let hears = loop {
        tokio::select! {
            biased;
            // An error is read as well.
            () = stream.readable() => break true,
            () = line.told.notified() => {
                if line.is_told(Order::Cut) || line.is_told(Order::Finish) {
                    break false;
                }
            }
        }
    };
    // One that came too late to be carried out.
    line.forget(Order::Rest);
    line.rest(false);
    hears
}

/// Serves requests until the connection ends, or rests: then it is given back.
async fn serve<S>(stream: Stream, service: S, line: &Line) -> Option<Stream>
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Unpin> + Unpin,
{
    // The watch does the timing: hyper's own header limit would set a timer for each request.
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        // Told to end while it waited: this request is the last one here.
        .keep_alive(!line.is_told(Order::Finish))
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            biased;
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended early");
                }
                return None;
            }
            () = line.told.notified() => {
                if line.is_told(Order::Cut) {
                    return None;
                }
                if line.is_told(Order::Finish) {
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                } else if line.forget(Order::Rest) && line.is_silent() {
                    // Between two requests it is done at once, with the socket open. Else the answer that is under way is
                    // the last one here, as if we were shutting down.
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                    let done = poll_fn(|cx| Poll::Ready(connection.poll_without_shutdown(cx))).await;
                    if done.is_ready() {
                        let parts = connection.into_parts();
                        let fine = matches!(done, Poll::Ready(Ok(()))) && line.state().0 != Phase::Work;
                        return fine.then(|| parts.io.into_inner().with(parts.read_buf));
                    }
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
        self.0.stand_up();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Reads one answer, which ends with the path that was asked for.
    async fn hear(client: &mut TcpStream, path: &str) {
        let mut heard = Vec::new();
        while !heard.ends_with(path.as_bytes()) {
            heard.push(client.read_u8().await.unwrap());
        }
        assert!(heard.starts_with(b"HTTP/1.1 200 "));
    }

    #[tokio::test]
    async fn what_rests_is_given_back_open_and_goes_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let line = Arc::new(Line::new(Arc::<AtomicU32>::default(), 1_024));
        let mut stream = Stream::new(listener.accept().await.unwrap().0, Arc::clone(&line));
        for path in ["/first", "/second", "/third", "/read-before"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
            match path {
                "/read-before" => stream = stream.with(request.into()),
                _ => client.write_all(request.as_bytes()).await.unwrap(),
            }
            assert!(hears(&stream, &line).await);
            let of = Arc::clone(&line);
            let service = service_fn(move |request: Request<Incoming>| {
                of.enter(Phase::Answer);
                let answer = Response::new(Body::from(request.uri().path().to_owned()));
                Box::pin(async { Ok(answer) })
            });
            let person = async {
                hear(&mut client, path).await;
                line.tell(Order::Rest);
            };
            let (rested, ()) = tokio::join!(serve(stream, service, &line), person);
            stream = rested.unwrap();
        }
        line.tell(Order::Finish);
        assert!(!hears(&stream, &line).await);
    }
}
