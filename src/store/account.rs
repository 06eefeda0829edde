//! Accounts of staff at the city's identity provider.

use chrono::{DateTime, Utc};
use entities::account::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Somebody of the staff has this account, and no other.
///
/// # Errors
/// What the database said; an account of somebody else is a unique violation.
pub async fn set(
    txn: &impl ConnectionTrait,
    clerk_id: i64,
    account_key: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ClerkId.eq(clerk_id)).exec(txn).await?;
    let Some(account_key) = account_key else { return Ok(()) };
    let row =
        ActiveModel { account_key: Set(account_key.to_owned()), clerk_id: Set(clerk_id), made_at: Set(now) };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Whose account this is.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, account_key: &str) -> Result<Option<i64>, DbErr> {
    Ok(Entity::find_by_id(account_key.to_owned()).one(db).await?.map(|row| row.clerk_id))
}
