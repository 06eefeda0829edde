//! The shape of `rules.json`, key by key.

use serde::{Deserialize, Serialize};

use super::Match;
use crate::digest::Digest;
use crate::instant::Instant;
use crate::slug::Slug;

/// One round's rules. Build one, ask [`Rules::problems`], publish [`Rules::to_json`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The version of this format.
    pub format: Format,
    /// The round's slug.
    pub round: Slug,
    /// The round's number in the deployment: 1, 2, 3 … without gaps.
    pub number: u32,
    /// What is sold or paid.
    pub goods: Goods,
    /// Who gets how much.
    pub mode: Mode,
    /// In processing order; mode `lottery` only, otherwise empty.
    pub reserves: Vec<Reserve>,
    /// The fields of a pool line after the receipt, exactly and in this order.
    pub fields: Vec<String>,
    /// No combination of cohort and reserve fields is published for fewer entries than this.
    pub smallest_cell: u32,
    /// The names of the day parts, in time order.
    pub parts: Vec<String>,
    /// Where and when places are.
    pub slots: Vec<Slot>,
    /// Who pays how much for each seat; mode `everyone` only. Absent if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Fund>,
    /// How lots follow from earlier misses, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighting: Option<Weighting>,
    /// What happens to places after the draw, if anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// How long after its start a place is held, in seconds.
    pub grace_seconds: u32,
    /// The order of events.
    pub times: Times,
    /// Where chance comes from.
    pub beacon: Beacon,
    /// Digest of the organiser seed ([`crate::seed::commitment`]).
    pub commitment: Digest,
    /// The C2SP signed-note verifier key of everything that is signed in this round.
    pub signing_key: String,
}

/// The version of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The only one so far.
    #[serde(rename = "jebi-rules-1")]
    Jebi1,
}

/// Amounts in won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// Every amount is a multiple of this.
    pub unit: u64,
    /// What there is in all. Mode `everyone` does not look at it.
    pub budget: u64,
    /// The most one seat may want, a multiple of the unit.
    pub cap: u64,
}

/// Who gets how much (protocol §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Everybody gets the same level, or what they want if that is less.
    Share,
    /// Everybody gets what they want.
    Everyone,
    /// By rank, reserve after reserve, what they want or nothing.
    Lottery,
}

/// Places set aside for a described group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// Unique in these rules.
    pub name: String,
    /// Whom it is for; `{}` is the open one.
    #[serde(rename = "match")]
    pub matching: Match,
    /// Seats.
    pub places: u64,
    /// The later reserve that gets the places which stay unused, if any does.
    pub spill: Option<String>,
}

/// Money that pays the same for each seat of a described group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    /// Unique in these rules.
    pub name: String,
    /// For whom it pays; `{}` is everybody.
    #[serde(rename = "match")]
    pub matching: Match,
    /// Won for each seat.
    pub per_seat: u64,
    /// The most it can pay in all.
    pub budget: u64,
}

/// More lots for those who had no luck: min(most, 1 + per_miss × misses).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighting {
    /// Lots for each miss.
    pub per_miss: u32,
    /// The most lots.
    pub most: u32,
    /// In how many of the last rounds a miss counts.
    pub rounds: u32,
}

impl Weighting {
    /// The lots of somebody who missed so often.
    #[must_use]
    pub const fn weight(&self, misses: u32) -> u32 {
        let misses = if misses < self.rounds { misses } else { self.rounds };
        let weight = self.per_miss.saturating_mul(misses).saturating_add(1);
        if weight < self.most { weight } else { self.most }
    }

    /// Whether any number of misses gives so many lots.
    #[must_use]
    pub const fn gives(&self, weight: u32) -> bool {
        let steps = match weight.checked_sub(1) {
            Some(more) => matches!(more.checked_rem(self.per_miss), Some(0)),
            None => false,
        };
        weight == self.most || (weight < self.most && steps)
    }
}

/// What happens to places that are missed, given back or not due (protocol §7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Where those go who miss their time for the first time.
    pub catch_up: Vec<Slot>,
    /// When what has become free is offered to the waitlist.
    pub offers_at: Vec<Instant>,
    /// How long before its start a slot is too near for anybody to be told.
    pub lead_seconds: u32,
}

/// `[starts_at, starts_at + seconds)` of one cohort with a capacity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Unique in these rules; what `result.txt` calls it.
    pub name: String,
    /// Whose it is; slots of one cohort have an equal map.
    pub cohort: Match,
    /// The day part it counts as, one of [`Rules::parts`].
    pub part: String,
    /// When it begins.
    pub starts_at: Instant,
    /// How long it is.
    pub seconds: u32,
    /// Seats.
    pub capacity: u32,
}

/// `opens < closes ≤ seals ≤ reveals < pulse ≤ results ≤` the first slot's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it; protocol §1 tells the story")]
pub struct Times {
    pub opens_at: Instant,
    pub closes_at: Instant,
    pub seals_at: Instant,
    pub reveals_at: Instant,
    pub pulse_at: Instant,
    pub results_at: Instant,
}

/// The public source of chance (protocol §4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Beacon {
    /// Rehearsals only: the pulse is 32 zero bytes and the organiser could have known the result.
    None {},
    /// One round of a drand chain.
    Drand {
        /// The chain.
        chain_hash: Digest,
        /// Its public key in G2, 96 compressed bytes as hex.
        public_key: String,
        /// Unix seconds of its round 1.
        genesis_time: u64,
        /// Seconds between rounds.
        period: u64,
        /// The drand round: the first at or after `pulse_at`.
        round: u64,
    },
    /// Values that will be public and that everyone in town knows.
    Declared {
        /// Which values, in words (ASCII).
        source: String,
    },
}

impl Beacon {
    /// The first drand round at or after `at`: ⌊(at − genesis + period − 1) / period⌋ + 1.
    /// `None` for a period of zero.
    #[must_use]
    pub fn drand_round_at(genesis_time: u64, period: u64, at: Instant) -> Option<u64> {
        let elapsed = at.seconds().saturating_sub(genesis_time);
        elapsed.checked_add(period.checked_sub(1)?)?.checked_div(period)?.checked_add(1)
    }
}
