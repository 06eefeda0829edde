//! One request: handed to the application, or answered for it when time is up.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::{Frame, Incoming, SizeHint};

use super::crowd::Crowd;
use super::line::{Line, Order, Phase};
use super::{Asked, Peer};
use crate::secret::random_below;

/// Asks the application, and apologises if the watch says it is too late.
pub(super) async fn answer(
    mut app: impl Asked,
    mut request: Request<Incoming>,
    line: Arc<Line>,
    peer: Option<Peer>,
    crowd: Arc<Crowd>,
) -> Result<Response<Body>, Infallible> {
    line.enter(Phase::Work);
    if let Some(peer) = peer {
        request.extensions_mut().insert(peer);
    }
    let request = request.map(|body| {
        if body.is_end_stream() {
            Body::empty()
        } else {
            Body::new(Heard { body, ended: false, line: Arc::clone(&line) })
        }
    });
    let response = {
        let mut asked = pin!(app.call(request));
        poll_fn(|cx| match asked.as_mut().poll(cx) {
            Poll::Ready(answered) => Poll::Ready(answered.ok()),
            Poll::Pending if line.is_told(Order::Apologise) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    };
    let response = response.unwrap_or_else(|| apology(line.state().0));
    line.enter(Phase::Answer);
    if crowd.waits() {
        line.tell(Order::Rest);
    }
    Ok(response)
}

/// The answer to whoever has waited too long for their turn.
pub(super) async fn too_late(line: Arc<Line>) -> Result<Response<Body>, Infallible> {
    line.enter(Phase::Answer);
    Ok(apology(Phase::Wait))
}

/// Both languages, since nobody has read the request's headers yet. The connection is closed: what
/// is left of the request is not worth reading.
fn apology(phase: Phase) -> Response<Body> {
    let (status, text) = match phase {
        Phase::Body => (
            StatusCode::REQUEST_TIMEOUT,
            "보내신 내용이 끝까지 도착하지 않았습니다. 저장된 것은 없습니다. 다시 보내 주세요.\n\
             What you sent did not arrive in full. Nothing was stored. Please send it again.\n",
        ),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "지금은 답이 늦어지고 있습니다. 잠시 뒤에 다시 보내 주세요. 다시 보내도 두 번 신청되지 않으며, 빨리 보내도 유리하지 않습니다.\n\
             The answer is taking too long. Please send it again in a moment. Nobody is entered twice, and being early gives no advantage.\n",
        ),
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        // Not all at once.
        headers.insert(RETRY_AFTER, HeaderValue::from(30 + random_below(271)));
    }
    response
}

/// A request's body that says when somebody waits for it.
struct Heard {
    body: Incoming,
    ended: bool,
    line: Arc<Line>,
}

impl HttpBody for Heard {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        self.line.turn(if frame.is_pending() { Phase::Body } else { Phase::Work });
        self.ended |= matches!(frame, Poll::Ready(None)) || self.body.is_end_stream();
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        if !self.ended {
            self.line.leave_unread();
        }
    }
}
