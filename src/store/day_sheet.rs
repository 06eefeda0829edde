//! Lists of a day, made for counters without network.

use chrono::{DateTime, Utc};
use entities::day_sheet::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// A new one; its number.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: ActiveModel) -> Result<i64, DbErr> {
    Ok(Entity::insert(row).exec(txn).await?.last_insert_id)
}

/// One of a round.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::RoundId.eq(round_id)).one(db).await
}

/// The latest of a round first, of those made before another if one is named.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    before: Option<i64>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut all = Entity::find().filter(Column::RoundId.eq(round_id)).order_by_desc(Column::Id).limit(most);
    if let Some(before) = before {
        all = all.filter(Column::Id.lt(before));
    }
    all.all(db).await
}

/// A part of it came back and what stands on it was taken in.
///
/// # Errors
/// What the database said.
pub async fn settle(txn: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let change = ActiveModel { settled_at: Set(Some(now)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(txn).await.map(drop)
}
