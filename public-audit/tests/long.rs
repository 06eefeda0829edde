//! The draw and the verifier in little memory find what they find in much: byte for byte, whatever lies
//! on the tapes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::cell::Cell;
use std::io;

use common::Numbers;
use common::course::{any_rules, record_after};
use proptest::prelude::*;
use public_audit::draw::{self, LongError, Row, draw, long};
use public_audit::rules::{Match, Mode, Reserve, Rules};
use public_audit::scratch::{Desk, InMemory, Scratch, Tape};
use public_audit::tamper::{Base, Catch, Forge, catalogue};
use public_audit::verify::{verify, verify_on};
use public_audit::{Digest, Entry, Pool, merkle};

/// From one entry at a time to all of them.
const MEMORIES: [usize; 4] = [0, 700, 20_000, usize::MAX];

const fn desk(memory: usize) -> Desk<'static> {
    Desk { memory, scratch: &InMemory }
}

/// Draws both ways, and has nothing differ.
fn same(rules: &Rules, pool: &Pool, seed: &Digest) {
    let drawn = draw(rules, pool, seed).unwrap();
    let text = pool.text();
    for memory in MEMORIES {
        let mut rows: Vec<Row> = Vec::new();
        let told = long::<LongError>(rules, text.as_bytes(), seed, desk(memory), |row| {
            rows.push(*row);
            Ok(())
        });
        let told = told.unwrap();
        assert_eq!(rows, drawn.rows().collect::<Vec<_>>(), "{memory} bytes");
        assert_eq!(told.share_level, drawn.share_level);
        let assigned = rows.iter().filter(|row| row.assignment.is_some()).count() as u64;
        assert_eq!((told.assigned, told.waitlisted), (assigned, rows.len() as u64 - assigned));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_mode_is_drawn_alike(number: u64) {
        let (rules, entries) = any_rules(number);
        same(&rules, &Pool::from_entries(&rules, &entries).unwrap(), &Digest::of(number.to_le_bytes()));
    }
}

/// As many reserves, day parts, and kinds of entries as there can be.
#[test]
fn the_largest_rules_are_drawn_alike() {
    let mut numbers = Numbers(5);
    for reserves in [63, 64, 65, 400] {
        let mut rules = common::rules(Mode::Lottery);
        rules.parts = (0..16).map(|part| format!("part{part}")).collect();
        for (at, slot) in rules.slots.iter_mut().enumerate() {
            slot.part = format!("part{}", at * 5 % 16);
            slot.capacity = 20;
        }
        let values = |at: usize| vec![format!("v{:04}", at % 50), format!("v{:04}", at % 50 + 50)];
        rules.reserves = (0..reserves)
            .map(|at| Reserve {
                name: format!("r{at}"),
                matching: match at % 7 {
                    0 => Match::all(),
                    _ => Match([("region".to_owned(), values(at))].into()),
                },
                places: 1 + at as u64 % 3,
                spill: (at + 1 < reserves && at % 3 == 0).then(|| format!("r{}", at + 1)),
            })
            .collect();
        rules.goods.budget = 100_000_000;
        let mut entries: Vec<Entry> = common::entries(&rules_with_old_parts(&rules), 1500, 3);
        for entry in &mut entries {
            entry.others[1] = format!("v{:04}", numbers.below(1200));
            let parts: Vec<String> = (0..16)
                .filter(|_| numbers.below(4) == 0)
                .map(|part| format!("part{}", part * 3 % 16))
                .collect();
            entry.wish = if parts.is_empty() { "any".to_owned() } else { parts.join("+") };
        }
        assert!(rules.problems().is_empty(), "{:?}", rules.problems());
        same(&rules, &Pool::from_entries(&rules, &entries).unwrap(), &Digest([4; 32]));
    }
}

fn rules_with_old_parts(rules: &Rules) -> Rules {
    Rules { parts: common::rules(Mode::Lottery).parts, ..rules.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn records_are_judged_alike(number: u64) {
        let (mut rules, entries) = any_rules(number);
        rules.slots.iter_mut().for_each(|slot| slot.capacity += 40);
        rules.smallest_cell = u32::try_from(1 + number % 3).unwrap();
        let pool = Pool::from_entries(&rules, &entries).unwrap();
        let record = record_after(&rules, &pool, number);
        let report = verify(&record).unwrap();
        for memory in MEMORIES {
            prop_assert_eq!(&verify_on(desk(memory), &record).unwrap(), &report);
        }
    }
}

#[test]
fn every_tampering_is_caught_in_little_memory() {
    let missed: Vec<String> = catalogue()
        .iter()
        .map(|case| (case, case.run_on(desk(300)).unwrap()))
        .filter(|(_, catch)| *catch != Catch::Caught)
        .map(|(case, catch)| format!("{case} → {catch:?}"))
        .collect();
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

/// And says the same about it, also in all the checks that come after.
#[test]
fn every_tampering_is_told_alike() {
    for case in catalogue() {
        let mut forge = Forge::of(case.base).unwrap();
        (case.tamper)(&mut forge).unwrap();
        let record = forge.finish();
        let report = verify(&record).unwrap();
        for memory in [0, 500] {
            assert_eq!(verify_on(desk(memory), &record).unwrap(), report, "{case}");
        }
    }
}

/// Tapes of which one fails.
struct Failing {
    left: Cell<u32>,
    full: bool,
}

impl Scratch for Failing {
    fn tape(&self) -> io::Result<Box<dyn Tape>> {
        if self.left.get() == 0 && !self.full {
            return Err(io::Error::other("no more files"));
        }
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 && self.full { Ok(Box::new(Full)) } else { InMemory.tape() }
    }
}

struct Full;

impl Tape for Full {
    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }
}

/// Where there is no room nothing is judged: neither for nor against the record.
#[test]
fn a_tape_that_fails_is_an_error_and_no_verdict() {
    for base in [Base::Rehearsal, Base::Drand, Base::After] {
        let record = Forge::of(base).unwrap().finish();
        for full in [false, true] {
            let (mut failed, mut left) = (0, 1);
            loop {
                let scratch = Failing { left: Cell::new(left), full };
                match verify_on(Desk { memory: 0, scratch: &scratch }, &record) {
                    Err(_) => failed += 1,
                    Ok(report) => {
                        assert!(report.matches, "{report}");
                        break;
                    }
                }
                left += 1;
            }
            assert!(failed >= 4, "{failed} tapes");
        }
    }
}

/// A pool that changes while it is read is no pool.
#[test]
fn what_is_no_pool_is_not_drawn() {
    let rules = common::rules(Mode::Share);
    let pool = common::pool(&rules, 20, 8);
    let drawn =
        |text: &[u8], rules: &Rules| long::<LongError>(rules, text, &Digest([1; 32]), desk(100), |_| Ok(()));
    let text = pool.text();
    assert!(matches!(drawn(&text.as_bytes()[..99], &rules), Err(LongError::Pool(_))));
    let mut bad = rules.clone();
    bad.goods.unit = 0;
    assert!(matches!(drawn(text.as_bytes(), &bad), Err(LongError::Draw(draw::DrawError::Rules(_)))));
    let stopped =
        long::<LongError>(&rules, text.as_bytes(), &Digest([1; 32]), desk(100), |row| match row.rank {
            3 => Err(io::Error::other("enough").into()),
            rank => {
                assert!(rank < 3);
                Ok(())
            }
        });
    assert!(matches!(stopped, Err(LongError::Io(_))));
    assert_eq!(merkle::root_of_lines(text.as_bytes()), pool.root());
}
