//! The load that a forecast means: what each limit must take with as many people as are expected, and between which two
//! figures that lies.

use serde::{Deserialize, Serialize};

use super::{Peak, Per, Plan, Spike};

/// One limit, at the spike that leaves it the least room with the most people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// Whose limit.
    pub dependency: String,
    /// Which spike.
    pub spike: Spike,
    /// Which of its limits.
    pub per: Per,
    /// What it can take then.
    pub limit: f64,
    /// The load with as few as may come.
    pub low: f64,
    /// With as many as are expected.
    pub expected: f64,
    /// With as many as may come.
    pub high: f64,
}

impl Between {
    /// Whether it may be too much.
    pub fn is_over(&self) -> bool {
        self.high > self.limit
    }
}

/// Each dependency, the one with the least room first; of the plans with the fewest, with as many as are expected, and with the
/// most.
pub fn between([low, expected, high]: [&Plan; 3]) -> Vec<Between> {
    let part = |peak: &Peak| peak.load / peak.limit;
    let mut peaks: Vec<&Peak> = high.peaks.iter().collect();
    peaks.sort_by(|one, other| part(other).total_cmp(&part(one)));
    let mut all: Vec<Between> = Vec::new();
    for peak in peaks {
        if all.iter().any(|seen| seen.dependency == peak.dependency) {
            continue;
        }
        let is_same = |other: &&Peak| {
            other.spike == peak.spike && other.per == peak.per && other.dependency == peak.dependency
        };
        let load = |plan: &Plan| plan.peaks.iter().find(is_same).map_or(0.0, |peak| peak.load);
        all.push(Between {
            dependency: peak.dependency.clone(),
            spike: peak.spike,
            per: peak.per,
            limit: peak.limit,
            low: load(low),
            expected: load(expected),
            high: peak.load,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Scenario, plan};

    #[test]
    fn more_people_are_more_load_on_every_limit_and_the_tightest_is_first() {
        let with = |people: u64| {
            let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
            draft.expect.entrants = Some(people);
            draft.expect.at_most = None;
            plan(&draft).unwrap()
        };
        let plans = [with(4_000), with(6_000), with(9_000)];
        let all = between([&plans[0], &plans[1], &plans[2]]);
        let names: std::collections::BTreeSet<&str> =
            plans[2].peaks.iter().map(|peak| peak.dependency.as_str()).collect();
        assert_eq!(all.len(), names.len(), "each once: {all:?}");
        assert!(all.len() > 1);
        for one in &all {
            assert!(one.low < one.expected && one.expected < one.high, "{one:?}");
        }
        let tightest = plans[2].peaks.iter().map(|peak| peak.load / peak.limit).fold(0.0, f64::max);
        assert!((all[0].high / all[0].limit - tightest).abs() < 1e-12, "{all:?}");
    }
}
