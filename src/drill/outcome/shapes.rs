//! What a report says of a drill, figure by figure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    domain::{
        draft::Carries,
        drill::{Measured, Policy},
        plan::{Per, Spike},
    },
    drill::{Drill, Reason, each::Each, trouble::Trouble},
};

/// What was asked, and what was taken at that time: in a dip less than elsewhere, in a plan as much as was said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What was asked.
    pub load: f64,
    /// What is taken then.
    pub limit: f64,
}

impl Figure {
    /// Of the limit.
    pub fn share(self) -> f64 {
        self.load / self.limit
    }
}

/// A spike against a limit: planned, counted at full size in process, counted over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which spike.
    pub spike: Spike,
    /// Whose limit.
    pub dependency: String,
    /// Per what.
    pub per: Per,
    /// What it takes in the drill, but for dips.
    pub limit: f64,
    /// What the plan reckons with.
    pub planned: Option<Figure>,
    /// What the whole size asked in process.
    pub whole: Option<Figure>,
    /// What those over sockets asked, in windows as much longer; nothing where they are too few to say anything.
    pub sockets: Option<Figure>,
}

/// How many people are where.
#[derive(Clone, Debug, Serialize)]
pub struct Sizes {
    /// Residents.
    pub whole: u64,
    /// One in so many was drawn and counted in process.
    pub one_in: f64,
    /// People over sockets.
    pub sockets: u64,
    /// Hours of theirs in which as many come as in ten seconds of everybody.
    pub window_hours: f64,
    /// Spikes in which they are enough to test a limit, of all against all limits.
    pub enough: (u64, u64),
}

/// Everything over sockets.
#[derive(Clone, Debug, Serialize)]
pub struct OverSockets {
    /// Entries acknowledged; none where a roster is served.
    pub entered: u64,
    /// Of them, people who tapped twice or came back.
    pub repeated: u64,
    /// People at the wrong time, who were told so: before the opening, after the close.
    pub wrong_time: (u64, u64),
    /// Pages, and codes by text and by mail, while people entered.
    pub asked: BTreeMap<Carries, u64>,
    /// Places and waitlist.
    pub placed: (u64, u64),
    /// Told exactly once, twice, on the list of the unreached, not at all.
    pub told: (u64, u64, u64, u64),
    /// Nobody can reach them any more: exactly they should be on that list.
    pub gone: u64,
    /// People who came to buy, at their time or at a second one.
    pub come: u64,
    /// Who bought at the first and at the second time.
    pub bought: (u64, u64),
    /// Came, and have nothing.
    pub turned_away: u64,
    /// Seconds between coming for the first time and having bought: mean, of 95 in 100 at most, longest.
    pub waits: (f64, i64, i64),
    /// What those were told who did not buy when they came.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Won that the ledger says is bought, and held; and won that the seller sold.
    pub ledger: (u64, u64, u64),
    /// Requests that found nobody.
    pub away: u64,
    /// How often residents met what they should not have.
    pub errors: u64,
    /// What it was, the first few times.
    pub faults: Vec<String>,
}

/// A drill's report.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Which drill it was.
    #[serde(flatten)]
    pub drill: Drill,
    /// People.
    pub people: Sizes,
    /// What lets people through, per second: as it says, and as it was drilled.
    pub seller: (String, f64, f64),
    /// The five spikes.
    pub spikes: Vec<Row>,
    /// The three rules, in process.
    pub policies: Vec<Policy>,
    /// Won for one person, where that depends on the rule.
    pub each: Option<Each>,
    /// What was found over sockets.
    pub sockets: OverSockets,
    /// What was done to the round.
    pub trouble: Vec<Trouble>,
    /// What was over its limit first in the drilled round, if anything was, the most exceeded first.
    pub broke_first: Vec<Measured>,
    /// Why the round did not hold; empty if it held.
    pub held: Vec<Reason>,
}
