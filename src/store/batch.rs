//! Changes of the pool-to-be: noted by each fold, published in batches.

use chrono::{DateTime, Utc};
use entities::{batch, change};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// Notes what a fold did, in its transaction.
///
/// # Errors
/// What the database said.
pub async fn note(
    txn: &impl ConnectionTrait,
    round_id: i64,
    at: DateTime<Utc>,
    leaves: String,
) -> Result<(), DbErr> {
    let row = change::ActiveModel {
        round_id: Set(round_id),
        at: Set(at),
        leaves: Set(leaves),
        ..Default::default()
    };
    change::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The rounds with a change noted at `before` or earlier and not published.
///
/// # Errors
/// What the database said.
pub async fn list_due(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<Vec<i64>, DbErr> {
    let due = change::Entity::find().select_only().column(change::Column::RoundId).distinct();
    due.filter(change::Column::At.lte(before)).into_tuple().all(db).await
}

/// The oldest that is noted of a round and not published, at most `limit` rows. Others who publish must
/// wait: call it in the journal's queue.
///
/// # Errors
/// What the database said.
pub async fn list_noted(
    txn: &impl ConnectionTrait,
    round_id: i64,
    limit: u64,
) -> Result<Vec<change::Model>, DbErr> {
    change::Entity::find()
        .filter(change::Column::RoundId.eq(round_id))
        .order_by_asc(change::Column::Id)
        .limit(limit)
        .all(txn)
        .await
}

/// Forgets what is published now.
///
/// # Errors
/// What the database said.
pub async fn remove_noted(txn: &impl ConnectionTrait, noted: &[change::Model]) -> Result<(), DbErr> {
    for some in noted.chunks(super::BATCH_BINDS) {
        let ids = some.iter().map(|change| change.id);
        change::Entity::delete_many().filter(change::Column::Id.is_in(ids)).exec(txn).await?;
    }
    Ok(())
}

/// A batch, as published.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    number: u64,
    text: String,
) -> Result<(), DbErr> {
    let number = Set(i64::try_from(number).unwrap_or(i64::MAX));
    let row = batch::ActiveModel { round_id: Set(round_id), number, text: Set(text) };
    batch::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// How many batches of a round there are.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    batch::Entity::find().filter(batch::Column::RoundId.eq(round_id)).count(db).await
}

/// One batch of a round.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, number: i64) -> Result<Option<String>, DbErr> {
    let found = batch::Entity::find_by_id((round_id, number)).one(db).await?;
    Ok(found.map(|batch| batch.text))
}
