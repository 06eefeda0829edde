//! Who gets what and when: worked numbers first, then what must hold for every round.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Numbers, at, matching, slot};
use proptest::prelude::*;
use public_audit::draw::{self, Drawn, Row, draw, level, targets};
use public_audit::rules::{Match, Mode, Rules};
use public_audit::{Digest, Entry, Pool, Receipt};

fn amount(row: Row) -> u64 {
    row.assignment.map_or(0, |assignment| assignment.amount)
}

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

#[test]
fn foreign_pools_and_bad_rules_are_refused() {
    let rules = common::rules(Mode::Share);
    let mut other = rules.clone();
    other.goods.cap = 10_000;
    let pool = common::pool(&rules, 3, 1);
    assert_eq!(draw(&other, &pool, &Digest::ZERO), Err(draw::DrawError::Pool));
    other.goods.unit = 0;
    assert!(matches!(draw(&other, &pool, &Digest::ZERO), Err(draw::DrawError::Rules(_))));
}

/// Province and city pay for the same seats, each by its own rule.
#[test]
fn funds_add_up_for_those_whom_they_are_for() {
    let mut rules = common::rules_with_all();
    rules.funds[0].matching = matching("household", &["1", "2", "3"]);
    let mut entries = common::entries(&rules, 4, 1);
    for (entry, (household, region)) in
        entries.iter_mut().zip([("1", "island"), ("2", "north"), ("4", "jungang"), ("4", "north")])
    {
        entry.seats = 3;
        entry.want = 3 * rules.goods.cap;
        entry.others = vec![household.to_owned(), region.to_owned()];
    }
    let pool = Pool::from_entries(&rules, &entries).unwrap();
    let drawn = draw(&rules, &pool, &Digest([9; 32])).unwrap();
    let amount_of = |entry: &Entry| amount(drawn.rows().find(|row| row.receipt == entry.receipt).unwrap());
    assert_eq!(entries.iter().map(amount_of).collect::<Vec<_>>(), [450_000, 300_000, 150_000, 0]);
    let claims = draw::claims(&rules, &pool);
    let told: Vec<_> = claims.iter().map(|c| (c.fund.as_str(), c.seats, c.amount)).collect();
    assert_eq!(told, [("province", 6, 600_000), ("city", 6, 300_000)]);
    assert!(!claims.iter().any(draw::Claim::is_overdrawn));
    for (budget, overdrawn) in [(300_000, false), (299_999, true)] {
        rules.funds[1].budget = budget;
        let claims = draw::claims(&rules, &Pool::from_entries(&rules, &entries).unwrap());
        assert_eq!(claims.iter().map(draw::Claim::is_overdrawn).collect::<Vec<_>>(), [false, overdrawn]);
    }
}

/// Any small round: mode, entries, budget, and capacities that may be far too small.
fn any_round() -> impl Strategy<Value = (Rules, Vec<Entry>, Digest)> {
    (0..3_usize, 0..60_usize, 0..8_000_000_u64, any::<u64>(), any::<bool>()).prop_map(
        |(mode, count, budget, seed, single)| {
            let mode = [Mode::Share, Mode::Everyone, Mode::Lottery][mode];
            let (mut rules, mut numbers) = (common::rules(mode), Numbers(seed));
            rules.goods.budget = budget + 1;
            for slot in &mut rules.slots {
                slot.capacity = u32::try_from(numbers.below(20)).unwrap();
            }
            let mut entries = common::entries(&rules, count, seed);
            if single {
                entries.iter_mut().for_each(|entry| {
                    (entry.seats, entry.want) = (1, entry.want.min(rules.goods.cap));
                });
            }
            (rules, entries, Digest::of(seed.to_be_bytes()))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_slot_and_no_budget_is_overdrawn((rules, entries, seed) in any_round()) {
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let drawn = draw(&rules, &pool, &seed).unwrap();
        prop_assert_eq!(drawn.rows().len(), entries.len());
        let mut seats = vec![0; rules.slots.len()];
        for (row, rank) in drawn.rows().zip(1..) {
            prop_assert_eq!(row.rank, rank);
            let entry = pool.entry(row.entry as usize).unwrap();
            prop_assert_eq!(entry.receipt, row.receipt);
            prop_assert!(amount(row) <= entry.want && amount(row).is_multiple_of(rules.goods.unit));
            let Some(place) = row.assignment else { continue };
            let slot = &rules.slots[place.slot as usize];
            seats[place.slot as usize] += entry.seats;
            prop_assert!(slot.starts_at <= place.start_at);
            prop_assert!(place.start_at < slot.starts_at.plus(slot.seconds.into()));
        }
        for (slot, seats) in rules.slots.iter().zip(seats) {
            prop_assert!(seats <= slot.capacity);
        }
        let sum: u64 = drawn.rows().map(amount).sum();
        prop_assert!(rules.mode == Mode::Everyone || sum <= rules.goods.budget);
    }

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

    #[test]
    fn pools_return_from_their_text((rules, mut entries, _) in any_round()) {
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let text = pool.text();
        let again = Pool::parse(&rules, text.as_bytes()).unwrap();
        prop_assert_eq!((again.root(), again.digest(), again.count()), (pool.root(), pool.digest(), pool.count()));
        prop_assert_eq!(Digest::of(&text), pool.digest());
        prop_assert_eq!(public_audit::merkle::root_of_lines(text.as_bytes()), pool.root());
        entries.sort_by_key(|entry| entry.receipt);
        for (at, line) in text.lines().enumerate() {
            prop_assert_eq!(pool.line(at), Some(line.to_owned()));
            prop_assert_eq!(pool.entry(at), entries.get(at).cloned());
            prop_assert_eq!(Entry::parse(&rules, line).ok(), entries.get(at).cloned());
            prop_assert_eq!(pool.find(&entries[at].receipt), Some(at));
        }
    }
}
