//! What follows from outcomes: the end, another try, or the question what became of it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use sea_orm::DbErr;

use super::{
    outcome::Outcome,
    sending::jittered,
    vendor::{Route, Vendor},
};
use crate::{
    app::App,
    domain::{contact::Channel, spread},
    store::{
        self,
        notice::{Ending, Outcome as Settled},
    },
};

/// Minutes until the second, third … attempt; faults as these end by themselves (greylisting).
const AGAIN: [i64; 7] = [5, 10, 20, 30, 60, 120, 240];
/// After an outage of the whole channel.
const OUTAGE: TimeDelta = TimeDelta::seconds(30);

/// Writes what became of attempts that were made at `began`, and what follows. What certainly was not taken, because the
/// vendor does not work, goes to another one at once; if none is left, it is put off.
///
/// # Errors
/// What the database said; the attempts then stay open and are found when their claims run out.
pub async fn settle(
    app: &App,
    vendor: &Vendor,
    route: &Route<'_>,
    held: &[notice::Model],
    outcomes: Vec<Outcome>,
    began: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (now, channel) = (app.clock.now(), vendor.channel());
    let goes_on = outcomes.iter().any(is_hold) && vendor.is_another_left(app, route).await?;
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
            let at_once = goes_on && is_hold(&outcome);
            let mut settled = follow(notice, outcome, channel, tries, now);
            // In the same place of its minute: put off to the next one, what was lent to a stopped vendor would be lent
            // again and again.
            if at_once {
                settled.ending = Ending::AtOnce(began);
            }
            settled
        })
        .collect();
    store::notice::settle_counted(&app.db, &settled, now, channel.key(), route.name).await?;
    forget_codes(app, held, &settled).await
}

/// Whether a vendor does not work: what it was given it has certainly not taken.
const fn is_hold(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Hold { .. } | Outcome::Stop { .. })
}

/// What follows from an outcome, `tries` others having failed before.
fn follow(
    notice: &notice::Model,
    outcome: Outcome,
    channel: Channel,
    tries: usize,
    now: DateTime<Utc>,
) -> Settled {
    let word = outcome.word();
    let (detail, ending) = match outcome {
        Outcome::Accepted { reference } => (reference.filter(|_| channel == Channel::Sms), Ending::Accepted),
        Outcome::Rejected { reason, permanent: true } => (Some(reason), Ending::Rejected),
        Outcome::Rejected { reason, permanent: false } => (Some(reason), again(tries, now)),
        Outcome::Hold { reason } | Outcome::Stop { reason } => {
            (Some(reason), Ending::Again(now + jittered(OUTAGE)))
        }
        // It is looked up, where anybody can be asked, before anything else happens to it.
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
        Ending::Again(at) if notice.class != "auth" => Ending::Again(spread::awake(at)),
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

/// A code that is out of our hands, or never will be, need not be known here any more.
async fn forget_codes(app: &App, held: &[notice::Model], settled: &[Settled]) -> Result<(), DbErr> {
    // What may be sent again needs its words.
    let over = |at: usize| {
        !matches!(
            settled.get(at).map(|s| &s.ending),
            Some(Ending::Again(_) | Ending::AtOnce(_) | Ending::Unknown) | None
        )
    };
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
