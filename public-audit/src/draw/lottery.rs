//! Mode `lottery`: reserve after reserve, by rank (protocol §6).

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
}

/// The reserve that takes each entry, in rank order. What is left over stays in the stock.
///
/// Reserves are worked off in the order of the rules. For each, the ranks are walked and every
/// entry not yet taken that matches and fits both the places and the money left is taken, with
/// what it wants; one that does not fit, or is not admitted, is passed over. Places that stay unused
/// spill.
pub(crate) fn lottery<'e>(
    rules: &Rules,
    pool_matches: &[Vec<bool>],
    stock: &mut Stock,
    ranked: impl Iterator<Item = &'e Row> + Clone,
    mut admits: impl FnMut(&Row) -> bool,
) -> Vec<Option<u32>> {
    let mut taken = vec![None; ranked.clone().count()];
    for ((at, reserve), number) in rules.reserves.iter().enumerate().zip(0..) {
        for (taken, entry) in taken.iter_mut().zip(ranked.clone()) {
            let seats = u64::from(entry.seats);
            let wanted = taken.is_none() && pool_matches[entry.group as usize][at];
            let fits = seats <= stock.places[at] && entry.want <= stock.budget;
            if wanted && fits && admits(entry) {
                stock.places[at] -= seats;
                stock.budget -= entry.want;
                *taken = Some(number);
            }
        }
        let spill = rules.reserves.iter().position(|r| Some(&r.name) == reserve.spill.as_ref());
        if let Some(to) = spill {
            let unused = std::mem::take(&mut stock.places[at]);
            stock.places[to] = stock.places[to].saturating_add(unused);
        }
    }
    taken
}

/// For each combination of values, whether each reserve is for it.
pub(crate) fn reserve_matches(rules: &Rules, pool: &Pool) -> Vec<Vec<bool>> {
    pool.by_group(|value_of| {
        let matches = |r: &crate::rules::Reserve| r.matching.matches(value_of);
        rules.reserves.iter().map(matches).collect::<Vec<bool>>()
    })
}
