//! From claim to outcome: each notice at its own second, no faster than the vendor takes, each
//! attempt on record before it is made.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use futures_util::future::join_all;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use super::{
    outcome::Outcome,
    vendor::{Ready, Vendor},
    words::{self, Untold},
};
use crate::{
    app::App,
    clock::{Clock, Pace},
    domain::{contact::Channel, spread},
    secret::random_below,
    store::{
        self,
        notice::{Ask, Ending, Outcome as Settled},
    },
};

/// How far ahead notices are claimed; also how often somebody knocks.
pub const AHEAD: Duration = Duration::from_secs(1);
/// How long one attempt may take in all: well within a claim, so that nobody else begins meanwhile.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long a claim holds, in real time. A worker that was away for longer finds it lost.
const HELD: Duration = Duration::from_secs(120);
/// Notices claimed at once, at most.
const CLAIM: u64 = 1_000;
/// Minutes until the second, third … attempt; faults as these end by themselves (greylisting).
const AGAIN: [i64; 7] = [5, 10, 20, 30, 60, 120, 240];

/// Sends everything of the vendor's channel that is due within a tick. Returns how many attempts
/// were made.
///
/// # Errors
/// What the database said; what was claimed is freed when its claim runs out.
pub async fn send_due(
    app: &App,
    vendor: &Vendor,
    pace: &mut Pace,
    stop: &CancellationToken,
) -> Result<usize, DbErr> {
    let mut attempts = 0;
    loop {
        let claimed = claim(app, vendor).await?;
        if claimed.is_empty() {
            return Ok(attempts);
        }
        let ready = words::ready(app, &claimed).await?;
        let mut queue: VecDeque<(notice::Model, Result<Ready, Untold>)> =
            claimed.into_iter().zip(ready).collect();
        while let Some((first, _)) = queue.front() {
            let Some(()) = stop.run_until_cancelled(app.clock.sleep_until(first.due_at)).await else {
                return Ok(attempts);
            };
            let now = app.clock.now();
            let due =
                queue.iter().take(vendor.at_once).take_while(|(notice, _)| notice.due_at <= now).count();
            pace.take(u32::try_from(due).unwrap_or(u32::MAX)).await;
            let some = within_plan(app, vendor, queue.drain(..due).collect()).await?;
            attempts += send_some(app, vendor, some).await?;
        }
    }
}

/// Codes first, somebody is waiting for them; then one second's worth of the rest, so that the
/// next code does not wait longer than that however long the queue is.
async fn claim(app: &App, vendor: &Vendor) -> Result<Vec<notice::Model>, DbErr> {
    let now = app.clock.now();
    let channel = vendor.channel().key();
    let (horizon, until) = (now + app.clock.span(AHEAD), now + app.clock.span(HELD));
    let codes = Ask { channel, codes: true, now, horizon, until, limit: CLAIM };
    let claimed = store::notice::claim(&app.db, codes).await?;
    if !claimed.is_empty() {
        return Ok(claimed);
    }
    let limit = u64::from(vendor.per_second).clamp(1, CLAIM);
    store::notice::claim(&app.db, Ask { codes: false, limit, ..codes }).await
}

/// Those that may leave now; result notices above their round's planned rate are planned anew.
async fn within_plan(
    app: &App,
    vendor: &Vendor,
    some: Vec<(notice::Model, Result<Ready, Untold>)>,
) -> Result<Vec<(notice::Model, Result<Ready, Untold>)>, DbErr> {
    let rounds = app.rounds.list().await?;
    let peak = |round_id: i64| {
        let row = &rounds.iter().find(|round| round.row.id == round_id)?.row;
        let count = usize::try_from(row.entrant_count?).ok()?;
        Some(spread::peak(count, usize::try_from(row.spread_minutes).ok()?))
    };
    let now = app.clock.now();
    let (mut leaving, mut later) = (Vec::new(), Vec::new());
    for (notice, ready) in some {
        let replanned = match (notice.reason.as_str(), peak(notice.round_id)) {
            // Somebody waits for it at a page.
            ("code", _) => None,
            (reason, Some(most)) if is_spread(reason) => {
                let again = notice.due_at != notice.planned_at;
                vendor.plan.later(notice.round_id, most, notice.due_at, again, now)
            }
            _ => spread::is_quiet(now).then(|| spread::awake(now)),
        };
        match replanned {
            None => leaving.push((notice, ready)),
            Some(due_at) => later.push((notice.id, notice.claim, due_at)),
        }
    }
    if !later.is_empty() {
        store::notice::postpone(&app.db, &later).await?;
    }
    Ok(leaving)
}

/// Whether so many are told it that it leaves at the planned rate and no faster.
fn is_spread(reason: &str) -> bool {
    ["result", "sealed", "voided", "caught_up", "offered", "lapsed", "shifted"].contains(&reason)
}

/// A handful at once: attempts written, calls made side by side, outcomes written.
async fn send_some(
    app: &App,
    vendor: &Vendor,
    some: Vec<(notice::Model, Result<Ready, Untold>)>,
) -> Result<usize, DbErr> {
    let now = app.clock.now();
    let (notices, mut ready): (Vec<notice::Model>, Vec<Result<Ready, Untold>>) = some.into_iter().unzip();
    let mut ready: HashMap<i64, Result<Ready, Untold>> =
        notices.iter().map(|notice| notice.id).zip(ready.drain(..)).collect();
    let until = now + app.clock.span(HELD);
    let held = store::notice::attempt(&app.db, notices, now, until).await?;
    let sent = held.iter().map(|notice| {
        let ready = ready.remove(&notice.id).unwrap_or(Err(Untold::Nobody));
        async move {
            match ready {
                Ok(ready) => {
                    let sent = Clock::within(PATIENCE, vendor.send(&ready, now)).await;
                    sent.unwrap_or_else(|| Outcome::Unknown { reason: "no answer in time".to_owned() })
                }
                Err(why) => Outcome::Rejected { reason: why.words().to_owned(), permanent: true },
            }
        }
    });
    let outcomes = join_all(sent).await;
    let now = app.clock.now();
    let failed =
        held.iter().zip(&outcomes).filter(|(_, outcome)| !matches!(outcome, Outcome::Accepted { .. }));
    let failed: Vec<i64> = failed.map(|(notice, _)| notice.id).collect();
    let tries = match failed.is_empty() {
        true => HashMap::new(),
        false => store::notice::count_tries(app.db.read(), failed).await?,
    };
    let settled: Vec<Settled> = held
        .iter()
        .zip(outcomes)
        .map(|(notice, outcome)| {
            let tries = tries.get(&notice.id).copied().unwrap_or(0);
            settle(notice, outcome, vendor.channel(), tries, now)
        })
        .collect();
    store::notice::settle(&app.db, &settled, now).await?;
    forget_codes(app, &held, &settled).await?;
    Ok(held.len())
}

/// What follows from an outcome, `tries` others having failed before.
fn settle(
    notice: &notice::Model,
    outcome: Outcome,
    channel: Channel,
    tries: usize,
    now: DateTime<Utc>,
) -> Settled {
    let word = outcome.word();
    let (detail, ending) = match outcome {
        Outcome::Accepted { .. } => (None, Ending::Accepted),
        Outcome::Rejected { reason, permanent: true } => (Some(reason), Ending::Rejected),
        Outcome::Rejected { reason, permanent: false } => (Some(reason), again(tries, now)),
        Outcome::Hold { reason } | Outcome::Stop { reason } => {
            (Some(reason), Ending::Again(now + jittered(TimeDelta::seconds(30))))
        }
        // Nobody can be asked whether a mail arrived, but every attempt bears the same Message-ID,
        // so a mailbox can tell: it is tried again, late. A text message is not.
        Outcome::Unknown { reason } if channel == Channel::Email => (Some(reason), again(tries, now)),
        Outcome::Unknown { reason } => (Some(reason), Ending::Unknown),
    };
    if ending != Ending::Accepted {
        tracing::warn!(
            notice = notice.id,
            reason = notice.reason,
            outcome = word,
            detail,
            "notice not accepted"
        );
    }
    // A code is worth a night's disturbance, nothing else is.
    let ending = match ending {
        Ending::Again(at) if notice.reason != "code" => Ending::Again(spread::awake(at)),
        ending => ending,
    };
    Settled { notice_id: notice.id, claim: notice.claim, outcome: word, detail, ending }
}

fn again(tries: usize, now: DateTime<Utc>) -> Ending {
    match AGAIN.get(tries) {
        Some(minutes) => Ending::Again(now + jittered(TimeDelta::minutes(*minutes))),
        None => Ending::Rejected,
    }
}

/// ± 20 %, so that what failed together does not come back together.
fn jittered(delay: TimeDelta) -> TimeDelta {
    let percent = 80 + i32::try_from(random_below(41)).unwrap_or(20);
    delay * percent / 100
}

/// A code that is out of our hands, or never will be, need not be known here any more.
async fn forget_codes(app: &App, held: &[notice::Model], settled: &[Settled]) -> Result<(), DbErr> {
    let over = |at: usize| !matches!(settled.get(at).map(|s| &s.ending), Some(Ending::Again(_)) | None);
    let ids: Vec<String> = held
        .iter()
        .enumerate()
        .filter(|(at, notice)| notice.reason == "code" && over(*at))
        .map(|(_, notice)| notice.about.clone())
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let txn = app.db.begin().await?;
    store::code::forget_words(&txn, ids).await?;
    txn.commit().await
}
