//! Reports of drills.

mod listed;

use chrono::{DateTime, Utc};
use entities::drill::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::domain::drill::Size;

pub use listed::{Listed, list};

/// A report, and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The digest of the rules and the plan's inputs.
    pub subject: &'a str,
    /// The draft's titles, Korean and English.
    pub titles: (&'a str, &'a str),
    /// Which jebi drilled.
    pub version: &'a str,
    /// Whether the round held.
    pub held: bool,
    /// Whether the drill came to a halt.
    pub halted: bool,
    /// When the drill was made.
    pub made_at: DateTime<Utc>,
    /// How many people it had.
    pub size: Size,
    /// Whether all the trouble that was made met somebody.
    pub all_met: bool,
    /// The figures, JSON.
    pub report: &'a str,
    /// The page.
    pub page: &'a str,
    /// The signed note over both.
    pub note: &'a str,
}

/// The drill that counts, as far as it is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Last {
    /// Its number.
    pub id: i64,
    /// Whether the round held.
    pub held: bool,
    /// When the drill was made.
    pub made_at: DateTime<Utc>,
    /// How many people it had.
    pub size: Size,
    /// Whether all the trouble that was made met somebody.
    pub all_met: bool,
}

/// Keeps a report. Returns its number.
///
/// # Errors
/// What the database said.
pub async fn insert(db: &impl ConnectionTrait, report: Report<'_>) -> Result<i64, DbErr> {
    let row = ActiveModel {
        subject: Set(report.subject.to_owned()),
        title_ko: Set(report.titles.0.to_owned()),
        title_en: Set(report.titles.1.to_owned()),
        version: Set(report.version.to_owned()),
        held: Set(report.held),
        halted: Set(report.halted),
        made_at: Set(report.made_at),
        over_sockets: Set(signed(report.size.over_sockets)),
        in_process: Set(signed(report.size.in_process)),
        all_met: Set(report.all_met),
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

/// The drill of these rules and this plan that counts: the last of those as large as asked for that met all their trouble,
/// and of those, however small, in which the round did not hold. Where there is neither, the last one.
///
/// # Errors
/// What the database said.
pub async fn find_last(db: &impl ConnectionTrait, subject: &str, asked: Size) -> Result<Option<Last>, DbErr> {
    let of_it = Condition::all().add(Column::Subject.eq(subject));
    let large = Condition::all()
        .add(Column::OverSockets.gte(signed(asked.over_sockets)))
        .add(Column::InProcess.gte(signed(asked.in_process)))
        .add(Column::AllMet.eq(true));
    let counts = Condition::any().add(Column::Held.eq(false)).add(large);
    match last(db, of_it.clone().add(counts)).await? {
        None => last(db, of_it).await,
        found => Ok(found),
    }
}

/// As it is selected in [`last`].
type Row = (i64, bool, DateTime<Utc>, i64, i64, bool);

async fn last(db: &impl ConnectionTrait, of: Condition) -> Result<Option<Last>, DbErr> {
    let found: Option<Row> = Entity::find()
        .filter(of)
        .order_by_desc(Column::Id)
        .select_only()
        .columns([
            Column::Id,
            Column::Held,
            Column::MadeAt,
            Column::OverSockets,
            Column::InProcess,
            Column::AllMet,
        ])
        .into_tuple()
        .one(db)
        .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(found.map(|(id, held, made_at, sockets, process, all_met)| {
        let size = Size { over_sockets: count(sockets), in_process: count(process) };
        Last { id, held, made_at, size, all_met }
    }))
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
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
