//! Up to which start reminders are planned.

use chrono::{DateTime, Utc};
use entities::reminded::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

/// Up to which start the reminders of a round are planned, if any are.
///
/// # Errors
/// What the database said.
pub async fn find(
    db: &impl ConnectionTrait,
    round_id: i64,
    kind: &str,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let row = Entity::find_by_id((round_id, kind.to_owned())).one(db).await?;
    Ok(row.map(|row| row.until_at))
}

/// Keeps it.
///
/// # Errors
/// What the database said.
pub async fn set(
    txn: &impl ConnectionTrait,
    round_id: i64,
    kind: &str,
    until: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel { round_id: Set(round_id), kind: Set(kind.to_owned()), until_at: Set(until) };
    let again =
        OnConflict::columns([Column::RoundId, Column::Kind]).update_column(Column::UntilAt).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await.map(drop)
}
