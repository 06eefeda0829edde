//! Claims and attempts: who may send what, within which rates.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::{
    attempt,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{Db, skipping_locked};
use crate::store::{rate, tally};

/// What a worker asks for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// `email` or `sms`.
    pub channel: &'a str,
    /// `auth`, `notice` or `ad`.
    pub class: &'a str,
    /// The present.
    pub now: DateTime<Utc>,
    /// Due by then.
    pub horizon: DateTime<Utc>,
    /// The claim holds until then.
    pub until: DateTime<Utc>,
    /// So many at most.
    pub limit: u64,
}

/// Claims notices, soonest first. What is past its deadline is never claimed.
///
/// # Errors
/// What the database said.
pub async fn claim(db: &Db, ask: Ask<'_>) -> Result<Vec<Model>, DbErr> {
    let due = Entity::find()
        .filter(Column::State.eq("planned"))
        .filter(Column::Channel.eq(ask.channel))
        .filter(Column::Class.eq(ask.class))
        .filter(Column::DueAt.lte(ask.horizon))
        .filter(Column::DeadlineAt.gt(ask.now))
        .order_by_asc(Column::DueAt)
        .limit(ask.limit);
    if due.clone().one(db.read()).await?.is_none() {
        return Ok(Vec::new());
    }
    let txn = db.begin().await?;
    let mut due = skipping_locked(due).all(&txn).await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value("sending"))
        .col_expr(Column::Claim, Expr::col(Column::Claim).add(1))
        .col_expr(Column::ClaimedUntil, Expr::value(ask.until))
        .filter(Column::Id.is_in(due.iter().map(|notice| notice.id)))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    for notice in &mut due {
        notice.claim += 1;
        notice.claimed_until = Some(ask.until);
    }
    Ok(due)
}

/// How attempts are made.
#[derive(Clone, Copy, Debug)]
pub struct Through<'a> {
    /// Who is given them.
    pub vendor: &'a str,
    /// By which channel.
    pub channel: &'a str,
    /// The rates they have to keep.
    pub asks: &'a [rate::Ask],
    /// The present.
    pub now: DateTime<Utc>,
    /// The claims hold until then.
    pub until: DateTime<Utc>,
    /// The present of the outside world, which rates are kept in.
    pub wall: DateTime<Utc>,
}

/// What may be sent now, and what has to wait.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// Their attempts are on record: they, and only they, may be sent now.
    pub held: Vec<Model>,
    /// Their claims hold, but the rates do not allow more now.
    pub waiting: Vec<Model>,
    /// When they do; `None` while staff pause.
    pub next_at: Option<DateTime<Utc>>,
}

/// Writes an attempt for each of `notices` whose claim still holds and returns those: only they
/// may be sent now, and their claims hold until `until`.
///
/// # Errors
/// What the database said; nothing may be sent then.
pub async fn attempt(
    db: &Db,
    notices: Vec<Model>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    let through = Through { vendor: "", channel: "", asks: &[], now, until, wall: now };
    Ok(attempt_through(db, notices, through).await?.held)
}

/// The same, within rates.
///
/// # Errors
/// What the database said; nothing may be sent then.
pub async fn attempt_through(db: &Db, notices: Vec<Model>, through: Through<'_>) -> Result<Begun, DbErr> {
    attempt_to(db, notices, through, &HashMap::new()).await
}

/// The same; `sent_to` is what is kept, by notice, of where they go.
///
/// # Errors
/// What the database said; nothing may be sent then.
pub async fn attempt_to(
    db: &Db,
    notices: Vec<Model>,
    through: Through<'_>,
    sent_to: &HashMap<i64, String>,
) -> Result<Begun, DbErr> {
    let Through { now, until, .. } = through;
    let txn = db.begin().await?;
    let held: HashSet<(i64, i32)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Claim])
        .filter(Column::Id.is_in(notices.iter().map(|notice| notice.id)))
        .filter(Column::State.eq("sending"))
        .filter(Column::ClaimedUntil.gt(now))
        .lock_exclusive()
        .into_tuple()
        .all(&txn)
        .await?
        .into_iter()
        .collect();
    let mut held: Vec<Model> =
        notices.into_iter().filter(|notice| held.contains(&(notice.id, notice.claim))).collect();
    if held.is_empty() {
        return Ok(Begun::default());
    }
    let longer = ActiveModel { claimed_until: Set(Some(until)), ..Default::default() };
    Entity::update_many().set(longer).filter(Column::Id.is_in(held.iter().map(|n| n.id))).exec(&txn).await?;
    let permit = rate::take(&txn, through.asks, held.len(), through.wall).await?;
    let waiting = held.split_off(permit.count);
    if !held.is_empty() {
        let vendor = Some(through.vendor.to_owned()).filter(|vendor| !vendor.is_empty());
        let attempts = held.iter().map(|notice| attempt::ActiveModel {
            notice_id: Set(notice.id),
            claim: Set(notice.claim),
            started_at: Set(now),
            vendor: Set(vendor.clone()),
            sent_to: Set(sent_to.get(&notice.id).cloned()),
            ..Default::default()
        });
        attempt::Entity::insert_many(attempts).exec_without_returning(&txn).await?;
        if vendor.is_some() {
            tally::add(&txn, now, through.channel, through.vendor, "attempted", held.len()).await?;
        }
    }
    txn.commit().await?;
    Ok(Begun { held, waiting, next_at: permit.next_at })
}

/// A claimed notice that is given back unsent.
#[derive(Clone, Copy, Debug)]
pub struct Postponed {
    /// Which.
    pub id: i64,
    /// By whom it was held: a later claim is nobody else's to give back.
    pub claim: i32,
    /// Not before this.
    pub due_at: DateTime<Utc>,
    /// The minute in which its round's rate has a place for it.
    pub promised_at: Option<DateTime<Utc>>,
}

/// Gives claimed notices back unsent.
///
/// # Errors
/// What the database said.
pub async fn postpone(db: &Db, notices: &[Postponed]) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    for one in notices {
        let change = ActiveModel {
            state: Set("planned".to_owned()),
            due_at: Set(one.due_at),
            promised_at: Set(one.promised_at),
            ..Default::default()
        };
        let update = Entity::update_many().set(change).filter(Column::Id.eq(one.id));
        update.filter(Column::Claim.eq(one.claim)).filter(Column::State.eq("sending")).exec(&txn).await?;
    }
    txn.commit().await
}
