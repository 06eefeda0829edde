//! Staff.

use chrono::{DateTime, Utc};
use entities::{
    clerk::{ActiveModel, Column, Entity, Model},
    recovery_code as recovery,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::SelectStatement,
};

use crate::domain::staff::Role;

/// Adds a member of staff.
///
/// # Errors
/// What the database said; a taken name is a unique violation.
pub async fn insert(
    txn: &impl ConnectionTrait,
    name: &str,
    role: &str,
    password: String,
    made_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        name: Set(known_as(name)),
        role: Set(role.to_owned()),
        password: Set(password),
        made_at: Set(made_at),
        totp_sealed: Set(String::new()),
        totp_step: Set(0),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The member of staff of this name, unless they were removed.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<Model>, DbErr> {
    let named = Entity::find().filter(Column::Name.eq(known_as(name)));
    named.filter(Column::RemovedAt.is_null()).one(db).await
}

/// Somebody by their number, unless they were removed.
///
/// # Errors
/// What the database said.
pub async fn find_by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::RemovedAt.is_null()).one(db).await
}

/// Whether anybody of the staff has this role.
///
/// # Errors
/// What the database said.
pub async fn has_role(db: &impl ConnectionTrait, role: Role) -> Result<bool, DbErr> {
    let theirs = Entity::find().filter(Column::Role.eq(role.key())).filter(Column::RemovedAt.is_null());
    Ok(theirs.one(db).await?.is_some())
}

/// Everybody there ever was, by name.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    let mut all = Entity::find().order_by_asc(Column::Id).all(db).await?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// Who may do something, still: neither removed nor in another role by now. Only they count as one of two.
pub(super) fn ids_of(may: fn(Role) -> bool) -> SelectStatement {
    let roles = Role::ALL.into_iter().filter(|role| may(*role)).map(Role::key);
    let some = Entity::find().select_only().column(Column::Id).filter(Column::Role.is_in(roles));
    QueryTrait::into_query(some.filter(Column::RemovedAt.is_null()))
}

/// Changes something about somebody who was not removed; `false` if there is nobody.
///
/// # Errors
/// What the database said.
pub async fn update(txn: &impl ConnectionTrait, id: i64, change: ActiveModel) -> Result<bool, DbErr> {
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    Ok(update.filter(Column::RemovedAt.is_null()).exec(txn).await?.rows_affected == 1)
}

/// Takes the code of a time step; `false` if that one or a later one was taken before.
///
/// # Errors
/// What the database said.
pub async fn take_step(txn: &impl ConnectionTrait, id: i64, step: i64) -> Result<bool, DbErr> {
    let change = ActiveModel { totp_step: Set(step), ..Default::default() };
    let update =
        Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(Column::TotpStep.lt(step));
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// Gives somebody recovery codes in place of those they had.
///
/// # Errors
/// What the database said.
pub async fn set_recovery(txn: &impl ConnectionTrait, id: i64, keys: Vec<String>) -> Result<(), DbErr> {
    recovery::Entity::delete_many().filter(recovery::Column::ClerkId.eq(id)).exec(txn).await?;
    let row =
        |code_key| recovery::ActiveModel { code_key: Set(code_key), clerk_id: Set(id), used_at: Set(None) };
    let rows: Vec<recovery::ActiveModel> = keys.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    recovery::Entity::insert_many(rows).exec_without_returning(txn).await.map(drop)
}

/// Uses a recovery code; `false` if there is none, or it was used before.
///
/// # Errors
/// What the database said.
pub async fn take_recovery(
    txn: &impl ConnectionTrait,
    id: i64,
    code_key: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let change = recovery::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    let update = recovery::Entity::update_many().set(change).filter(recovery::Column::ClerkId.eq(id));
    let update =
        update.filter(recovery::Column::CodeKey.eq(code_key)).filter(recovery::Column::UsedAt.is_null());
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// What the database said.
pub async fn count_recovery(db: &impl ConnectionTrait, id: i64) -> Result<u64, DbErr> {
    let theirs = recovery::Entity::find().filter(recovery::Column::ClerkId.eq(id));
    theirs.filter(recovery::Column::UsedAt.is_null()).count(db).await
}

/// Names that differ in case or in spaces around them are one person's.
pub fn known_as(name: &str) -> String {
    name.trim().to_lowercase()
}
