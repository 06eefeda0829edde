//! Reports of drills.

use chrono::{DateTime, Utc};
use entities::drill::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// A report, and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The digest of the rules and the plan's inputs.
    pub subject: &'a str,
    /// Whether the round held.
    pub held: bool,
    /// When the drill was made.
    pub made_at: DateTime<Utc>,
    /// The figures, JSON.
    pub report: &'a str,
    /// The page.
    pub page: &'a str,
    /// The signed note over both.
    pub note: &'a str,
}

/// Keeps a report. Returns its number.
///
/// # Errors
/// What the database said.
pub async fn insert(db: &impl ConnectionTrait, report: Report<'_>) -> Result<i64, DbErr> {
    let row = ActiveModel {
        subject: Set(report.subject.to_owned()),
        held: Set(report.held),
        made_at: Set(report.made_at),
        report: Set(report.report.to_owned()),
        page: Set(report.page.to_owned()),
        note: Set(report.note.to_owned()),
        ..Default::default()
    };
    Ok(Entity::insert(row).exec(db).await?.last_insert_id)
}

/// One of them.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// The last drill of these rules and this plan: its number, whether the round held, when it was made.
///
/// # Errors
/// What the database said.
pub async fn find_last(
    db: &impl ConnectionTrait,
    subject: &str,
) -> Result<Option<(i64, bool, DateTime<Utc>)>, DbErr> {
    Entity::find()
        .filter(Column::Subject.eq(subject))
        .order_by_desc(Column::Id)
        .select_only()
        .columns([Column::Id, Column::Held, Column::MadeAt])
        .into_tuple()
        .one(db)
        .await
}

/// The number of the report on which a round was announced.
///
/// # Errors
/// What the database said.
pub async fn find_of(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<i64>, DbErr> {
    Entity::find()
        .filter(Column::RoundId.eq(round_id))
        .order_by_desc(Column::Id)
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .one(db)
        .await
}

/// The round was announced on it.
///
/// # Errors
/// What the database said.
pub async fn settle(txn: &impl ConnectionTrait, id: i64, round_id: i64) -> Result<(), DbErr> {
    let change = ActiveModel { round_id: Set(Some(round_id)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(txn).await.map(drop)
}
