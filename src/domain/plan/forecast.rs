//! How many will have entered at the close, from how many have by now.
//!
//! The arrival curve is the one the plan assumes. Its error is not known, so the interval is wide at
//! first: half of what is still to come, besides the noise of counting.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    loads::{Dates, entering},
    series::Horizon,
};
use crate::domain::draft::Expect;

/// How sure the curve is: the logarithm of the total may be wrong by this, times what is still to come.
const CURVE: f64 = 0.5;

/// Entrants at the close.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who has entered by then.
    pub entered: u64,
    /// How much of the curve has passed, 0 to 1.
    pub passed: f64,
    /// Who will have entered at the close.
    pub expected: u64,
    /// With 95 %: not fewer.
    pub low: u64,
    /// With 95 %: not more.
    pub high: u64,
}

/// The share of all entrants who have entered by `now`.
fn passed(opens: DateTime<Utc>, closes: DateTime<Utc>, now: DateTime<Utc>, expect: &Expect) -> f64 {
    let dates = Dates { opens, closes, seals: closes, results: closes, spread: 1 };
    let horizon = Horizon::new(opens, closes + TimeDelta::minutes(1));
    let end = horizon.minute(now.max(opens));
    let whole = if now >= closes { usize::MAX } else { end };
    entering(horizon, &dates, 1.0, expect).iter().flat_map(|load| load.people.even.iter().take(whole)).sum()
}

/// Forecasts, once somebody has entered and a minute has passed.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn forecast(
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
    now: DateTime<Utc>,
    entered: u64,
    expect: &Expect,
) -> Option<Forecast> {
    let passed = passed(opens, closes, now, expect).min(1.0);
    if entered == 0 || passed <= 0.0 {
        return None;
    }
    let most = expect.at_most.map_or(f64::MAX, |people| people as f64).max(entered as f64);
    let expected = entered as f64 / passed;
    let counting = (1.0 - passed).max(0.0) / entered as f64;
    let error = (counting + (CURVE * (1.0 - passed)).powi(2)).sqrt() * 1.96;
    let within = |people: f64| people.clamp(entered as f64, most).round() as u64;
    Some(Forecast {
        made_at: now,
        entered,
        passed,
        expected: within(expected),
        low: within(expected * (-error).exp()),
        high: within(expected * error.exp()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_forecast_narrows_to_the_count() {
        let (opens, closes) = (at("2027-01-04T00:00:00Z"), at("2027-01-07T09:00:00Z"));
        let expect = Expect { at_most: Some(20_000), ..Expect::default() };
        let made = |now: &str, entered| forecast(opens, closes, at(now), entered, &expect);
        assert_eq!(made("2027-01-04T00:00:00Z", 5), None, "nothing of the curve has passed");
        assert_eq!(made("2027-01-05T00:00:00Z", 0), None);
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
}
