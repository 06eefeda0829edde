//! Who gets what and when: in each file worked numbers first, then what must hold for every round.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod limits;
mod order;
mod pools;
mod shares;
mod slots;
mod taken;

use common::Numbers;
use proptest::prelude::*;
use public_audit::draw::Row;
use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Entry};

fn amount(row: Row) -> u64 {
    row.assignment.map_or(0, |assignment| assignment.amount)
}

/// How often what must hold for every round is tried.
fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) }
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
