//! The trouble that every drill has.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// The share of identity checks that fail: of codes that are sent, by text or by mail, and of checks at the seller.
pub const IDENTITY_DOWN: f64 = 0.10;
/// The bank pays nothing for so long.
const BANK_MINUTES: i64 = 30;
/// So long is the service away in the middle of the purchases.
pub const AWAY_MINUTES: i64 = 5;

/// What was done to the round, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    /// `identity`, `vendor`, `bank`, `restart` or `outage`.
    pub kind: &'static str,
    /// When, on the drill's clock.
    pub at: DateTime<Utc>,
    /// People, texts or requests it met.
    pub met: u64,
    /// Of so many people who were there for it, where that is known.
    pub of: Option<u64>,
}

impl Trouble {
    /// Whether it met anybody: of those who were there for it, half of them at least. Whoever had been served a moment
    /// before was not met.
    pub fn is_met(&self) -> bool {
        self.met > 0 && self.of.is_none_or(|of| 2 * self.met >= of)
    }
}

/// When the bank's limit is reached: around the middle of all who come.
pub fn bank(middle: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let from = middle - TimeDelta::minutes(1);
    (from, from + TimeDelta::minutes(BANK_MINUTES))
}
