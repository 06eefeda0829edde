//! `POST /api/v1/rounds/{slug}/passes/check`

use axum::response::Response;

use super::{
    answer::{Failed, json, text},
    caller::{Caller, Json},
    openapi::Problems,
    shapes::{CheckAnswer, CheckRequest},
};
use crate::{
    domain::pass::Verdict,
    lifecycle::sale::{pass, told::instant},
};

/// What a pass is worth now
///
/// Changes nothing. A pass can be checked without asking, too: its signature with `/.well-known/jwks.json`, and
/// `nbf` and `exp` with a clock. Asked, this knows what has happened since: outages, failed payments, purchases
/// elsewhere.
#[utoipa::path(
    post, path = "/api/v1/rounds/{slug}/passes/check", operation_id = "checkPass", tag = "passes",
    params(("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$")),
    request_body = CheckRequest,
    responses((status = 200, description = "What it is worth", body = CheckAnswer), Problems),
    security(("key" = [])),
)]
pub async fn check(caller: Caller, Json(_, asked): Json<CheckRequest>) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let found = pass::check(&caller.app, &caller.round, &caller.terms, &asked.pass, caller.now).await?;
    let amount = match found.verdict {
        Verdict::Redeemed { amount, .. } => Some(amount),
        _ => found.window.map(|window| window.amount),
    };
    let answer = CheckAnswer {
        status: found.verdict.key(),
        receipt: found.receipt,
        amount,
        people: found.people,
        from: found.window.map(|window| instant(window.from)),
        until: found.window.map(|window| instant(window.until)),
    };
    Ok(json(200, text(&answer)))
}
