//! The plan: the load of a round, minute by minute, against everything that has a limit; and the
//! verdict. A round that is not safe is refused, with the smallest change that would make it safe.
//!
//! Floating point is fine here: nothing of it is hashed or decides about a person.

mod ahead;
mod between;
mod change;
mod cohorts;
mod curves;
mod examine;
mod forecast;
mod interval;
mod late;
mod loads;
pub mod noise;
mod offered;
mod outage;
mod peaks;
mod planned;
mod reminders;
mod rooms;
mod say;
mod scenarios;
mod series;
mod show;
mod simulate;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use public_audit::rules::Match;
use serde::{Deserialize, Serialize};

use super::draft::Draft;

pub use ahead::{Ahead, ahead};
pub use between::{Between, between};
pub use change::{Change, edits};
pub use curves::{Column, Curve, curves};
pub use examine::{Inputs, look};
pub use forecast::{Forecast, Nothing, forecast};
pub use loads::{Dates, Load, entering, utc};
pub use offered::batches;
pub use outage::Outage;
pub use peaks::{Peak, Per, left};
pub use planned::{Planned, Served};
pub use say::{local, number};
pub use scenarios::{SCENARIOS, Scenario};
pub use series::{Horizon, Series};
pub use show::{Show, Turnout, show};
pub use simulate::{Drawn, Runs, Simulation, delay, drawn, simulate};

/// The five moments at which a round is at its most dangerous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spike {
    /// Entering begins.
    Opening,
    /// Entering ends.
    Deadline,
    /// The pool is sealed, results are out.
    Results,
    /// Somebody's minute.
    Starts,
    /// What others left, and what an outage piled up.
    Leftovers,
}

impl Spike {
    /// In order.
    pub const ALL: [Self; 5] = [Self::Opening, Self::Deadline, Self::Results, Self::Starts, Self::Leftovers];
}

/// People of one cohort.
#[derive(Clone, Debug, Serialize)]
pub struct CohortPeople {
    /// Whose slots; none for people whom no slot is for.
    pub cohort: Option<Match>,
    /// How many could enter, at most.
    pub at_most: u64,
    /// How many are expected.
    pub expected: u64,
    /// How many of these get a place.
    pub placed: u64,
    /// Seats of its slots.
    pub seats: u64,
}

/// How many people there are.
#[derive(Clone, Debug, Serialize)]
pub struct People {
    /// Who will enter.
    pub entrants: u64,
    /// By cohort.
    pub cohorts: Vec<CohortPeople>,
}

/// The shortest time in which one limit lets everybody come.
#[derive(Clone, Debug, Serialize)]
pub struct Shortest {
    /// Whose limit.
    pub dependency: String,
    /// Open seconds that are needed for everybody; none if no time suffices.
    pub seconds: Option<f64>,
    /// Open seconds there are.
    pub given: f64,
}

/// Why a round is refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// A limit is exceeded.
    Over(Peak),
    /// More people could enter than its slots seat.
    Room {
        /// Whose slots; none for people whom no slot is for.
        cohort: Option<Match>,
        /// People.
        people: u64,
        /// Seats.
        seats: u64,
    },
    /// Somebody could enter for whom there is no slot at all.
    Nowhere {
        /// What they would answer.
        who: String,
    },
    /// People come together, and no slot has room for all of them at once.
    Together {
        /// Whose slots.
        cohort: Match,
        /// The most people of one entry.
        most: u64,
        /// Seats of the largest slot.
        widest: u64,
    },
    /// A fund would have to pay more than it has.
    Fund {
        /// Its name.
        fund: String,
        /// People it pays for.
        people: u64,
        /// Won for them.
        amount: u64,
        /// Won that it has.
        budget: u64,
    },
    /// What an outage piles up is not gone before places lapse.
    Outage(Outage),
    /// The last notice would leave after the first minute.
    Notices {
        /// When the last one leaves.
        last: DateTime<Utc>,
        /// When the first slot begins.
        first: DateTime<Utc>,
    },
    /// Somebody would hear of a time that an offer gave them only when it has begun.
    Offer {
        /// When it is made.
        at: DateTime<Utc>,
        /// When they are told.
        told: DateTime<Utc>,
        /// When their time begins.
        starts: DateTime<Utc>,
    },
}

impl Why {
    /// Whether both are the same refusal, with other numbers.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Over(one), Self::Over(other)) => {
                (one.spike, one.per) == (other.spike, other.per) && one.dependency == other.dependency
            }
            (Self::Outage(one), Self::Outage(other)) => one.dependency == other.dependency,
            (Self::Offer { at: one, .. }, Self::Offer { at: other, .. }) => one == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A refusal, and what would lift it.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// Each of these alone lifts it, the smallest first. Each was tried, and so was one step less.
    pub changes: Vec<Change>,
}

/// A round's load, and what is wrong with it.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The round.
    pub slug: String,
    /// How many people.
    pub people: People,
    /// The worst minute of each spike against each limit.
    pub peaks: Vec<Peak>,
    /// How long each limit would need at least.
    pub shortest: Vec<Shortest>,
    /// What an outage in the worst minute would mean.
    pub outages: Vec<Outage>,
    /// Why it is refused; empty if it is safe.
    pub refusals: Vec<Refusal>,
    /// What nobody has said, and what was assumed in its place.
    pub unknown: Vec<String>,
    /// Whether nothing says how many people can be served a minute.
    pub blind: bool,
}

impl Plan {
    /// Whether the round may go on.
    pub fn is_safe(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// Plans a draft.
///
/// # Errors
/// What the draft says that cannot be, each a sentence; then there is nothing to plan.
pub fn plan(draft: &Draft) -> Result<Plan, Vec<String>> {
    let mut plan = examine::examine(draft)?;
    for at in 0..plan.refusals.len() {
        plan.refusals[at].changes = change::changes(draft, &plan, &plan.refusals[at].why);
    }
    Ok(plan)
}

/// Hours as a duration.
fn hours(hours: u32) -> TimeDelta {
    TimeDelta::hours(hours.into())
}
