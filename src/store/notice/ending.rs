//! What became of attempts, and what follows: said by the sender, or found by who looks for claims
//! that ran out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::{
    attempt, bounce,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait,
};

use super::{BATCH, Db};
use crate::store::{rate::minute, tally};

/// What becomes of a notice after an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The vendor has it.
    Accepted,
    /// It will never be accepted there.
    Rejected,
    /// Nobody knows; it is not sent again by itself.
    Unknown,
    /// To be tried again.
    Again(DateTime<Utc>),
    /// A vendor did not take it, and another one may: it goes there now, still due since it fell due, in the place that
    /// it has in the minute of its attempt.
    AtOnce(DateTime<Utc>),
}

/// One attempt's outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The notice.
    pub notice_id: i64,
    /// The claim the attempt was made under.
    pub claim: i32,
    /// `accepted`, `rejected`, `hold`, `unknown`.
    pub outcome: &'static str,
    /// The vendor's reference or words.
    pub detail: Option<String>,
    /// What follows.
    pub ending: Ending,
}

/// Writes outcomes. Who lost the claim meanwhile changes nothing but its own attempt: another may
/// be sending by now. Only an acceptance counts whoever hears of it, since the vendor has the
/// message.
///
/// # Errors
/// What the database said; the attempts then stay open and are found by [`release`].
pub async fn settle(db: &Db, outcomes: &[Outcome], now: DateTime<Utc>) -> Result<(), DbErr> {
    settle_counted(db, outcomes, now, "", "").await
}

/// The same, counted for a channel and a vendor.
///
/// # Errors
/// What the database said.
pub async fn settle_counted(
    db: &Db,
    outcomes: &[Outcome],
    now: DateTime<Utc>,
    channel: &str,
    vendor: &str,
) -> Result<(), DbErr> {
    let txn = db.begin().await?;
    // In one order for everybody, and last: minutes are counted in rows that all senders share.
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let mut alike: HashMap<(i32, &'static str, Option<&str>), Vec<i64>> = HashMap::new();
    for one in outcomes {
        alike.entry((one.claim, one.outcome, one.detail.as_deref())).or_default().push(one.notice_id);
    }
    for ((claim, outcome, detail), ids) in alike {
        let ended = attempt::ActiveModel {
            ended_at: Set(Some(now)),
            outcome: Set(Some(outcome.to_owned())),
            detail: Set(detail.map(str::to_owned)),
            reference: Set(detail.filter(|_| outcome == "accepted").map(str::to_owned)),
            ..Default::default()
        };
        *counted.entry(outcome).or_default() += ids.len();
        attempt::Entity::update_many()
            .set(ended)
            .filter(attempt::Column::NoticeId.is_in(ids))
            .filter(attempt::Column::Claim.eq(claim))
            .exec(&txn)
            .await?;
    }
    let mut alike: HashMap<(i32, &Ending), Vec<i64>> = HashMap::new();
    for one in outcomes {
        alike.entry((one.claim, &one.ending)).or_default().push(one.notice_id);
    }
    for ((claim, ending), ids) in alike {
        let ended = |state: &str| ActiveModel {
            state: Set(state.to_owned()),
            ended_at: Set(Some(now)),
            ..Default::default()
        };
        let change = match ending {
            Ending::Accepted => ended("accepted"),
            Ending::Rejected => ended("rejected"),
            Ending::Unknown => unknown(now + LOOK_UP),
            // Another attempt asks its round's rate again.
            Ending::Again(due_at) => ActiveModel {
                state: Set("planned".to_owned()),
                due_at: Set(*due_at),
                promised_at: Set(None),
                ..Default::default()
            },
            Ending::AtOnce(attempted_at) => ActiveModel {
                state: Set("planned".to_owned()),
                promised_at: Set(Some(minute(*attempted_at))),
                ..Default::default()
            },
        };
        let mut update = Entity::update_many().set(change).filter(Column::Id.is_in(ids.clone()));
        update = match ending {
            Ending::Accepted => update.filter(Column::State.is_not_in(["accepted", "undelivered"])),
            _ => update.filter(Column::State.eq("sending")).filter(Column::Claim.eq(claim)),
        };
        let done = update.exec(&txn).await?;
        if matches!(ending, Ending::AtOnce(_)) {
            let passed_on = usize::try_from(done.rows_affected).unwrap_or(usize::MAX);
            *counted.entry("passed_on").or_default() += passed_on;
        }
        if *ending == Ending::Accepted {
            end_returned(&txn, &ids, now).await?;
        }
        let known = ids.len() as u64 > done.rows_affected;
        if *ending == Ending::Accepted && known {
            let twice = count_accepted_otherwise(&txn, ids, claim).await?;
            if twice > 0 {
                tracing::error!(twice, "notices were accepted twice");
                *counted.entry("duplicate").or_default() += twice;
            }
        }
    }
    for (outcome, count) in counted.into_iter().filter(|_| !vendor.is_empty()) {
        tally::add(&txn, now, channel, vendor, outcome, count).await?;
    }
    txn.commit().await
}

/// A mail can come back before its sender has said that it left: the others of its handful may take a minute more.
async fn end_returned(txn: &impl ConnectionTrait, ids: &[i64], now: DateTime<Utc>) -> Result<(), DbErr> {
    let returned = bounce::Entity::find().select_only().column(bounce::Column::NoticeId);
    let returned = returned.filter(bounce::Column::NoticeId.is_in(ids.iter().copied()));
    let change =
        ActiveModel { state: Set("undelivered".to_owned()), ended_at: Set(Some(now)), ..Default::default() };
    let update = Entity::update_many().set(change).filter(Column::State.eq("accepted"));
    update.filter(Column::Id.in_subquery(QueryTrait::into_query(returned))).exec(txn).await.map(drop)
}

/// Accepted under two claims: somebody has it twice, and it must be seen. Once by its sender and once by who looked
/// it up is not that.
async fn count_accepted_otherwise(
    txn: &impl ConnectionTrait,
    ids: Vec<i64>,
    claim: i32,
) -> Result<usize, DbErr> {
    let others = attempt::Entity::find().filter(attempt::Column::NoticeId.is_in(ids));
    let others = others.filter(attempt::Column::Claim.ne(claim));
    let twice = others.filter(attempt::Column::Outcome.eq("accepted")).count(txn).await?;
    Ok(usize::try_from(twice).unwrap_or(usize::MAX))
}

/// A vendor is asked so long after it fell silent.
const LOOK_UP: TimeDelta = TimeDelta::seconds(30);

/// Nobody knows; it is asked for at `at`.
fn unknown(at: DateTime<Utc>) -> ActiveModel {
    ActiveModel { state: Set("unknown".to_owned()), due_at: Set(at), ..Default::default() }
}

/// How often the vendor was given each of these notices and did not accept it. An outage of the
/// whole channel is not counted, nor is a claim that ran out before the call.
///
/// # Errors
/// What the database said.
pub async fn count_tries(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<HashMap<i64, usize>, DbErr> {
    let tried: Vec<i64> = attempt::Entity::find()
        .select_only()
        .column(attempt::Column::NoticeId)
        .filter(attempt::Column::NoticeId.is_in(ids))
        .filter(attempt::Column::Outcome.is_in(["rejected", "unknown"]))
        .into_tuple()
        .all(db)
        .await?;
    let mut tries = HashMap::new();
    for id in tried {
        *tries.entry(id).or_default() += 1;
    }
    Ok(tries)
}

/// Of claimed notices, given with the time at which each fell due: the vendors that have not taken it since. Whoever was
/// asked before it was put off may be asked again.
///
/// # Errors
/// What the database said.
pub async fn list_refusals(
    db: &impl ConnectionTrait,
    due: HashMap<i64, DateTime<Utc>>,
) -> Result<HashMap<i64, BTreeSet<String>>, DbErr> {
    let mut refusals: HashMap<i64, BTreeSet<String>> = HashMap::new();
    if due.is_empty() {
        return Ok(refusals);
    }
    let held = attempt::Entity::find().filter(attempt::Column::NoticeId.is_in(due.keys().copied()));
    for one in held.filter(attempt::Column::Outcome.eq("hold")).all(db).await? {
        let is_since = due.get(&one.notice_id).is_some_and(|due_at| one.started_at >= *due_at);
        if let Some(vendor) = one.vendor.filter(|_| is_since) {
            refusals.entry(one.notice_id).or_default().insert(vendor);
        }
    }
    Ok(refusals)
}

/// Frees claims that ran out. A notice that was never attempted under its claim is planned again;
/// one that was may have arrived, and is *unknown*.
///
/// Returns how many are planned again and how many attempts are unknown.
///
/// # Errors
/// What the database said.
pub async fn release(db: &Db, now: DateTime<Utc>) -> Result<(usize, usize), DbErr> {
    let lost = || Condition::all().add(Column::State.eq("sending")).add(Column::ClaimedUntil.lt(now));
    if Entity::find().filter(lost()).one(db.read()).await?.is_none() {
        return Ok((0, 0));
    }
    let txn = db.begin().await?;
    let lost = Entity::find().filter(lost()).limit(BATCH as u64).lock_exclusive().all(&txn).await?;
    let open: HashSet<i64> = attempt::Entity::find()
        .select_only()
        .column(attempt::Column::NoticeId)
        .filter(attempt::Column::NoticeId.is_in(lost.iter().map(|notice| notice.id)))
        .filter(attempt::Column::Outcome.is_null())
        .into_tuple::<i64>()
        .all(&txn)
        .await?
        .into_iter()
        .collect();
    let is_unknown = |notice: &&Model| open.contains(&notice.id);
    let (unknown, planned): (Vec<&Model>, Vec<&Model>) = lost.iter().partition(is_unknown);
    let again = ActiveModel { state: Set("planned".to_owned()), ..Default::default() };
    for (change, some) in [(self::unknown(now), &unknown), (again, &planned)] {
        let ids = some.iter().map(|notice| notice.id);
        Entity::update_many().set(change).filter(Column::Id.is_in(ids)).exec(&txn).await?;
    }
    let ended = attempt::ActiveModel {
        ended_at: Set(Some(now)),
        outcome: Set(Some("unknown".to_owned())),
        detail: Set(Some("the sender stopped".to_owned())),
        ..Default::default()
    };
    attempt::Entity::update_many()
        .set(ended)
        .filter(attempt::Column::NoticeId.is_in(open.iter().copied()))
        .filter(attempt::Column::Outcome.is_null())
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok((planned.len(), open.len()))
}
