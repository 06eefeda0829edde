//! For whoever watches over the process.

use axum::{extract::State, http::StatusCode};

use crate::app::App;

/// `GET /healthz`: the process answers.
pub async fn process() -> StatusCode {
    StatusCode::OK
}

/// `GET /readyz`: the database answers too.
pub async fn ready(State(app): State<App>) -> StatusCode {
    match app.db.ping().await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
