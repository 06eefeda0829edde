//! Load against limits: the worst minute of every spike for every limit.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Asia::Seoul;
use serde::{Deserialize, Serialize};

use super::{Spike, loads::Load, noise};
use crate::domain::draft::{Dependency, Step};

/// What a limit counts per.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A second, over the dependency's window.
    Second,
    /// A minute.
    Minute,
    /// A local day.
    Day,
}

/// The worst minute of a spike against one limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Peak {
    /// Which spike.
    pub spike: Spike,
    /// Whose limit.
    pub dependency: String,
    /// Which of its limits.
    pub per: Per,
    /// When.
    pub at: DateTime<Utc>,
    /// What must be reckoned with then, noise included.
    pub load: f64,
    /// What it can take then.
    pub limit: f64,
}

impl Peak {
    /// Whether it is too much.
    pub fn is_over(&self) -> bool {
        self.load > self.limit
    }
}

/// Mean, variance and the largest single demand of several steps together, a second.
#[derive(Default)]
struct Sum {
    mean: f64,
    variance: f64,
    unit: f64,
}

impl Sum {
    fn add(&mut self, rate: f64, uses: f64, step: Step, window: f64) {
        let mean = rate * uses;
        self.mean += mean;
        // We pace what we send; people are not paced. Who uses it in part of the cases only is a
        // smaller crowd, not a crowd of smaller people.
        if !(is_sent(step) && window >= 60.0) {
            self.variance += mean * uses.max(1.0);
        }
        if mean > 0.0 {
            self.unit = self.unit.max(uses.max(1.0));
        }
    }

    fn needed(&self, window: f64) -> f64 {
        if self.variance <= 0.0 {
            self.mean
        } else {
            noise::needed(self.mean, self.variance, self.unit, window)
        }
    }
}

fn is_sent(step: Step) -> bool {
    matches!(step, Step::Seal | Step::Result | Step::Reminder | Step::Offer)
}

/// The worst minute of each spike for each limit of a dependency.
pub fn peaks(dependency: &Dependency, loads: &[Load]) -> Vec<Peak> {
    let used = used_by(dependency, loads);
    let window = f64::from(dependency.window_seconds.unwrap_or(10));
    let mut peaks = Vec::new();
    for (per, limit, window) in
        [(Per::Second, dependency.per_second, window), (Per::Minute, dependency.per_minute, 60.0)]
    {
        if let Some(limit) = limit {
            peaks.extend(by_minute(dependency, &used, per, limit, window));
        }
    }
    if let Some(limit) = dependency.per_day {
        peaks.extend(by_day(dependency, &used, limit));
    }
    peaks
}

/// The loads that need a dependency, and how often each.
pub fn used_by<'l>(dependency: &Dependency, loads: &'l [Load]) -> Vec<(&'l Load, f64)> {
    loads.iter().filter_map(|load| Some((load, *dependency.uses.get(&load.step)?))).collect()
}

/// A minute in which a limit is needed.
#[derive(Clone, Copy, Debug)]
pub struct Minute {
    /// Which, of the round.
    pub minute: usize,
    /// What most of it comes from.
    pub spike: Spike,
    /// What must be reckoned with, noise included.
    pub load: f64,
    /// What can be taken then.
    pub limit: f64,
}

/// Every minute in which a limit is needed, in order.
pub fn each_minute<'u>(
    dependency: &'u Dependency,
    used: &'u [(&'u Load, f64)],
    per: Per,
    limit: f64,
    window: f64,
) -> impl Iterator<Item = Minute> + 'u {
    let times = if per == Per::Minute { 60.0 } else { 1.0 };
    let horizon = used.first().map(|(first, _)| first.people.horizon());
    let minutes = used.first().map_or(0, |(first, _)| first.people.even.len());
    (0..minutes).filter_map(move |minute| {
        let mut sum = Sum::default();
        let mut most = (0.0, None);
        for (load, uses) in used {
            let rate = load.people.rate(minute, window);
            if rate > 0.0 {
                sum.add(rate, *uses, load.step, window);
                if rate * uses > most.0 {
                    most = (rate * uses, Some(load.spike));
                }
            }
        }
        let limit = limit * left(dependency, horizon?.at(minute));
        Some(Minute { minute, spike: most.1?, load: sum.needed(window) * times, limit })
    })
}

fn by_minute(dependency: &Dependency, used: &[(&Load, f64)], per: Per, limit: f64, window: f64) -> Vec<Peak> {
    let Some((first, _)) = used.first() else {
        return Vec::new();
    };
    let horizon = first.people.horizon();
    let mut worst: BTreeMap<Spike, Peak> = BTreeMap::new();
    for Minute { minute, spike, load, limit } in each_minute(dependency, used, per, limit, window) {
        // Worst is what leaves the least room, which at a weak hour need not be the largest load.
        let room = |load: f64, limit: f64| limit - load;
        if worst.get(&spike).is_none_or(|peak| room(load, limit) < room(peak.load, peak.limit) - 1e-9) {
            let (dependency, at) = (dependency.name.clone(), horizon.at(minute));
            worst.insert(spike, Peak { spike, dependency, per, at, load, limit });
        }
    }
    worst.into_values().collect()
}

fn by_day(dependency: &Dependency, used: &[(&Load, f64)], limit: f64) -> Vec<Peak> {
    let mut days: BTreeMap<NaiveDate, (DateTime<Utc>, BTreeMap<usize, f64>)> = BTreeMap::new();
    for (which, (load, _)) in used.iter().enumerate() {
        let horizon = load.people.horizon();
        for (minute, _) in load.people.even.iter().enumerate() {
            let people = load.people.people(minute);
            if people > 0.0 {
                let at = horizon.at(minute);
                let day = days.entry(at.with_timezone(&Seoul).date_naive()).or_insert((at, BTreeMap::new()));
                day.0 = day.0.min(at);
                *day.1.entry(which).or_default() += people;
            }
        }
    }
    let mut worst: BTreeMap<Spike, Peak> = BTreeMap::new();
    for (at, people) in days.into_values() {
        let mut sum = Sum::default();
        let mut most = (0.0, Spike::Starts);
        for (which, people) in people {
            let (load, uses) = used[which];
            let people = people.min(load.most);
            // One day is one window: its noise is that of a count.
            sum.add(people, uses, load.step, 60.0);
            if people * uses > most.0 {
                most = (people * uses, load.spike);
            }
        }
        let load = sum.mean + 3.1 * sum.variance.sqrt();
        let (spike, dependency) = (most.1, dependency.name.clone());
        if worst.get(&spike).is_none_or(|peak| load > peak.load) {
            worst.insert(spike, Peak { spike, dependency, per: Per::Day, at, load, limit });
        }
    }
    worst.into_values().collect()
}

/// How much of the limit is left at a local hour.
pub fn left(dependency: &Dependency, at: DateTime<Utc>) -> f64 {
    if dependency.dips.is_empty() {
        return 1.0;
    }
    let hour = at.with_timezone(&Seoul).time();
    let within = |text: &str| chrono::NaiveTime::parse_from_str(text, "%H:%M").unwrap_or_default();
    let dip = dependency.dips.iter().find(|dip| (within(&dip.from)..within(&dip.to)).contains(&hour));
    dip.map_or(1.0, |dip| f64::from(dip.percent) / 100.0)
}
