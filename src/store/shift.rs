//! Times that stood still.

use entities::shift::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

/// Keeps a shift.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, shift: Model) -> Result<(), DbErr> {
    Entity::insert(shift.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
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
