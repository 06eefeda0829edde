//! The same people under three rules, against the same capacity: a minute of their own, one moment for all, and a day by
//! the last digit of their birth year.
//!
//! First come, first served is shown too favourably: what is over its capacity here serves on at its full rate, where
//! real systems fall over.

use std::collections::VecDeque;

use serde::Serialize;

use super::Deeds;
use crate::domain::{
    chance::Chance,
    draft::{Dependency, Draft, Step},
    plan::{Drawn, Spike, delay},
};
use public_audit::rules::Mode;

/// Seconds of a window at full size.
const WINDOW: f64 = 10.0;
/// Bins of a curve.
const BINS: usize = 240;
/// Hours shown of a day on which all begin at once.
const SHOWN: f64 = 4.0;
/// Days of a rotation by birth digits, two digits a day.
const DAYS: u64 = 5;

/// Which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Everybody has a minute of their own, by the draw.
    Personal,
    /// One moment for all.
    Common,
    /// One moment a day, for two of ten digits.
    BirthDigit,
}

/// What lets people through.
#[derive(Clone, Debug, Serialize)]
pub struct Seller {
    /// Whose limit.
    pub name: String,
    /// People a second.
    pub per_second: f64,
}

/// Arrivals over time: in each bin the fullest window.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// Seconds from the first to the last bin.
    pub seconds: f64,
    /// People per ten seconds.
    pub bins: Vec<f64>,
}

/// What came of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    /// The rule.
    pub rule: Rule,
    /// People who come.
    pub come: f64,
    /// The fullest ten seconds.
    pub peak: f64,
    /// Windows with more than the capacity, of all in which somebody came.
    pub over: (u64, u64),
    /// At most so many stood at the door at once.
    pub door: f64,
    /// People who got what they came for.
    pub served: f64,
    /// People who came for nothing.
    pub turned_away: f64,
    /// Seconds of waiting of those served: mean, of 95 in 100 at most, longest.
    pub waits: (f64, f64, f64),
    /// Which limit was exceeded first, how many seconds after the beginning, and how many times over.
    pub broke_first: Option<(String, f64, f64)>,
    /// Arrivals.
    pub curve: Curve,
}

impl Seller {
    /// The tightest limit on who comes: seller, bank or identity check, which each of them needs once at most.
    pub fn of(draft: &Draft) -> Option<Self> {
        let each = |dependency: &Dependency| {
            let uses = uses(dependency).filter(|uses| *uses <= 1.0)?;
            let per_second = rate(dependency)? / uses;
            Some(Self { name: dependency.name.clone(), per_second })
        };
        draft.dependency.iter().filter_map(each).min_by(|a, b| a.per_second.total_cmp(&b.per_second))
    }
}

fn uses(dependency: &Dependency) -> Option<f64> {
    let uses = [Step::Start, Step::Purchase].iter().filter_map(|step| dependency.uses.get(step)).sum();
    Some(uses).filter(|uses| *uses > 0.0)
}

fn rate(dependency: &Dependency) -> Option<f64> {
    dependency.per_second.or(dependency.per_minute.map(|limit| limit / 60.0))
}

/// The three rules. `as_it_was` says how many wait for a common moment.
#[allow(clippy::cast_precision_loss, reason = "people")]
pub fn policies(
    draft: &Draft,
    as_it_was: &Draft,
    seller: &Seller,
    drawn: &Drawn,
    deeds: &Deeds,
    chance: &mut Chance,
) -> Vec<Policy> {
    let own = deeds.all.iter().find(|deed| (deed.spike, deed.step) == (Spike::Starts, Step::Start));
    let first = drawn.starts.iter().copied().min().unwrap_or(0);
    let own: Vec<f64> = own.iter().flat_map(|deed| &deed.at).map(|at| (at - first) as f64).collect();
    let grace = f64::from(draft.grace_hours) * 3_600.0;
    let common: Vec<f64> = drawn.starts.iter().filter_map(|_| delay(as_it_was, grace, chance)).collect();
    // First come, first served sells as much to each as one may have.
    let stock = match draft.mode {
        Mode::Share => drawn.people as f64 / drawn.one_in * first_come_share(draft, drawn),
        _ => f64::INFINITY,
    };
    let in_days: Vec<Vec<f64>> = (0..DAYS)
        .map(|day| {
            common
                .iter()
                .copied()
                .skip(usize::try_from(day).unwrap_or(0))
                .step_by(usize::try_from(DAYS).unwrap_or(1))
                .collect()
        })
        .collect();
    let one_in = drawn.one_in;
    vec![
        came(Rule::Personal, draft, seller, &[own], f64::INFINITY, one_in, one_in),
        came(Rule::Common, draft, seller, &[common], stock, one_in, 1.0),
        came(Rule::BirthDigit, draft, seller, &in_days, stock / DAYS as f64, one_in, 1.0),
    ]
}

/// The share of people for whom there is something if each takes all one may have.
#[allow(clippy::cast_precision_loss, reason = "people")]
fn first_come_share(draft: &Draft, drawn: &Drawn) -> f64 {
    let buyers = draft.goods.budget as f64 / draft.goods.cap.max(1) as f64;
    buyers / (drawn.people as f64).max(1.0)
}

/// Days of people who come, each in seconds from its beginning; one stands for `one_in`, in windows `stretch` times as
/// long; each day there is `stock`, in people of the sample.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people and seconds"
)]
fn came(
    rule: Rule,
    draft: &Draft,
    seller: &Seller,
    days: &[Vec<f64>],
    stock: f64,
    one_in: f64,
    stretch: f64,
) -> Policy {
    let window = WINDOW * stretch;
    // In people at full size per ten seconds.
    let weight = one_in / stretch;
    let room = seller.per_second * WINDOW / weight;
    let (mut peak, mut door, mut over, mut seen) = (0.0_f64, 0.0_f64, 0, 0);
    let (mut served, mut away) = (0.0, 0.0);
    let mut waits: Vec<(f64, f64)> = Vec::new();
    let mut broke: Option<(String, f64, f64)> = None;
    let longest = days.iter().flatten().copied().fold(0.0, f64::max);
    let shown = if rule == Rule::Personal { longest } else { SHOWN * 3_600.0 };
    let mut bins = vec![0.0_f64; BINS];
    for day in days {
        let mut windows = vec![0_u32; (day.iter().copied().fold(0.0, f64::max) / window) as usize + 1];
        day.iter().for_each(|at| windows[(at / window) as usize] += 1);
        let mut queue: VecDeque<(f64, f64)> = VecDeque::new();
        let (mut waiting, mut left) = (0.0, stock);
        let mut at = 0;
        while at < windows.len() || waiting > 1e-9 {
            let come = f64::from(windows.get(at).copied().unwrap_or(0));
            let begins = at as f64 * window;
            if come > 0.0 {
                seen += 1;
                over += u64::from(come > room);
                peak = peak.max(come * weight);
                let bin = (begins / shown.max(1.0) * BINS as f64) as usize;
                if let Some(bin) = bins.get_mut(bin) {
                    *bin = bin.max(come * weight);
                }
                broke = earlier(broke, first_over(draft, come * weight / WINDOW, begins));
                queue.push_back((begins, come));
                waiting += come;
            }
            let mut turn = room.min(left).min(waiting);
            (left, waiting, served) = (left - turn, waiting - turn, served + turn);
            while turn > 1e-9 {
                let Some((since, people)) = queue.front_mut() else { break };
                let some = people.min(turn);
                waits.push((begins - *since, some));
                (*people, turn) = (*people - some, turn - some);
                if *people <= 1e-9 {
                    queue.pop_front();
                }
            }
            if left <= 1e-9 {
                away += waiting;
                waiting = 0.0;
                queue.clear();
            }
            door = door.max(waiting * weight * stretch);
            at += 1;
        }
    }
    Policy {
        rule,
        come: days.iter().map(Vec::len).sum::<usize>() as f64 * one_in,
        peak,
        over: (over, seen),
        door,
        served: served * one_in,
        turned_away: away * one_in,
        waits: waited(waits),
        broke_first: broke,
        curve: Curve { seconds: shown, bins },
    }
}

/// The limit that is exceeded most by so many a second.
fn first_over(draft: &Draft, per_second: f64, at: f64) -> Option<(String, f64, f64)> {
    let times = |dependency: &Dependency| {
        let times = per_second * uses(dependency)? / rate(dependency)?;
        (times > 1.0).then(|| (dependency.name.clone(), at, times))
    };
    draft.dependency.iter().filter_map(times).max_by(|a, b| a.2.total_cmp(&b.2))
}

type Broke = Option<(String, f64, f64)>;

fn earlier(known: Broke, other: Broke) -> Broke {
    match (known, other) {
        (Some(known), Some(other)) if other.1 < known.1 => Some(other),
        (None, other) => other,
        (known, _) => known,
    }
}

/// Mean, 95 in 100, longest.
fn waited(mut waits: Vec<(f64, f64)>) -> (f64, f64, f64) {
    waits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let people: f64 = waits.iter().map(|(_, people)| people).sum();
    if people <= 0.0 {
        return (0.0, 0.0, 0.0);
    }
    let mean = waits.iter().map(|(wait, some)| wait * some).sum::<f64>() / people;
    let mut sum = 0.0;
    let most = waits.iter().find(|(_, some)| {
        sum += some;
        sum >= 0.95 * people
    });
    let longest = waits.last().map_or(0.0, |(wait, _)| *wait);
    (mean, most.map_or(longest, |(wait, _)| *wait), longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        drill::{deeds, rehearsed},
        plan::{Scenario, drawn},
    };

    fn three(name: &str, most: u32) -> (Seller, Vec<Policy>) {
        let draft = rehearsed(&Scenario::find(name).unwrap().draft().unwrap()).unwrap();
        let was = Scenario::find(&format!("{name}-as-it-was")).unwrap().draft().unwrap();
        let mut chance = Chance(3);
        let drawn = drawn(&draft, most, 0, &mut chance).unwrap();
        let deeds = deeds(&draft, &drawn, &mut chance);
        let seller = Seller::of(&draft).unwrap();
        let all = policies(&draft, &was, &seller, &drawn, &deeds, &mut chance);
        (seller, all)
    }

    #[test]
    fn only_a_minute_of_ones_own_stays_under_the_capacity() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi"] {
            let (seller, all) = three(name, 20_000);
            let [own, common, digit] = &all[..] else { panic!("three") };
            let room = seller.per_second * WINDOW;
            assert!(own.peak <= room && own.over.0 == 0, "{name}: {} of {room}", own.peak);
            assert!(own.turned_away < 1.0 && own.broke_first.is_none() && own.waits.2 < 1e-9, "{name}");
            for other in [common, digit] {
                assert!(other.peak > 2.0 * room && other.broke_first.is_some(), "{name}: {other:?}");
                assert!(other.waits.0 > 10.0, "{name}: {:?}", other.waits);
            }
            assert!(common.peak > 3.0 * digit.peak, "{name}");
            for one in &all {
                assert!((one.served + one.turned_away - one.come).abs() < 1.0, "{name}: {one:?}");
            }
        }
        let (seller, all) = three("tongyeong", 10_000);
        assert_eq!(seller.name, "seller");
        // 5,000 can buy all they may have; 9,000 come.
        assert!((all[1].served - 5_000.0).abs() < 1.0 && all[1].turned_away > 3_500.0, "{:?}", all[1]);
    }
}
