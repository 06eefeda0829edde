//! Who is in which entry, and how often somebody tried a link code. Written in the transaction that
//! acknowledges: whoever claims a person second finds the first.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{
    guess,
    member::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::erase::Part;

/// So many codes may be tried in an hour.
const TRIES: i32 = 10;

/// The row of a person.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// The entry that a link code opens.
///
/// # Errors
/// What the database said.
pub async fn find_by_code(db: &impl ConnectionTrait, code_key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::CodeKey.eq(code_key)).one(db).await
}

/// Everybody in an entry, in the order in which they came.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64, entry: &str) -> Result<Vec<Model>, DbErr> {
    let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Entry.eq(entry));
    let mut rows = query.all(db).await?;
    rows.sort_unstable_by(|a, b| (a.at, &a.receipt).cmp(&(b.at, &b.receipt)));
    Ok(rows)
}

/// Claims a person for an entry; returns the row that stands, which may be an earlier one.
///
/// # Errors
/// What the database said.
pub async fn claim(txn: &impl ConnectionTrait, row: Model) -> Result<Model, DbErr> {
    let (round_id, receipt) = (row.round_id, row.receipt.clone());
    let once = OnConflict::columns([Column::RoundId, Column::Receipt]).do_nothing().to_owned();
    let insert = Entity::insert(row.into_active_model().reset_all()).on_conflict(once);
    match insert.exec_without_returning(txn).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error),
    }
    let standing = find(txn, round_id, &receipt).await?;
    standing.ok_or_else(|| DbErr::Custom("a person who was claimed is gone".to_owned()))
}

/// Writes what changed of a row.
///
/// # Errors
/// What the database said.
pub async fn update(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    change: ActiveModel,
) -> Result<(), DbErr> {
    let update = Entity::update_many().set(change).filter(Column::RoundId.eq(round_id));
    update.filter(Column::Receipt.eq(receipt)).exec(txn).await.map(drop)
}

/// Lets a person go.
///
/// # Errors
/// What the database said.
pub async fn remove(txn: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<(), DbErr> {
    Entity::delete_by_id((round_id, receipt.to_owned())).exec(txn).await.map(drop)
}

/// Lets everybody of an entry go.
///
/// # Errors
/// What the database said.
pub async fn remove_all(txn: &impl ConnectionTrait, round_id: i64, entry: &str) -> Result<(), DbErr> {
    let those = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    those.filter(Column::Entry.eq(entry)).exec(txn).await.map(drop)
}

/// Forgets who was with whom in a round that is over. Returns how many that were.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &impl ConnectionTrait, round_id: i64, part: Part<'_>) -> Result<u64, DbErr> {
    let members = Entity::delete_many().filter(Column::RoundId.eq(round_id));
    Ok(members.filter(part.of(Column::Receipt)).exec(txn).await?.rows_affected)
}

/// Counts a try before it is looked at, so that a thousand at once are still a thousand; `false` when
/// it was one too many.
///
/// # Errors
/// What the database said.
pub async fn count_try(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mine = || {
        let rows = guess::Column::RoundId.eq(round_id);
        rows.and(guess::Column::Receipt.eq(receipt))
    };
    let until_at = now + TimeDelta::hours(1);
    let stale = guess::Entity::delete_many().filter(mine()).filter(guess::Column::UntilAt.lte(now));
    stale.exec(txn).await?;
    let row = guess::ActiveModel {
        round_id: Set(round_id),
        receipt: Set(receipt.to_owned()),
        tries: Set(0),
        until_at: Set(until_at),
    };
    let once = OnConflict::columns([guess::Column::RoundId, guess::Column::Receipt]).do_nothing().to_owned();
    match guess::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error),
    }
    let counted = guess::Entity::update_many()
        .col_expr(guess::Column::Tries, Expr::col(guess::Column::Tries).add(1))
        .filter(mine())
        .filter(guess::Column::Tries.lt(TRIES))
        .exec(txn)
        .await?;
    Ok(counted.rows_affected == 1)
}
