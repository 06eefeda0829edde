//! Whom the gate let through, and what was answered to requests that may come again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{handover, idempotency};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::{BATCH_BINDS, erase::Part};

/// Keeps that somebody was let through; who comes again has the same name.
///
/// # Errors
/// What the database said.
pub async fn keep(txn: &impl ConnectionTrait, row: handover::Model) -> Result<(), DbErr> {
    let again = OnConflict::column(handover::Column::Id)
        .update_columns([handover::Column::At, handover::Column::UntilAt])
        .to_owned();
    let row = handover::Entity::insert(row.into_active_model().reset_all()).on_conflict(again);
    row.exec_without_returning(txn).await.map(drop)
}

/// Forgets whom the gate let through in a round. Returns how many that were.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let all = handover::Entity::delete_many().filter(handover::Column::RoundId.eq(round_id));
    Ok(all.filter(part.of(handover::Column::Receipt)).exec(txn).await?.rows_affected)
}

/// The hand-over of an entry to a seller that still holds: a second click is not a second person.
///
/// # Errors
/// What the database said.
pub async fn find_open(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    seller: &str,
    now: DateTime<Utc>,
) -> Result<Option<handover::Model>, DbErr> {
    let rows = handover::Entity::find().filter(handover::Column::RoundId.eq(round_id));
    let rows = rows.filter(handover::Column::Receipt.eq(receipt)).filter(handover::Column::Seller.eq(seller));
    let rows = rows.filter(handover::Column::UntilAt.gt(now));
    rows.order_by_desc(handover::Column::UntilAt).one(db).await
}

/// The receipts behind the names of hand-overs.
///
/// # Errors
/// What the database said.
pub async fn list_receipts(
    db: &impl ConnectionTrait,
    round_id: i64,
    ids: &[String],
) -> Result<HashMap<String, String>, DbErr> {
    let mut found = HashMap::new();
    for some in ids.chunks(BATCH_BINDS - 1) {
        let rows = handover::Entity::find().filter(handover::Column::RoundId.eq(round_id));
        let rows = rows.filter(handover::Column::Id.is_in(some)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row.receipt)));
    }
    Ok(found)
}

/// How many were let through.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64, seller: &str) -> Result<u64, DbErr> {
    let rows = handover::Entity::find().filter(handover::Column::RoundId.eq(round_id));
    rows.filter(handover::Column::Seller.eq(seller)).count(db).await
}

/// How many were let through from one instant on and before another, to all sellers of a round.
///
/// # Errors
/// What the database said.
pub async fn count_between(
    db: &impl ConnectionTrait,
    round_id: i64,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let rows = handover::Entity::find().filter(handover::Column::RoundId.eq(round_id));
    rows.filter(handover::Column::At.gte(from)).filter(handover::Column::At.lt(until)).count(db).await
}

/// What was answered to this request, if it came before.
///
/// # Errors
/// What the database said.
pub async fn find_answer(
    db: &impl ConnectionTrait,
    seller: &str,
    key: &str,
) -> Result<Option<idempotency::Model>, DbErr> {
    idempotency::Entity::find_by_id((seller.to_owned(), key.to_owned())).one(db).await
}

/// Takes a request's key for the caller's transaction: whoever comes with the same one waits, and then meets a
/// unique violation.
///
/// # Errors
/// What the database said.
pub async fn begin_answer(
    txn: &impl ConnectionTrait,
    seller: &str,
    key: &str,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = idempotency::ActiveModel {
        seller: Set(seller.to_owned()),
        key: Set(key.to_owned()),
        fingerprint: Set(fingerprint.to_owned()),
        at: Set(now),
        status: Set(0),
        body: Set(String::new()),
    };
    idempotency::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Keeps the answer, in the transaction of what it tells.
///
/// # Errors
/// What the database said.
pub async fn keep_answer(
    txn: &impl ConnectionTrait,
    seller: &str,
    key: &str,
    status: u16,
    body: &str,
) -> Result<(), DbErr> {
    let row = idempotency::Entity::update_many()
        .col_expr(idempotency::Column::Status, Expr::value(i32::from(status)))
        .col_expr(idempotency::Column::Body, Expr::value(body))
        .filter(idempotency::Column::Seller.eq(seller))
        .filter(idempotency::Column::Key.eq(key));
    row.exec(txn).await.map(drop)
}

/// Forgets answers from before `at`. Returns how many.
///
/// # Errors
/// What the database said.
pub async fn forget_answers(txn: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<u64, DbErr> {
    let old = idempotency::Entity::delete_many().filter(idempotency::Column::At.lt(at));
    Ok(old.exec(txn).await?.rows_affected)
}

/// Whether there are answers from before `at`.
///
/// # Errors
/// What the database said.
pub async fn any_answers(db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<bool, DbErr> {
    let old = idempotency::Entity::find().filter(idempotency::Column::At.lt(at));
    Ok(old.one(db).await?.is_some())
}
