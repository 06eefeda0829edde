//! What was erased, and when: kept for longer than what it is about.

use chrono::{DateTime, Utc};
use entities::certificate::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
};

/// Of a round, in the transaction that erases.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    note: String,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = Model { round_id, note, at }.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The certificate of a round, once there is one.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).one(db).await
}
