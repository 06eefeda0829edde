//! Counts that all instances keep together: so often in this minute, so often in this hour.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::load::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

/// Counts one more, unless there are `most` already. Whether it did.
///
/// # Errors
/// What the database said.
pub async fn add(
    txn: &impl ConnectionTrait,
    what: &str,
    from_at: DateTime<Utc>,
    most: i64,
) -> Result<bool, DbErr> {
    let row = ActiveModel { what: Set(what.to_owned()), from_at: Set(from_at), count: Set(0) };
    let once = OnConflict::columns([Column::What, Column::FromAt]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(txn).await?;
    let more = Entity::update_many()
        .col_expr(Column::Count, Expr::col(Column::Count).add(1))
        .filter(Column::What.eq(what))
        .filter(Column::FromAt.eq(from_at))
        .filter(Column::Count.lt(most));
    Ok(more.exec(txn).await?.rows_affected == 1)
}

/// How often each happened in the stretch that began then; what never did is not there.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    whats: &[&str],
    from_at: DateTime<Utc>,
) -> Result<HashMap<String, i64>, DbErr> {
    let rows =
        Entity::find().filter(Column::What.is_in(whats.iter().copied())).filter(Column::FromAt.eq(from_at));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.what, row.count)).collect())
}

/// How often it happened in the stretches that began after.
///
/// # Errors
/// What the database said.
pub async fn count_since(db: &impl ConnectionTrait, what: &str, after: DateTime<Utc>) -> Result<i64, DbErr> {
    let rows = Entity::find().filter(Column::What.eq(what)).filter(Column::FromAt.gt(after));
    Ok(rows.all(db).await?.iter().map(|row| row.count).sum())
}

/// How often each happened in the stretches that began after, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_since(
    db: &impl ConnectionTrait,
    whats: &[&str],
    after: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let rows =
        Entity::find().filter(Column::What.is_in(whats.iter().copied())).filter(Column::FromAt.gt(after));
    rows.order_by_asc(Column::FromAt).all(db).await
}

/// Takes one back of each that happened in the stretch that began then, in this order.
///
/// # Errors
/// What the database said.
pub async fn take_back(
    txn: &impl ConnectionTrait,
    whats: &[&str],
    from_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    for what in whats {
        let less = Entity::update_many().col_expr(Column::Count, Expr::col(Column::Count).sub(1));
        let less = less.filter(Column::What.eq(*what)).filter(Column::FromAt.eq(from_at));
        less.filter(Column::Count.gt(0)).exec(txn).await?;
    }
    Ok(())
}

/// Forgets which of these never happened, after all, in the stretch that began then. Whoever counts them has to wait in the
/// same queue.
///
/// # Errors
/// What the database said.
pub async fn remove_none(
    txn: &impl ConnectionTrait,
    whats: &[&str],
    from_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let none = Entity::delete_many().filter(Column::What.is_in(whats.iter().copied()));
    none.filter(Column::FromAt.eq(from_at)).filter(Column::Count.lte(0)).exec(txn).await.map(drop)
}

/// Forgets what began before.
///
/// # Errors
/// What the database said.
pub async fn remove_before(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::FromAt.lt(before)).exec(txn).await.map(drop)
}

/// Whether anything began before.
///
/// # Errors
/// What the database said.
pub async fn any_before(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<bool, DbErr> {
    Ok(Entity::find().filter(Column::FromAt.lt(before)).one(db).await?.is_some())
}
