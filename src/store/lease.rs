//! Singleton jobs: whoever holds the row does the work until it runs out.

use chrono::{DateTime, TimeDelta, Utc};
use entities::lease;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::Db;

/// Takes or renews the lease `name` for `holder`; `false` when somebody else has it.
///
/// # Errors
/// What the database said.
pub async fn take(
    db: &Db,
    name: &str,
    holder: &str,
    now: DateTime<Utc>,
    length: TimeDelta,
) -> Result<bool, DbErr> {
    let txn = db.begin().await?;
    let row = lease::ActiveModel {
        name: Set(name.to_owned()),
        holder: Set(String::new()),
        until_at: Set(DateTime::UNIX_EPOCH),
    };
    lease::Entity::insert(row)
        .on_conflict(OnConflict::column(lease::Column::Name).do_nothing().to_owned())
        .exec_without_returning(&txn)
        .await?;
    let taken = lease::Entity::update_many()
        .col_expr(lease::Column::Holder, Expr::value(holder))
        .col_expr(lease::Column::UntilAt, Expr::value(now + length))
        .filter(lease::Column::Name.eq(name))
        .filter(Condition::any().add(lease::Column::Holder.eq(holder)).add(lease::Column::UntilAt.lt(now)))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(taken.rows_affected == 1)
}

/// Gives a lease back: whoever asks next has it.
///
/// # Errors
/// What the database said.
pub async fn give_back(db: &Db, name: &str, holder: &str) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    let own = lease::Entity::delete_many().filter(lease::Column::Name.eq(name));
    own.filter(lease::Column::Holder.eq(holder)).exec(&txn).await?;
    txn.commit().await
}

/// Waits until no other transaction is in this queue, and stays in it until the caller's ends: for
/// what is counted before it is added to. SQLite has one writer and needs none of this; in
/// PostgreSQL a second row of the same name waits until the first is committed, and it leaves
/// nothing behind.
///
/// # Errors
/// What the database said.
pub async fn queue(txn: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let name = format!("queue {name}");
    let row = lease::ActiveModel {
        name: Set(name.clone()),
        holder: Set(String::new()),
        until_at: Set(DateTime::UNIX_EPOCH),
    };
    lease::Entity::insert(row).exec_without_returning(txn).await?;
    lease::Entity::delete_many().filter(lease::Column::Name.eq(name)).exec(txn).await.map(drop)
}
