//! People who come, simulated: the real draw places synthetic residents, most of them come, some at
//! their very minute and some late, and the fullest window is looked for. Many times.
//!
//! What the plan promises is C(Δ); here it is seen to hold. Rounds of millions are simulated with a
//! sample: a k-th of the people in windows k times as long, so that a window sees as many people.

use public_audit::{Digest, Entry, Pool, Receipt, Rules, draw, note::Signer};
use serde::Serialize;

use super::{cohorts::values, late, noise};
use crate::domain::{
    chance::Chance,
    draft::{Draft, Fixed},
};

/// Seconds of the windows that are looked at, at full size.
const WINDOW: f64 = 10.0;

/// What so many runs have shown.
#[derive(Clone, Debug, Serialize)]
pub struct Simulation {
    /// Residents at full size.
    pub people: u64,
    /// One in so many was simulated, in windows so many times as long.
    pub one_in: f64,
    /// Runs.
    pub runs: u32,
    /// C(Δ) for windows of ten seconds, people a second at full size.
    pub limit: f64,
    /// The fullest window of the median run, people a second.
    pub typical: f64,
    /// The fullest window of all runs, people a second.
    pub highest: f64,
    /// Runs whose fullest window stayed under the limit.
    pub under: u32,
    /// The same people with one moment for all: the fullest window, people a second.
    pub shared: f64,
}

/// Simulates `runs` times the day, or days, of purchases of a draft, with at most `most` residents.
///
/// # Errors
/// What the draft says that cannot be.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn simulate(draft: &Draft, runs: u32, most: u32, seed: u64) -> Result<Simulation, Vec<String>> {
    let mut chance = Chance(seed);
    let Drawn { rules, starts, people, one_in } = drawn(draft, most, &mut chance)?;
    let first = starts.iter().copied().min().unwrap_or(0);
    let window = WINDOW * one_in;
    let grace = f64::from(draft.grace_hours) * 3_600.0;
    let last = starts.iter().copied().max().unwrap_or(0);
    let mut windows = vec![0_u32; (((last - first) as f64 + grace) / window).ceil() as usize + 1];
    let mut fullest = |chance: &mut Chance| {
        windows.fill(0);
        for start in &starts {
            if let Some(delay) = delay(draft, grace, chance) {
                windows[(((start - first) as f64 + delay) / window) as usize] += 1;
            }
        }
        f64::from(windows.iter().copied().max().unwrap_or(0)) / WINDOW
    };
    // The rate that the plan sees: that of the busiest slot.
    let rate = busiest(&rules, &starts) * draft.expect.show() * one_in;
    // A window k times as long sees as many people, and there are k times fewer of them.
    let limit = noise::needed(rate / one_in, rate / one_in, 1.0, window) * one_in;
    let mut peaks: Vec<f64> =
        (0..runs).map(|run| fullest(&mut Chance(seed ^ (u64::from(run + 1) << 32)))).collect();
    // One moment for all is as short for a sample as it is for everybody.
    let early =
        starts.iter().filter(|_| delay(draft, grace, &mut chance).is_some_and(|delay| delay < WINDOW));
    let shared = early.count() as f64 * one_in / WINDOW;
    peaks.sort_by(f64::total_cmp);
    Ok(Simulation {
        people,
        one_in,
        runs,
        limit,
        typical: peaks.get(peaks.len() / 2).copied().unwrap_or_default(),
        highest: peaks.last().copied().unwrap_or_default(),
        under: u32::try_from(peaks.iter().filter(|peak| **peak < limit).count()).unwrap_or_default(),
        shared,
    })
}

/// Everybody's start, or a sample's.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The rules, for the sample.
    pub rules: Rules,
    /// Unix seconds.
    pub starts: Vec<i64>,
    /// Residents at full size.
    pub people: u64,
    /// One in so many was drawn.
    pub one_in: f64,
}

/// Draws the places of a draft with the real draw, for at most `most` residents.
///
/// # Errors
/// What the draft says that cannot be.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn drawn(draft: &Draft, most: u32, chance: &mut Chance) -> Result<Drawn, Vec<String>> {
    let key = Signer::new("plan", &[1; 32]).map(|signer| signer.verifier().to_vkey()).unwrap_or_default();
    let mut rules = draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key })?;
    let seats: u64 = rules.slots.iter().map(|slot| u64::from(slot.capacity)).sum();
    let people = draft.expect.entrants.unwrap_or(seats);
    let sample = people.min(most.into());
    let one_in = people as f64 / sample.max(1) as f64;
    rules.goods.budget = ((rules.goods.budget as f64 / one_in) as u64).max(rules.goods.unit);
    for slot in &mut rules.slots {
        slot.capacity = (f64::from(slot.capacity) / one_in).ceil() as u32;
    }
    let starts = starts(draft, &rules, sample, chance).map_err(|problem| vec![problem])?;
    Ok(Drawn { rules, starts, people, one_in })
}

/// Everybody's start by the real draw, Unix seconds.
fn starts(draft: &Draft, rules: &Rules, people: u64, chance: &mut Chance) -> Result<Vec<i64>, String> {
    let fields = values(&rules.slots, &draft.expect);
    let mut entries = Vec::new();
    for number in 0..people {
        let mut bits = [0; 10];
        bits[..8].copy_from_slice(&number.to_be_bytes());
        let others = rules.other_fields().map(|field| {
            let values = fields.get(field).map(Vec::as_slice).unwrap_or_default();
            chance.one_of(values).unwrap_or_else(|| "none".to_owned())
        });
        let mut entry = Entry::new(rules, Receipt::from_bytes(bits), others.collect());
        if rules.lists("wish") {
            let part = chance.bits() % (rules.parts.len().max(1) as u64);
            let wish = rules.parts.get(usize::try_from(part).unwrap_or(0)).cloned();
            entry.wish = wish.unwrap_or(entry.wish);
        }
        entries.push(entry);
    }
    let pool = Pool::from_entries(rules, &entries).map_err(|error| error.to_string())?;
    let drawn =
        draw(rules, &pool, &Digest::of("a simulated draw seed")).map_err(|error| error.to_string())?;
    Ok(drawn.rows.iter().filter_map(|row| Some(row.assignment?.start_at.unix())).collect())
}

/// Starts a second in the busiest hour's slots together.
#[allow(clippy::cast_precision_loss, reason = "people")]
fn busiest(rules: &Rules, starts: &[i64]) -> f64 {
    let mut starts = starts.to_vec();
    starts.sort_unstable();
    let rate = |slot: &public_audit::rules::Slot| {
        let (from, to) = (slot.starts_at.unix(), slot.starts_at.unix() + i64::from(slot.seconds));
        let here = starts.partition_point(|at| *at < to) - starts.partition_point(|at| *at < from);
        here as f64 / f64::from(slot.seconds)
    };
    rules.slots.iter().map(rate).fold(0.0, f64::max)
}

/// Seconds after their start at which somebody comes, if at all.
pub fn delay(draft: &Draft, grace: f64, chance: &mut Chance) -> Option<f64> {
    if chance.part() >= draft.expect.show() {
        return None;
    }
    if chance.part() < draft.expect.waiting() {
        return Some(chance.normal().abs());
    }
    // Those who would come after their place has lapsed come before instead.
    (0..100).map(|_| late::MEDIAN * 60.0 * (late::SIGMA * chance.normal()).exp()).find(|delay| *delay < grace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::Scenario;

    const RUNS: u32 = 20;

    /// The full size is a command: `jebi plan SCENARIO --simulate 1000`. This is a sample of it, with
    /// chance that is the same on every machine.
    #[test]
    fn simulated_people_stay_under_what_is_planned() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi"] {
            let draft = Scenario::find(name).unwrap().draft().unwrap();
            let simulation = simulate(&draft, RUNS, 40_000, 7).unwrap();
            assert_eq!(simulation.under, RUNS, "{name}: {simulation:?}");
            // It is close enough to mean something, and one moment for all is far beyond it.
            assert!(simulation.typical > simulation.limit / 2.0, "{name}: {simulation:?}");
            assert!(simulation.shared > 10.0 * simulation.limit, "{name}: {simulation:?}");
        }
    }

    /// If starts were shared after all, the simulation would show it.
    #[test]
    fn a_limit_that_is_too_low_is_exceeded() {
        let draft = Scenario::find("busan").unwrap().draft().unwrap();
        let simulation = simulate(&draft, RUNS, 40_000, 7).unwrap();
        let mean = 900_000.0 * 0.9 / (3.0 * 46_800.0);
        assert!(simulation.typical > mean, "the fullest window is above the mean: {simulation:?}");
        assert!(simulation.limit < 4.0 * mean, "and the limit is of its order: {simulation:?}");
    }
}
