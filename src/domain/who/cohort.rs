//! One's own cohort: which days, which parts of the day. A resident is told their dates, never a table.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{
    Rules,
    rules::{Match, Slot},
};

use super::value_in;

/// The cohort of an entry that keeps these values: the first that it matches.
pub fn of<'r>(rules: &'r Rules, kept: &str) -> Option<&'r Match> {
    rules.cohorts().into_iter().find(|cohort| cohort.matches(|field| value_in(kept, field)))
}

/// The slots of a cohort.
pub fn slots<'r>(rules: &'r Rules, cohort: &'r Match) -> impl Iterator<Item = &'r Slot> {
    rules.slots.iter().filter(move |slot| slot.cohort == *cohort)
}

/// The parts of the day that a cohort has, in the order of the rules.
pub fn parts(rules: &Rules, cohort: &Match) -> Vec<String> {
    let has = |part: &&String| slots(rules, cohort).any(|slot| slot.part == **part);
    rules.parts.iter().filter(has).cloned().collect()
}

/// One stretch of days with the same hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day, from its first minute …
    pub from: DateTime<Utc>,
    /// … to its last.
    pub until: DateTime<Utc>,
    /// The last day's end; that of the first if there is one day.
    pub last: DateTime<Utc>,
    /// How many days.
    pub count: usize,
}

/// When a cohort can come: days in a row with the same hours are one line.
pub fn days(rules: &Rules, cohort: &Match) -> Vec<Days> {
    let at = |instant: public_audit::Instant| DateTime::from_timestamp(instant.unix(), 0).unwrap_or_default();
    let local = |at: DateTime<Utc>| at.with_timezone(&Seoul);
    let mut by_day: BTreeMap<NaiveDate, (DateTime<Utc>, DateTime<Utc>)> = BTreeMap::new();
    for slot in slots(rules, cohort) {
        let from = at(slot.starts_at);
        let until = from + TimeDelta::seconds(i64::from(slot.seconds));
        let day = by_day.entry(local(from).date_naive()).or_insert((from, until));
        *day = (day.0.min(from), day.1.max(until));
    }
    let mut found: Vec<(Days, NaiveDate)> = Vec::new();
    for (day, (from, until)) in by_day {
        let hours = |from: DateTime<Utc>, until| (local(from).time(), local(until).time());
        match found.last_mut() {
            Some((days, last))
                if last.succ_opt() == Some(day) && hours(days.from, days.until) == hours(from, until) =>
            {
                days.last = until;
                days.count += 1;
                *last = day;
            }
            _ => found.push((Days { from, until, last: until, count: 1 }, day)),
        }
    }
    found.into_iter().map(|(days, _)| days).collect()
}

/// How full a cohort is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The cohort; `None` for entries that are in none.
    pub cohort: Option<Match>,
    /// Entries in it.
    pub entries: u64,
    /// People in them.
    pub seats: u64,
    /// People its slots can take.
    pub capacity: u64,
}

/// Seats against capacity, cohort by cohort, from groups of entries that keep the same values:
/// `(values, entries, seats)`. Who belongs nowhere comes last, if there is anybody.
pub fn fill(rules: &Rules, groups: &[(String, u64, u64)]) -> Vec<Fill> {
    let cohorts = rules.cohorts();
    let mut fills: Vec<Fill> = cohorts
        .iter()
        .map(|cohort| {
            let capacity = slots(rules, cohort).map(|slot| u64::from(slot.capacity)).sum();
            Fill { cohort: Some((*cohort).clone()), entries: 0, seats: 0, capacity }
        })
        .collect();
    let mut nowhere = Fill { cohort: None, entries: 0, seats: 0, capacity: 0 };
    for (kept, entries, seats) in groups {
        let at = cohorts.iter().position(|cohort| cohort.matches(|field| value_in(kept, field)));
        let fill = at.and_then(|at| fills.get_mut(at)).unwrap_or(&mut nowhere);
        fill.entries += entries;
        fill.seats += seats;
    }
    if nowhere.entries > 0 {
        fills.push(nowhere);
    }
    fills
}
