//! The outbox. A notice is claimed for a minute, its attempt is written before the call is made,
//! and its outcome after: what a crash leaves open is known, and who lost a claim cannot send.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{
    attempt,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{BATCH_BINDS, Db, bulk};

mod ending;

pub use ending::{Ending, Outcome, count_tries, release, settle};

/// Rows of one insert: twelve columns each.
const BATCH: usize = BATCH_BINDS / 12;

/// A notice to be planned for `send_at`, pointless after so long.
pub fn planned(
    round_id: i64,
    about: &str,
    reason: &str,
    version: i32,
    channel: &str,
    send_at: DateTime<Utc>,
    pointless_after: TimeDelta,
) -> ActiveModel {
    ActiveModel {
        round_id: Set(round_id),
        about: Set(about.to_owned()),
        reason: Set(reason.to_owned()),
        version: Set(version),
        channel: Set(channel.to_owned()),
        planned_at: Set(send_at),
        due_at: Set(send_at),
        deadline_at: Set(send_at + pointless_after),
        state: Set("planned".to_owned()),
        claim: Set(0),
        claimed_until: Set(None),
        ended_at: Set(None),
        ..Default::default()
    }
}

/// Plans notices; one that is already planned (same entry, reason, version, channel) stays as it
/// is.
///
/// # Errors
/// What the database said.
pub async fn insert_all(
    txn: &impl ConnectionTrait,
    notices: impl Iterator<Item = ActiveModel>,
) -> Result<(), DbErr> {
    let once = "ON CONFLICT (\"round_id\", \"about\", \"reason\", \"version\", \"channel\") DO NOTHING";
    bulk::insert_models(txn, once, notices).await.map(drop)
}

/// Ends the confirmations of entries that have changed since and that have not left: at night they
/// would pile up until the morning, and the last one alone is true.
///
/// # Errors
/// What the database said.
pub async fn supersede(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    end_about(txn, round_id, receipts, &["entered", "withdrawn"], now).await
}

/// Ends all notices of a round that have not left, but for codes: somebody waits for those at a page.
///
/// # Errors
/// What the database said.
pub async fn end_planned(txn: &impl ConnectionTrait, round_id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let ended =
        ActiveModel { state: Set("expired".to_owned()), ended_at: Set(Some(now)), ..Default::default() };
    let planned = Entity::update_many().set(ended).filter(Column::RoundId.eq(round_id));
    let planned = planned.filter(Column::State.eq("planned")).filter(Column::Reason.ne("code"));
    planned.exec(txn).await.map(drop)
}

/// Ends those notices about some entries that have not left: what they say is said anew, or is no longer
/// true.
///
/// # Errors
/// What the database said.
pub async fn end_about(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
    reasons: &[&str],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ended =
        ActiveModel { state: Set("expired".to_owned()), ended_at: Set(Some(now)), ..Default::default() };
    for some in receipts.chunks(BATCH) {
        let update = Entity::update_many().set(ended.clone()).filter(Column::RoundId.eq(round_id));
        let update = update.filter(Column::About.is_in(some)).filter(Column::Reason.is_in(reasons.to_vec()));
        update.filter(Column::State.eq("planned")).exec(txn).await?;
    }
    Ok(())
}

/// The notices about some entries that have not left, held: nobody sends them before this transaction ends.
///
/// # Errors
/// What the database said.
pub async fn list_unsent(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
    reasons: &[&str],
) -> Result<Vec<Model>, DbErr> {
    let mut unsent = Vec::new();
    for some in receipts.chunks(BATCH) {
        let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::About.is_in(some));
        let query = query.filter(Column::Reason.is_in(reasons.to_vec())).filter(Column::State.eq("planned"));
        unsent.extend(query.lock_exclusive().all(txn).await?);
    }
    Ok(unsent)
}

/// What a worker asks for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// `email` or `sms`.
    pub channel: &'a str,
    /// One-time codes, for which somebody is waiting at a page; or everything else.
    pub codes: bool,
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
    let of_kind = if ask.codes { Column::Reason.eq("code") } else { Column::Reason.ne("code") };
    let due = Entity::find()
        .filter(Column::State.eq("planned"))
        .filter(Column::Channel.eq(ask.channel))
        .filter(of_kind)
        .filter(Column::DueAt.lte(ask.horizon))
        .filter(Column::DeadlineAt.gt(ask.now))
        .order_by_asc(Column::DueAt)
        .limit(ask.limit);
    if due.clone().one(db.read()).await?.is_none() {
        return Ok(Vec::new());
    }
    let txn = db.begin().await?;
    let mut due = due.lock_exclusive().all(&txn).await?;
    // A second instance may have claimed some between its question and our lock.
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
    let held: Vec<Model> =
        notices.into_iter().filter(|notice| held.contains(&(notice.id, notice.claim))).collect();
    let attempts = held.iter().map(|notice| attempt::ActiveModel {
        notice_id: Set(notice.id),
        claim: Set(notice.claim),
        started_at: Set(now),
        ..Default::default()
    });
    if held.is_empty() {
        return Ok(held);
    }
    attempt::Entity::insert_many(attempts).exec_without_returning(&txn).await?;
    let longer = ActiveModel { claimed_until: Set(Some(until)), ..Default::default() };
    Entity::update_many().set(longer).filter(Column::Id.is_in(held.iter().map(|n| n.id))).exec(&txn).await?;
    txn.commit().await?;
    Ok(held)
}

/// Gives claimed notices back unsent, each (id, claim) due at a later instant.
///
/// # Errors
/// What the database said.
pub async fn postpone(db: &Db, notices: &[(i64, i32, DateTime<Utc>)]) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    for (id, claim, due_at) in notices {
        let change =
            ActiveModel { state: Set("planned".to_owned()), due_at: Set(*due_at), ..Default::default() };
        let update = Entity::update_many().set(change).filter(Column::Id.eq(*id));
        update.filter(Column::Claim.eq(*claim)).filter(Column::State.eq("sending")).exec(&txn).await?;
    }
    txn.commit().await
}

/// Whether something planned is past its deadline.
///
/// # Errors
/// What the database said.
pub async fn any_expired(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let expired = Entity::find().filter(Column::State.eq("planned")).filter(Column::DeadlineAt.lte(now));
    Ok(expired.one(db).await?.is_some())
}

/// Ends what is past its deadline: it would only confuse.
///
/// # Errors
/// What the database said.
pub async fn expire(txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let change =
        ActiveModel { state: Set("expired".to_owned()), ended_at: Set(Some(now)), ..Default::default() };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::State.eq("planned"))
        .filter(Column::DeadlineAt.lte(now));
    Ok(update.exec(txn).await?.rows_affected)
}

/// How many notices of a round and reason are in `state`.
///
/// # Errors
/// What the database said.
pub async fn count(
    db: &impl ConnectionTrait,
    round_id: i64,
    reason: &str,
    state: &str,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Reason.eq(reason))
        .filter(Column::State.eq(state))
        .count(db)
        .await
}

/// The notices of a round and reason, in planned order.
///
/// # Errors
/// What the database said.
pub async fn list(db: &impl ConnectionTrait, round_id: i64, reason: &str) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Reason.eq(reason))
        .order_by_asc(Column::PlannedAt)
        .all(db)
        .await
}

/// When the attempts at the notices of a round and reason were made.
///
/// # Errors
/// What the database said.
pub async fn list_attempted(
    db: &impl ConnectionTrait,
    round_id: i64,
    reason: &str,
) -> Result<Vec<DateTime<Utc>>, DbErr> {
    let of_round = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Reason.eq(reason));
    attempt::Entity::find()
        .select_only()
        .column(attempt::Column::StartedAt)
        .filter(attempt::Column::NoticeId.in_subquery(sea_orm::QueryTrait::into_query(of_round)))
        .into_tuple()
        .all(db)
        .await
}
