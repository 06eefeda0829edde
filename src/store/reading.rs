//! The reading log (접속기록): who took personal data out, of how many people, and why.

use chrono::{DateTime, Utc};
use entities::reading::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QueryOrder};

/// What is read, of which round, of how many people.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The list.
    pub what: &'a str,
    /// The round's slug.
    pub round: &'a str,
    /// Of so many.
    pub people: usize,
}

/// Keeps it. In a transaction that commits before anything is shown: no entry, no data.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    staff: &str,
    taken: Taken<'_>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        at: Set(now),
        staff: Set(staff.to_owned()),
        what: Set(taken.what.to_owned()),
        round: Set(taken.round.to_owned()),
        people: Set(i64::try_from(taken.people).unwrap_or(i64::MAX)),
        reason: Set(reason.to_owned()),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// All of it, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Id).all(db).await
}
