//! Reports of drills as a list shows them. The page, the figures and the note of each are long, and are not read for it.

use chrono::{DateTime, Utc};
use entities::drill::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A report in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its number.
    pub id: i64,
    /// Whether the round held.
    pub held: bool,
    /// Whether the drill came to a halt.
    pub halted: bool,
    /// When the drill was made.
    pub made_at: DateTime<Utc>,
    /// The draft's titles, Korean and English; empty of a drill of which they were not kept.
    pub titles: (String, String),
    /// Which jebi drilled; empty likewise.
    pub version: String,
    /// The round that was announced on it.
    pub round_id: Option<i64>,
}

/// As it is selected in [`list`].
type Row = (i64, bool, bool, DateTime<Utc>, String, String, String, Option<i64>);

/// The latest `count` before the number `before`, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, before: Option<i64>, count: u64) -> Result<Vec<Listed>, DbErr> {
    let mut all = Entity::find().order_by_desc(Column::Id).limit(count);
    if let Some(before) = before {
        all = all.filter(Column::Id.lt(before));
    }
    let columns = [
        Column::Id,
        Column::Held,
        Column::Halted,
        Column::MadeAt,
        Column::TitleKo,
        Column::TitleEn,
        Column::Version,
        Column::RoundId,
    ];
    let rows: Vec<Row> = all.select_only().columns(columns).into_tuple().all(db).await?;
    let listed = |(id, held, halted, made_at, ko, en, version, round_id): Row| Listed {
        id,
        held,
        halted,
        made_at,
        titles: (ko, en),
        version,
        round_id,
    };
    Ok(rows.into_iter().map(listed).collect())
}
