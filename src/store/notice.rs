//! The outbox. A notice is claimed for a minute, its attempt is written before the call is made,
//! and its outcome after: what a crash leaves open is known, and who lost a claim cannot send.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{
    attempt,
    notice::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{LockBehavior, LockType},
};

use super::{BATCH_BINDS, Db, bulk, rate::minute, tally};

mod claim;
mod ending;
mod paper;
mod unknown;
mod unreached;
mod waiting;

pub use claim::{Ask, Begun, Postponed, Through, attempt, attempt_through, attempt_to, claim, postpone};
pub use ending::{Ending, Outcome, count_tries, list_refusals, release, settle, settle_counted};
pub use paper::{change_channel, count_letters, settle_printed};
pub use unknown::{Fate, Open, list_unknown, resolve};
pub use unreached::{Unreached, list_unreached};
pub use waiting::{Waiting, ask_again, count_waiting, find_next_due, is_claimed, is_waiting};

/// Rows of one insert: fourteen columns each.
const BATCH: usize = BATCH_BINDS / 14;

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
        class: Set(class(reason).to_owned()),
        planned_at: Set(send_at),
        due_at: Set(send_at),
        deadline_at: Set(send_at + pointless_after),
        state: Set("planned".to_owned()),
        claim: Set(0),
        claimed_until: Set(None),
        ended_at: Set(None),
        risks: Set(0),
        ..Default::default()
    }
}

/// So many are told it that it leaves at its round's planned rate and no faster.
pub const SPREAD: [&str; 7] = ["result", "sealed", "voided", "caught_up", "offered", "lapsed", "shifted"];

/// Told on paper: printed, or said by somebody who calls. No sender claims it.
pub const LETTER: &str = "letter";

/// What people must know even if somebody has to go to their door: the first word about a place, and each that
/// changes it. Who was confirmed or reminded knows more than these only if they were reached.
pub const NEWS: [&str; 9] =
    ["result", "voided", "caught_up", "offered", "lapsed", "shifted", "returned", "ended", "struck"];

/// Whom a notice may wake: `auth` is waited for at a page and leaves at any hour, everything else has
/// quiet hours.
pub fn class(reason: &str) -> &'static str {
    match reason {
        "code" => "auth",
        _ if reason.starts_with("ad-") => "ad",
        _ => "notice",
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
    let (mut planned, mut all) = (BTreeMap::new(), 0_u64);
    let counted = notices.inspect(|notice| {
        all += 1;
        if let (Set(at), Set(channel)) = (&notice.planned_at, &notice.channel) {
            *planned.entry((minute(*at), channel.clone())).or_default() += 1;
        }
    });
    let made = bulk::insert_models(txn, once, counted).await?;
    // What was planned before was counted before.
    if made == all {
        for ((minute, channel), count) in planned {
            tally::add(txn, minute, &channel, "", "planned", count).await?;
        }
    }
    Ok(())
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

/// Rows that nobody else is just taking. SQLite has one writer and needs no locks.
fn skipping_locked(select: Select<Entity>) -> Select<Entity> {
    select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
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
