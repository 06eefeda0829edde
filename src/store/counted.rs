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

/// What was counted of a round before an instant, JSON, the last at the end.
///
/// # Errors
/// What the database said.
pub async fn list_before(
    db: &impl ConnectionTrait,
    round_id: i64,
    until_at: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let before = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::UntilAt.lt(until_at));
    let rows = before.order_by_asc(Column::UntilAt).all(db).await?;
    Ok(rows.into_iter().map(|row| row.tables).collect())
}

/// Removes what cannot be read, unless somebody else has put what can be in its place.
///
/// # Errors
/// What the database said.
pub async fn discard(
    txn: &impl ConnectionTrait,
    round_id: i64,
    until_at: DateTime<Utc>,
    tables: &str,
) -> Result<(), DbErr> {
    let one = Entity::delete_many().filter(Column::RoundId.eq(round_id)).filter(Column::UntilAt.eq(until_at));
    one.filter(Column::Tables.eq(tables)).exec(txn).await.map(drop)
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
