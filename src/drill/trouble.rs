//! The trouble that every drill has.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

/// The share of identity checks that fail: of codes that are sent, by text or by mail, and of checks at the seller.
pub const IDENTITY_DOWN: f64 = 0.10;
/// The bank pays nothing for so long.
const BANK_MINUTES: i64 = 30;
/// So long is the service away in the middle of the purchases.
pub const AWAY_MINUTES: i64 = 5;

/// What is done to every round that is drilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// Codes that are lost, and checks that fail at the seller.
    Identity,
    /// One SMS vendor is dead.
    Vendor,
    /// The bank's limit is reached.
    Bank,
    /// The service is stopped and started again.
    Restart,
    /// The service is away while people buy.
    Outage,
}

impl TroubleKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Identity, Self::Vendor, Self::Bank, Self::Restart, Self::Outage];

    /// As in a report's figures, and where a command names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Vendor => "vendor",
            Self::Bank => "bank",
            Self::Restart => "restart",
            Self::Outage => "outage",
        }
    }
}

impl Serialize for TroubleKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// What was done to the round, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Trouble {
    /// What it was.
    pub kind: TroubleKind,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever reads the figures of a report finds them by these.
    #[test]
    fn each_kind_has_its_key_in_the_figures() {
        let keys = ["identity", "vendor", "bank", "restart", "outage"];
        assert_eq!(serde_json::to_value(TroubleKind::ALL).unwrap(), serde_json::json!(keys));
    }
}
