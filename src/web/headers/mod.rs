//! What every answer carries and every request is given, whichever handler it meets.
//!
//! One layer instead of a dozen: this runs for each request of the busiest minute.

mod id;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Entry, REFERRER_POLICY, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use futures_util::FutureExt;
use tracing::Instrument;

pub use id::RequestId;

use super::language;
use crate::app::Answers;

/// The largest form by far has a few hundred bytes. A route that takes files sets its own limit.
pub const BODY_BYTES: usize = 16 * 1024;

/// The name of a request, of ours or of the proxy in front of us.
pub static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing runs, nothing loads from elsewhere, nobody frames us, forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// On the few pages that a script of ours improves.
pub const WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
                               form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the layers. Call it last: what is added to the router afterwards is not covered.
pub fn cover(app: Router, https: bool, answers: Arc<Answers>) -> Router {
    app.layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(Arc::new(Edge { always: always(https), answers }), edge))
}

/// What the layer needs.
struct Edge {
    always: HeaderMap,
    answers: Arc<Answers>,
}

/// Why an answer is an error: for the log, never for the reader. A handler puts it among the
/// extensions of its response, and the log has it on one line with the request's id.
#[derive(Clone, Debug)]
pub struct Cause(pub String);

async fn edge(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let id = RequestId::of(request.headers().get(&X_REQUEST_ID));
    // The pattern, never the path: a path may hold a receipt.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let method = request.method().clone();
    request.extensions_mut().insert(id.clone());
    // Only at debug: formatting a span for each request would cost a third of the throughput.
    let span = tracing::debug_span!("request", id = id.as_str(), method = method.as_str(), route);
    let chosen = language::to_remember(request.uri());
    // A panic is our mistake: 500 for this request, and nobody else notices.
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span).await;
    let mut response = answered.unwrap_or_else(|_| failed());
    let (status, ms) = (response.status().as_u16(), begun.elapsed().as_millis());
    let cause = response.extensions().get::<Cause>().map_or("", |Cause(text)| text);
    edge.answers.count(status >= 500);
    if status == 500 {
        tracing::error!(id = id.as_str(), method = method.as_str(), route, status, ms, cause, "answered");
    } else if status > 500 {
        tracing::warn!(id = id.as_str(), method = method.as_str(), route, status, ms, cause, "answered");
    } else {
        tracing::debug!(id = id.as_str(), method = method.as_str(), route, status, ms, "answered");
    }
    let headers = response.headers_mut();
    headers.reserve(edge.always.len() + 2);
    headers.insert(X_REQUEST_ID.clone(), id.into_value());
    if let Some(cookie) = chosen {
        headers.append(SET_COOKIE, cookie);
    }
    for (name, value) in edge.always.iter() {
        if let Entry::Vacant(free) = headers.entry(name) {
            free.insert(value.clone());
        }
    }
    response
}

/// What an answer carries unless its handler said otherwise.
fn always(https: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with it browsers send `Origin: null` even to ourselves, and a form
        // could no longer be told from a forged one.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        // Pages of one resident must not stay in a shared computer or a proxy.
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers
}

/// What is answered when nothing can be asked any more about whom, and in which language.
pub fn failed() -> Response<Body> {
    let mut response = Response::new(Body::from(
        "처리하지 못했습니다. 저희 쪽 문제입니다. 이미 접수된 신청은 그대로 있습니다.\n\
         Something went wrong on our side. Entries already received are not affected.\n",
    ));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
