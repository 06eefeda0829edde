//! Drafts of rounds.

use chrono::{DateTime, SubsecRound, Utc};
use entities::draft::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait},
};

/// A new draft, of a round it begins with if there is one; its number. Instants to the microsecond, as both databases
/// and forms keep them.
///
/// # Errors
/// What the database said.
pub async fn insert(
    txn: &impl ConnectionTrait,
    text: &str,
    from_round: Option<i64>,
    by: Option<i64>,
    now: DateTime<Utc>,
) -> Result<i64, DbErr> {
    let row = ActiveModel {
        text: Set(text.to_owned()),
        round_id: Set(None),
        from_round: Set(from_round),
        made_by: Set(by),
        changed_by: Set(by),
        changed_at: Set(now.trunc_subsecs(6)),
        ..Default::default()
    };
    Ok(Entity::insert(row).exec_with_returning(txn).await?.id)
}

/// One of them.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// What a round was announced with, if that is known.
///
/// # Errors
/// What the database said.
pub async fn find_of(db: &impl ConnectionTrait, round_id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::RoundId.eq(round_id)).one(db).await
}

/// Those that are not announced, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list_open(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::RoundId.is_null())
        .order_by_desc(Column::ChangedAt)
        .limit(most)
        .all(db)
        .await
}

/// Writes a draft anew; `false` if it is announced, or was changed by somebody else since `seen_at`.
///
/// # Errors
/// What the database said.
pub async fn update(
    txn: &impl ConnectionTrait,
    id: i64,
    seen_at: DateTime<Utc>,
    text: &str,
    by: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        text: Set(text.to_owned()),
        changed_by: Set(Some(by)),
        changed_at: Set(now.trunc_subsecs(6)),
        ..Default::default()
    };
    // As long as one person writes, what they saw holds; from when another did, it does not.
    let others_at = CaseStatement::new()
        .case(Expr::col(Column::ChangedBy).eq(by), Expr::col(Column::OthersAt))
        .finally(Expr::col(Column::ChangedAt));
    let update = Entity::update_many().set(change).col_expr(Column::OthersAt, others_at.into());
    let update = update.filter(Column::Id.eq(id)).filter(Column::RoundId.is_null());
    Ok(update.filter(Column::ChangedAt.eq(seen_at)).exec(txn).await?.rows_affected == 1)
}

/// A round was announced with this text: the draft says it from then on, whatever was written into it meanwhile. One
/// that is thrown away by now, or was never one, is kept anew.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: Option<i64>,
    text: &str,
    round_id: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let change =
        ActiveModel { text: Set(text.to_owned()), round_id: Set(Some(round_id)), ..Default::default() };
    if let Some(id) = id {
        let update = Entity::update_many().set(change.clone()).filter(Column::Id.eq(id));
        if update.filter(Column::RoundId.is_null()).exec(txn).await?.rows_affected == 1 {
            return Ok(());
        }
    }
    let row = ActiveModel { changed_at: Set(now.trunc_subsecs(6)), ..change };
    let row = ActiveModel { made_by: Set(None), changed_by: Set(None), ..row };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Throws a draft away; `false` if it is announced, or was changed since `seen_at`.
///
/// # Errors
/// What the database said.
pub async fn remove(txn: &impl ConnectionTrait, id: i64, seen_at: DateTime<Utc>) -> Result<bool, DbErr> {
    let gone = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::RoundId.is_null());
    Ok(gone.filter(Column::ChangedAt.eq(seen_at)).exec(txn).await?.rows_affected == 1)
}
