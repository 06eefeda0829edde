//! How much: the level up to which everybody has what they want, and the units that are left.

use proptest::prelude::*;
use public_audit::draw::{draw, level};
use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Pool};

use crate::{amount, any_round, cases, common};

/// Entries that want these units, one seat each, in the order of their receipts.
fn wanting(rules: &Rules, units: &[u64]) -> Pool {
    let mut entries = common::entries(rules, units.len(), 1);
    entries.sort_by_key(|entry| entry.receipt);
    for (entry, units) in entries.iter_mut().zip(units) {
        (entry.seats, entry.want, entry.wish) = (1, units * rules.goods.unit, "any".to_owned());
        entry.others = vec!["1".to_owned(), "north".to_owned()];
    }
    Pool::from_entries(rules, &entries).unwrap()
}

#[test]
fn share_levels() {
    let level = |wants: &[u64], unit, budget| level(wants.iter().copied(), unit, budget);
    assert_eq!(level(&[25, 25, 25], 1, 75), 25, "the budget covers all: the largest want");
    assert_eq!(level(&[25, 25, 25], 1, 1000), 25);
    assert_eq!(level(&[25, 25, 25], 1, 74), 24);
    assert_eq!(level(&[10, 50, 90], 10, 100), 40, "10 + 40 + 40, and 10 are left");
    assert_eq!(level(&[10, 50, 90], 10, 109), 40);
    assert_eq!(level(&[10, 50, 90], 10, 110), 50);
    assert_eq!(level(&[10, 50, 90], 10, 29), 0, "not a unit each");
    assert_eq!(level(&[], 10, 29), 0);
    assert_eq!(level(&[u64::MAX - 5; 3], 10, u64::MAX), (u64::MAX / 3) / 10 * 10);
}

#[test]
fn what_is_left_goes_by_rank_to_those_who_wanted_more() {
    let mut rules = common::rules(Mode::Share);
    rules.goods.budget = 1_099_999;
    let drawn = draw(&rules, &wanting(&rules, &[1, 25, 25, 25, 25, 25]), &Digest([9; 32])).unwrap();
    // 10,000 and five times 210,000 are 1,060,000; three units are left, and 9,999 won over.
    assert_eq!(drawn.share_level, Some(210_000));
    let mut left = 3;
    for row in drawn.rows() {
        let expected = match amount(row) {
            10_000 => 10_000,
            _ if left > 0 => {
                left -= 1;
                220_000
            }
            _ => 210_000,
        };
        assert_eq!(amount(row), expected);
    }
    assert_eq!((left, drawn.rows().filter(|row| amount(*row) == 10_000).count()), (0, 1));
}

#[test]
fn with_less_than_a_unit_each_the_first_get_one() {
    let mut rules = common::rules(Mode::Share);
    rules.goods.budget = 39_999;
    let drawn = draw(&rules, &wanting(&rules, &[3; 7]), &Digest([9; 32])).unwrap();
    let amounts: Vec<u64> = drawn.rows().map(amount).collect();
    assert_eq!(amounts, [10_000, 10_000, 10_000, 0, 0, 0, 0]);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nobody_gets_nothing_while_there_is_a_unit_and_a_seat((mut rules, mut entries, seed) in any_round()) {
        (rules.mode, rules.reserves) = (Mode::Share, Vec::new());
        rules.slots.iter_mut().for_each(|slot| slot.capacity = 60);
        entries.iter_mut().for_each(|entry| {
            (entry.seats, entry.want) = (1, entry.want.min(rules.goods.cap));
        });
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let drawn = draw(&rules, &pool, &seed).unwrap();
        let units = rules.goods.budget / rules.goods.unit;
        let some = drawn.rows().filter(|row| amount(*row) > 0).count() as u64;
        prop_assert_eq!(some, units.min(entries.len() as u64));
        // Nobody who wanted as much got two units less than another.
        for row in drawn.rows() {
            let want = pool.entry(row.entry as usize).unwrap().want;
            let least = want.min(drawn.share_level.unwrap());
            prop_assert!(amount(row) >= least && amount(row) <= least + rules.goods.unit);
        }
    }

    #[test]
    fn shares_sum_to_what_the_budget_allows((mut rules, mut entries, seed) in any_round()) {
        (rules.mode, rules.reserves) = (Mode::Share, Vec::new());
        rules.slots.iter_mut().for_each(|slot| slot.capacity = 240);
        entries.iter_mut().for_each(|entry| entry.seats = entry.seats.max(1));
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let drawn = draw(&rules, &pool, &seed).unwrap();
        let wanted: u64 = entries.iter().map(|entry| entry.want).sum();
        let unit = rules.goods.unit;
        let sum: u64 = drawn.rows().map(amount).sum();
        prop_assert_eq!(sum, wanted.min(rules.goods.budget / unit * unit));
        // Beyond what they wanted less, no two differ by more than a unit.
        let full: Vec<u64> = drawn.rows()
            .filter(|row| amount(*row) < pool.entry(row.entry as usize).unwrap().want).map(amount).collect();
        let spread = full.iter().max().unwrap_or(&0) - full.iter().min().unwrap_or(&0);
        prop_assert!(spread <= unit);
    }
}
