//! What went wrong for everybody, and when.

use chrono::{DateTime, Utc};
use entities::incident::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// A new one.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    kind: &str,
    about: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        kind: Set(kind.to_owned()),
        about: Set(about.to_owned()),
        began_at: Set(now),
        seen_at: Set(now),
        ended_at: Set(None),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Those that go on.
///
/// # Errors
/// What the database said.
pub async fn list_open(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::EndedAt.is_null()).order_by_asc(Column::Id).all(db).await
}

/// Those that go on, and those that ended since, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, since: DateTime<Utc>, most: u64) -> Result<Vec<Model>, DbErr> {
    let some = Condition::any().add(Column::EndedAt.is_null()).add(Column::EndedAt.gte(since));
    Entity::find().filter(some).order_by_desc(Column::Id).limit(most).all(db).await
}

/// Those that began within some time, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_between(
    db: &impl ConnectionTrait,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let some = Entity::find().filter(Column::BeganAt.gte(from)).filter(Column::BeganAt.lte(until));
    some.order_by_asc(Column::Id).all(db).await
}

/// It is still so.
///
/// # Errors
/// What the database said.
pub async fn see(txn: &impl ConnectionTrait, id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let change = ActiveModel { seen_at: Set(now), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(txn).await.map(drop)
}

/// It is over.
///
/// # Errors
/// What the database said.
pub async fn settle(txn: &impl ConnectionTrait, id: i64, ended_at: DateTime<Utc>) -> Result<(), DbErr> {
    let change = ActiveModel { ended_at: Set(Some(ended_at)), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    update.filter(Column::EndedAt.is_null()).exec(txn).await.map(drop)
}
