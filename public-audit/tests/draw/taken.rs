//! Who: places are passed over and spilled as the rules say, and neither a wish nor one who waits changes who is taken.

use proptest::prelude::*;
use public_audit::draw::draw;
use public_audit::rules::Mode;
use public_audit::{Digest, Entry, Pool, Receipt};

use crate::{amount, any_round, cases, common};

#[test]
fn the_lottery_passes_over_and_spills() {
    let mut rules = common::rules(Mode::Lottery);
    rules.goods.budget = 1_000_000_000;
    let mut entries = common::entries(&rules, 60, 2);
    entries.iter_mut().for_each(|entry| entry.want = 10_000);
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let drawn = draw(&rules, &pool, &Digest([9; 32])).unwrap();
    // The same by hand: (matching regions, places) one after the other.
    let (mut taken, mut spilled) = (vec![false; 60], 0);
    for (regions, places, spills) in [("island", 4, true), ("island jungang", 3, false), ("", 9, false)] {
        let mut left = places + if regions.is_empty() { spilled } else { 0 };
        for (at, row) in drawn.rows().enumerate() {
            let entry = pool.entry(row.entry as usize).unwrap();
            let matches = regions.is_empty() || regions.split(' ').any(|r| r == entry.others[1]);
            if matches && !taken[at] && entry.seats <= left {
                taken[at] = true;
                left -= entry.seats;
            }
        }
        spilled += if spills { left } else { 0 };
    }
    let assigned: Vec<bool> = drawn.rows().map(|row| row.assignment.is_some()).collect();
    assert_eq!(assigned, taken);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_wish_never_changes_the_amount((rules, mut entries, seed) in any_round(), whose: usize) {
        prop_assume!(!entries.is_empty());
        let whose = whose % entries.len();
        let receipt = entries[whose].receipt;
        let of = |entries: &[Entry]| {
            let drawn = draw(&rules, &Pool::from_entries(&rules, entries).unwrap(), &seed).unwrap();
            drawn.rows().find(|row| row.receipt == receipt).map(|row| (row.rank, amount(row)))
        };
        let before = of(&entries);
        for wish in ["any", "eve", "pm+am", "noon+eve+am+pm"] {
            entries[whose].wish = wish.to_owned();
            prop_assert_eq!(of(&entries), before);
        }
    }

    /// Who was not taken took nothing: without them all is as it was.
    #[test]
    fn without_someone_on_the_waitlist_nobody_moves((mut rules, mut entries, seed) in any_round(), whose: usize) {
        // Room for all who are taken, so that who waits does so for want of money or of a place.
        rules.slots.iter_mut().for_each(|slot| slot.capacity = 240);
        let places = |entries: &[Entry]| {
            let rows = draw(&rules, &Pool::from_entries(&rules, entries).unwrap(), &seed).unwrap().rows().collect::<Vec<_>>();
            rows.into_iter().map(|row| (row.receipt, row.assignment)).collect::<Vec<_>>()
        };
        let mut before = places(&entries);
        let waiting: Vec<Receipt> =
            before.iter().filter(|(_, place)| place.is_none()).map(|(receipt, _)| *receipt).collect();
        prop_assume!(!waiting.is_empty());
        let gone = waiting[whose % waiting.len()];
        entries.retain(|entry| entry.receipt != gone);
        before.retain(|(receipt, _)| *receipt != gone);
        prop_assert_eq!(places(&entries), before);
    }
}
