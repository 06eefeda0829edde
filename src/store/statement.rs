//! What was said about somebody, sealed, until their browser comes for it.

use chrono::{DateTime, Utc};
use entities::statement::{ActiveModel, Column, Entity};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, sea_query::OnConflict};

use super::Db;

/// Keeps what was said about somebody for the browser that comes with its ticket.
///
/// # Errors
/// What the database said.
pub async fn keep(db: &Db, row: ActiveModel) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    let once = OnConflict::column(Column::TicketKey).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(&txn).await?;
    txn.commit().await
}

/// Gives out what was said, once.
///
/// # Errors
/// What the database said.
pub async fn give(db: &Db, ticket_key: &str, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
    let txn = db.begin().await?;
    let found = Entity::find_by_id(ticket_key.to_owned()).one(&txn).await?;
    let gone = Entity::delete_by_id(ticket_key.to_owned()).exec(&txn).await?;
    txn.commit().await?;
    let found = found.filter(|found| gone.rows_affected == 1 && now < found.until_at);
    Ok(found.map(|found| found.person_sealed))
}

/// What was said, for whoever may come for it more than once.
///
/// # Errors
/// What the database said.
pub async fn find(db: &Db, ticket_key: &str, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
    let found = Entity::find_by_id(ticket_key.to_owned()).one(db.read()).await?;
    Ok(found.filter(|found| now < found.until_at).map(|found| found.person_sealed))
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
