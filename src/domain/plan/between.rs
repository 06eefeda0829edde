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
    /// With as many as are expected to enter and the share of them who buy by the plan, where past rounds say another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<f64>,
}

impl Between {
    /// Whether it may be too much.
    pub fn is_over(&self) -> bool {
        self.high > self.limit
    }
}

/// Each dependency, the one with the least room first; of the plan that is expected and of those that may be: the fewest or the
/// most who enter, and the fewest or the most of them who buy. Whoever does not buy in their time is a load later, so that the
/// most may be in any of them. `own` is the plan with its own share of people who buy.
pub fn between(expected: &Plan, may: &[&Plan], own: Option<&Plan>) -> Vec<Between> {
    let part = |peak: &Peak| peak.load / peak.limit;
    let plans: Vec<&Plan> = std::iter::once(expected).chain(may.iter().copied()).collect();
    let mut peaks: Vec<&Peak> = plans.iter().flat_map(|plan| &plan.peaks).collect();
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
        let loads: Vec<f64> = plans.iter().copied().map(load).collect();
        all.push(Between {
            dependency: peak.dependency.clone(),
            spike: peak.spike,
            per: peak.per,
            limit: peak.limit,
            low: loads.iter().copied().fold(f64::MAX, f64::min),
            expected: load(expected),
            high: loads.iter().copied().fold(0.0, f64::max),
            planned: own.map(load),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Scenario, plan};

    fn with(people: u64, show: f64) -> Plan {
        let mut draft = Scenario::find("tongyeong").unwrap().draft().unwrap();
        draft.expect.entrants = Some(people);
        draft.expect.at_most = None;
        draft.expect.show = Some(show);
        plan(&draft).unwrap()
    }

    /// Who does not come then comes later, so fewer are more somewhere.
    #[test]
    fn fewer_who_buy_are_less_for_the_seller_and_the_plan_stands_beside() {
        let (few, expected, most, own) =
            (with(6_000, 50.0), with(6_000, 75.0), with(6_000, 85.0), with(6_000, 90.0));
        for may in [[&few, &most], [&most, &few]] {
            let all = between(&expected, &may, Some(&own));
            let seller = all.iter().find(|one| one.dependency == "seller").unwrap();
            assert_eq!(seller.spike, Spike::Starts);
            assert!(seller.low < seller.expected && seller.expected < seller.high, "{seller:?}");
            assert!(seller.planned.is_some_and(|planned| planned > seller.high), "{seller:?}");
            for one in &all {
                assert!(one.low <= one.expected && one.expected <= one.high, "{one:?}");
            }
        }
    }

    #[test]
    fn more_people_are_more_load_on_every_limit_and_the_tightest_is_first() {
        let plans = [with(4_000, 90.0), with(6_000, 90.0), with(9_000, 90.0)];
        let all = between(&plans[1], &[&plans[0], &plans[2]], None);
        let names: std::collections::BTreeSet<&str> =
            plans[2].peaks.iter().map(|peak| peak.dependency.as_str()).collect();
        assert_eq!(all.len(), names.len(), "each once: {all:?}");
        assert!(all.len() > 1);
        for one in &all {
            assert!(one.low < one.expected && one.expected < one.high && one.planned.is_none(), "{one:?}");
        }
        let tightest = plans[2].peaks.iter().map(|peak| peak.load / peak.limit).fold(0.0, f64::max);
        assert!((all[0].high / all[0].limit - tightest).abs() < 1e-12, "{all:?}");
    }
}
