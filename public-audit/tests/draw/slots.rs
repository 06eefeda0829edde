//! When: to which slot, by target, wish and cohort, and to which minute of it.

use proptest::prelude::*;
use public_audit::draw::{self, Drawn, draw, targets};
use public_audit::rules::{Match, Mode};
use public_audit::{Digest, Pool};

use crate::common::{self, at, matching, slot};
use crate::{any_round, cases};

#[test]
fn level_targets() {
    assert_eq!(targets(&[10, 10, 10], 30), [10, 10, 10]);
    assert_eq!(targets(&[10, 10, 10], 15), [5, 5, 5]);
    assert_eq!(targets(&[10, 10, 10], 16), [6, 5, 5], "a tie goes to the earlier slot");
    assert_eq!(targets(&[3, 5, 7], 10), [2, 3, 5], "2·0/15, 3·5/15, 4·10/15: the last is first");
    assert_eq!(targets(&[3, 5, 7], 9), [2, 3, 4], "remainders 12, 0, 3");
    assert_eq!(targets(&[0, 5], 0), [0, 0]);
    assert_eq!(targets(&[0, 5], 9), [0, 5], "never more than there is");
    assert!(targets(&[], 9).is_empty());
    assert_eq!(targets(&[1_000_000_000; 3], 2_999_999_999), [1_000_000_000, 1_000_000_000, 999_999_999]);
}

/// One slot of 3,600 seconds: starts are ⌊3600·k/n⌋ after its beginning.
#[test]
fn minutes() {
    let mut rules = common::rules(Mode::Everyone);
    rules.slots = vec![slot("only", Match::all(), "am", "2026-12-02T00:00:00Z", 10)];
    let mut entries = common::entries(&rules, 3, 1);
    for (entry, seats) in entries.iter_mut().zip([1, 2, 4]) {
        (entry.seats, entry.want) = (seats, 10_000);
    }
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let drawn = draw(&rules, &pool, &Digest([9; 32])).unwrap();
    let mut before = 0;
    for row in drawn.rows() {
        let offset = 3600 * before / 7;
        assert_eq!(row.assignment.unwrap().start_at, at("2026-12-02T00:00:00Z").plus(offset));
        before += u64::from(pool.entry(row.entry as usize).unwrap().seats);
    }
}

#[test]
fn wishes_are_walked_under_the_target_and_then_under_the_capacity() {
    let mut rules = common::rules(Mode::Everyone);
    rules.slots = vec![
        slot("am", Match::all(), "am", "2026-12-02T00:00:00Z", 4),
        slot("pm", Match::all(), "pm", "2026-12-02T06:00:00Z", 4),
    ];
    // Everyone would like the afternoon: half of them get it, the rest goes to the morning.
    let mut entries = common::entries(&rules, 4, 1);
    for entry in &mut entries {
        (entry.seats, entry.want, entry.wish) = (1, 10_000, "pm".to_owned());
    }
    let names = |drawn: &Drawn| -> Vec<u32> {
        drawn.rows().map(|row| row.assignment.map_or(9, |a| a.slot)).collect()
    };
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    assert_eq!(names(&draw(&rules, &pool, &Digest([9; 32])).unwrap()), [1, 1, 0, 0]);
    // Pairs that do not fit under a target of three each still fit under the capacity.
    entries.iter_mut().for_each(|entry| entry.seats = 2);
    entries.truncate(3);
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    assert_eq!(names(&draw(&rules, &pool, &Digest([9; 32])).unwrap()), [1, 0, 1]);
    // Three and three seats take four places each; a pair finds no room anywhere and waits.
    entries.iter_mut().for_each(|entry| entry.seats = 3);
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    assert_eq!(names(&draw(&rules, &pool, &Digest([9; 32])).unwrap()), [1, 0, 9]);
    assert_eq!(draw::crowded(&rules, &pool)[0].seats, 9);
}

#[test]
fn an_entry_belongs_to_the_first_cohort_that_it_matches() {
    let mut rules = common::rules(Mode::Everyone);
    rules.slots = vec![
        slot("island", matching("region", &["island"]), "pm", "2026-12-02T06:00:00Z", 400),
        slot("all", Match::all(), "am", "2026-12-02T00:00:00Z", 400),
    ];
    let pool = common::pool(&rules, 30, 4);
    for row in draw(&rules, &pool, &Digest([9; 32])).unwrap().rows() {
        let island = pool.entry(row.entry as usize).unwrap().others[1] == "island";
        assert_eq!(row.assignment.unwrap().slot, u32::from(!island));
    }
    rules.slots.truncate(1);
    let none = draw::crowded(&rules, &pool);
    assert!(none.iter().any(|crowded| crowded.cohort.is_none() && crowded.capacity == 0));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn single_seats_meet_the_level_targets_exactly((mut rules, mut entries, seed) in any_round()) {
        (rules.mode, rules.reserves) = (Mode::Everyone, Vec::new());
        entries.iter_mut().for_each(|entry| {
            (entry.seats, entry.want) = (1, entry.want.min(rules.goods.cap));
        });
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let drawn = draw(&rules, &pool, &seed).unwrap();
        for cohort in rules.cohorts() {
            let own = |slot: u32| rules.slots[slot as usize].cohort == *cohort;
            let indices: Vec<u32> = (0..).take(rules.slots.len()).filter(|slot| own(*slot)).collect();
            let capacities: Vec<u64> =
                indices.iter().map(|slot| rules.slots[*slot as usize].capacity.into()).collect();
            let wanted = entries.iter()
                .filter(|entry| cohort.matches(|_| Some(entry.others[0].as_str()))).count() as u64;
            for (slot, target) in indices.iter().zip(targets(&capacities, wanted)) {
                let placed = drawn.rows()
                    .filter(|row| row.assignment.is_some_and(|a| a.slot == *slot)).count() as u64;
                prop_assert_eq!(placed, target);
            }
        }
    }
}
