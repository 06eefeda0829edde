//! `GET /api/v1/rounds/{slug}/allow-list`

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};

use super::{answer::Failed, caller::Caller, openapi::Problems};
use crate::lifecycle::sale;

/// Who may buy in this hour and the next
///
/// CSV: receipt, from, until, amount, people. `jebi-list` is a JWT over the SHA-256 of the body: check it with
/// `/.well-known/jwks.json`. Heed `from`: nobody buys a second earlier.
#[utoipa::path(
    get, path = "/api/v1/rounds/{slug}/allow-list", operation_id = "allowList", tag = "lists",
    params(("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$")),
    responses(
        (status = 200, description = "The list", body = String, content_type = "text/csv",
         headers(("jebi-list" = String, description = "The list's digest, signed"))),
        Problems
    ),
    security(("key" = [])),
)]
pub async fn show(caller: Caller) -> Result<Response, Failed> {
    caller.at_least(2)?;
    let list = sale::list::list(&caller.app, &caller.round, &caller.terms, caller.now).await;
    let list = list.map_err(Failed::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (HeaderName::from_static("jebi-list"), list.token),
    ];
    Ok((headers, list.csv).into_response())
}
