//! What sellers are to be told, kept until their systems have said that they know.

use chrono::{DateTime, Utc};
use entities::webhook::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::erase::Part;

/// To be tried.
pub const PLANNED: &str = "planned";
/// Being tried by somebody, who is taken to be lost from `due_at` on.
pub const SENDING: &str = "sending";
/// The seller's system knows.
pub const DELIVERED: &str = "delivered";
/// Tried for days, in vain; or the seller wants no more.
pub const GIVEN_UP: &str = "given_up";

/// Plans telling.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// What is due at an instant.
fn due(now: DateTime<Utc>) -> sea_orm::Select<Entity> {
    let waits = Condition::any().add(Column::State.eq(PLANNED)).add(Column::State.eq(SENDING));
    Entity::find().filter(waits).filter(Column::DueAt.lte(now))
}

/// The sellers to whom anything is due.
///
/// # Errors
/// What the database said.
pub async fn list_due_sellers(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<String>, DbErr> {
    due(now).select_only().column(Column::Seller).distinct().into_tuple().all(db).await
}

/// What is due to one seller, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_due(
    db: &impl ConnectionTrait,
    seller: &str,
    now: DateTime<Utc>,
    count: u64,
) -> Result<Vec<Model>, DbErr> {
    let of = due(now).filter(Column::Seller.eq(seller));
    of.order_by_asc(Column::DueAt).limit(count).all(db).await
}

/// Takes one for a while, as it was seen. Returns whether this call did it.
///
/// # Errors
/// What the database said.
pub async fn claim(txn: &impl ConnectionTrait, seen: &Model, until: DateTime<Utc>) -> Result<bool, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::State, Expr::value(SENDING))
        .col_expr(Column::DueAt, Expr::value(until))
        .col_expr(Column::Tries, Expr::value(seen.tries + 1))
        .filter(Column::Id.eq(&seen.id))
        .filter(Column::State.eq(&seen.state))
        .filter(Column::Tries.eq(seen.tries));
    Ok(taken.exec(txn).await?.rows_affected == 1)
}

/// What the try came to, unless somebody else has taken it since.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: &str,
    tries: i32,
    state: &str,
    due_at: DateTime<Utc>,
    said: &str,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        state: Set(state.to_owned()),
        due_at: Set(due_at),
        said: Set(said.to_owned()),
        ..Default::default()
    };
    let mine = Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(Column::Tries.eq(tries));
    Ok(mine.filter(Column::State.eq(SENDING)).exec(txn).await?.rows_affected == 1)
}

/// Forgets what sellers were told of a round. Returns how much that was.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let all = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    Ok(all.filter(part.of(Column::Id)).exec(txn).await?.rows_affected)
}

/// How much a seller's system has not taken, or never will.
///
/// # Errors
/// What the database said.
pub async fn count_untold(db: &impl ConnectionTrait, round_id: i64, seller: &str) -> Result<u64, DbErr> {
    let of = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Seller.eq(seller));
    of.filter(Column::State.ne(DELIVERED)).count(db).await
}

/// All that a seller was or is to be told, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, seller: &str) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Seller.eq(seller)).order_by_asc(Column::MadeAt).all(db).await
}
