//! The entries that have a line in their round's pool: counted, grouped, and sealed in order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::entry::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::PAGE;

/// Receipt, seats, want, weight, wish, and the fields as an entry keeps them.
pub type PoolRow = (String, i32, i64, i32, String, String);

/// How many entries take part.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    in_pool(round_id).count(db).await
}

/// Won wanted in all.
///
/// # Errors
/// What the database said.
pub async fn sum_wanted(db: &impl ConnectionTrait, round_id: i64) -> Result<i64, DbErr> {
    let sum = in_pool(round_id).select_only().column_as(Column::Want.sum().cast_as("bigint"), "sum");
    Ok(sum.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or(0))
}

/// The entries of a round that have a line in its pool.
fn in_pool(round_id: i64) -> Select<Entity> {
    let entries = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
    entries.filter(Column::Lead.is_null())
}

/// How many entries, and people in them, keep the same values: `(values, entries, people)`.
///
/// # Errors
/// What the database said.
pub async fn list_groups(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<(String, u64, u64)>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .column(Column::Fields)
        .column_as(Column::Receipt.count(), "entries")
        .column_as(Column::Seats.sum(), "seats")
        .group_by(Column::Fields);
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let rows: Vec<(String, i64, i64)> = query.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(kept, entries, seats)| (kept, number(entries), number(seats))).collect())
}

/// The entries of a round that keep these values.
///
/// # Errors
/// What the database said.
pub async fn list_keeping(
    db: &impl ConnectionTrait,
    round_id: i64,
    fields: &str,
) -> Result<Vec<Model>, DbErr> {
    in_pool(round_id).filter(Column::Fields.eq(fields)).all(db).await
}

/// What the pool says of the next entries after a receipt, in the order of receipts. Read page by page: a
/// stream would hold its connection, and a whole pool the memory.
///
/// # Errors
/// What the database said.
pub async fn list_pool_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<PoolRow>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .columns([Column::Receipt, Column::Seats, Column::Want, Column::Weight, Column::Wish])
        .column(Column::Fields)
        .filter(Column::Receipt.gt(after));
    query.order_by_asc(Column::Receipt).limit(PAGE).into_tuple().all(db).await
}

/// What the bias guard looks at.
#[derive(Debug, FromQueryResult)]
pub struct Guarded {
    /// Its public code.
    pub receipt: String,
    /// Won.
    pub want: i64,
    /// Lots.
    pub weight: i32,
    /// Day parts, best first.
    pub wish: String,
    /// Cohort and reserve fields, `key=value`.
    pub fields: String,
    /// How it is told things.
    pub channel: String,
    /// In which language.
    pub lang: String,
    /// When it was entered first.
    pub entered_at: DateTime<Utc>,
}

/// What the bias guard looks at of the next entries after a receipt, in the order of receipts.
///
/// # Errors
/// What the database said.
pub async fn list_guarded_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<Guarded>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .columns([Column::Receipt, Column::Want, Column::Weight, Column::Wish])
        .columns([Column::Fields, Column::Channel, Column::Lang, Column::EnteredAt])
        .filter(Column::Receipt.gt(after));
    query.order_by_asc(Column::Receipt).limit(PAGE).into_model().all(db).await
}

/// The pseudonyms of those who asked to be remembered, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_miss_keys(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<HashMap<String, String>, DbErr> {
    let query = in_pool(round_id).select_only().columns([Column::Receipt, Column::MissKey]);
    let query = query.filter(Column::MissKey.ne(""));
    Ok(query.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
}
