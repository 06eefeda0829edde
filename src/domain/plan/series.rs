//! People per minute, over all minutes of a round.

use chrono::{DateTime, TimeDelta, Utc};

/// The minutes of a round.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    from: i64,
    minutes: usize,
}

/// With a month for what follows.
const MINUTES: usize = (2 * 366 + 31) * 1_440;

impl Horizon {
    /// No round takes longer.
    pub const LONGEST: TimeDelta = TimeDelta::days(2 * 366);

    /// From the minute of `from` to that of `to`.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let (from, to) = (from.timestamp().div_euclid(60), to.timestamp().div_euclid(60));
        Self { from, minutes: usize::try_from(to - from + 1).unwrap_or(1).min(MINUTES) }
    }

    /// Where an instant lies, in minutes and parts of one.
    fn place(self, at: DateTime<Utc>) -> f64 {
        let seconds = (at - self.at(0)).num_seconds();
        f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) / 60.0
    }

    /// The minute an instant lies in.
    pub fn minute(self, at: DateTime<Utc>) -> usize {
        let minute = usize::try_from(at.timestamp().div_euclid(60) - self.from).unwrap_or(0);
        minute.min(self.minutes - 1)
    }

    /// The instant at which a minute begins.
    pub fn at(self, minute: usize) -> DateTime<Utc> {
        let minute = self.from + i64::try_from(minute).unwrap_or(0);
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }
}

/// How many people do something in each minute.
#[derive(Clone, Debug)]
pub struct Series {
    horizon: Horizon,
    /// Spread over the minute.
    pub even: Vec<f64>,
    /// All at once when the minute begins; empty if nobody does that.
    pub at_once: Vec<f64>,
}

impl Series {
    /// Nobody.
    pub fn new(horizon: Horizon) -> Self {
        Self { horizon, even: vec![0.0; horizon.minutes], at_once: Vec::new() }
    }

    /// Adds people evenly between two instants.
    pub fn add(&mut self, from: DateTime<Utc>, to: DateTime<Utc>, people: f64) {
        let (from, to) = (self.horizon.place(from).max(0.0), self.horizon.place(to));
        if to <= from || people <= 0.0 {
            return;
        }
        let rate = people / (to - from);
        for (minute, load) in self.minutes_between(from, to) {
            let begins = f64::from(u32::try_from(minute).unwrap_or(u32::MAX));
            *load += rate * (to.min(begins + 1.0) - from.max(begins));
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ from < to, and cut")]
    fn minutes_between(&mut self, from: f64, to: f64) -> impl Iterator<Item = (usize, &mut f64)> {
        let (first, last) = (from.floor() as usize, to.ceil() as usize);
        self.even.iter_mut().enumerate().take(last).skip(first)
    }

    /// Adds people in one minute.
    pub fn add_minute(&mut self, at: DateTime<Utc>, people: f64) {
        self.even[self.horizon.minute(at)] += people;
    }

    /// Adds people all at once.
    pub fn add_at_once(&mut self, at: DateTime<Utc>, people: f64) {
        if self.at_once.is_empty() {
            self.at_once = vec![0.0; self.even.len()];
        }
        self.at_once[self.horizon.minute(at)] += people;
    }

    /// People a second in a window of Δ ≤ 60 seconds that begins with the minute.
    pub fn rate(&self, minute: usize, window: f64) -> f64 {
        self.even[minute] / 60.0 + self.at_once.get(minute).map_or(0.0, |people| people / window)
    }

    /// People in a minute.
    pub fn people(&self, minute: usize) -> f64 {
        self.even[minute] + self.at_once.get(minute).copied().unwrap_or_default()
    }

    /// Its minutes.
    pub fn horizon(&self) -> Horizon {
        self.horizon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_spread_and_none_is_lost() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let mut series = Series::new(Horizon::new(at(600), at(6_000)));
        series.add(at(630), at(750), 120.0);
        assert_eq!(series.even[..4], [30.0, 60.0, 30.0, 0.0]);
        series.add_at_once(at(720), 50.0);
        assert!((series.rate(2, 10.0) - 5.5).abs() < 1e-12 && (series.people(2) - 80.0).abs() < 1e-12);
        assert_eq!(series.horizon().at(2), at(720));
    }
}
