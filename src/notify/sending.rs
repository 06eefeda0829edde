//! From claim to outcome: each notice at its own second, no faster than was decided, each attempt on
//! record before it is made.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use super::{
    content::{self, Untold},
    handful::Handful,
    outcome::Outcome,
    plan, sent_to, settling,
    vendor::{Ready, Route, Vendor},
};
use crate::{
    app::App,
    clock::{self, Clock},
    store::{
        self,
        notice::{Ask, Postponed, Through},
        rate::minute,
    },
};

/// How far ahead notices are claimed; also how often somebody knocks.
pub const AHEAD: Duration = Duration::from_secs(1);
/// Notices claimed at once, at most.
const CLAIM: u64 = 1_000;
/// Longer than this nobody waits with a claim in hand: it is given back.
const WAIT: Duration = Duration::from_secs(2);
/// When it is asked again whether a vendor works, or staff still pause.
pub(super) const LATER: Duration = Duration::from_secs(10);

/// The classes, in the order in which they go; codes first.
pub const CLASSES: [&str; 3] = ["auth", "notice", "ad"];

/// A notice's message, or why it is told to nobody.
pub(super) type Told = Result<Ready, Untold>;
/// A claimed notice with its message.
pub(super) type Claimed = (notice::Model, Told);
/// Claimed notices that left the queue and were not attempted, as they would be given back.
type Unattempted = HashMap<i64, Postponed>;

/// Sends everything of the vendor's channel that is due within a tick. Returns how many attempts
/// were made.
///
/// # Errors
/// What the database said; what was claimed is freed when its claim runs out.
pub async fn send_due(app: &App, vendor: &Vendor, stop: &CancellationToken) -> Result<usize, DbErr> {
    send_due_of(app, vendor, &CLASSES, stop).await
}

/// The same for some classes only. While nothing may leave, each call puts off a handful and leaves the rest where it
/// is: a hundred thousand that wait are not written again and again.
///
/// # Errors
/// The same.
pub async fn send_due_of(
    app: &App,
    vendor: &Vendor,
    classes: &[&str],
    stop: &CancellationToken,
) -> Result<usize, DbErr> {
    let mut attempts = 0;
    loop {
        let claimed = claim(app, vendor, classes).await?;
        if claimed.is_empty() {
            return Ok(attempts);
        }
        let ready = match content::ready(app, &claimed).await {
            Ok(ready) => ready,
            Err(error) => {
                let some: Vec<_> = claimed.iter().map(as_it_was).collect();
                return let_go(app, vendor, some, stop, error).await;
            }
        };
        let mut queue: VecDeque<Claimed> = claimed.into_iter().zip(ready).collect();
        let mut unattempted = Unattempted::new();
        let sent = send_claimed(app, vendor, &mut queue, &mut unattempted, stop).await;
        let rest: Vec<_> = queue.iter().map(|(notice, _)| as_it_was(notice)).collect();
        match sent {
            Ok((sent, true)) => attempts += sent,
            Ok((sent, false)) => {
                store::notice::postpone(&app.db, &rest).await?;
                return Ok(attempts + sent);
            }
            Err(error) => {
                let some: Vec<_> = unattempted.into_values().chain(rest).collect();
                return let_go(app, vendor, some, stop, error).await;
            }
        }
    }
}

/// Sends what was claimed, each at its own second. Says how many attempts were made, and whether others may leave now;
/// what is left in the queue was not attempted, and if this fails, what is in `unattempted` was not either.
async fn send_claimed(
    app: &App,
    vendor: &Vendor,
    queue: &mut VecDeque<Claimed>,
    unattempted: &mut Unattempted,
    stop: &CancellationToken,
) -> Result<(usize, bool), DbErr> {
    let mut attempts = 0;
    while let Some((first, _)) = queue.front() {
        let awake = stop.run_until_cancelled(app.clock.sleep_until(first.due_at)).await;
        if awake.is_none() {
            return Ok((attempts, false));
        }
        let now = app.clock.now();
        let due = queue.iter().take(vendor.at_once).take_while(|(notice, _)| notice.due_at <= now).count();
        let mut asked = app.clock.now();
        let drained: Vec<Claimed> = queue.drain(..due).collect();
        *unattempted = drained.iter().map(|(notice, _)| (notice.id, as_it_was(notice))).collect();
        let mut handful = handful_of(app, drained, asked).await?;
        while !handful.is_empty() {
            let now = app.clock.now();
            if minute(now) != minute(asked) {
                // The minute they were promised is over: this one may be full.
                handful = handful_of(app, handful.take_rest(), now).await?;
                asked = now;
                continue;
            }
            let (sent, goes_on) = send_some(app, vendor, &mut handful, unattempted, now).await?;
            attempts += sent;
            if !goes_on {
                return Ok((attempts, false));
            }
        }
    }
    Ok((attempts, true))
}

/// Codes first, somebody is waiting for them; then one second's worth of the rest, so that the
/// next code does not wait longer than that however long the queue is.
async fn claim(app: &App, vendor: &Vendor, classes: &[&str]) -> Result<Vec<notice::Model>, DbErr> {
    let now = app.clock.now();
    let channel = vendor.channel().key();
    let (horizon, until) = (now + app.clock.span(AHEAD), now + app.clock.span(vendor.held));
    for class in classes {
        let limit = if *class == "auth" { CLAIM } else { u64::from(vendor.per_second).clamp(1, CLAIM) };
        let claimed =
            store::notice::claim(&app.db, Ask { channel, class, now, horizon, until, limit }).await?;
        if !claimed.is_empty() {
            return Ok(claimed);
        }
    }
    Ok(Vec::new())
}

/// Gives claimed notices back that were not attempted, as soon as a database that is away is there again: with a claim
/// that nobody can use they would wait for minutes, and somebody may be waiting for a code.
async fn let_go(
    app: &App,
    vendor: &Vendor,
    some: Vec<Postponed>,
    stop: &CancellationToken,
    error: DbErr,
) -> Result<usize, DbErr> {
    if store::is_away(&error) {
        let given = store::outlast(vendor.held, || store::notice::postpone(&app.db, &some));
        // If not, they are freed when their claims run out.
        let _ = stop.run_until_cancelled(given).await;
    }
    Err(error)
}

/// Puts claimed notices off that had a place in the minute of `asked`.
async fn put_off(
    app: &App,
    notices: impl Iterator<Item = notice::Model>,
    later: DateTime<Utc>,
    asked: DateTime<Utc>,
) -> Result<(), DbErr> {
    let promised_at = still_promised(later, asked);
    let some: Vec<_> = notices.map(|notice| postponed(&notice, later, promised_at)).collect();
    store::notice::postpone(&app.db, &some).await
}

/// A place is kept for the minute it was given for, whatever minute it is by now: another may be full.
fn still_promised(later: DateTime<Utc>, asked: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (minute(later) == minute(asked)).then_some(minute(asked))
}

/// A claimed notice that is given back as it was.
fn as_it_was(notice: &notice::Model) -> Postponed {
    postponed(notice, notice.due_at, notice.promised_at)
}

pub(super) fn postponed(
    notice: &notice::Model,
    due_at: DateTime<Utc>,
    promised_at: Option<DateTime<Utc>>,
) -> Postponed {
    Postponed { id: notice.id, claim: notice.claim, due_at, promised_at }
}

/// Those that may leave now, by who has refused them. What somebody did not take since it fell due goes to the others,
/// together with what the same have not taken.
async fn handful_of(app: &App, some: Vec<Claimed>, now: DateTime<Utc>) -> Result<Handful<Claimed>, DbErr> {
    let some = plan::within(app, some, now).await?;
    let again = some.iter().filter(|(notice, _)| notice.claim > 1);
    let again = again.map(|(notice, _)| (notice.id, notice.due_at)).collect();
    let refusals = store::notice::list_refusals(app.db.read(), again).await?;
    let by = |(notice, _): &Claimed| refusals.get(&notice.id).cloned().unwrap_or_default();
    Ok(Handful::new(some.into_iter().map(|one| (by(&one), one))))
}

/// Some of a handful at once: attempts written, calls made side by side, outcomes written. What may not leave yet stays
/// in the handful, or is put off. Says how many were made, and whether others may leave now: not while no vendor
/// works, staff pause, or the minute is full.
async fn send_some(
    app: &App,
    vendor: &Vendor,
    handful: &mut Handful<Claimed>,
    unattempted: &mut Unattempted,
    now: DateTime<Utc>,
) -> Result<(usize, bool), DbErr> {
    let Some((by, mut alike)) = handful.take_alike() else { return Ok((0, true)) };
    let Some(route) = vendor.route(app, &by).await? else {
        if by.is_empty() {
            // What nobody has refused could go to anybody: nobody takes what is behind it either.
            alike.extend(handful.take_rest());
            if app.complaints.may("vendors", app.clock.now()) {
                tracing::error!(channel = vendor.channel().key(), "no vendor works; what is due waits");
            }
        }
        let later = app.clock.now() + app.clock.span(LATER);
        put_off(app, alike.into_iter().map(|(notice, _)| notice), later, now).await?;
        return Ok((0, !by.is_empty()));
    };
    let rest = alike.split_off(alike.len().min(route.most.max(1)));
    let class = alike.first().map(|(notice, _)| notice.class.clone()).unwrap_or_default();
    let (notices, told): (Vec<notice::Model>, Vec<Told>) = alike.into_iter().unzip();
    let mut told: HashMap<i64, Told> = notices.iter().map(|notice| notice.id).zip(told).collect();
    let through = Through {
        vendor: route.name,
        channel: vendor.channel().key(),
        asks: &vendor.rates(&route, &class),
        now,
        until: now + app.clock.span(vendor.held),
        wall: clock::wall(),
    };
    // If this fails nobody knows whether their attempts are on record: whoever finds their claims run out looks.
    for notice in &notices {
        unattempted.remove(&notice.id);
    }
    let addresses = sent_to::digests(app, &told);
    let begun = store::notice::attempt_to(&app.db, notices, through, &addresses).await?;
    unattempted.extend(begun.waiting.iter().map(|notice| (notice.id, as_it_was(notice))));
    let sent = call(app, vendor, &route, &begun.held, &mut told, now).await?;
    if begun.waiting.is_empty() {
        handful.give_back(&by, rest);
        return Ok((sent, true));
    }
    // What found no room within the rates waits a moment, with its claim, or until it has room; who goes another way need
    // not wait for it.
    let waiting = begun.waiting.into_iter().map(|notice| {
        let ready = told.remove(&notice.id).unwrap_or(Err(Untold::Nobody));
        (notice, ready)
    });
    let waiting: Vec<Claimed> = waiting.chain(rest).collect();
    let until = |at: DateTime<Utc>| (at - clock::wall()).to_std().unwrap_or_default();
    match begun.next_at.map(|at| (at, until(at))) {
        Some((at, wait)) if wait <= WAIT => {
            if let Some(first) = handful.turn(&by, waiting, at) {
                Clock::pause(until(first)).await;
            }
            Ok((sent, true))
        }
        wait => {
            let later = app.clock.now() + app.clock.span(wait.map_or(LATER, |(_, wait)| wait));
            put_off(app, waiting.into_iter().map(|(notice, _)| notice), later, now).await?;
            Ok((sent, !by.is_empty() || !handful.is_empty()))
        }
    }
}

/// Makes the calls for attempts that are on record, and writes what came of them.
async fn call(
    app: &App,
    vendor: &Vendor,
    route: &Route<'_>,
    held: &[notice::Model],
    told: &mut HashMap<i64, Told>,
    began: DateTime<Utc>,
) -> Result<usize, DbErr> {
    if held.is_empty() {
        return Ok(0);
    }
    let (mut outcomes, mut places, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    for (place, notice) in held.iter().enumerate() {
        match told.remove(&notice.id).unwrap_or(Err(Untold::Nobody)) {
            Ok(one) => {
                outcomes.push(Outcome::unknown("not sent"));
                places.push(place);
                ready.push(one);
            }
            Err(why) => outcomes.push(Outcome::permanent(why.words())),
        }
    }
    // Whoever was stopped here for long may have lost the claim, and somebody else may be sending by now.
    let overslept = app.clock.now() - began > app.clock.span(vendor.held) / 2;
    let called = match overslept {
        true => vec![Outcome::later("the sender was away for too long"); ready.len()],
        false => {
            let sent = Clock::within(vendor.patience, vendor.send(route, &ready, began)).await;
            sent.unwrap_or_else(|| vec![Outcome::unknown("no answer in time"); ready.len()])
        }
    };
    if !called.is_empty() && !overslept {
        store::outlast(vendor.held, || vendor.note(app, route, &called)).await?;
    }
    for (place, outcome) in places.into_iter().zip(called) {
        if let Some(here) = outcomes.get_mut(place) {
            *here = outcome;
        }
    }
    // While a database changes over to its standby this is the only place that knows what was sent. Forgotten, it
    // would be unknown, and a mail go out again.
    store::outlast(vendor.held, || settling::settle(app, vendor, route, held, outcomes.clone(), began))
        .await?;
    Ok(held.len())
}

/// ± 20 %, so that what failed together does not come back together.
pub(super) fn jittered(delay: TimeDelta) -> TimeDelta {
    let percent = 80 + i32::try_from(crate::secret::random_below(41)).unwrap_or(20);
    delay * percent / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_one_minute_is_none_in_the_next() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!(still_promised(at(50), at(10)), Some(at(0)));
        // Its call took until the next minute, and so long it is put off within that: nobody counted it there.
        assert_eq!(still_promised(at(75), at(59)), None);
    }
}
