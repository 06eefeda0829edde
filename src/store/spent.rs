//! What can be shown once.

use chrono::{DateTime, Utc};
use entities::spent::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, SqlErr};

use super::Db;

/// Takes something that was shown; `false` if it was shown before. A transaction of its own: what comes of it later
/// does not give it back.
///
/// # Errors
/// What the database said.
pub async fn take(db: &Db, what_key: &str, until_at: DateTime<Utc>) -> Result<bool, DbErr> {
    let txn = db.begin().await?;
    let row = ActiveModel { what_key: Set(what_key.to_owned()), until_at: Set(until_at) };
    match Entity::insert(row).exec_without_returning(&txn).await {
        Ok(_) => txn.commit().await.map(|()| true),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Forgets what is too late.
///
/// # Errors
/// What the database said.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<(), DbErr> {
    if Entity::find().filter(Column::UntilAt.lte(now)).count(db.read()).await? == 0 {
        return Ok(());
    }
    let txn = db.begin().await?;
    Entity::delete_many().filter(Column::UntilAt.lte(now)).exec(&txn).await?;
    txn.commit().await
}
