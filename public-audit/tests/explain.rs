//! What an entrant is told is what was drawn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use public_audit::explain::explain;
use public_audit::rules::Mode;
use public_audit::sample::sample;
use public_audit::{Digest, draw};

#[test]
fn every_entry_of_every_mode() {
    let seed = Digest([9; 32]);
    for mode in [Mode::Share, Mode::Everyone, Mode::Lottery] {
        let mut rules = common::rules(mode);
        rules.slots.iter_mut().for_each(|slot| slot.capacity = 5);
        let pool = common::pool(&rules, 40, 6);
        for row in draw(&rules, &pool, &seed).unwrap().rows() {
            let told = explain(&rules, &pool, &seed, &row.receipt).unwrap();
            let line = |label: &str| {
                let line = told.lines().find(|line| line.starts_with(label)).unwrap();
                line[9..].to_owned()
            };
            assert!(line("lot").contains(&row.lot.to_string()));
            assert!(line("rank").starts_with(&format!("{} of 40: ", row.rank)));
            assert!(line("notices").starts_with(&format!("{} s ", row.jitter)));
            let Some(place) = row.assignment else {
                assert!(line("start") == "none" && line("slot").starts_with("none"), "{told}");
                continue;
            };
            assert!(line("amount").starts_with(&format!("{} won", place.amount)), "{told}");
            assert!(line("slot").starts_with(&rules.slots[place.slot as usize].name), "{told}");
            assert!(line("start").starts_with(&place.start_at.to_string()), "{told}");
        }
        let stranger = "0000-0000-0000-0000".parse().unwrap();
        assert!(explain(&rules, &pool, &seed, &stranger).is_err());
    }
}

#[test]
fn samples_nest_and_are_of_the_pool() {
    let rules = common::rules(Mode::Share);
    let pool = common::pool(&rules, 50, 6);
    let sample = |seed, count| {
        let pool = pool.text();
        sample(&rules, pool.as_bytes(), &Digest([seed; 32]), count).unwrap()
    };
    let all = sample(1, 100);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 50);
    assert_eq!(sample(1, 7), all[..7]);
    assert_ne!(sample(2, 7), all[..7]);
    assert!(all.iter().all(|receipt| pool.find(receipt).is_some()));
}
