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
    who::Kind,
};

/// Seconds of the windows that are looked at, at full size.
const WINDOW: f64 = 10.0;
/// How far the fullest of longer windows may be above the mean.
const EVEN: f64 = 1.2;
/// The chance, for all purchases of a round, that one such window is over.
const EPSILON: f64 = 0.001;

/// What so many runs have shown.
#[derive(Clone, Debug, Serialize)]
pub struct Simulation {
    /// Residents at full size.
    pub people: u64,
    /// One in so many was simulated, in windows so many times as long.
    pub one_in: f64,
    /// Runs.
    pub runs: u32,
    /// Over how many draws they are dealt.
    pub draws: u32,
    /// C(Δ) for windows of ten seconds, people a second at full size.
    pub limit: f64,
    /// The fullest window of the median run, people a second.
    pub typical: f64,
    /// The fullest window of all runs, people a second.
    pub highest: f64,
    /// Runs whose fullest window stayed under the limit.
    pub under: u32,
    /// Δ*: the shortest window, in seconds at full size, that the mathematics keeps within 1.2 of the mean of the busiest slot.
    pub even_window: f64,
    /// The fullest of these windows to that mean, in the median run.
    pub even_typical: f64,
    /// In the worst run.
    pub even_highest: f64,
    /// Runs that stayed within 1.2.
    pub even: u32,
    /// The same people with one moment for all: the fullest window, people a second.
    pub shared: f64,
}

/// How often, and with whom.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    /// How often people come.
    pub runs: u32,
    /// To how many different draws.
    pub draws: u32,
    /// Residents at most; of more, a sample.
    pub most: u32,
    /// What chance begins with.
    pub seed: u64,
}

/// Simulates the day, or days, of purchases of a draft.
///
/// # Errors
/// What the draft says that cannot be.
#[allow(clippy::cast_precision_loss, reason = "people")]
pub fn simulate(draft: &Draft, how: Runs) -> Result<Simulation, Vec<String>> {
    let Runs { runs, most, seed, .. } = how;
    let draws = how.draws.clamp(1, runs.max(1));
    let (mut peaks, mut ratios, mut first) = (Vec::new(), Vec::new(), None);
    let mut under = 0;
    for number in 0..draws {
        let mut chance = Chance(seed ^ (u64::from(number) << 16));
        let days = Days::new(draft, drawn(draft, most, number, &mut chance)?);
        for run in (number..runs).step_by(draws as usize) {
            let came = days.came(draft, &mut Chance(seed ^ (u64::from(run + 1) << 32)));
            let peak = fullest(&came, days.window) / WINDOW;
            under += u32::from(peak < days.limit);
            peaks.push(peak);
            ratios.push(fullest(&came, days.even) / (days.mean * days.even));
        }
        first.get_or_insert((days, chance));
    }
    let Some((days, mut chance)) = first else { return Err(vec!["no runs".to_owned()]) };
    // One moment for all is as short for a sample as it is for everybody.
    let early = days.drawn.starts.iter();
    let early =
        early.filter(|_| delay(draft, days.grace, &mut chance).is_some_and(|delay| delay < WINDOW)).count();
    peaks.sort_by(f64::total_cmp);
    ratios.sort_by(f64::total_cmp);
    let at = |sorted: &[f64], place: usize| sorted.get(place).copied().unwrap_or_default();
    let last = peaks.len().saturating_sub(1);
    Ok(Simulation {
        people: days.drawn.people,
        one_in: days.drawn.one_in,
        runs,
        draws,
        limit: days.limit,
        typical: at(&peaks, peaks.len() / 2),
        highest: at(&peaks, last),
        under,
        even_window: days.even / days.drawn.one_in,
        even_typical: at(&ratios, ratios.len() / 2),
        even_highest: at(&ratios, last),
        even: ratios.iter().map(|ratio| u32::from(*ratio <= EVEN)).sum(),
        shared: early as f64 * days.drawn.one_in / WINDOW,
    })
}

/// The days of purchases after one draw.
struct Days {
    drawn: Drawn,
    grace: f64,
    /// Ten seconds of everybody, in the sample's seconds.
    window: f64,
    limit: f64,
    /// Purchases a second of the sample in its busiest slot: the rate that the plan sees.
    mean: f64,
    /// Δ*, in the sample's seconds.
    even: f64,
}

impl Days {
    #[allow(clippy::cast_precision_loss, reason = "people")]
    fn new(draft: &Draft, drawn: Drawn) -> Self {
        let window = WINDOW * drawn.one_in;
        let mean = busiest(&drawn.rules, &drawn.starts) * draft.expect.show();
        // A window k times as long sees as many people, and there are k times fewer of them.
        let limit = noise::needed(mean, mean, 1.0, window) * drawn.one_in;
        let purchases = drawn.starts.len() as f64 * draft.expect.show();
        let even = even_window(mean, purchases / mean);
        Self { grace: f64::from(draft.grace_hours) * 3_600.0, drawn, window, limit, mean, even }
    }

    /// When whoever comes comes, in seconds after the first start.
    #[allow(clippy::cast_precision_loss, reason = "seconds")]
    fn came(&self, draft: &Draft, chance: &mut Chance) -> Vec<f64> {
        let starts = &self.drawn.starts;
        let first = starts.iter().copied().min().unwrap_or(0);
        let at = |start: &i64| Some((start - first) as f64 + delay(draft, self.grace, chance)?);
        starts.iter().filter_map(at).collect()
    }
}

/// Δ* = z² / (λ (ρ − 1)²) for a mean of λ a second over so many open seconds, by steps: z depends on how many windows
/// there are.
fn even_window(mean: f64, open: f64) -> f64 {
    (0..30).fold(600.0 / mean, |window, _| {
        let windows = (open / window).max(1.0);
        let z = noise::normal_quantile(1.0 - EPSILON / windows);
        z * z / (mean * (EVEN - 1.0).powi(2))
    })
}

/// How many come in the fullest window.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "windows of some days")]
fn fullest(came: &[f64], window: f64) -> f64 {
    let last = came.iter().copied().fold(0.0, f64::max);
    let mut windows = vec![0_u32; (last / window) as usize + 1];
    for at in came {
        windows[(at / window) as usize] += 1;
    }
    f64::from(windows.iter().copied().max().unwrap_or(0))
}

/// Everybody's start, or a sample's.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The rules, for the sample.
    pub rules: Rules,
    /// The last digit of the birth year of each who entered, with a place or without.
    pub digits: Vec<u8>,
    /// Starts of those who have a place, Unix seconds.
    pub starts: Vec<i64>,
    /// Residents at full size.
    pub people: u64,
    /// One in so many was drawn.
    pub one_in: f64,
}

/// Draws the places of a draft with the real draw, for at most `most` residents; each number is another draw.
///
/// # Errors
/// What the draft says that cannot be.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn drawn(draft: &Draft, most: u32, number: u32, chance: &mut Chance) -> Result<Drawn, Vec<String>> {
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
    for reserve in &mut rules.reserves {
        reserve.places = (reserve.places as f64 / one_in).ceil() as u64;
    }
    let seed = Digest::of(format!("simulated draw seed {number}"));
    let (digits, starts) =
        digits_and_starts(draft, &rules, sample, &seed, chance).map_err(|problem| vec![problem])?;
    Ok(Drawn { rules, digits, starts, people, one_in })
}

/// Everybody's digit, and by the real draw the starts of those who have a place, Unix seconds.
fn digits_and_starts(
    draft: &Draft,
    rules: &Rules,
    people: u64,
    seed: &Digest,
    chance: &mut Chance,
) -> Result<(Vec<u8>, Vec<i64>), String> {
    let fields = values(&rules.slots, &draft.expect);
    let digit = rules.other_fields().position(|field| Kind::of(field) == Kind::BirthDigit);
    let (mut entries, mut digits) = (Vec::new(), Vec::new());
    for number in 0..people {
        let mut bits = [0; 10];
        bits[..8].copy_from_slice(&number.to_be_bytes());
        let others = rules.other_fields().map(|field| {
            let values = fields.get(field).map(Vec::as_slice).unwrap_or_default();
            chance.one_of(values).unwrap_or_else(|| "none".to_owned())
        });
        let mut entry = Entry::new(rules, Receipt::from_bytes(bits), others.collect());
        // Where the round does not ask for it, all digits are as frequent.
        let known = digit.and_then(|at| entry.others.get(at)?.parse::<u8>().ok());
        digits.push(known.unwrap_or(u8::try_from(number % 10).unwrap_or(0)));
        if rules.lists("wish") {
            let part = chance.bits() % (rules.parts.len().max(1) as u64);
            let wish = rules.parts.get(usize::try_from(part).unwrap_or(0)).cloned();
            entry.wish = wish.unwrap_or(entry.wish);
        }
        entries.push(entry);
    }
    let pool = Pool::from_entries(rules, &entries).map_err(|error| error.to_string())?;
    // Of thirteen million these are gigabytes, which the draw does not need.
    drop(entries);
    let drawn = draw(rules, &pool, seed).map_err(|error| error.to_string())?;
    let starts = drawn.rows().filter_map(|row| Some(row.assignment?.start_at.unix())).collect();
    Ok((digits, starts))
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
    const SOME: Runs = Runs { runs: RUNS, draws: 2, most: 40_000, seed: 7 };

    /// The full size is a command: `jebi plan SCENARIO --simulate 1000`. This is a sample of it, with
    /// chance that is the same on every machine.
    #[test]
    fn simulated_people_stay_under_what_is_planned() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"] {
            let draft = Scenario::find(name).unwrap().draft().unwrap();
            let simulation = simulate(&draft, SOME).unwrap();
            assert_eq!(simulation.under, RUNS, "{name}: {simulation:?}");
            assert_eq!(simulation.even, RUNS, "{name}: {simulation:?}");
            assert!(simulation.even_typical > 0.9, "{name}: {simulation:?}");
            // It is close enough to mean something, and one moment for all is far beyond it.
            assert!(simulation.typical > simulation.limit / 2.0, "{name}: {simulation:?}");
            assert!(simulation.shared > 10.0 * simulation.limit, "{name}: {simulation:?}");
        }
    }

    #[test]
    fn the_shortest_even_window_is_that_of_the_mathematics() {
        // As published: about 600 seconds by the rate, for a day.
        for (mean, window) in [(0.096, 3_715.0), (1.15, 400.0), (17.3, 34.0), (82.7, 7.9)] {
            let found = even_window(mean, 46_800.0);
            assert!((found / window - 1.0).abs() < 0.03, "{mean}: {found}, not {window}");
        }
    }

    /// If starts were shared after all, the simulation would show it.
    #[test]
    fn a_limit_that_is_too_low_is_exceeded() {
        let draft = Scenario::find("busan").unwrap().draft().unwrap();
        let simulation = simulate(&draft, SOME).unwrap();
        let mean = 900_000.0 * 0.9 / (3.0 * 46_800.0);
        assert!(simulation.typical > mean, "the fullest window is above the mean: {simulation:?}");
        assert!(simulation.limit < 4.0 * mean, "and the limit is of its order: {simulation:?}");
    }
}
