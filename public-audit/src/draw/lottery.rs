//! Mode `lottery`: reserve after reserve, by rank (protocol §6).

use crate::pool::{Pool, Row};
use crate::rules::Rules;

/// Each entry's amount in rank order; 0 is nothing.
///
/// Reserves are worked off in the order of the rules. For each, the ranks are walked and every
/// entry not yet taken that matches and fits both the places and the money left is taken, with
/// what it wants; one that does not fit is passed over. Places that stay unused spill.
pub(super) fn lottery(rules: &Rules, pool: &Pool, ranked: &[Row]) -> Vec<u64> {
    let matches = pool.by_group(|value_of| {
        let matches = |r: &crate::rules::Reserve| r.matching.matches(value_of);
        rules.reserves.iter().map(matches).collect::<Vec<bool>>()
    });
    let mut places: Vec<u64> = rules.reserves.iter().map(|reserve| reserve.places).collect();
    let mut budget = rules.goods.budget;
    let mut amounts = vec![0; ranked.len()];
    for (at, reserve) in rules.reserves.iter().enumerate() {
        for (amount, entry) in amounts.iter_mut().zip(ranked) {
            let seats = u64::from(entry.seats);
            let wanted = *amount == 0 && matches[entry.group as usize][at];
            if wanted && seats <= places[at] && entry.want <= budget {
                places[at] -= seats;
                budget -= entry.want;
                *amount = entry.want;
            }
        }
        let spill = rules.reserves.iter().position(|r| Some(&r.name) == reserve.spill.as_ref());
        if let Some(to) = spill {
            places[to] = places[to].saturating_add(places[at]);
        }
    }
    amounts
}
