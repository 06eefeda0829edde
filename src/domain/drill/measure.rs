//! What was done against a limit: the worst window of every spike.
//!
//! One person in k stands for k, in windows k times as long: such a window sees as many people as one of its usual
//! length at full size. What is shorter than that, a rush of a minute in a small sample, is flattened; the figure of the
//! full size beside it is not.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;
use serde::Serialize;

use super::{Deed, Deeds};
use crate::domain::{
    draft::Dependency,
    plan::{Per, Spike, left},
};

/// The worst window of a spike against one limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// Which spike.
    pub spike: Spike,
    /// Whose limit.
    pub dependency: String,
    /// Which of its limits.
    pub per: Per,
    /// When the window begins, Unix seconds.
    pub at: i64,
    /// What was asked of it, at full size.
    pub load: f64,
    /// What it takes then.
    pub limit: f64,
}

impl Measured {
    /// Whether it was too much.
    pub fn is_over(&self) -> bool {
        self.load > self.limit
    }

    /// How many times over.
    pub fn times(&self) -> f64 {
        self.load / self.limit
    }
}

/// What was over its limit first: of all whose worst window begins with the first that is too much, each with its worst, the most
/// exceeded first. A limit a day counts from the beginning of its day.
pub fn first_over<'m>(all: impl IntoIterator<Item = &'m Measured>) -> Vec<Measured> {
    let over: Vec<&Measured> = all.into_iter().filter(|one| one.is_over()).collect();
    let first = over.iter().map(|one| one.at).min();
    let mut worst: BTreeMap<&str, &Measured> = BTreeMap::new();
    for one in over.into_iter().filter(|one| Some(one.at) == first) {
        let known = worst.entry(one.dependency.as_str()).or_insert(one);
        if one.times() > known.times() {
            *known = one;
        }
    }
    let mut found: Vec<Measured> = worst.into_values().cloned().collect();
    found.sort_by(|a, b| b.times().total_cmp(&a.times()));
    found
}

/// The worst window of each spike for each limit of a dependency.
pub fn measure(dependency: &Dependency, deeds: &Deeds) -> Vec<Measured> {
    let limits = [
        (Per::Second, dependency.per_second),
        (Per::Minute, dependency.per_minute),
        (Per::Day, dependency.per_day),
    ];
    limits
        .into_iter()
        .filter_map(|(per, limit)| Some(worst(dependency, deeds, per, limit?, window(dependency, per))))
        .flatten()
        .collect()
}

/// Seconds of a window at full size.
fn window(dependency: &Dependency, per: Per) -> f64 {
    match per {
        Per::Second => f64::from(dependency.window_seconds.unwrap_or(10)),
        Per::Minute => 60.0,
        Per::Day => 86_400.0,
    }
}

/// In longer windows than this, seconds, a rush is no rush any more.
const LONGEST: f64 = 3_600.0;
/// What all people of a spike ask for is at least so many times what a window takes.
const TIMES: f64 = 3.0;

/// Whether so few people can say anything about a limit. If a window of theirs is longer than an hour, or has room for
/// a third of them, the limit holds whatever they do. A day is no longer for a few than for all: there it is enough that
/// all of them together would be too many.
#[allow(clippy::cast_precision_loss, reason = "people")]
pub fn can_tell(dependency: &Dependency, deeds: &Deeds, measured: &Measured) -> bool {
    let window = window(dependency, measured.per);
    let of_spike = deeds.all.iter().filter(|deed| deed.spike == measured.spike);
    let asked = |deed: &Deed| Some(dependency.uses.get(&deed.step)? * deed.at.len() as f64);
    let asked: f64 = of_spike.filter_map(asked).sum();
    match measured.per {
        Per::Day => asked * deeds.one_in > measured.limit,
        Per::Minute => window * deeds.one_in <= LONGEST && asked >= TIMES * measured.limit,
        Per::Second => window * deeds.one_in <= LONGEST && asked >= TIMES * measured.limit * window,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds")]
fn worst(dependency: &Dependency, deeds: &Deeds, per: Per, limit: f64, window: f64) -> Vec<Measured> {
    // A day is a day: what one in k does on it counts k times.
    let (length, counts) = match per {
        Per::Day => (window, deeds.one_in),
        _ => (window * deeds.one_in, 1.0),
    };
    let mut windows: HashMap<i64, BTreeMap<Spike, f64>> = HashMap::new();
    for deed in &deeds.all {
        let Some(uses) = dependency.uses.get(&deed.step) else { continue };
        for at in &deed.at {
            // Days are local; for other windows it does not matter where they begin.
            let number = ((*at + 9 * 3_600) as f64 / length).floor() as i64;
            *windows.entry(number).or_default().entry(deed.spike).or_default() += uses * counts;
        }
    }
    let divisor = if per == Per::Second { window } else { 1.0 };
    let mut worst: BTreeMap<Spike, Measured> = BTreeMap::new();
    for (number, by_spike) in windows {
        let load = by_spike.values().sum::<f64>() / divisor;
        let at = (number as f64 * length) as i64 - 9 * 3_600;
        let most = by_spike.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(spike, _)| *spike);
        let Some(spike) = most else { continue };
        let limit = limit * DateTime::from_timestamp(at, 0).map_or(1.0, |at| left(dependency, at));
        let found = Measured { spike, dependency: dependency.name.clone(), per, at, load, limit };
        let is_worse = |known: &Measured| {
            (load / limit).total_cmp(&(known.load / known.limit)).then(known.at.cmp(&at)).is_gt()
        };
        if worst.get(&spike).is_none_or(is_worse) {
            worst.insert(spike, found);
        }
    }
    worst.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Step;

    fn seller(per_second: f64) -> Dependency {
        Dependency {
            name: "seller".to_owned(),
            per_second: Some(per_second),
            uses: [(Step::Purchase, 1.0)].into(),
            ..Dependency::default()
        }
    }

    #[test]
    fn the_fullest_window_is_found_whatever_the_sample() {
        // Ten at once and one a minute for an hour; in the sample each stands for ten.
        let burst = std::iter::repeat_n(36_000, 10);
        let deed = |at: Vec<i64>| vec![Deed { spike: Spike::Starts, step: Step::Purchase, at }];
        let whole =
            Deeds { one_in: 1.0, all: deed(burst.clone().chain((0..60).map(|n| 40_000 + n * 60)).collect()) };
        let found = measure(&seller(0.5), &whole);
        assert_eq!(found.len(), 1);
        assert!((found[0].load - 1.0).abs() < 1e-9 && found[0].is_over(), "{found:?}");
        assert_eq!(found[0].at, 36_000);
        assert!(!measure(&seller(1.0), &whole)[0].is_over());
        let sample = Deeds { one_in: 10.0, all: deed((0..60).map(|n| 40_000 + n * 600).collect()) };
        let found = measure(&seller(0.5), &sample);
        assert!((found[0].load - 0.1).abs() < 1e-9, "one in 100 seconds of the sample: {found:?}");
    }

    #[test]
    fn all_that_is_over_in_the_first_window_is_found_and_each_once() {
        let one = |name: &str, at: i64, load: f64| Measured {
            spike: Spike::Starts,
            dependency: name.to_owned(),
            per: Per::Second,
            at,
            load,
            limit: 10.0,
        };
        let all = [
            one("web", 60, 90.0),
            one("bank", 50, 11.0),
            one("web", 50, 20.0),
            one("seller", 40, 10.0),
            one("bank", 50, 15.0),
            one("bank", 50, 12.0),
        ];
        assert_eq!(first_over(&all), [one("web", 50, 20.0), one("bank", 50, 15.0)]);
        assert!(first_over(&all[3..4]).is_empty() && first_over(&all[..0]).is_empty());
    }

    #[test]
    fn few_people_say_nothing_about_a_limit_that_they_cannot_meet() {
        // One window takes 5; all come at once, one in so many.
        let says = |people: usize, one_in: f64| {
            let at = vec![36_000; people];
            let deeds = Deeds { one_in, all: vec![Deed { spike: Spike::Starts, step: Step::Purchase, at }] };
            let found = measure(&seller(0.5), &deeds);
            (can_tell(&seller(0.5), &deeds, &found[0]), found[0].is_over())
        };
        assert_eq!(says(15, 360.0), (true, true));
        // The window is longer than an hour; there are fewer people than three times what it takes.
        assert_eq!(says(15, 361.0), (false, true));
        assert_eq!(says(14, 360.0), (false, true));
        assert_eq!(says(4, 1.0), (false, false));
        let daily = Dependency { per_second: None, per_day: Some(1_000.0), ..seller(0.0) };
        let deeds = |people: usize| Deeds {
            one_in: 100_000.0,
            all: vec![Deed { spike: Spike::Starts, step: Step::Purchase, at: vec![36_000; people] }],
        };
        let found = measure(&daily, &deeds(1));
        assert!(can_tell(&daily, &deeds(1), &found[0]), "{found:?}");
        assert!(!can_tell(&daily, &Deeds { one_in: 10.0, ..deeds(99) }, &found[0]), "{found:?}");
    }
}
