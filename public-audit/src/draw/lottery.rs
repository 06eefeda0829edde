//! Mode `lottery`: reserve after reserve, by rank (protocol §6).

use super::Ranked;
use super::group::Groups;
use crate::pool::{Pool, Row};
use crate::rules::Rules;

/// What there is to take: places in each reserve, and won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    pub places: Vec<u64>,
    pub budget: u64,
}

impl Stock {
    /// All of it.
    pub fn of(rules: &Rules) -> Self {
        let places = rules.reserves.iter().map(|reserve| reserve.places).collect();
        Self { places, budget: rules.goods.budget }
    }

    /// Whether reserve `at` takes an entry, not yet taken, that matches it: if it fits both the places
    /// and the money left, it is taken with what it wants; if not, or if it is not admitted, it is passed
    /// over.
    pub fn takes(&mut self, at: usize, seats: u64, want: u64, admits: impl FnOnce() -> bool) -> bool {
        let takes = seats <= self.places[at] && want <= self.budget && admits();
        if takes {
            self.places[at] -= seats;
            self.budget -= want;
        }
        takes
    }

    /// Ends a reserve's walk: places that stay unused spill.
    pub fn spill(&mut self, rules: &Rules, at: usize) {
        let named = rules.reserves[at].spill.as_ref();
        let spill = rules.reserves.iter().position(|reserve| Some(&reserve.name) == named);
        if let Some(to) = spill {
            let unused = std::mem::take(&mut self.places[at]);
            self.places[to] = self.places[to].saturating_add(unused);
        }
    }
}

/// What a reserve looks at of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub group: u32,
    pub seats: u64,
    pub want: u64,
}

impl From<&Ranked> for Candidate {
    fn from(entry: &Ranked) -> Self {
        Self { group: entry.group, seats: entry.seats.into(), want: entry.want }
    }
}

impl From<&Row> for Candidate {
    fn from(entry: &Row) -> Self {
        Self { group: entry.group, seats: entry.seats.into(), want: entry.want }
    }
}

/// The reserve that takes each entry, in rank order. What is left over stays in the stock.
///
/// Reserves are worked off in the order of the rules, and for each the ranks are walked.
pub(crate) fn lottery(
    rules: &Rules,
    pool_matches: &[Vec<bool>],
    stock: &mut Stock,
    ranked: impl Iterator<Item = Candidate> + Clone,
    mut admits: impl FnMut(Candidate) -> bool,
) -> Vec<Option<u32>> {
    let mut taken = vec![None; ranked.clone().count()];
    for (at, number) in (0..rules.reserves.len()).zip(0..) {
        for (taken, entry) in taken.iter_mut().zip(ranked.clone()) {
            let wanted = taken.is_none() && pool_matches[entry.group as usize][at];
            if wanted && stock.takes(at, entry.seats, entry.want, || admits(entry)) {
                *taken = Some(number);
            }
        }
        stock.spill(rules, at);
    }
    taken
}

/// For each combination of values, whether each reserve is for it.
pub(crate) fn reserve_matches(rules: &Rules, pool: &Pool) -> Vec<Vec<bool>> {
    let groups = Groups::new(rules);
    pool.by_group(|value_of| groups.reserves(value_of))
}
