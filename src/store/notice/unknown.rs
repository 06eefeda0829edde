//! Notices whose fate is unknown: who asks for them, and how it ends.

use chrono::{DateTime, Utc};
use entities::{
    attempt,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::Db;
use crate::store::{rate, tally};

/// A notice whose last attempt is open, and that attempt.
#[derive(Clone, Debug)]
pub struct Open {
    /// The notice.
    pub notice: Model,
    /// Who was given it.
    pub vendor: Option<String>,
    /// When.
    pub since: DateTime<Utc>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The vendor has it, under this number.
    Accepted(Option<String>),
    /// The vendor has it not: it is planned again, and anybody may send it.
    Missing,
    /// To be asked for again.
    Later(DateTime<Utc>),
    /// Nobody will ever know: somebody calls.
    Unresolved,
    /// Nobody will ever know: it is sent once more, and that is counted.
    Risked,
}

/// Notices of a channel that are unknown and due to be asked for; nobody else is given them before `until`.
///
/// # Errors
/// What the database said.
pub async fn list_unknown(
    db: &Db,
    channel: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Open>, DbErr> {
    let mut found = Vec::new();
    for class in ["auth", "notice", "ad"] {
        let due = Entity::find()
            .filter(Column::State.eq("unknown"))
            .filter(Column::Channel.eq(channel))
            .filter(Column::Class.eq(class))
            .filter(Column::DueAt.lte(now))
            .order_by_asc(Column::DueAt)
            .limit(limit);
        if due.clone().one(db.read()).await?.is_none() {
            continue;
        }
        let txn = db.begin().await?;
        let due = super::skipping_locked(due).all(&txn).await?;
        let later = ActiveModel { due_at: Set(until), ..Default::default() };
        Entity::update_many()
            .set(later)
            .filter(Column::Id.is_in(due.iter().map(|notice| notice.id)))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        found.extend(due);
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let attempts = attempt::Entity::find()
        .filter(attempt::Column::NoticeId.is_in(found.iter().map(|notice| notice.id)))
        .all(db.read())
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|notice| {
            let last =
                attempts.iter().filter(|one| one.notice_id == notice.id).max_by_key(|one| one.claim)?;
            Some(Open { vendor: last.vendor.clone(), since: last.started_at, notice })
        })
        .collect())
}

/// Writes what became of a notice, unless somebody else has meanwhile.
///
/// # Errors
/// What the database said; it is asked for again.
pub async fn resolve(
    db: &Db,
    notice: &Model,
    vendor: &str,
    fate: Fate,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (change, outcome, detail, counted) = match &fate {
        Fate::Accepted(reference) => {
            (ended("accepted", now), Some("accepted"), reference.clone(), Some("found"))
        }
        Fate::Missing => {
            let lost = Some("the vendor has not got it".to_owned());
            (planned(now), Some("rejected"), lost, Some("missing"))
        }
        Fate::Later(at) => (ActiveModel { due_at: Set(*at), ..Default::default() }, None, None, None),
        Fate::Unresolved => (ended("unresolved", now), None, None, Some("unresolved")),
        Fate::Risked => (planned(now), None, None, Some("risk")),
    };
    let txn = db.begin().await?;
    let mut update = Entity::update_many().set(change);
    if fate == Fate::Risked {
        update = update.col_expr(Column::Risks, Expr::col(Column::Risks).add(1));
    }
    let done = update
        .filter(Column::Id.eq(notice.id))
        .filter(Column::Claim.eq(notice.claim))
        .filter(Column::State.eq("unknown"))
        .exec(&txn)
        .await?;
    if done.rows_affected == 1 {
        if let Some(outcome) = outcome {
            let change = attempt::ActiveModel {
                outcome: Set(Some(outcome.to_owned())),
                reference: Set(detail.clone().filter(|_| outcome == "accepted")),
                detail: Set(detail),
                ..Default::default()
            };
            attempt::Entity::update_many()
                .set(change)
                .filter(attempt::Column::NoticeId.eq(notice.id))
                .filter(attempt::Column::Claim.eq(notice.claim))
                .exec(&txn)
                .await?;
        }
        if let Some(counted) = counted {
            tally::add(&txn, rate::minute(now), &notice.channel, vendor, counted, 1).await?;
        }
    }
    txn.commit().await
}

fn ended(state: &str, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel { state: Set(state.to_owned()), ended_at: Set(Some(now)), ..Default::default() }
}

fn planned(now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        state: Set("planned".to_owned()),
        due_at: Set(now),
        promised_at: Set(None),
        ..Default::default()
    }
}
