//! Times that stood still.

use entities::shift::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

/// Keeps a shift.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, shift: Model) -> Result<(), DbErr> {
    Entity::insert(shift.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// Ends every pause of a round that goes on at `now`. Returns how many did.
///
/// # Errors
/// What the database said.
pub async fn resume(
    txn: &impl ConnectionTrait,
    round_id: i64,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<u64, DbErr> {
    let change = ActiveModel { closed_until: Set(Some(now)), ..Default::default() };
    let paused = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    Ok(paused.filter(Column::ClosedUntil.gt(now)).exec(txn).await?.rows_affected)
}

/// The shifts of a round, in order.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).order_by_asc(Column::Number).all(db).await
}

/// The shifts of all rounds, each round's in order.
///
/// # Errors
/// What the database said.
pub async fn list_all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Number).all(db).await
}
