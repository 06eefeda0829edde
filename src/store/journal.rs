//! What happened, written with its effect or not at all.

use chrono::{DateTime, Utc};
use entities::journal;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Appends one event to the journal of a round.
///
/// # Errors
/// What the database said; the caller's transaction must then not be committed.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    at: DateTime<Utc>,
    event: &str,
    body: String,
) -> Result<(), DbErr> {
    let row = journal::ActiveModel {
        round_id: Set(round_id),
        at: Set(at),
        event: Set(event.to_owned()),
        body: Set(body),
        ..Default::default()
    };
    journal::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The events of a round, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<journal::Model>, DbErr> {
    journal::Entity::find()
        .filter(journal::Column::RoundId.eq(round_id))
        .order_by_asc(journal::Column::Id)
        .all(db)
        .await
}
