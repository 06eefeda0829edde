//! The public journal: written with its effect or not at all.

use entities::journal::{Column, Entity, Model};
use public_audit::journal::Event;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::lease;

/// Appends one event of a round. `staff` says who did it, for the municipality alone; empty for what
/// the clock does. Call it last: all who append wait for this transaction's end.
///
/// # Errors
/// What the database said; the caller's transaction must then not be committed.
pub async fn append(
    txn: &impl ConnectionTrait,
    round_id: i64,
    event: &Event,
    staff: &str,
) -> Result<(), DbErr> {
    // One at a time, so that indices have no gaps and their order is that of the commits.
    lease::queue(txn, "journal").await?;
    let row = entities::journal::ActiveModel {
        index: Set(size(txn).await?),
        round_id: Set(round_id),
        kind: Set(event.act.kind().to_owned()),
        line: Set(event.to_string()),
        staff: Set(staff.to_owned()),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// How many events there are.
///
/// # Errors
/// What the database said.
pub async fn size(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last = Entity::find().select_only().column(Column::Index).order_by_desc(Column::Index);
    let last: Option<i64> = last.into_tuple().one(db).await?;
    Ok(last.map_or(0, |index| index + 1))
}

/// The events of a round, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).order_by_asc(Column::Index).all(db).await
}

/// The events of a round that are of certain kinds, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_kinds(
    db: &impl ConnectionTrait,
    round_id: i64,
    kinds: &[&str],
) -> Result<Vec<Model>, DbErr> {
    let of_round = Entity::find().filter(Column::RoundId.eq(round_id));
    of_round.filter(Column::Kind.is_in(kinds.to_vec())).order_by_asc(Column::Index).all(db).await
}

/// The latest event of a round.
///
/// # Errors
/// What the database said.
pub async fn find_last(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).order_by_desc(Column::Index).one(db).await
}

/// At most `count` lines from `index` on.
///
/// # Errors
/// What the database said.
pub async fn list_lines(db: &impl ConnectionTrait, index: i64, count: u64) -> Result<Vec<String>, DbErr> {
    let lines = Entity::find().select_only().column(Column::Line).filter(Column::Index.gte(index));
    lines.order_by_asc(Column::Index).limit(count).into_tuple().all(db).await
}
