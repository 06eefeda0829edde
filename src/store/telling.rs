//! What all of a round are still to be told: a row from the event on, until the last notice is planned.

use chrono::{DateTime, Utc};
use entities::telling::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::Expr,
};

/// Everybody is to be told, in the transaction of what they are told of.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    round_id: i64,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        round_id: Set(round_id),
        reason: Set(reason.to_owned()),
        at: Set(at),
        planned: Set(0),
        done_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Of which not all notices are planned, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_open(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::DoneAt.is_null()).order_by_asc(Column::At).all(db).await
}

/// Whether all notices of a round are planned, as far as its events go.
///
/// # Errors
/// What the database said.
pub async fn is_done(db: &impl ConnectionTrait, round_id: i64) -> Result<bool, DbErr> {
    let open = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::DoneAt.is_null());
    Ok(open.count(db).await? == 0)
}

/// Counts notices that are about to be planned, and holds the row until the transaction ends; `false` when
/// nothing is to be planned any more.
///
/// # Errors
/// What the database said.
pub async fn hold(
    txn: &impl ConnectionTrait,
    round_id: i64,
    reason: &str,
    planned: i64,
) -> Result<bool, DbErr> {
    let open = Entity::update_many().col_expr(Column::Planned, Expr::col(Column::Planned).add(planned));
    let open = open.filter(Column::RoundId.eq(round_id)).filter(Column::Reason.eq(reason));
    Ok(open.filter(Column::DoneAt.is_null()).exec(txn).await?.rows_affected == 1)
}

/// The last notice is planned; without a `reason` nobody is told anything more of what has happened.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    round_id: i64,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let change = ActiveModel { done_at: Set(Some(now)), ..Default::default() };
    let mut update = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    if let Some(reason) = reason {
        update = update.filter(Column::Reason.eq(reason));
    }
    update.filter(Column::DoneAt.is_null()).exec(txn).await.map(drop)
}
