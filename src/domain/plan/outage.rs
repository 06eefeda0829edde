//! What an outage would pile up, and how long it takes to be gone.

use serde::Serialize;

use super::late;
use crate::domain::draft::Expect;

/// An outage in the worst minute of purchases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outage {
    /// What does not answer.
    pub dependency: String,
    /// For how many minutes.
    pub minutes: f64,
    /// People who then wait.
    pub waiting: f64,
    /// If they all came at once, within ten seconds: people a second.
    pub at_once: f64,
    /// Spread again by rank over what is free: minutes until they are gone; none if never.
    pub drain_minutes: Option<f64>,
    /// People whose minute has passed and who have not bought, at any time: only these can come
    /// together. The grace bounds them.
    pub unused: f64,
    /// Minutes a place is held.
    pub grace_minutes: f64,
}

impl Outage {
    /// Whether places would lapse before everybody was served.
    pub fn is_too_long(&self) -> bool {
        self.drain_minutes.is_none_or(|drain| self.minutes + drain > self.grace_minutes)
    }
}

/// `rate` people a second come at the worst time to what takes `capacity` people a second.
pub fn outage(
    dependency: &str,
    rate: f64,
    capacity: f64,
    people: f64,
    grace_hours: u32,
    expect: &Expect,
) -> Outage {
    let minutes = expect.outage_minutes();
    let grace = f64::from(grace_hours) * 60.0;
    let show = expect.show().max(f64::MIN_POSITIVE);
    // Those who come, late; and those who do not, for as long as their place is held.
    let late = rate * late::mean(expect.waiting(), grace) * 60.0;
    let absent = (rate / show * (1.0 - show) * grace * 60.0).min(people * (1.0 - show));
    Outage {
        dependency: dependency.to_owned(),
        minutes,
        waiting: rate * 60.0 * minutes,
        at_once: rate * 60.0 * minutes / 10.0,
        drain_minutes: (capacity > rate).then(|| minutes * rate / (capacity - rate)),
        unused: late + absent,
        grace_minutes: grace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Busan in one day of 13 hours: 900,000 people, 90 % come, places held for four hours.
    #[test]
    fn an_outage_in_busan() {
        let expect = Expect { show: Some(90.0), ..Expect::default() };
        let rate = 900_000.0 * 0.9 / 46_800.0;
        let at = |capacity| outage("bank", rate, capacity, 900_000.0, 4, &expect);
        assert!((at(30.0).drain_minutes.unwrap() - 14.0).abs() < 0.5, "{:?}", at(30.0));
        assert!((at(1.2 * rate).drain_minutes.unwrap() - 49.0).abs() < 1.5);
        assert_eq!(at(rate).drain_minutes, None);
        // 18,900 late ones and 27,700 who do not come.
        assert!((at(30.0).unused / 46_600.0 - 1.0).abs() < 0.03, "{}", at(30.0).unused);
        assert!(at(rate * 1.01).is_too_long() && !at(30.0).is_too_long());
    }
}
