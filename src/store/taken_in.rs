//! What came of the parts of day sheets when they were taken in.

use entities::taken_in::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::ticked::Key;

/// A part was taken in. Of one that was before, what came of it last stays.
///
/// # Errors
/// What the database said.
pub async fn put(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let anew = OnConflict::columns([Column::RoundId, Column::SheetId, Column::Part])
        .update_columns([Column::At, Column::TickedBy, Column::ConfirmedBy, Column::Digest, Column::Came])
        .to_owned();
    let row: ActiveModel = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// What came of a part, if it was taken in.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, part: Key) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(part).one(db).await
}

/// The parts of a sheet that were taken in, in order.
///
/// # Errors
/// What the database said.
pub async fn list_of(db: &impl ConnectionTrait, round_id: i64, sheet_id: i64) -> Result<Vec<i64>, DbErr> {
    let of = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::SheetId.eq(sheet_id));
    let parts = of.select_only().column(Column::Part).order_by_asc(Column::Part);
    parts.into_tuple().all(db).await
}

/// The sheets of a round, once for each of their parts that was taken in.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<i64>, DbErr> {
    let of = Entity::find().filter(Column::RoundId.eq(round_id));
    of.select_only().column(Column::SheetId).into_tuple().all(db).await
}
