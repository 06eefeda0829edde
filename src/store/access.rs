//! What staff did that must be found again later: signing in, roles, looking at somebody's data.

use chrono::{DateTime, Utc};
use entities::access::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::clerk;
use crate::domain::staff::Role;

/// What is noted.
#[derive(Clone, Debug, Default)]
pub struct Access<'a> {
    /// Who; `None` for nobody we know, or an operator.
    pub clerk_id: Option<i64>,
    /// What they did: `signed_in`, `refused`, `held_off`, `signed_out`, `role`, …
    pub kind: &'a str,
    /// What it was about.
    pub about: &'a str,
    /// The network address.
    pub address: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Notes it, in the transaction of what it is about.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, at: DateTime<Utc>, access: Access<'_>) -> Result<(), DbErr> {
    let Access { clerk_id, kind, about, address, reason } = access;
    let row = ActiveModel {
        at: Set(at),
        clerk_id: Set(clerk_id),
        kind: Set(kind.to_owned()),
        about: Set(about.to_owned()),
        address: Set(address.to_owned()),
        reason: Set(reason.to_owned()),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Who took something back at a counter since, and when, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list_undone(
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
) -> Result<Vec<(Option<i64>, DateTime<Utc>)>, DbErr> {
    let undone = Entity::find().select_only().columns([Column::ClerkId, Column::At]);
    let undone = undone.filter(Column::Kind.eq("undone")).filter(Column::At.gt(since));
    undone.order_by_desc(Column::Id).into_tuple().all(db).await
}

/// Whether somebody else who may propose, still, did this about the same since.
///
/// # Errors
/// What the database said.
pub async fn is_by_another(
    db: &impl ConnectionTrait,
    (kind, about): (&str, &str),
    clerk_id: i64,
    since: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let others = done(kind, about, since).filter(Column::ClerkId.ne(clerk_id));
    let halves = clerk::ids_of(Role::may_propose);
    Ok(others.filter(Column::ClerkId.in_subquery(halves)).count(db).await? > 0)
}

/// Whether somebody did this about it since.
///
/// # Errors
/// What the database said.
pub async fn is_known(
    db: &impl ConnectionTrait,
    (kind, about): (&str, &str),
    clerk_id: i64,
    since: DateTime<Utc>,
) -> Result<bool, DbErr> {
    Ok(done(kind, about, since).filter(Column::ClerkId.eq(clerk_id)).count(db).await? > 0)
}

/// What was done about something since.
fn done(kind: &str, about: &str, since: DateTime<Utc>) -> Select<Entity> {
    let all = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::About.eq(about));
    all.filter(Column::At.gte(since))
}

/// The latest `count` before the number `before`, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, before: Option<i64>, count: u64) -> Result<Vec<Model>, DbErr> {
    let mut all = Entity::find().order_by_desc(Column::Id).limit(count);
    if let Some(before) = before {
        all = all.filter(Column::Id.lt(before));
    }
    all.all(db).await
}
