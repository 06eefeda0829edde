//! Days and hours of buying for one cohort, as a clerk writes them, cut into spans.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use public_audit::rules::Match;
use serde::Deserialize;

use super::{
    calendar::{Calendar, weekdays},
    profile::{Dip, hour},
};

/// Days, hours and capacity of buying.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Whose it is, `{ birth_digit = ["1", "6"] }`; everybody's if left out.
    #[serde(default, rename = "for")]
    pub cohort: Match,
    /// The first day, `2026-12-02`.
    pub first_day: String,
    /// How many open days: closed weekdays and holidays do not count.
    pub days: u32,
    /// The open weekdays, `["mon", "tue"]`; all seven if left out.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// Parts of the day in order, each with the hour it begins at.
    pub parts: Vec<Part>,
    /// The hour the last part ends at, `18:00`.
    pub until: String,
    /// Length of a slot.
    pub slot_minutes: u32,
    /// People a slot can take; or `per_minute`, or `sellers`.
    pub slot_capacity: Option<u32>,
    /// People a minute.
    pub per_minute: Option<u32>,
    /// Weak hours of `per_minute`; slots are cut where the rate changes.
    #[serde(default)]
    pub dips: Vec<Dip>,
    /// Which sellers serve it, by name.
    #[serde(default)]
    pub sellers: Vec<String>,
    /// How much of these sellers, where another opening shares them at the same hours.
    pub percent: Option<u32>,
    /// Kept for those who missed their own minute.
    #[serde(default)]
    pub catch_up: bool,
}

/// A part of the day people may wish for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `am`, `noon`, `pm` or `eve`: the parts that have a name in every language.
    pub name: String,
    /// `09:00`.
    pub from: String,
}

/// The parts of the day, in time order.
pub(super) const PARTS: [&str; 4] = ["am", "noon", "pm", "eve"];

/// The longest opening: more days would be another round.
const DAYS: u32 = 366;

/// The longest slot, in minutes: no part of a day is longer.
const DAY: u32 = 1_440;

/// One slot's hours, local.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub part: String,
    pub from: NaiveDateTime,
    pub to: NaiveDateTime,
}

/// An opening's days and hours, read.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub days: Vec<NaiveDate>,
    /// Name, begin and end of each part of the day.
    pub parts: Vec<(String, NaiveTime, NaiveTime)>,
}

impl Opening {
    /// Reads days and hours.
    ///
    /// # Errors
    /// The first thing wrong, as the key and a sentence.
    pub(super) fn hours(&self, calendar: &Calendar) -> Result<Hours, String> {
        let first: NaiveDate = self.first_day.parse().map_err(|_| wrong("first_day", "2026-12-02"))?;
        let until = hour(&self.until).ok_or_else(|| wrong("until", "18:00"))?;
        let mut parts = Vec::new();
        for part in &self.parts {
            if !PARTS.contains(&part.name.as_str()) {
                return Err(format!("parts: `{}` is not one of am, noon, pm, eve", part.name));
            }
            parts.push((part.name.clone(), hour(&part.from).ok_or_else(|| wrong("parts.from", "09:00"))?));
        }
        let ends = parts.iter().skip(1).map(|(_, from)| *from).chain([until]);
        let parts: Vec<_> =
            parts.iter().zip(ends).map(|((name, from), to)| (name.clone(), *from, to)).collect();
        let order = |name: &str| PARTS.iter().position(|part| *part == name);
        if parts.iter().any(|(_, from, to)| from >= to)
            || !parts.is_sorted_by(|(a, ..), (b, ..)| order(a) < order(b))
            || parts.is_empty()
        {
            return Err("parts: they must follow each other, am, noon, pm, eve".to_owned());
        }
        if !(1..=DAY).contains(&self.slot_minutes) {
            return Err(format!("slot_minutes: is {}; choose a number from 1 to {DAY}", self.slot_minutes));
        }
        if !(1..=DAYS).contains(&self.days) {
            return Err(format!("days: is {}; choose a number from 1 to {DAYS}", self.days));
        }
        let weekdays = weekdays(&self.weekdays).map_err(|problem| format!("weekdays: {problem}"))?;
        let days = calendar
            .open_days(first, self.days, &weekdays)
            .map_err(|problem| format!("first_day: {problem}"))?;
        Ok(Hours { days, parts })
    }

    /// Its slots' hours: every `slot_minutes` from the begin of a part, and at the `edges`, where
    /// the rate changes.
    pub(super) fn spans(&self, hours: &Hours, edges: &[NaiveTime]) -> Vec<Span> {
        let length = TimeDelta::minutes(i64::from(self.slot_minutes));
        let mut spans = Vec::new();
        for (day, (part, from, to)) in
            hours.days.iter().flat_map(|day| hours.parts.iter().map(move |part| (*day, part)))
        {
            let (from, to) = (day.and_time(*from), day.and_time(*to));
            let mut next = from + length;
            let mut start = from;
            while start < to {
                let edge = edges.iter().map(|edge| day.and_time(*edge)).filter(|edge| *edge > start).min();
                let end = edge.map_or(next, |edge| next.min(edge)).min(to);
                spans.push(Span { part: part.clone(), from: start, to: end });
                if end == next {
                    next += length;
                }
                start = end;
            }
        }
        spans
    }
}

fn wrong(field: &str, example: &str) -> String {
    format!("{field}: write it like {example}")
}
