//! What offers bring: news, as many a minute as when results are told, and the visits these cause; and whether
//! whoever is given a time hears of it before it begins.

use chrono::{DateTime, TimeDelta, Utc};
use public_audit::rules::{After, Slot};

use super::{
    CohortPeople, People, Spike, Why,
    loads::{self, Load, utc},
    series::{Horizon, Series},
};
use crate::domain::{
    draft::{Expect, Step},
    spread,
};

/// Visits are reckoned with until so long after the last notice.
const VISITS: TimeDelta = TimeDelta::days(1);

/// One offer: who is told something then, and in which minutes.
#[derive(Clone, Debug)]
pub struct Batch {
    /// When it is made.
    pub at: DateTime<Utc>,
    /// People who are told something.
    pub people: f64,
    /// The minutes in which they are told, at the rate of results.
    pub minutes: Vec<DateTime<Utc>>,
}

impl Batch {
    fn a_minute(&self) -> f64 {
        self.people / f64::from(u32::try_from(self.minutes.len().max(1)).unwrap_or(u32::MAX))
    }

    /// Until when somebody looks at their page because of it.
    pub fn until(&self) -> DateTime<Utc> {
        self.minutes.last().map_or(self.at, |last| *last + VISITS)
    }
}

/// The offers of these rules: who does not come, evenly over them; where nobody is given a second time, as many more
/// from the waitlist. `spread`: minutes over which everybody is told their result.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn batches(after: &After, people: &People, expect: &Expect, spread: usize) -> Vec<Batch> {
    let placed = people.cohorts.iter().map(|cohort| cohort.placed).sum::<u64>();
    let missed = placed as f64 * (1.0 - expect.show());
    let waiting = people.entrants.saturating_sub(placed) as f64;
    let all = missed + if after.catch_up.is_empty() { missed.min(waiting) } else { 0.0 };
    let each = all / after.offers_at.len().max(1) as f64;
    let count = each.ceil() as usize;
    let needed = spread::needed(count, usize::try_from(people.entrants).unwrap_or(count), spread);
    let batch =
        |at: DateTime<Utc>| Batch { at, people: each, minutes: spread::minutes(at, needed).collect() };
    if count == 0 {
        return Vec::new();
    }
    after.offers_at.iter().map(|at| batch(utc(*at))).collect()
}

/// News of all offers, and visits: whatever the delays, never more frequent than the news at its most frequent.
pub fn offers(horizon: Horizon, batches: &[Batch], expect: &Expect) -> Vec<Load> {
    let (mut sent, mut visits) = (Series::new(horizon), Series::new(horizon));
    for batch in batches {
        batch.minutes.iter().for_each(|minute| sent.add_minute(*minute, batch.a_minute()));
        let (first, last) = (batch.minutes.first().map_or(batch.at, |first| *first), batch.until());
        let minutes = f64::from(i32::try_from((last - first).num_minutes()).unwrap_or(i32::MAX));
        visits.add(first, last, batch.a_minute() * expect.opens() * minutes);
    }
    let all: f64 = batches.iter().map(|batch| batch.people).sum();
    let load = |step, people, most| Load { spike: Spike::Leftovers, step, people, most };
    vec![load(Step::Offer, sent, all), load(Step::Visit, visits, all * expect.opens())]
}

/// The first time that begins before it is told, for each offer that gives one: who comes first hears first, and
/// places are given level over all slots that are still open then.
pub fn too_late(
    horizon: Horizon,
    after: &After,
    slots: &[Slot],
    (people, expect): (&People, &Expect),
    batches: &[Batch],
) -> Vec<Why> {
    let given = if after.catch_up.is_empty() { slots } else { &after.catch_up };
    let late = |batch: &Batch| {
        let earliest = batch.at + TimeDelta::seconds(after.lead_seconds.into());
        let open: Vec<Slot> = given.iter().filter(|slot| earliest <= utc(slot.starts_at)).cloned().collect();
        let times = times(horizon, &open, people, |placed| match after.catch_up.is_empty() {
            true => placed,
            false => loads::missed(placed, expect),
        });
        let all: f64 = times.even.iter().sum();
        let mut before = 0.0;
        for (minute, some) in times.even.iter().enumerate().filter(|(_, some)| **some > 0.0) {
            let told = nth(&batch.minutes, before / all)?;
            let starts = horizon.at(minute);
            // In that minute, at a second of their own.
            if told + TimeDelta::minutes(1) > starts {
                return Some(Why::Offer { at: batch.at, told, starts });
            }
            before += some;
        }
        None
    };
    batches.iter().filter_map(late).collect()
}

/// What part of those with a place may be given which minute; only the shape counts.
fn times(horizon: Horizon, open: &[Slot], people: &People, given: impl Fn(u64) -> u64) -> Series {
    let mut times = Series::new(horizon);
    for CohortPeople { cohort, placed, .. } in &people.cohorts {
        loads::place(&mut times, open, cohort.as_ref(), given(*placed), 1.0, &Expect::default());
    }
    times
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "minutes of a week"
)]
fn nth(minutes: &[DateTime<Utc>], part: f64) -> Option<DateTime<Utc>> {
    let at = (minutes.len() as f64 * part) as usize;
    minutes.get(at.min(minutes.len().saturating_sub(1))).copied()
}
