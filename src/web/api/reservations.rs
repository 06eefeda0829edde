//! `/api/v1/rounds/{slug}/reservations`: hold an amount, then say what came of it.

use axum::{extract::Path, response::Response};

use super::{
    answer::{Failed, Problem, json, text},
    caller::{Caller, Json, Nothing},
    once::Once,
    openapi::Problems,
    shapes::{Reservation, ReserveRequest},
};
use crate::{
    lifecycle::sale::{
        reserve::{self, Asked, HOLD_SECONDS},
        settle,
    },
    store,
};

/// Hold an amount while somebody pays
///
/// One at a time with each pass. What is held counts against the budget until it is redeemed, released, failed,
/// or runs out.
#[utoipa::path(
    post, path = "/api/v1/rounds/{slug}/reservations", operation_id = "reserve", tag = "reservations",
    params(
        ("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$"),
        ("Idempotency-Key" = String, Header, description = "Your own, new for each new request", min_length = 1, max_length = 130, pattern = "^\"?[A-Za-z0-9._:-]{1,128}\"?$"),
    ),
    request_body = ReserveRequest,
    responses((status = 201, description = "It is held", body = Reservation), Problems),
    security(("key" = [])),
)]
pub async fn reserve(
    caller: Caller,
    once: Once,
    Json(bytes, asked): Json<ReserveRequest>,
) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let [least, most, usual] = HOLD_SECONDS;
    let hold_seconds = asked.hold_seconds.unwrap_or(usual);
    if !(least..=most).contains(&hold_seconds) {
        return Err(Problem::invalid(format!("hold_seconds: from {least} to {most}")).into());
    }
    if asked.amount.is_some_and(|amount| amount == 0 || amount > 9_000_000_000_000_000) {
        return Err(Problem::invalid("amount: at least 1 won").into());
    }
    let reference = asked.reference.as_deref().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-');
    if reference.len() > 64 || !reference.bytes().all(plain) {
        return Err(Problem::invalid("reference: at most 64 of A-Z a-z 0-9 . _ : -").into());
    }
    let Caller { app, round, terms, now } = &caller;
    let wanted = Asked { token: &asked.pass, amount: asked.amount, hold_seconds, reference };
    once.answer(&caller, &bytes, 201, async |txn| {
        let row = reserve::reserve(app, txn, round, terms, &wanted, *now).await?;
        Ok(Reservation::of(row, None))
    })
    .await
}

/// What came of it
#[utoipa::path(
    get, path = "/api/v1/rounds/{slug}/reservations/{id}", operation_id = "findReservation", tag = "reservations",
    params(
        ("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$"),
        ("id" = String, Path, description = "The reservation", pattern = "^rsv_[0-9a-f]{32}$"),
    ),
    responses((status = 200, description = "As it is now", body = Reservation), Problems),
    security(("key" = [])),
)]
pub async fn find(caller: Caller, Path((_, id)): Path<(String, String)>) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let row = store::reservation::find(caller.app.db.read(), &id).await?;
    let own = |row: &entities::reservation::Model| {
        row.seller == caller.terms.name && row.round_id == caller.round.row.id
    };
    let row = row.filter(own).ok_or_else(Problem::not_found)?;
    Ok(json(200, text(&Reservation::of(row, None))))
}

/// It is paid
///
/// The pass is used up by it. Also after the time to pay ran out, as long as nobody has bought with the pass meanwhile:
/// money that was taken counts.
#[utoipa::path(
    post, path = "/api/v1/rounds/{slug}/reservations/{id}/redeem", operation_id = "redeem", tag = "reservations",
    params(
        ("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$"),
        ("id" = String, Path, description = "The reservation", pattern = "^rsv_[0-9a-f]{32}$"),
        ("Idempotency-Key" = String, Header, description = "Your own, new for each new request", min_length = 1, max_length = 130, pattern = "^\"?[A-Za-z0-9._:-]{1,128}\"?$"),
    ),
    responses((status = 200, description = "It is bought", body = Reservation), Problems),
    security(("key" = [])),
)]
pub async fn redeem(
    caller: Caller,
    once: Once,
    Path((_, id)): Path<(String, String)>,
    _: Nothing,
) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let Caller { app, round, terms, now } = &caller;
    once.answer(&caller, b"", 200, async |txn| {
        let row = settle::redeem(app, txn, round, terms, &id, *now).await?;
        Ok(Reservation::of(row, None))
    })
    .await
}

/// The payment failed
///
/// The same pass stays good, for half an hour from now at least, but no longer than a day past its own end.
#[utoipa::path(
    post, path = "/api/v1/rounds/{slug}/reservations/{id}/fail", operation_id = "fail", tag = "reservations",
    params(
        ("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$"),
        ("id" = String, Path, description = "The reservation", pattern = "^rsv_[0-9a-f]{32}$"),
        ("Idempotency-Key" = String, Header, description = "Your own, new for each new request", min_length = 1, max_length = 130, pattern = "^\"?[A-Za-z0-9._:-]{1,128}\"?$"),
    ),
    responses((status = 200, description = "The amount is free, the pass is kept", body = Reservation), Problems),
    security(("key" = [])),
)]
pub async fn fail(
    caller: Caller,
    once: Once,
    Path((_, id)): Path<(String, String)>,
    _: Nothing,
) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let Caller { app, round, terms, now } = &caller;
    once.answer(&caller, b"", 200, async |txn| {
        let (row, until) = settle::fail(app, txn, round, terms, &id, *now).await?;
        Ok(Reservation::of(row, Some(until)))
    })
    .await
}

/// The buyer gives it up
///
/// The amount is free again, and the pass is as it was.
#[utoipa::path(
    post, path = "/api/v1/rounds/{slug}/reservations/{id}/release", operation_id = "release", tag = "reservations",
    params(
        ("slug" = String, Path, description = "The round", pattern = "^[a-z0-9-]{1,64}$"),
        ("id" = String, Path, description = "The reservation", pattern = "^rsv_[0-9a-f]{32}$"),
        ("Idempotency-Key" = String, Header, description = "Your own, new for each new request", min_length = 1, max_length = 130, pattern = "^\"?[A-Za-z0-9._:-]{1,128}\"?$"),
    ),
    responses((status = 200, description = "The amount is free", body = Reservation), Problems),
    security(("key" = [])),
)]
pub async fn release(
    caller: Caller,
    once: Once,
    Path((_, id)): Path<(String, String)>,
    _: Nothing,
) -> Result<Response, Failed> {
    caller.at_least(3)?;
    let Caller { round, terms, now, .. } = &caller;
    once.answer(&caller, b"", 200, async |txn| {
        Ok(Reservation::of(settle::release(txn, round, terms, &id, *now).await?, None))
    })
    .await
}
