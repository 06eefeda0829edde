//! What rounds were planned with, and their forecasts.

use chrono::{DateTime, Utc};
use entities::{
    plan::{ActiveModel, Column, Entity, Model},
    round,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

/// What a round is planned with.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, round_id: i64, inputs: String) -> Result<(), DbErr> {
    let row = ActiveModel { round_id: Set(round_id), inputs: Set(inputs), ..Default::default() };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// A round's plan; rounds announced by earlier versions have none.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(round_id).one(db).await
}

/// The open rounds without a forecast since `day` began.
///
/// # Errors
/// What the database said.
pub async fn list_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    day: DateTime<Utc>,
) -> Result<Vec<(Model, round::Model)>, DbErr> {
    let open = round::Entity::find()
        .filter(round::Column::OpensAt.lte(now))
        .filter(round::Column::ClosesAt.gt(now))
        .filter(round::Column::VoidedAt.is_null())
        .order_by_asc(round::Column::Number)
        .all(db)
        .await?;
    let mut due = Vec::new();
    for round in open {
        let plan = Entity::find_by_id(round.id).filter(stale(day)).one(db).await?;
        due.extend(plan.map(|plan| (plan, round)));
    }
    Ok(due)
}

/// Keeps a forecast, unless another instance has made one since `day` began. Returns whether it did.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    round_id: i64,
    day: DateTime<Utc>,
    made_at: DateTime<Utc>,
    forecast: String,
) -> Result<bool, DbErr> {
    let kept = Entity::update_many()
        .col_expr(Column::ForecastAt, Expr::value(made_at))
        .col_expr(Column::Forecast, Expr::value(forecast))
        .filter(Column::RoundId.eq(round_id))
        .filter(stale(day))
        .exec(txn)
        .await?;
    Ok(kept.rows_affected == 1)
}

fn stale(day: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::ForecastAt.is_null()).add(Column::ForecastAt.lt(day))
}
