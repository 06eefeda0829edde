//! What one proposes and another decides.

use chrono::{DateTime, Utc};
use entities::proposal::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

/// A new proposal; its number.
///
/// # Errors
/// What the database said.
pub async fn insert(txn: &impl ConnectionTrait, row: ActiveModel) -> Result<i64, DbErr> {
    Ok(Entity::insert(row).exec_with_returning(txn).await?.id)
}

/// One of them.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Those with one of these outcomes, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, outcomes: &[&str], most: u64) -> Result<Vec<Model>, DbErr> {
    let some = Entity::find().filter(Column::Outcome.is_in(outcomes.to_vec()));
    some.order_by_desc(Column::Id).limit(most).all(db).await
}

/// Those of a round, and those that were of none when they were made, oldest first.
///
/// # Errors
/// What the database said.
pub async fn list_of(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<Model>, DbErr> {
    let of_round = Condition::any().add(Column::RoundId.eq(round_id)).add(Column::RoundId.is_null());
    Entity::find().filter(of_round).order_by_asc(Column::Id).all(db).await
}

/// How many wait for a decision.
///
/// # Errors
/// What the database said.
pub async fn count_waiting(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Outcome.eq("waiting")).count(db).await
}

/// How a proposal ends, or that it is put forward.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What it must be until now.
    pub from: &'a str,
    /// What it is then.
    pub to: &'a str,
    /// Who decides, if anybody does.
    pub by: Option<i64>,
    /// Why.
    pub words: &'a str,
}

/// Takes a step; `false` when somebody else was faster.
///
/// # Errors
/// What the database said.
pub async fn settle(
    txn: &impl ConnectionTrait,
    id: i64,
    step: Step<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        outcome: Set(step.to.to_owned()),
        words: Set(step.words.to_owned()),
        decided_by: Set(step.by),
        decided_at: Set(step.by.map(|_| now)),
        ..Default::default()
    };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id));
    Ok(update.filter(Column::Outcome.eq(step.from)).exec(txn).await?.rows_affected == 1)
}
