//! In which order: by lots that nobody else moves, the same on every run.

use proptest::prelude::*;
use public_audit::draw::draw;
use public_audit::rules::Mode;
use public_audit::{Digest, Entry, Pool};

use crate::{any_round, cases, common};

/// Enough entries that several cores draw them: the order is the same as if one had.
#[test]
fn large_pools_are_in_the_same_order() {
    let rules = common::rules(Mode::Share);
    let mut text = String::new();
    for number in 0..20_001_u32 {
        let mut bits = [0; 10];
        bits[..4].copy_from_slice(&number.to_be_bytes());
        let receipt = public_audit::Receipt::from_bytes(bits);
        text += &format!("{receipt} seats=1 want=10000 weight=2 household=1 region=north wish=any\n");
    }
    let pool = Pool::parse(&rules, text.as_bytes()).unwrap();
    let (seed, mut seen) = (Digest([9; 32]), vec![false; 20_001]);
    let rows = draw(&rules, &pool, &seed).unwrap().rows().collect::<Vec<_>>();
    assert!(rows.is_sorted_by(|a, b| (a.lot, a.receipt) < (b.lot, b.receipt)));
    for row in rows {
        assert!(!std::mem::replace(&mut seen[row.entry as usize], true));
        if row.rank % 100 == 0 {
            assert_eq!(row.lot, public_audit::lot::lot(&seed, &row.receipt, 2));
        }
    }
    assert!(seen.into_iter().all(|seen| seen));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_void_entry_moves_no_other_lot((rules, mut entries, seed) in any_round(), whose: usize) {
        prop_assume!(!entries.is_empty());
        let lots = |entries: &[Entry]| -> Vec<(u64, String)> {
            let pool = Pool::from_entries(&rules, entries).unwrap();
            let rows = draw(&rules, &pool, &seed).unwrap().rows().collect::<Vec<_>>();
            rows.iter().map(|row| (row.lot, row.receipt.to_string())).collect()
        };
        let mut before = lots(&entries);
        let gone = entries.swap_remove(whose % entries.len()).receipt.to_string();
        before.retain(|(_, receipt)| *receipt != gone);
        prop_assert_eq!(lots(&entries), before);
    }

    #[test]
    fn the_same_bytes_on_every_run((rules, entries, seed) in any_round()) {
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let text = || public_audit::result::text(&rules, &draw(&rules, &pool, &seed).unwrap());
        let mut backwards = entries.clone();
        backwards.reverse();
        let other = Pool::from_entries(&rules, &backwards).unwrap();
        prop_assert_eq!(public_audit::result::text(&rules, &draw(&rules, &other, &seed).unwrap()), text());
        prop_assert_eq!(text(), text());
    }
}
