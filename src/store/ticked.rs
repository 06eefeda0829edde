//! What was ticked on day sheets, until somebody else has seen it.

use entities::ticked::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, sea_query::OnConflict,
};

use super::clerk;
use crate::domain::staff::Role;

/// Puts ticks forward. Those that were there before are replaced: two have to see the new ones.
///
/// # Errors
/// What the database said.
pub async fn put(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let anew = OnConflict::columns([Column::RoundId, Column::SheetId, Column::Part])
        .update_columns([Column::Lines, Column::Digest, Column::ClerkId, Column::At, Column::SentBack])
        .to_owned();
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// A part of a day sheet: round, sheet, and its number from 1.
pub type Key = (i64, i64, i64);

/// What is ticked on a part of a sheet, waiting or sent back.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, part: Key) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(part).one(db).await
}

/// What is ticked on the parts of a sheet.
///
/// # Errors
/// What the database said.
pub async fn list_of(db: &impl ConnectionTrait, round_id: i64, sheet_id: i64) -> Result<Vec<Model>, DbErr> {
    let of = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::SheetId.eq(sheet_id));
    of.order_by_asc(Column::Part).all(db).await
}

/// The parts of the sheets of a round on which something is ticked.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    let all = Entity::find().filter(Column::RoundId.eq(round_id));
    all.order_by_asc(Column::SheetId).order_by_asc(Column::Part).all(db).await
}

/// Takes exactly these ticks to be bought, on the word of somebody else than who ticked, if that one still serves at a
/// counter. `false`: they are others by now, sent back, taken already, or of the same person. Of two at once one takes them.
///
/// # Errors
/// What the database said.
pub async fn take(
    txn: &impl ConnectionTrait,
    (round_id, sheet_id, part): Key,
    digest: &str,
    clerk_id: i64,
) -> Result<bool, DbErr> {
    let these = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    let these = these.filter(Column::SheetId.eq(sheet_id)).filter(Column::Part.eq(part));
    let these = these.filter(Column::Digest.eq(digest));
    let these = these.filter(Column::SentBack.is_null()).filter(Column::ClerkId.ne(clerk_id));
    let these = these.filter(Column::ClerkId.in_subquery(clerk::ids_of(Role::may_serve)));
    Ok(these.exec(txn).await?.rows_affected == 1)
}

/// Sends exactly these ticks back. `false`: they are others by now, or were taken.
///
/// # Errors
/// What the database said.
pub async fn send_back(
    txn: &impl ConnectionTrait,
    (round_id, sheet_id, part): Key,
    digest: &str,
    why: &str,
) -> Result<bool, DbErr> {
    let change = ActiveModel { sent_back: Set(Some(why.to_owned())), ..Default::default() };
    let these = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    let these = these.filter(Column::SheetId.eq(sheet_id)).filter(Column::Part.eq(part));
    let these = these.filter(Column::Digest.eq(digest));
    Ok(these.filter(Column::SentBack.is_null()).exec(txn).await?.rows_affected == 1)
}
