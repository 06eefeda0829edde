//! A rate over the day: people a minute, less at the weak hours. Whole numbers: the profile counts
//! hundredths of a person a minute, so that a percentage of a rate loses nothing until it is summed.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// Hours in which only a part can be served: lunch, or the bank's maintenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dip {
    /// `12:00`.
    pub from: String,
    /// `13:00`.
    pub to: String,
    /// What is left of the rate, 0 (closed) to 100.
    pub percent: u32,
}

/// `09:00` as a time.
pub(super) fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// People a minute, hour by hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    per_minute: u32,
    dips: Vec<(NaiveTime, NaiveTime, u32)>,
}

impl Profile {
    /// Reads the dips.
    ///
    /// # Errors
    /// The first that cannot be meant, in a sentence.
    pub fn read(per_minute: u32, dips: &[Dip]) -> Result<Self, String> {
        let mut read: Vec<(NaiveTime, NaiveTime, u32)> = Vec::new();
        for dip in dips {
            let hours = hour(&dip.from).zip(hour(&dip.to)).filter(|(from, to)| from < to);
            let (from, to) = hours.ok_or_else(|| {
                "dips: write them like { from = \"12:00\", to = \"13:00\", percent = 60 }".to_owned()
            })?;
            if dip.percent > 100 {
                return Err(format!("dips: {} percent is more than all", dip.percent));
            }
            if read.iter().any(|(other, until, _)| from < *until && *other < to) {
                return Err(format!("dips: two of them at {}", dip.from));
            }
            read.push((from, to, dip.percent));
        }
        Ok(Self { per_minute, dips: read })
    }

    /// The hours at which the rate changes.
    pub fn edges(&self) -> impl Iterator<Item = NaiveTime> {
        self.dips.iter().flat_map(|(from, to, _)| [*from, *to])
    }

    /// Hundredths of a person a minute at an hour.
    pub fn rate(&self, at: NaiveTime) -> u64 {
        let dip = self.dips.iter().find(|(from, to, _)| (*from..*to).contains(&at));
        u64::from(self.per_minute) * u64::from(dip.map_or(100, |(_, _, percent)| *percent))
    }

    /// People between two local times of one day: the sum over the minutes, rounded down once.
    pub fn people(&self, from: NaiveDateTime, to: NaiveDateTime) -> u64 {
        let mut hundredths = 0;
        let mut at = from;
        while at < to {
            hundredths += self.rate(at.time());
            at += TimeDelta::minutes(1);
        }
        hundredths / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dip(from: &str, to: &str, percent: u32) -> Dip {
        Dip { from: from.to_owned(), to: to.to_owned(), percent }
    }

    #[test]
    fn a_profile_sums_its_minutes_and_rounds_once() {
        let profile = Profile::read(8, &[dip("12:00", "13:00", 60)]).unwrap();
        let at = |text: &str| format!("2027-01-11T{text}:00").parse::<NaiveDateTime>().unwrap();
        assert_eq!(profile.people(at("11:00"), at("12:00")), 480);
        // 60 × 4.8: rounding each minute would say 240.
        assert_eq!(profile.people(at("12:00"), at("13:00")), 288);
        assert_eq!(profile.people(at("11:59"), at("12:01")), 12);
        assert_eq!(profile.people(at("12:00"), at("12:01")), 4);
    }

    #[test]
    fn dips_that_cannot_be_meant_are_refused() {
        for dips in [
            vec![dip("13:00", "12:00", 60)],
            vec![dip("12", "13:00", 60)],
            vec![dip("12:00", "13:00", 101)],
            vec![dip("12:00", "13:00", 60), dip("12:30", "14:00", 20)],
        ] {
            assert!(Profile::read(1, &dips).is_err(), "{dips:?}");
        }
    }
}
