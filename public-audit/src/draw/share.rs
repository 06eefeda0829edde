//! Mode `share`: what there is, spread as evenly as whole units allow (protocol §6).

use crate::pool::Row;
use crate::rules::Rules;

/// L: the largest multiple of `unit` with Σ min(want, L) ≤ `budget`, at most the largest want.
///
/// By halving the interval in which L must lie: what is handed out only grows with the level.
#[must_use]
pub fn level(wants: impl Iterator<Item = u64> + Clone, unit: u64, budget: u64) -> u64 {
    let unit = unit.max(1);
    let affordable = |level: u64| {
        let sum: u128 = wants.clone().map(|want| u128::from(want.min(level))).sum();
        sum <= u128::from(budget)
    };
    let (mut level, mut above) = (0, wants.clone().max().unwrap_or(0) / unit + 1);
    while above - level > 1 {
        let middle = level + (above - level) / 2;
        if affordable(middle * unit) { level = middle } else { above = middle }
    }
    level * unit
}

/// The level, and each entry's amount in rank order; 0 is nothing.
///
/// Every entry gets min(want, L). What is left of the budget goes by rank, one unit each, to those
/// that wanted more. One walk is enough: one unit more for all of them is what L could not afford.
/// With less than a unit each L is 0, and that same walk gives the first ones one unit.
pub(super) fn share(rules: &Rules, ranked: &[Row]) -> (u64, Vec<u64>) {
    let goods = rules.goods;
    let wants: Vec<u64> = ranked.iter().map(|entry| entry.want).collect();
    let level = level(wants.iter().copied(), goods.unit, goods.budget);
    let mut amounts: Vec<u64> = wants.iter().map(|want| *want.min(&level)).collect();
    let mut left = goods.budget.saturating_sub(amounts.iter().sum());
    for (amount, want) in amounts.iter_mut().zip(wants) {
        if want > *amount && left >= goods.unit {
            *amount += goods.unit;
            left -= goods.unit;
        }
    }
    (level, amounts)
}
