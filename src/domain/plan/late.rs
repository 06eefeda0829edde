//! People who come later than their minute: into an hour in which a bank can take less.
//!
//! A share waits for its minute; the others come some time after it, half of them within a quarter
//! of an hour (lognormal, median 15 minutes, σ 1.2, until the place lapses). That is an assumption;
//! it can only raise what an hour is planned with, since the starts themselves are counted too.

use super::{noise::normal, series::Series};

/// Median delay in minutes.
pub const MEDIAN: f64 = 15.0;
/// Spread of the logarithm.
pub const SIGMA: f64 = 1.2;
/// Nobody is counted who comes more than a day late.
const LONGEST: u32 = 1_440;

/// The share of the late who come within so many minutes of their start, of those within `grace`.
fn within(minutes: f64, grace: f64) -> f64 {
    let of = |minutes: f64| if minutes <= 0.0 { 0.0 } else { normal((minutes / MEDIAN).ln() / SIGMA) };
    of(minutes.min(grace)) / of(grace).max(f64::MIN_POSITIVE)
}

/// The share of those who come that have not come yet, so many minutes after their start.
pub fn still_to_come(minutes: f64, waiting: f64, grace: f64) -> f64 {
    (1.0 - waiting) * (1.0 - within(minutes, grace))
}

/// The mean delay of everybody, in minutes, when `waiting` do not come late at all.
pub fn mean(waiting: f64, grace: f64) -> f64 {
    let log = (grace / MEDIAN).ln() / SIGMA;
    let late = MEDIAN * (SIGMA * SIGMA / 2.0).exp() * normal(log - SIGMA) / normal(log);
    (1.0 - waiting) * late
}

/// The larger, in each minute, of the starts themselves and of those who then come.
pub fn spill(starts: &Series, waiting: f64, grace: u32) -> Series {
    let grace = grace.min(LONGEST);
    let share = |minute: u32| {
        let minute = f64::from(minute);
        (1.0 - waiting) * (within(minute + 1.0, grace.into()) - within(minute, grace.into()))
    };
    let kernel: Vec<f64> = (0..grace).map(share).collect();
    let mut come = vec![0.0; starts.even.len()];
    for (minute, people) in starts.even.iter().enumerate().filter(|(_, people)| **people > 0.0) {
        come[minute] += waiting * people;
        for (later, share) in come[minute..].iter_mut().zip(&kernel) {
            *later += people * share;
        }
    }
    let mut spilt = starts.clone();
    for (planned, come) in spilt.even.iter_mut().zip(come) {
        *planned = planned.max(come);
    }
    spilt
}
