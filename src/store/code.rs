//! One-time codes.

use chrono::{DateTime, TimeDelta, Utc};
use entities::code::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use subtle::ConstantTimeEq;

/// For so long the right code is right once more.
const AGAIN: TimeDelta = TimeDelta::seconds(60);

/// A new code, on its way.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, code: ActiveModel) -> Result<(), DbErr> {
    Entity::insert(code).exec_without_returning(txn).await.map(drop)
}

/// When codes went to this address that nobody has typed, and the network each was asked for from; the oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_untyped(
    db: &impl ConnectionTrait,
    address_key: &str,
    after: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, String)>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::MadeAt, Column::CallerKey])
        .filter(Column::AddressKey.eq(address_key))
        .filter(Column::MadeAt.gt(after))
        .filter(Column::UsedAt.is_null())
        .order_by_asc(Column::MadeAt)
        .into_tuple()
        .all(db)
        .await
}

/// How many codes a network was sent, by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfCaller {
    /// And somebody typed them.
    pub typed: i64,
    /// And nobody did.
    pub untyped: i64,
}

/// How many codes this network was sent by a channel in the hour before `now`. Those of another say nothing about these.
///
/// # Errors
/// What the database said.
pub async fn count_of_caller(
    db: &impl ConnectionTrait,
    caller_key: &str,
    channel: &str,
    now: DateTime<Utc>,
) -> Result<OfCaller, DbErr> {
    let counted = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "sent")
        .column_as(Column::UsedAt.count(), "typed")
        .filter(Column::CallerKey.eq(caller_key))
        .filter(Column::MadeAt.gt(now - TimeDelta::hours(1)))
        .filter(Column::Channel.eq(channel));
    let (sent, typed): (i64, i64) = counted.into_tuple().one(db).await?.unwrap_or_default();
    Ok(OfCaller { typed, untyped: sent - typed })
}

/// How many codes were sent by text in a stretch of time, and how many of them were typed.
///
/// # Errors
/// What the database said.
pub async fn count_texts(
    db: &impl ConnectionTrait,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(u64, u64), DbErr> {
    let texts = || {
        let texts = Entity::find().filter(Column::MadeAt.gt(from)).filter(Column::MadeAt.lte(until));
        texts.filter(Column::Channel.eq("sms"))
    };
    Ok((texts().count(db).await?, texts().filter(Column::UsedAt.is_not_null()).count(db).await?))
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The right code, for the first time; as it was kept.
    Right(Box<Model>),
    /// The right code once more, by a double tap.
    Again,
    /// Not the code; so many tries are left.
    Wrong(i32),
    /// Too late, used before, or unknown.
    Expired,
    /// No tries are left.
    TooMany,
}

/// Tries a code, in the caller's transaction. The try is counted before it is looked at, so that
/// a thousand tries at once are still a thousand tries.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: &str,
    code_key: &str,
    most: i32,
    now: DateTime<Utc>,
) -> Result<Tried, DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Tries.lt(most))
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    let Some(code) = Entity::find_by_id(id.to_owned()).one(txn).await? else { return Ok(Tried::Expired) };
    let right = bool::from(code.code_key.as_bytes().ct_eq(code_key.as_bytes()));
    if counted.rows_affected == 0 {
        // A double tap, or an answer lost on the way: the same session, the same code, just now.
        if right && code.used_at.is_some_and(|used_at| now - used_at < AGAIN) {
            return Ok(Tried::Again);
        }
        let spent = code.tries >= most && code.used_at.is_none() && code.expires_at > now;
        return Ok(if spent { Tried::TooMany } else { Tried::Expired });
    }
    if !right {
        return Ok(Tried::Wrong(most - code.tries));
    }
    let used = ActiveModel { used_at: sea_orm::ActiveValue::Set(Some(now)), ..Default::default() };
    Entity::update_many().set(used).filter(Column::Id.eq(id)).exec(txn).await?;
    Ok(Tried::Right(Box::new(code)))
}

/// Several codes, for the sender.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids)).all(db).await
}

/// Whether a code expired before `before`.
///
/// # Errors
/// What the database said.
pub async fn any_expired(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<bool, DbErr> {
    Ok(Entity::find().filter(Column::ExpiresAt.lt(before)).one(db).await?.is_some())
}

/// Forgets codes that expired before `before`.
///
/// # Errors
/// What the database said.
pub async fn remove_expired(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(txn).await?.rows_affected)
}

/// Empties what the sender needed, once the codes are out of our hands.
///
/// # Errors
/// What the database said.
pub async fn forget_words(txn: &impl ConnectionTrait, ids: Vec<String>) -> Result<(), DbErr> {
    let empty = || sea_orm::ActiveValue::Set(String::new());
    let change = ActiveModel { code_sealed: empty(), address_sealed: empty(), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.is_in(ids)).exec(txn).await.map(drop)
}
