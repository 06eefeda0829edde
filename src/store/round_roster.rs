//! Which round uses which roster.

use chrono::{DateTime, Utc};
use entities::round_roster::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::Expr,
};

/// Notes which roster a round uses.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, used: ActiveModel) -> Result<(), DbErr> {
    Entity::insert(used).exec_without_returning(txn).await.map(drop)
}

/// The rosters of all rounds.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(db).await
}

/// The rounds that use a roster of this name.
///
/// # Errors
/// What the database said.
pub async fn list_of(db: &impl ConnectionTrait, name: &str) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Name.eq(name)).all(db).await
}

/// The roster of a round.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(round_id).one(db).await
}

/// The rounds whose members are to be enrolled by `now` and are not yet, all of them.
///
/// # Errors
/// What the database said.
pub async fn list_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>, DbErr> {
    let due = Entity::find().filter(Column::Serves.eq("roster")).filter(Column::EnrolledAt.is_null());
    due.filter(Column::EnrolAt.lte(now)).all(db).await
}

/// Fixes which roster the members of a round are enrolled from; the first to say so says it for good.
///
/// # Errors
/// What the database said.
pub async fn fix(txn: &impl ConnectionTrait, round_id: i64, roster_id: i64) -> Result<(), DbErr> {
    let change = ActiveModel { roster_id: Set(Some(roster_id)), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    update.filter(Column::RosterId.is_null()).exec(txn).await.map(drop)
}

/// Moves the cursor on from `from`, with `enrolled` more; `false` when another process did.
///
/// # Errors
/// What the database said.
pub async fn advance(
    txn: &impl ConnectionTrait,
    round_id: i64,
    (from, to): (&str, &str),
    enrolled: i64,
    ended: Option<DateTime<Utc>>,
) -> Result<bool, DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::Cursor, Expr::value(to))
        .col_expr(Column::Enrolled, Expr::col(Column::Enrolled).add(enrolled))
        .col_expr(Column::EnrolledAt, Expr::value(ended))
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::EnrolledAt.is_null())
        .filter(Column::Cursor.eq(from));
    Ok(update.exec(txn).await?.rows_affected == 1)
}
