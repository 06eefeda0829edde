//! Days, hours and capacity of buying, turned into slots.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use public_audit::rules::{Match, Slot};
use serde::Deserialize;

use super::times::instant;

/// Days, hours and capacity of buying.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The first day, `2026-12-02`.
    pub first_day: String,
    /// How many days in a row.
    pub days: u32,
    /// Parts of the day in order, each with the hour it begins at.
    pub parts: Vec<Part>,
    /// The hour the last part ends at, `18:00`.
    pub until: String,
    /// Length of a slot.
    pub slot_minutes: u32,
    /// People a slot can take.
    pub slot_capacity: u32,
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

const PARTS: [&str; 4] = ["am", "noon", "pm", "eve"];

/// The longest opening: more days would be another round.
const DAYS: u32 = 366;

impl Opening {
    pub(super) fn slots(&self) -> Result<Vec<Slot>, String> {
        let first: NaiveDate = self.first_day.parse().map_err(|_| wrong("first_day", "2026-12-02"))?;
        let until = hour(&self.until).ok_or_else(|| wrong("until", "18:00"))?;
        let mut parts = Vec::new();
        for part in &self.parts {
            if !PARTS.contains(&part.name.as_str()) {
                return Err(format!("opening.parts: `{}` is not one of am, noon, pm, eve", part.name));
            }
            parts.push((part, hour(&part.from).ok_or_else(|| wrong("parts.from", "09:00"))?));
        }
        let ends = parts.iter().skip(1).map(|(_, from)| *from).chain([until]);
        let spans: Vec<(&Part, NaiveTime, NaiveTime)> =
            parts.iter().zip(ends).map(|((part, from), to)| (*part, *from, to)).collect();
        if spans.iter().any(|(_, from, to)| from >= to) || spans.is_empty() || self.slot_minutes == 0 {
            return Err(
                "opening: the parts of the day must follow each other and slots need minutes".to_owned()
            );
        }
        if !(1..=DAYS).contains(&self.days) {
            return Err(format!("opening.days: is {}; choose a number from 1 to {DAYS}", self.days));
        }
        let mut slots = Vec::new();
        for day in (0..u64::from(self.days)).map_while(|day| first.checked_add_days(Days::new(day))) {
            for (part, from, to) in &spans {
                self.slots_between(&part.name, day.and_time(*from), day.and_time(*to), &mut slots)?;
            }
        }
        Ok(slots)
    }

    fn slots_between(
        &self,
        part: &str,
        from: NaiveDateTime,
        to: NaiveDateTime,
        slots: &mut Vec<Slot>,
    ) -> Result<(), String> {
        let length = TimeDelta::minutes(i64::from(self.slot_minutes));
        let mut start = from;
        while start < to {
            let end = to.min(start + length);
            slots.push(Slot {
                name: start.format("%m%d-%H%M").to_string(),
                cohort: Match::default(),
                part: part.to_owned(),
                starts_at: instant(start)?,
                seconds: u32::try_from((end - start).num_seconds()).unwrap_or(0),
                capacity: self.slot_capacity,
            });
            start = end;
        }
        Ok(())
    }
}

fn wrong(field: &str, example: &str) -> String {
    format!("opening.{field}: write it like {example}")
}

fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}
