//! Staff.

use chrono::{DateTime, Utc};
use entities::clerk::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

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
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The member of staff of this name.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Name.eq(known_as(name))).one(db).await
}

/// Names that differ in case or in spaces around them are one person's.
pub fn known_as(name: &str) -> String {
    name.trim().to_lowercase()
}
