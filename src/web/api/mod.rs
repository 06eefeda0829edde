//! The pass API, for sellers' systems: JSON, a key, and problem documents (RFC 9457) that say what to do next.
//! `openapi` describes it; `docs/sellers.md` explains it.

mod answer;
mod caller;
mod ledger;
mod list;
mod once;
pub mod openapi;
mod passes;
mod reservations;
mod shapes;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header,
    response::IntoResponse,
    routing::{get, post},
};

use crate::app::App;
use answer::Problem;

/// The largest request: a pass and some words.
const BODY_BYTES: usize = 8 * 1024;

/// Everything below `/api/v1`, the keys that passes are checked with, and what describes both.
pub fn router() -> Router<App> {
    let api = Router::new()
        .route("/rounds/{slug}/passes/check", post(passes::check))
        .route("/rounds/{slug}/reservations", post(reservations::reserve))
        .route("/rounds/{slug}/reservations/{id}", get(reservations::find))
        .route("/rounds/{slug}/reservations/{id}/redeem", post(reservations::redeem))
        .route("/rounds/{slug}/reservations/{id}/fail", post(reservations::fail))
        .route("/rounds/{slug}/reservations/{id}/release", post(reservations::release))
        .route("/rounds/{slug}/allow-list", get(list::show))
        .route("/rounds/{slug}/ledger", get(ledger::show))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method())
        .layer(DefaultBodyLimit::max(BODY_BYTES));
    Router::new()
        .nest("/api/v1", api)
        .route("/.well-known/jwks.json", get(jwks))
        .route("/openapi.json", get(document))
}

/// The keys that passes, hand-overs and lists are checked with.
async fn jwks(axum::extract::State(app): axum::extract::State<App>) -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, app.pass_keys.jwks().to_string())
}

async fn document() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, openapi::DOCUMENT.as_str())
}
