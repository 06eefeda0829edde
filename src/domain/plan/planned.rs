//! A forecast, and the plan of a round of so many.

use serde::{Deserialize, Serialize};

use super::{Between, Forecast, Plan, Show};

/// What the number of those counts who take part without entering, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Whether all of them are enrolled; before that so many are expected.
    pub enrolled: bool,
    /// Whether a household has one entry, so that these are entries and not people.
    pub households: bool,
}

/// A forecast, and the plan of a round of so many.
#[derive(Clone, Debug)]
pub struct Planned {
    /// How many.
    pub forecast: Forecast,
    /// Where nobody enters: who they are.
    pub served: Option<Served>,
    /// How many of those with a place buy.
    pub show: Show,
    /// With the expected number.
    pub expected: Plan,
    /// With the highest, and what is refused if few of them buy in their time.
    pub high: Plan,
    /// What each limit must take, and between which figures that lies.
    pub loads: Vec<Between>,
}
