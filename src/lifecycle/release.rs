//! Release: a result that the bias guard holds is published after all, by two members of staff who have
//! looked at the table.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{
    draw::Drawn,
    journal::{Act, event::is_reason},
    record::Pulse,
    rules::Slot,
};
use sea_orm::ActiveValue::Set;

use super::{
    LifecycleError,
    after::{self, shift},
    announce::Staff,
    because, draw, log, refused, tell,
    telling::minutes_for,
};
use crate::{
    app::{self, App, Round, utc},
    domain::{because::Because, spread},
    store::{self, round, telling},
    words::{Lang, instant::minute},
};

/// Releases a held result: the draw stands as it was drawn, and everybody is told from now on. Where that took
/// so long that first times would begin before their people are told, all times move by whole days, so that the
/// hours of opening stay.
///
/// # Errors
/// [`LifecycleError`].
pub async fn release(
    app: &App,
    row: &Model,
    reason: &str,
    staff: &Staff,
    days: u32,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    if !is_reason(reason) {
        return Err(because(Because::Reason));
    }
    let round = Round::open(&app.keys, row.clone()).ok_or_else(|| because(Because::KeyFile))?;
    let pulse = Pulse::parse(row.pulse.as_deref().unwrap_or_default()).map_err(refused)?;
    let (mut round, drawn) = draw::compute(app, round, &pulse).await?;
    round.shifts = store::shift::list(app.db.read(), row.id).await?.iter().map(app::shift).collect();
    let shifts = round.shifts.len();
    let stands = releasing(app, &round, days, now).await?.stands();
    let shifting = match moved_by(&round, &drawn, days, now)? {
        None => None,
        Some((from, by)) => {
            let shifting = shift::untold(app, row, from, by, reason).await?;
            round.shifts.push(shifting.shift().clone());
            round.row.ends_at = shifting.ends_at;
            Some(shifting)
        }
    };

    let txn = app.db.begin().await?;
    after::queue(&txn, row.id).await?;
    // What was shown follows from the shifts: none may have come between.
    if store::shift::list(&txn, row.id).await?.len() != shifts {
        return Err(because(Because::Overtaken));
    }
    let change = ActiveModel { released_at: Set(Some(now)), ..Default::default() };
    if !round::release(&txn, row.id, change).await? {
        return Err(because(Because::NotHeld));
    }
    telling::insert(&txn, row.id, tell::RESULT, now).await?;
    let named = staff.settle(&txn, now, &stands).await?;
    log(&txn, row, now, Act::Released { reason: reason.to_owned() }, &named).await?;
    if let Some(shifting) = shifting {
        shift::keep(&txn, row, &shifting, &named, now).await?;
    }
    txn.commit().await?;
    app.rounds.forget();
    // What is not planned when this ends, the service plans: it is released.
    Ok(tell::results(app, &round, &drawn, now).await?)
}

/// What a release would do to times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Releasing {
    /// The first and the last of them now.
    pub starts: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// By how many days they move.
    pub days: u32,
    /// How many people have one.
    pub people: u64,
    /// When the last of them is told.
    pub told: DateTime<Utc>,
    /// What stays behind, if anything does.
    pub behind: Option<Behind>,
}

impl Releasing {
    /// What a release follows from. When the last is told moves with every minute it waits.
    pub fn stands(&self) -> String {
        format!("{:?} {:?}", self.starts, self.behind)
    }
}

/// Offers that stay where the rules put them while times move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The last of them.
    pub last: DateTime<Utc>,
    /// Until when places are held then.
    pub until: DateTime<Utc>,
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the last offer is on {}, and the last places are held until {}: who misses one of the last times has no \
             second one, and nobody who waits is offered their place. Offers do not move with times",
            minute(self.last, Lang::En),
            minute(self.until, Lang::En)
        )
    }
}

/// What a release would do to times, computed and not done.
///
/// # Errors
/// [`LifecycleError`]; refused where it could not be done.
pub async fn releasing(
    app: &App,
    round: &Round,
    days: u32,
    now: DateTime<Utc>,
) -> Result<Releasing, LifecycleError> {
    if !round.is_held() {
        return Err(because(Because::NotHeld));
    }
    let (span, people) = store::assignment::find_span(app.db.read(), round.row.id).await?;
    let starts = span.map(|(first, last)| (round.shifted(first), round.shifted(last)));
    let told = told_by(round, now);
    if let Some((first, _)) = starts {
        early(first, told, days)?;
    }
    let behind = warning(round, days).filter(|_| days > 0);
    Ok(Releasing { starts, days, people, told, behind })
}

/// What a member of staff should know before all times of a round move by so many days: offers stay where the
/// rules put them, since the rules cannot change.
pub fn warning(round: &Round, days: u32) -> Option<Behind> {
    let last = utc(*round.rules.after.as_ref()?.offers_at.last()?);
    let end = |slot: &Slot| {
        let ends = round.shifted(utc(slot.starts_at)) + TimeDelta::seconds(slot.seconds.into());
        ends + TimeDelta::seconds(round.rules.grace_seconds.into()) + TimeDelta::days(days.into())
    };
    let until = round.rules.slots.iter().map(end).max()?;
    (last < until).then_some(Behind { last, until })
}

/// When the last of all people is told, if it is released now.
fn told_by(round: &Round, now: DateTime<Utc>) -> DateTime<Utc> {
    spread::minutes(round.row.results_at.max(now), minutes_for(round)).last().unwrap_or(now)
}

/// Refuses where first times would begin before people are told of them.
fn early(first: DateTime<Utc>, told: DateTime<Utc>, days: u32) -> Result<(), LifecycleError> {
    let late = told + TimeDelta::minutes(1) - first;
    let needed = u32::try_from(late.num_seconds().max(0)).unwrap_or(u32::MAX).div_ceil(86_400);
    match days < needed {
        true => Err(because(Because::ShiftDays { first, told, days: needed })),
        false => Ok(()),
    }
}

/// From when on and by how much times move, if they must or shall.
fn moved_by(
    round: &Round,
    drawn: &Drawn,
    days: u32,
    now: DateTime<Utc>,
) -> Result<Option<(DateTime<Utc>, TimeDelta)>, LifecycleError> {
    let starts = drawn.rows().filter_map(|row| row.assignment.map(|place| utc(place.start_at)));
    let Some(first) = starts.map(|starts_at| round.shifted(starts_at)).min() else { return Ok(None) };
    early(first, told_by(round, now), days)?;
    Ok((days > 0).then(|| (first, TimeDelta::days(i64::from(days)))))
}
