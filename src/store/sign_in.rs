//! Who of the staff is signed in, and who has to wait before they try again.

use chrono::{DateTime, Utc};
use entities::{
    sign_in::{ActiveModel, Column, Entity, Model},
    slowdown,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter,
};

/// Somebody is signed in.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn).await.map(drop)
}

/// Who holds this token; whether it still counts is for the caller to say.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, token_key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(token_key.to_owned()).one(db).await
}

/// Changes a row; `false` if it is gone.
///
/// # Errors
/// What the database said.
pub async fn update(txn: &impl ConnectionTrait, token_key: &str, change: ActiveModel) -> Result<bool, DbErr> {
    let update = Entity::update_many().set(change).filter(Column::TokenKey.eq(token_key));
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// Signs one browser out; `false` if it was.
///
/// # Errors
/// What the database said.
pub async fn remove(txn: &impl ConnectionTrait, token_key: &str) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(token_key.to_owned()).exec(txn).await?.rows_affected == 1)
}

/// Signs somebody out everywhere. Returns at how many browsers.
///
/// # Errors
/// What the database said.
pub async fn remove_all(txn: &impl ConnectionTrait, clerk_id: i64) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ClerkId.eq(clerk_id)).exec(txn).await?.rows_affected)
}

fn over(unused_since: DateTime<Utc>, made_before: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::SeenAt.lte(unused_since)).add(Column::MadeAt.lte(made_before))
}

/// Whether anything here is over.
///
/// # Errors
/// What the database said.
pub async fn any_over(
    db: &impl ConnectionTrait,
    unused_since: DateTime<Utc>,
    made_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let gone = Entity::find().filter(over(unused_since, made_before)).count(db).await?;
    let forgotten = slowdown::Entity::find().filter(slowdown::Column::UntilAt.lte(now)).count(db).await?;
    Ok(gone + forgotten > 0)
}

/// Forgets what is over.
///
/// # Errors
/// What the database said.
pub async fn remove_over(
    txn: &impl ConnectionTrait,
    unused_since: DateTime<Utc>,
    made_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::delete_many().filter(over(unused_since, made_before)).exec(txn).await?;
    slowdown::Entity::delete_many().filter(slowdown::Column::UntilAt.lte(now)).exec(txn).await.map(drop)
}

/// How often somebody tried lately.
///
/// # Errors
/// What the database said.
pub async fn find_slowdown(
    db: &impl ConnectionTrait,
    who_key: &str,
    now: DateTime<Utc>,
) -> Result<Option<slowdown::Model>, DbErr> {
    let known = slowdown::Entity::find_by_id(who_key.to_owned()).one(db).await?;
    Ok(known.filter(|known| known.until_at > now))
}

/// Tries that are about to be forgotten.
///
/// # Errors
/// What the database said.
pub async fn list_slowdowns_over(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<slowdown::Model>, DbErr> {
    slowdown::Entity::find().filter(slowdown::Column::UntilAt.lte(now)).all(db).await
}

/// Notes a try.
///
/// # Errors
/// What the database said.
pub async fn set_slowdown(txn: &impl ConnectionTrait, row: slowdown::Model) -> Result<(), DbErr> {
    remove_slowdown(txn, &row.who_key).await?;
    let row = slowdown::ActiveModel {
        who_key: Set(row.who_key),
        tries: Set(row.tries),
        next_at: Set(row.next_at),
        until_at: Set(row.until_at),
    };
    slowdown::Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Forgets the tries of somebody who was right.
///
/// # Errors
/// What the database said.
pub async fn remove_slowdown(txn: &impl ConnectionTrait, who_key: &str) -> Result<(), DbErr> {
    slowdown::Entity::delete_by_id(who_key.to_owned()).exec(txn).await.map(drop)
}
