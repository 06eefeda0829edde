//! What people agreed to, each version once.

use chrono::{DateTime, Utc};
use entities::consent::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

/// The version of this digest.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, digest: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(digest).one(db).await
}

/// Keeps a version, unless it is kept already.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    digest: &str,
    words: String,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel { digest: Set(digest.to_owned()), words: Set(words), said_at: Set(now) };
    let once = OnConflict::column(Column::Digest).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(txn).await.map(drop)
}
