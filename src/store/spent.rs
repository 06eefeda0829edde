//! What can be shown once.

use chrono::{DateTime, Utc};
use entities::{
    spent::{ActiveModel, Column, Entity},
    statement,
};
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

/// Keeps what was said about somebody for the browser that comes with its ticket.
///
/// # Errors
/// What the database said.
pub async fn keep(db: &Db, row: statement::ActiveModel) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    statement::Entity::insert(row).exec_without_returning(&txn).await?;
    txn.commit().await
}

/// Gives out what was said, once.
///
/// # Errors
/// What the database said.
pub async fn give(db: &Db, ticket_key: &str, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
    let txn = db.begin().await?;
    let found = statement::Entity::find_by_id(ticket_key.to_owned()).one(&txn).await?;
    let gone = statement::Entity::delete_by_id(ticket_key.to_owned()).exec(&txn).await?;
    txn.commit().await?;
    let found = found.filter(|found| gone.rows_affected == 1 && now < found.until_at);
    Ok(found.map(|found| found.person_sealed))
}

/// Forgets what is too late.
///
/// # Errors
/// What the database said.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<(), DbErr> {
    let spent = Entity::find().filter(Column::UntilAt.lte(now)).count(db.read()).await?;
    let said = statement::Entity::find().filter(statement::Column::UntilAt.lte(now)).count(db.read()).await?;
    if spent + said == 0 {
        return Ok(());
    }
    let txn = db.begin().await?;
    Entity::delete_many().filter(Column::UntilAt.lte(now)).exec(&txn).await?;
    statement::Entity::delete_many().filter(statement::Column::UntilAt.lte(now)).exec(&txn).await?;
    txn.commit().await
}
