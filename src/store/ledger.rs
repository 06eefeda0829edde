//! What is held and bought of what there is, in won for a round and in people for a seller's stock.
//!
//! Each step is one compare-and-swap on one row; that held and bought together are never more than there is
//! stands in the table besides, where no mistake of ours can pass it.

use entities::ledger::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, UpdateMany,
    sea_query::{Expr, OnConflict},
};

/// The round itself, in won.
pub const ROUND: &str = "";

/// Opens an account, unless it is open.
///
/// # Errors
/// What the database said.
pub async fn open(
    txn: &impl ConnectionTrait,
    round_id: i64,
    scope: &str,
    most: i64,
    redeemed: i64,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        round_id: Set(round_id),
        scope: Set(scope.to_owned()),
        // What was bought before there was a ledger stays bought.
        most: Set(Ord::max(most, redeemed)),
        held: Set(0),
        redeemed: Set(redeemed),
    };
    let once = OnConflict::columns([Column::RoundId, Column::Scope]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(txn).await.map(drop)
}

/// An account.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, scope: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, scope.to_owned())).one(db).await
}

/// The accounts of a round: its own first, then its sellers'.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    let mut rows =
        Entity::find().filter(Column::RoundId.eq(round_id)).order_by_asc(Column::Scope).all(db).await?;
    rows.sort_by(|one, other| one.scope.cmp(&other.scope));
    Ok(rows)
}

/// Holds so much. `false`: there is not so much left.
///
/// # Errors
/// What the database said.
pub async fn hold(txn: &impl ConnectionTrait, round_id: i64, scope: &str, count: i64) -> Result<bool, DbErr> {
    let taken = of(round_id, scope)
        .col_expr(Column::Held, Expr::col(Column::Held).add(count))
        // Written so that no sum leaves 64 bits, whatever is asked for.
        .filter(
            Expr::col(Column::Held).add(Expr::col(Column::Redeemed)).lte(Expr::col(Column::Most).sub(count)),
        )
        .exec(txn)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// What was held is bought.
///
/// # Errors
/// What the database said.
pub async fn redeem(txn: &impl ConnectionTrait, round_id: i64, scope: &str, count: i64) -> Result<(), DbErr> {
    let change = of(round_id, scope)
        .col_expr(Column::Held, Expr::col(Column::Held).sub(count))
        .col_expr(Column::Redeemed, Expr::col(Column::Redeemed).add(count));
    change.exec(txn).await.map(drop)
}

/// What was held is free.
///
/// # Errors
/// What the database said.
pub async fn release(
    txn: &impl ConnectionTrait,
    round_id: i64,
    scope: &str,
    count: i64,
) -> Result<(), DbErr> {
    let change = of(round_id, scope).col_expr(Column::Held, Expr::col(Column::Held).sub(count));
    change.exec(txn).await.map(drop)
}

/// What was bought was not, and is free. `false`: so much was not bought.
///
/// # Errors
/// What the database said.
pub async fn take_back(
    txn: &impl ConnectionTrait,
    round_id: i64,
    scope: &str,
    count: i64,
) -> Result<bool, DbErr> {
    let change = of(round_id, scope)
        .col_expr(Column::Redeemed, Expr::col(Column::Redeemed).sub(count))
        .filter(Column::Redeemed.gte(count));
    Ok(change.exec(txn).await?.rows_affected == 1)
}

fn of(round_id: i64, scope: &str) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::RoundId.eq(round_id)).filter(Column::Scope.eq(scope))
}
