//! The sale stands still: nobody is let through and no pass buys, and everybody who could have bought meanwhile is waited
//! for as much longer. It ends by itself. One member of staff may do it, because nobody's start moves and nobody loses
//! anything by it, and an outage does not wait for a second pair of hands; what moves times takes two.
//!
//! Everybody reads at once for how much longer they are waited for. So that stays when the sale goes on earlier: nobody is
//! told an hour and held to less. And it is refused where it would hold places past the last offer: who waits would lose
//! them for good, on one person's word.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::journal::{Act, Event};

use super::{
    late::Late,
    queue,
    shift::{Shifting, Still, keep, standing_still, tell_sellers},
};
use crate::{
    app::{App, utc},
    domain::{because::Because, incident::Kind},
    lifecycle::{LifecycleError, because, refused, sale::told},
    store::{self, access::Access, incident, lease},
};

/// One person's word is good for so long, at once and in a day: who pauses on is somebody else, or two who extend.
pub const LONGEST: TimeDelta = TimeDelta::minutes(60);
/// So often an offer or a shift may come between.
const TRIES: usize = 3;

/// What a pause would do.
#[derive(Clone, Debug)]
pub struct Pausing {
    shifting: Shifting,
    /// How many can buy when it begins.
    pub open: u64,
    /// How many begin while it lasts.
    pub soon: u64,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// Places that go on at a later offer than they would.
    pub late: Option<Late>,
}

/// What a pause of so many minutes from `now` on would do, computed and not done.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn pausing(
    app: &App,
    row: &Model,
    minutes: u64,
    reason: &str,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Pausing, LifecycleError> {
    let by = i64::try_from(minutes).ok().and_then(TimeDelta::try_minutes);
    let by = by.filter(|by| (TimeDelta::minutes(1)..=LONGEST).contains(by));
    let by = by.ok_or_else(|| because(Because::PauseLength))?;
    let shifts = store::shift::list(app.db.read(), row.id).await?;
    if shifts.iter().any(|shift| shift.from_at <= now && shift.closed_until.is_some_and(|until| now < until))
    {
        return Err(because(Because::PausedAlready));
    }
    if paused_by(app, row, name, now).await? + by > LONGEST {
        return Err(because(Because::PausedEnough));
    }
    // In whole seconds, as the record counts.
    let from = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
    let seconds = by.num_seconds().unsigned_abs();
    let until = from + by;
    let Still { shifting, open, soon, late } =
        standing_still(app, row, (from, until), seconds, reason).await?;
    if open + soon == 0 {
        return Err(because(Because::NobodyMeanwhile));
    }
    if let Some(late) = late.filter(|late| late.next.is_none()) {
        return Err(because(Because::PausePastOffers { at: late.at }));
    }
    Ok(Pausing { shifting, open, soon, until, late })
}

/// For how long the sale of a round stood still in the last day on the word of this one person.
async fn paused_by(
    app: &App,
    row: &Model,
    name: &str,
    now: DateTime<Utc>,
) -> Result<TimeDelta, LifecycleError> {
    let mut all = TimeDelta::zero();
    for line in store::journal::list_kinds(app.db.read(), row.id, &["extended"]).await? {
        // What two have extended bears both their names.
        let event: Event = line.line.parse().map_err(refused)?;
        if let Act::Extended { seconds, .. } = event.act
            && line.staff == name
            && utc(event.at) > now - TimeDelta::days(1)
        {
            all += TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default());
        }
    }
    Ok(all)
}

/// Lets the sale of a round stand still, on the word of one.
///
/// # Errors
/// [`LifecycleError`].
pub async fn pause(
    app: &App,
    row: &Model,
    minutes: u64,
    reason: &str,
    (name, access): (&str, &Access<'_>),
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    for _ in 0..TRIES {
        let to_come = match pausing(app, row, minutes, reason, name, now).await {
            Err(LifecycleError::Refused(Because::Overtaken)) => continue,
            to_come => to_come?.shifting,
        };
        let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
        let txn = app.db.begin().await?;
        queue(&txn, row.id).await?;
        if !to_come.holds(&txn, row.id).await? {
            continue;
        }
        keep(&txn, row, &to_come, name, now).await?;
        // Everybody reads it at once, not when somebody looks next.
        lease::queue(&txn, "incidents").await?;
        // One that has just ended by itself, and nobody has looked since: it is one, and goes on.
        let open = incident::list_open(&txn).await?;
        match open.iter().find(|open| open.kind == Kind::Paused.key() && open.about == row.slug) {
            Some(open) => incident::see(&txn, open.id, now).await?,
            None => incident::insert(&txn, Kind::Paused.key(), &row.slug, now).await?,
        }
        store::access::insert(&txn, now, access.clone()).await?;
        tell_sellers(app, &txn, &round, to_come.shift(), now).await?;
        txn.commit().await?;
        app.rounds.forget();
        return Ok(());
    }
    Err(because(Because::Overtaken))
}

/// Lets it go on before its end; what was lengthened stays as it is. Returns whether it stood still.
///
/// # Errors
/// [`LifecycleError`].
pub async fn resume(
    app: &App,
    row: &Model,
    access: &Access<'_>,
    now: DateTime<Utc>,
) -> Result<bool, LifecycleError> {
    let round = app.rounds.find(&row.slug).await?.ok_or_else(|| refused("the round is gone"))?;
    let txn = app.db.begin().await?;
    queue(&txn, row.id).await?;
    if store::shift::resume(&txn, row.id, now).await? == 0 {
        return Ok(false);
    }
    lease::queue(&txn, "incidents").await?;
    for open in incident::list_open(&txn).await? {
        if open.kind == Kind::Paused.key() && open.about == row.slug {
            incident::settle(&txn, open.id, now).await?;
        }
    }
    store::access::insert(&txn, now, access.clone()).await?;
    let data = serde_json::json!({ "round": row.slug, "at": told::instant(now) });
    told::tell(app, &txn, &round, None, "round.resumed", data, now).await?;
    txn.commit().await?;
    app.rounds.forget();
    Ok(true)
}
