//! How many will have entered at the close, from how many have by now.
//!
//! Without past rounds the arrival curve is the one the plan assumes. Its error is not known, so the interval is wide at
//! first: half of what is still to come, besides the noise of counting. Past rounds say how many of theirs had come when
//! as much of the time had passed; how much they differ from each other says how wrong they may be, weighed with
//! that half as if it had been seen in [`PRIOR`] rounds before.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    loads::{Dates, entering},
    series::Horizon,
};
use crate::domain::draft::Expect;

/// How sure the curve is: the logarithm of the total may be wrong by this, times what is still to come.
const CURVE: f64 = 0.5;

/// For so many rounds counts what is believed before the first: few, so that three of one's own outweigh half of it.
pub(super) const PRIOR: f64 = 4.0;

/// Entrants at the close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who has entered by then.
    pub entered: u64,
    /// How much of the curve has passed, 0 to 1.
    pub passed: f64,
    /// How many past rounds say so; with 0 it is the assumed curve.
    #[serde(default)]
    pub rounds: u32,
    /// Who will have entered at the close.
    pub expected: u64,
    /// With 95 %: not fewer.
    pub low: u64,
    /// With 95 %: not more.
    pub high: u64,
}

impl Forecast {
    /// Of a round in which so many take part without entering, of whom so many are noted.
    pub fn everybody(made_at: DateTime<Utc>, entered: u64, people: u64) -> Self {
        Self { made_at, entered, passed: 1.0, rounds: 0, expected: people, low: people, high: people }
    }
}

/// Why there is nothing to forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nothing {
    /// Entering has not begun.
    NotOpen,
    /// Nobody has entered so far.
    NobodyYet,
    /// Nobody has, and entering is over.
    Nobody,
    /// Somebody has within the first minute, of which the curve says nothing.
    TooSoon,
    /// The round is void.
    Void,
}

/// The share of all entrants who have entered by `now`.
fn passed(opens: DateTime<Utc>, closes: DateTime<Utc>, now: DateTime<Utc>, expect: &Expect) -> f64 {
    let dates = Dates { opens, closes, seals: closes, results: closes, spread: 1 };
    let horizon = Horizon::new(opens, closes + TimeDelta::minutes(1));
    let end = horizon.minute(now.max(opens));
    let whole = if now >= closes { usize::MAX } else { end };
    entering(horizon, &dates, 1.0, expect).iter().flat_map(|load| load.people.even.iter().take(whole)).sum()
}

/// Student's quantile of 97.5 %, by the expansion of Cornish and Fisher: right to 1 % from four degrees of freedom on.
pub(super) fn student(freedom: f64) -> f64 {
    let z = 1.96_f64;
    z + (z.powi(3) + z) / (4.0 * freedom)
        + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * freedom * freedom)
}

/// The share that past rounds expect by now, and how far the logarithm of this round's may be from it, with 95 %. Where
/// everybody of theirs had come, somebody may still come to this one: as many as the assumed curve leaves to come.
fn learned(past: &[f64], assumed: f64) -> Option<(f64, f64)> {
    let seen: Vec<f64> = past.iter().filter(|share| **share > 0.0).map(|share| share.min(1.0).ln()).collect();
    if seen.is_empty() {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "rounds")]
    let count = seen.len() as f64;
    let mean = seen.iter().sum::<f64>() / count;
    let apart: f64 = seen.iter().map(|one| (one - mean).powi(2)).sum();
    let prior = CURVE * (1.0 - mean.exp().min(assumed));
    let freedom = PRIOR + count - 1.0;
    let spread = ((PRIOR * prior * prior + apart) / freedom).sqrt();
    Some((mean.exp(), student(freedom) * spread * (1.0 + 1.0 / count).sqrt()))
}

/// Forecasts, once somebody has entered and a minute has passed. `past` is, of each earlier round, the share of its
/// entrants who had entered when as much of its registration had passed.
///
/// # Errors
/// Why it cannot be said yet.
pub fn forecast(
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
    now: DateTime<Utc>,
    entered: u64,
    expect: &Expect,
    past: &[f64],
) -> Result<Forecast, Nothing> {
    match entered {
        _ if now < opens => return Err(Nothing::NotOpen),
        0 if now < closes => return Err(Nothing::NobodyYet),
        0 => return Err(Nothing::Nobody),
        _ => {}
    }
    let assumed = passed(opens, closes, now, expect).min(1.0);
    let past = if now < closes { past } else { &[] };
    if assumed <= 0.0 {
        return Err(Nothing::TooSoon);
    }
    Ok(weighed(now, entered, assumed, expect, past))
}

/// The same, with what the assumed curve says, of at least one.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
fn weighed(now: DateTime<Utc>, entered: u64, assumed: f64, expect: &Expect, past: &[f64]) -> Forecast {
    let learned = learned(past, assumed);
    let (passed, curve) = learned.unwrap_or((assumed, CURVE * (1.0 - assumed) * 1.96));
    let most = expect.at_most.map_or(f64::MAX, |people| people as f64).max(entered as f64);
    let expected = entered as f64 / passed;
    let counting = (1.0 - passed).max(0.0) / entered as f64;
    let error = (1.96 * 1.96 * counting + curve * curve).sqrt();
    let within = |people: f64| people.clamp(entered as f64, most).round() as u64;
    Forecast {
        made_at: now,
        entered,
        passed,
        rounds: learned.map_or(0, |_| past.iter().map(|share| u32::from(*share > 0.0)).sum()),
        expected: within(expected),
        low: within(expected * (-error).exp()),
        high: within(expected * error.exp()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_forecast_narrows_to_the_count() {
        let (opens, closes) = (at("2027-01-04T00:00:00Z"), at("2027-01-07T09:00:00Z"));
        let expect = Expect { at_most: Some(20_000), ..Expect::default() };
        let made = |now: &str, entered| forecast(opens, closes, at(now), entered, &expect, &[]);
        assert_eq!(made("2027-01-03T23:59:59Z", 5), Err(Nothing::NotOpen));
        assert_eq!(made("2027-01-04T00:00:59Z", 0), Err(Nothing::NobodyYet));
        assert_eq!(made("2027-01-04T00:00:59Z", 5), Err(Nothing::TooSoon), "nothing of the curve has passed");
        assert_eq!(made("2027-01-04T00:01:00Z", 5).map(|made| made.entered), Ok(5));
        assert_eq!(made("2027-01-07T08:59:59Z", 0), Err(Nothing::NobodyYet));
        assert_eq!(made("2027-01-07T09:00:00Z", 0), Err(Nothing::Nobody));
        // An hour after the opening a tenth is here.
        let first = made("2027-01-04T01:00:00Z", 1_200).unwrap();
        assert_eq!(first.expected, 10_000);
        assert!(first.low < 5_000 && first.high == 20_000, "{first:?}");
        let mut width = f64::MAX;
        for (now, entered) in [
            ("2027-01-05T00:00:00Z", 4_000),
            ("2027-01-06T00:00:00Z", 6_500),
            ("2027-01-07T07:00:00Z", 8_700),
        ] {
            let forecast = made(now, entered).unwrap();
            let found = (forecast.high - forecast.low) as f64 / forecast.expected as f64;
            assert!(
                found < width && forecast.low >= entered && forecast.low <= forecast.expected,
                "{forecast:?}"
            );
            width = found;
        }
        let last = made("2027-01-07T09:00:00Z", 9_876).unwrap();
        assert_eq!((last.low, last.expected, last.high), (9_876, 9_876, 9_876));
    }

    /// Deterministic, and even enough: splitmix64.
    pub struct Chance(pub u64);

    impl Chance {
        pub fn even(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        }

        pub fn normal(&mut self) -> f64 {
            (-2.0 * (1.0 - self.even()).ln()).sqrt() * (std::f64::consts::TAU * self.even()).cos()
        }
    }

    /// Of 1,000 rounds of whose people `mean` have come by now, off as stated, how many end within the interval.
    fn covered(seed: u64, rounds: usize, apart: f64, (mean, assumed): (f64, f64), people: f64) -> usize {
        let now = at("2027-01-05T03:00:00Z");
        let mut chance = Chance(seed);
        let hits = (0..1_000).filter(|_| {
            let mut share = || (mean * (apart * chance.normal()).exp()).min(1.0);
            let (own, past) = (share(), (0..rounds).map(|_| share()).collect::<Vec<f64>>());
            let noise = (people * own * (1.0 - own)).sqrt() * chance.normal();
            let entered = (people * own + noise).round().clamp(1.0, people) as u64;
            let made = weighed(now, entered, assumed, &Expect::default(), &past);
            assert_eq!(made.rounds as usize, rounds);
            (made.low..=made.high).contains(&(people as u64))
        });
        hits.count()
    }

    #[test]
    fn the_interval_holds_as_often_as_it_says() {
        // 95 % stated; 930 of 1,000 is three standard errors less.
        let (opens, closes) = (at("2027-01-04T00:00:00Z"), at("2027-01-07T09:00:00Z"));
        let assumed = passed(opens, closes, at("2027-01-05T03:00:00Z"), &Expect::default());
        for people in [300.0, 9_000.0, 2_000_000.0] {
            let hits = covered(1, 0, CURVE * (1.0 - assumed), (assumed, assumed), people);
            assert!(hits >= 930, "no past round, {people} people: {hits}");
            // As many as assumed, and nearly everybody: then half of the past rounds say that nobody is to come.
            for mean in [0.35, 0.98] {
                for (rounds, apart) in
                    [(1, 0.05), (1, 0.25), (2, 0.25), (5, 0.25), (5, 0.05), (20, 0.4), (60, 0.6)]
                {
                    let hits = covered(2, rounds, apart, (mean, assumed), people);
                    assert!(hits >= 930, "{mean}: {rounds} rounds, {apart} apart, {people} people: {hits}");
                }
            }
        }
    }

    #[test]
    fn rounds_of_ones_own_narrow_the_interval_and_move_it() {
        let (opens, closes) = (at("2027-01-04T00:00:00Z"), at("2027-01-07T09:00:00Z"));
        let made = |past: &[f64]| {
            forecast(opens, closes, at("2027-01-05T03:00:00Z"), 3_000, &Expect::default(), past).unwrap()
        };
        let (none, many) = (made(&[]), made(&[0.3; 40]));
        assert_eq!((many.expected, many.rounds), (10_000, 40));
        let width = |made: Forecast| (made.high as f64 / made.low as f64).ln();
        assert!(width(many) < width(none) / 2.0, "{none:?} {many:?}");
        // A round of which nothing is known by then says nothing.
        assert_eq!(made(&[0.0]), none);
        // That everybody had come once does not mean that nobody comes now.
        let all = made(&[1.0]);
        assert_eq!((all.low, all.expected), (3_000, 3_000));
        assert!(all.high > 4_500, "{all:?}");
        // At the close it is counted, whatever others did.
        let last = forecast(opens, closes, closes, 3_000, &Expect::default(), &[0.5]).unwrap();
        assert_eq!((last.low, last.expected, last.high), (3_000, 3_000, 3_000));
    }
}
