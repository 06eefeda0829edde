//! What was counted for statistics, so that it stays the same until it is counted anew.

use chrono::{DateTime, Utc};
use entities::counted::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, sea_query::OnConflict,
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
