//! What was counted for statistics, so that it stays the same until it is counted anew.

use chrono::{DateTime, Utc};
use entities::counted::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};

/// What was counted of a round up to an instant, JSON.
///
/// # Errors
/// What the database said.
pub async fn find(
    db: &impl ConnectionTrait,
    round_id: i64,
    until_at: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let row = Entity::find_by_id((round_id, until_at)).one(db).await?;
    Ok(row.map(|row| row.tables))
}

/// What was counted of a round last before an instant, JSON.
///
/// # Errors
/// What the database said.
pub async fn find_before(
    db: &impl ConnectionTrait,
    round_id: i64,
    until_at: DateTime<Utc>,
) -> Result<Option<String>, DbErr> {
    let before = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::UntilAt.lt(until_at));
    Ok(before.order_by_desc(Column::UntilAt).one(db).await?.map(|row| row.tables))
}

/// Keeps it, unless somebody else has. What was counted before stays: an instance whose clock is behind asks for it.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    until_at: DateTime<Utc>,
    tables: String,
) -> Result<(), DbErr> {
    let row = Model { round_id, until_at, tables }.into_active_model().reset_all();
    let once = OnConflict::columns([Column::RoundId, Column::UntilAt]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(txn).await.map(drop)
}
