//! What was planned and what left, minute by minute.

use chrono::{DateTime, Utc};
use entities::tally::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::rate::minute;

/// Adds to what was counted in the minute of `at`.
///
/// # Errors
/// What the database said.
pub async fn add(
    txn: &impl ConnectionTrait,
    at: DateTime<Utc>,
    channel: &str,
    vendor: &str,
    outcome: &str,
    count: usize,
) -> Result<(), DbErr> {
    if count == 0 {
        return Ok(());
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = ActiveModel {
        minute: Set(minute(at)),
        channel: Set(channel.to_owned()),
        vendor: Set(vendor.to_owned()),
        outcome: Set(outcome.to_owned()),
        count: Set(count),
    };
    let once = [Column::Minute, Column::Channel, Column::Vendor, Column::Outcome];
    let add = OnConflict::columns(once)
        .value(Column::Count, Expr::col((Entity, Column::Count)).add(count))
        .to_owned();
    Entity::insert(row).on_conflict(add).exec_without_returning(txn).await.map(drop)
}

/// Every count from one minute to before another, in order.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let between = Entity::find().filter(Column::Minute.gte(from)).filter(Column::Minute.lt(until));
    between.order_by_asc(Column::Minute).all(db).await
}

/// All there ever was, by channel, vendor and outcome.
///
/// # Errors
/// What the database said.
pub async fn totals(db: &impl ConnectionTrait) -> Result<Vec<(String, String, String, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::Channel, Column::Vendor, Column::Outcome])
        .column_as(Column::Count.sum().cast_as("bigint"), "total")
        .group_by(Column::Channel)
        .group_by(Column::Vendor)
        .group_by(Column::Outcome)
        .into_tuple()
        .all(db)
        .await
}
