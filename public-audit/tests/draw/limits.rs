//! Never more than there is: seats of a slot, the budget, and what each fund pays.

use proptest::prelude::*;
use public_audit::draw::{self, draw};
use public_audit::rules::Mode;
use public_audit::{Digest, Entry, Pool};

use crate::common::{self, matching};
use crate::{amount, any_round, cases};

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

proptest! {
    #![proptest_config(cases())]

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
}
