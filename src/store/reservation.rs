//! Amounts held while somebody pays, and places held for longer because that failed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{
    extension,
    reservation::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::erase::Part;

/// Held while somebody pays.
pub const HELD: &str = "held";
/// Paid.
pub const REDEEMED: &str = "redeemed";
/// Given up by the buyer.
pub const RELEASED: &str = "released";
/// The payment failed.
pub const FAILED: &str = "failed";
/// Nobody said anything in time.
pub const EXPIRED: &str = "expired";

/// Keeps a reservation. A second one of an entry that has one is a unique violation.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// A reservation.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.to_owned()).one(db).await
}

/// What an entry holds now, if anything.
///
/// # Errors
/// What the database said.
pub async fn find_live(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<Model>, DbErr> {
    let live = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.eq(receipt));
    live.filter(Column::Live.eq(1)).one(db).await
}

/// Settles what is held, once. Returns whether this call did it.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: &str,
    state: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        state: Set(state.to_owned()),
        live: Set(None),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    let held = Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(Column::Live.eq(1));
    Ok(held.exec(txn).await?.rows_affected == 1)
}

/// Paid after it had run out.
///
/// # Errors
/// What the database said.
pub async fn settle_late(txn: &impl ConnectionTrait, id: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    let change =
        ActiveModel { state: Set(REDEEMED.to_owned()), settled_at: Set(Some(now)), ..Default::default() };
    let out = Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(Column::State.eq(EXPIRED));
    out.exec(txn).await.map(drop)
}

/// What is held and has run out, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_run_out(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    count: u64,
) -> Result<Vec<Model>, DbErr> {
    let out = Entity::find().filter(Column::Live.eq(1)).filter(Column::UntilAt.lte(now));
    out.order_by_asc(Column::UntilAt).limit(count).all(db).await
}

/// All that is held.
///
/// # Errors
/// What the database said.
pub async fn list_live(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Live.eq(1)).all(db).await
}

/// The receipts of all who are paying, or were and have not been told that the time to pay is over.
///
/// # Errors
/// What the database said.
pub async fn list_paying(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<String>, DbErr> {
    let live = Entity::find().select_only().column(Column::Receipt).filter(Column::RoundId.eq(round_id));
    live.filter(Column::Live.eq(1)).into_tuple().all(db).await
}

/// Forgets what sellers called the reservations of a round: beside their own files it would name the buyer for ever.
/// Returns how many had such a word.
///
/// # Errors
/// What the database said.
pub async fn erase_references(
    txn: &impl ConnectionTrait,
    round_id: i64,
    part: Part<'_>,
) -> Result<u64, DbErr> {
    let change = ActiveModel { reference: Set(String::new()), ..Default::default() };
    let named = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    let named = named.filter(part.of(Column::Receipt));
    Ok(named.filter(Column::Reference.ne("")).exec(txn).await?.rows_affected)
}

/// Holds a place for longer.
///
/// # Errors
/// What the database said.
pub async fn extend(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<(), DbErr> {
    let row = extension::ActiveModel {
        round_id: Set(round_id),
        receipt: Set(receipt.to_owned()),
        until_at: Set(until),
        at: Set(now),
        reason: Set(reason.to_owned()),
        ..Default::default()
    };
    extension::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Until when a place is held because payments failed, at the latest.
///
/// # Errors
/// What the database said.
pub async fn find_extended(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let rows = extension::Entity::find().filter(extension::Column::RoundId.eq(round_id));
    let rows = rows.filter(extension::Column::Receipt.eq(receipt));
    let latest = rows.order_by_desc(extension::Column::UntilAt).limit(1).one(db).await?;
    Ok(latest.map(|row| row.until_at))
}

/// The number of the last time that a place of a round was held for longer; 0 if none was.
///
/// # Errors
/// What the database said.
pub async fn find_last_extension(db: &impl ConnectionTrait, round_id: i64) -> Result<i64, DbErr> {
    let rows = extension::Entity::find().filter(extension::Column::RoundId.eq(round_id));
    Ok(rows.order_by_desc(extension::Column::Id).one(db).await?.map_or(0, |row| row.id))
}

/// The same of all entries of a round, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_extended(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<HashMap<String, DateTime<Utc>>, DbErr> {
    let rows = extension::Entity::find().filter(extension::Column::RoundId.eq(round_id));
    // The latest overwrites.
    let rows = rows.order_by_asc(extension::Column::UntilAt).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.receipt, row.until_at)).collect())
}
