//! Mode `share`: what there is, spread as evenly as whole units allow (protocol §6).

use std::convert::Infallible;

use super::Ranked;
use crate::rules::{Goods, Rules};

/// L: the largest multiple of `unit` with Σ min(want, L) ≤ `budget`, at most the largest want.
#[must_use]
pub fn level(wants: impl Iterator<Item = u64> + Clone, unit: u64, budget: u64) -> u64 {
    let handed_out = |level: u64| Ok(wants.clone().map(|want| u128::from(want.min(level))).sum());
    let Ok(level) = level_where::<Infallible>(wants.clone().max().unwrap_or(0), unit, budget, handed_out);
    level
}

/// The same, given the largest want and what is handed out at a level.
///
/// By halving the interval in which L must lie: what is handed out only grows with the level.
pub(super) fn level_where<E>(
    largest: u64,
    unit: u64,
    budget: u64,
    mut handed_out: impl FnMut(u64) -> Result<u128, E>,
) -> Result<u64, E> {
    let unit = unit.max(1);
    let (mut level, mut above) = (0, largest / unit + 1);
    while above - level > 1 {
        let middle = level + (above - level) / 2;
        if handed_out(middle * unit)? <= u128::from(budget) { level = middle } else { above = middle }
    }
    Ok(level * unit)
}

/// What each entry gets, asked in rank order; 0 is nothing.
///
/// Every entry gets min(want, L). What is left of the budget goes by rank, one unit each, to those
/// that wanted more. One walk is enough: one unit more for all of them is what L could not afford.
/// With less than a unit each L is 0, and that same walk gives the first ones one unit.
#[derive(Clone, Copy)]
pub(super) struct Shares {
    level: u64,
    unit: u64,
    left: u64,
}

impl Shares {
    /// Given what is handed out at this level.
    pub fn new(goods: Goods, level: u64, handed_out: u128) -> Self {
        let handed_out = u64::try_from(handed_out).unwrap_or(u64::MAX);
        Self { level, unit: goods.unit, left: goods.budget.saturating_sub(handed_out) }
    }

    pub fn next(&mut self, want: u64) -> u64 {
        let amount = want.min(self.level);
        if want <= amount || self.left < self.unit {
            return amount;
        }
        self.left -= self.unit;
        amount + self.unit
    }
}

/// The level, and each entry's amount in rank order.
pub(super) fn share(rules: &Rules, ranked: &[Ranked]) -> (u64, Vec<u64>) {
    let (goods, mut amounts) = (rules.goods, ranked.iter().map(|entry| entry.want).collect::<Vec<u64>>());
    let wants = amounts.iter().copied();
    let level = level(wants.clone(), goods.unit, goods.budget);
    let handed_out = wants.map(|want| u128::from(want.min(level))).sum();
    let mut shares = Shares::new(goods, level, handed_out);
    amounts.iter_mut().for_each(|amount| *amount = shares.next(*amount));
    (level, amounts)
}
