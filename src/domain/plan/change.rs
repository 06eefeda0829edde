//! The smallest change that makes a refused round safe: found by planning again with ever smaller
//! changes, so what is proposed has been tried, and one step less has been tried too.

use chrono::{NaiveTime, TimeDelta};
use serde::Serialize;

use super::{Per, Plan, Spike, Why, examine::examine};
use crate::domain::draft::{
    Draft, Starts,
    edit::{Edit, Place},
};

/// Something a clerk can change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Open longer on each day; minutes a day.
    Hours {
        /// In the draft.
        gave: u32,
        /// Needed.
        needs: u32,
    },
    /// Open on more days, at the same hours.
    Days {
        /// In the draft.
        gave: u32,
        /// Needed.
        needs: u32,
    },
    /// Spread result notices over other hours.
    Spread {
        /// In the draft.
        gave: u32,
        /// Needed.
        needs: u32,
    },
    /// More money in a fund.
    Fund {
        /// Which.
        fund: String,
        /// In the draft.
        gave: u64,
        /// Needed.
        needs: u64,
    },
    /// A larger limit, or a second of its kind beside it.
    Limit {
        /// Whose.
        dependency: String,
        /// Which.
        per: Per,
        /// In the draft.
        gave: f64,
        /// Needed.
        needs: f64,
    },
    /// Everybody's own minute in place of one for all, over so many minutes a day.
    Personal {
        /// In the draft.
        gave: u32,
        /// Needed.
        needs: u32,
        /// On so many days.
        days: u32,
    },
}

impl Change {
    /// Names it among the changes of one plan.
    pub fn key(&self) -> String {
        match self {
            Self::Hours { needs, .. } => format!("hours {needs}"),
            Self::Days { needs, .. } => format!("days {needs}"),
            Self::Spread { needs, .. } => format!("spread {needs}"),
            Self::Fund { fund, needs, .. } => format!("fund {needs} {fund}"),
            Self::Limit { dependency, needs, .. } => format!("limit {needs} {dependency}"),
            Self::Personal { needs, days, .. } => format!("personal {needs} {days}"),
        }
    }
}

/// The change as it is made in the text of the draft it was found for. Nothing for a limit or a fund: the one is
/// measured, the other is decided, and a larger number in a draft makes nobody faster or richer.
pub fn edits(draft: &Draft, change: &Change) -> Vec<Edit> {
    match *change {
        Change::Hours { needs, .. } => longer_days(draft, needs),
        Change::Days { gave, needs } => more_days(draft, needs.saturating_sub(gave)),
        Change::Spread { needs, .. } => vec![Edit::set(Place::Root, "spread_hours", i64::from(needs))],
        Change::Limit { .. } | Change::Fund { .. } => Vec::new(),
        Change::Personal { gave, needs, days } => {
            let own = draft.opening.iter().filter(|opening| !opening.catch_up);
            let before: u32 = own.map(|opening| opening.days).sum();
            let mut edits = vec![Edit::Set(Place::In("expect"), "starts", None)];
            if needs != gave {
                edits.extend(longer_days(draft, needs));
            }
            if days > before {
                edits.extend(more_days(draft, days - before));
            }
            edits
        }
    }
}

fn longer_days(draft: &Draft, minutes: u32) -> Vec<Edit> {
    let Some(longer) = with_day(draft, minutes) else { return Vec::new() };
    let until = |(at, opening): (usize, &crate::domain::draft::Opening)| {
        Edit::set(Place::Nth("opening", at), "until", opening.until.as_str())
    };
    longer.opening.iter().enumerate().map(until).collect()
}

fn more_days(draft: &Draft, more: u32) -> Vec<Edit> {
    let Some(at) = draft.opening.iter().position(|opening| !opening.catch_up) else { return Vec::new() };
    let days = draft.opening[at].days.saturating_add(more);
    vec![Edit::set(Place::Nth("opening", at), "days", i64::from(days))]
}

/// What makes two refusals the same one, whatever its figures.
type Key = (u8, Option<Spike>, Option<String>, Option<Per>);

fn key(why: &Why) -> Key {
    match why {
        Why::Over(peak) => (0, Some(peak.spike), Some(peak.dependency.clone()), Some(peak.per)),
        Why::Room { cohort, .. } => (1, None, cohort.as_ref().map(ToString::to_string), None),
        Why::Outage(outage) => (2, None, Some(outage.dependency.clone()), None),
        Why::Notices { .. } => (3, None, None, None),
        Why::Nowhere { who } => (5, None, Some(who.clone()), None),
        Why::Together { cohort, .. } => (6, None, Some(cohort.to_string()), None),
        Why::Fund { fund, .. } => (7, None, Some(fund.clone()), None),
        Why::Offer { at, .. } => (4, None, Some(at.to_string()), None),
    }
}

/// Each change that alone lifts a refusal and brings no new one, the smallest first.
pub(super) fn changes(draft: &Draft, plan: &Plan, why: &Why) -> Vec<Change> {
    let known: Vec<Key> = plan.refusals.iter().map(|refusal| key(&refusal.why)).collect();
    let lifted = |changed: Option<Draft>| {
        let keys = changed
            .and_then(|draft| examine(&draft).ok())
            .map(|plan| plan.refusals.iter().map(|refusal| key(&refusal.why)).collect::<Vec<_>>());
        keys.is_some_and(|keys| keys.iter().all(|other| *other != key(why) && known.contains(other)))
    };
    match why {
        Why::Over(peak) => {
            let limit = limit(draft, &peak.dependency, peak.per, peak.load, &lifted);
            let other = match peak.spike {
                Spike::Opening | Spike::Deadline => None,
                Spike::Results => spread(draft, &lifted),
                Spike::Starts => time(draft, &lifted),
                // What is told of an offer is told at the rate of results.
                Spike::Leftovers => time(draft, &lifted).or_else(|| spread(draft, &lifted)),
            };
            other.into_iter().chain(limit).collect()
        }
        Why::Room { .. } => time(draft, &lifted).into_iter().collect(),
        // What an opening is for, and how wide its slots are, is not for a program to choose.
        Why::Nowhere { .. } | Why::Together { .. } => Vec::new(),
        Why::Fund { fund, amount, .. } => money(draft, fund, *amount, &lifted).into_iter().collect(),
        Why::Outage(outage) => {
            let needs = outage.waiting / outage.minutes.max(1.0) / 60.0;
            let limit = limit(draft, &outage.dependency, Per::Second, needs, &lifted);
            time(draft, &lifted).into_iter().chain(limit).collect()
        }
        Why::Notices { .. } | Why::Offer { .. } => {
            let gave = draft.spread_hours;
            let shorter = |hours: u32| Some(Draft { spread_hours: hours, ..draft.clone() });
            let needs = (1..gave).rev().find(|hours| lifted(shorter(*hours)));
            needs.map(|needs| Change::Spread { gave, needs }).into_iter().collect()
        }
    }
}

/// The least number above `gave` that is safe; `None` if not even `most` is.
fn least(gave: u32, most: u32, safe: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut under, mut step) = (gave, 1);
    let mut over = loop {
        let next = under.saturating_add(step).min(most);
        if next <= under {
            return None;
        }
        if safe(next) {
            break next;
        }
        (under, step) = (next, step * 2);
    };
    while over - under > 1 {
        let middle = under + (over - under) / 2;
        if safe(middle) { over = middle } else { under = middle }
    }
    Some(over)
}

fn money(draft: &Draft, name: &str, needs: u64, lifted: &impl Fn(Option<Draft>) -> bool) -> Option<Change> {
    let mut draft = draft.clone();
    let fund = draft.fund.iter_mut().find(|fund| fund.name == name)?;
    let gave = std::mem::replace(&mut fund.budget, needs);
    lifted(Some(draft)).then(|| Change::Fund { fund: name.to_owned(), gave, needs })
}

fn spread(draft: &Draft, lifted: &impl Fn(Option<Draft>) -> bool) -> Option<Change> {
    let gave = draft.spread_hours;
    let longer = |hours: u32| Some(Draft { spread_hours: hours, ..draft.clone() });
    least(gave, 168, |hours| lifted(longer(hours))).map(|needs| Change::Spread { gave, needs })
}

/// More open time: longer days or more of them, whichever adds less.
fn time(draft: &Draft, lifted: &impl Fn(Option<Draft>) -> bool) -> Option<Change> {
    let gave = day_minutes(draft)?;
    let days =
        draft.opening.iter().filter(|opening| !opening.catch_up).map(|opening| opening.days).sum::<u32>();
    let step = step(draft, gave);
    let steps = |count: u32| gave.saturating_add(count.saturating_mul(step));
    if draft.expect.starts == Starts::Shared {
        let own = |draft: Option<Draft>| {
            let mut draft = draft?;
            draft.expect.starts = Starts::Personal;
            Some(draft)
        };
        if lifted(own(Some(draft.clone()))) {
            return Some(Change::Personal { gave, needs: gave, days });
        }
        let longer = least(0, 1_440 / step, |count| lifted(own(with_day(draft, steps(count)))));
        let needs = longer.map(|count| Change::Personal { gave, needs: steps(count), days });
        let more = || least(0, 366, |count| lifted(own(with_days(draft, count))));
        return needs
            .or_else(|| more().map(|more| Change::Personal { gave, needs: gave, days: days + more }));
    }
    let longer = least(0, 1_440 / step, |count| lifted(with_day(draft, steps(count)))).map(steps);
    let more = least(0, 366, |count| lifted(with_days(draft, count)));
    let longer_adds = longer.map(|needs| (needs - gave).saturating_mul(days));
    let more_adds = more.map(|count| count.saturating_mul(gave));
    match (longer.zip(longer_adds), more.zip(more_adds)) {
        (Some((needs, hours)), more) if more.is_none_or(|(_, days)| hours <= days) => {
            Some(Change::Hours { gave, needs })
        }
        (_, Some((count, _))) => Some(Change::Days { gave: days, needs: days + count }),
        _ => None,
    }
}

/// Minutes a day of the first opening.
fn day_minutes(draft: &Draft) -> Option<u32> {
    let opening = draft.opening.first()?;
    let from = hour(&opening.parts.first()?.from)?;
    u32::try_from((hour(&opening.until)? - from).num_minutes()).ok()
}

/// Whole slots where every slot has its capacity; else minutes, and hours where there are many.
fn step(draft: &Draft, gave: u32) -> u32 {
    let slots = draft.opening.iter().filter(|opening| opening.slot_capacity.is_some());
    let slot = slots.map(|opening| opening.slot_minutes).max();
    slot.unwrap_or(if gave < 120 { 1 } else { 60 }).max(1)
}

fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// Every day so many minutes long, from the same hour in the morning, before midnight.
fn with_day(draft: &Draft, minutes: u32) -> Option<Draft> {
    let more = TimeDelta::minutes(i64::from(minutes) - i64::from(day_minutes(draft)?));
    let mut draft = draft.clone();
    for opening in &mut draft.opening {
        let (until, past) = hour(&opening.until)?.overflowing_add_signed(more);
        if past != 0 {
            return None;
        }
        opening.until = until.format("%H:%M").to_string();
    }
    Some(draft)
}

fn with_days(draft: &Draft, more: u32) -> Option<Draft> {
    let mut draft = draft.clone();
    let mut openings = draft.opening.iter_mut().filter(|opening| !opening.catch_up);
    // Cohorts that take turns would get into each other's days.
    let opening = openings.next()?;
    if openings.next().is_some() {
        return None;
    }
    opening.days += more;
    Some(draft)
}

/// The least limit, in tenths, that is enough.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limits are small and positive")]
fn limit(
    draft: &Draft,
    name: &str,
    per: Per,
    load: f64,
    lifted: &impl Fn(Option<Draft>) -> bool,
) -> Option<Change> {
    let of = |draft: &Draft| {
        let dependency = draft.dependency.iter().find(|dependency| dependency.name == name)?;
        match per {
            Per::Second => dependency.per_second,
            Per::Minute => dependency.per_minute,
            Per::Day => dependency.per_day,
        }
    };
    let gave = of(draft)?;
    let with = |tenths: u32| {
        let mut draft = draft.clone();
        let dependency = draft.dependency.iter_mut().find(|dependency| dependency.name == name)?;
        let limit = Some(f64::from(tenths) / 10.0);
        match per {
            Per::Second => dependency.per_second = limit,
            Per::Minute => dependency.per_minute = limit,
            Per::Day => dependency.per_day = limit,
        }
        Some(draft)
    };
    // The load of the worst minute is where to begin; at a weak hour it takes more.
    let near = ((load * 10.0).ceil() as u32).saturating_sub(2).max((gave * 10.0) as u32);
    let tenths = least(near, near.saturating_mul(20).max(1_000), |tenths| lifted(with(tenths)))?;
    Some(Change::Limit { dependency: name.to_owned(), per, gave, needs: f64::from(tenths) / 10.0 })
}
