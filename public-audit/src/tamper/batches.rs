//! Journals whose batches do not make the pool of the record.

use super::{Base, Case};
use crate::digest::Digest;
use crate::entry::Entry;
use crate::journal::event::Act;
use crate::receipt::Receipt;
use crate::record::{BATCHES, JOURNAL};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "batch-left-out",
        story: "a batch is not published",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.lines(BATCHES, |lines| {
                lines.truncate(lines.iter().position(|line| line == "batch 2")?);
                Some(())
            })
        },
    },
    Case {
        name: "entered-left-out",
        story: "the event of a batch is not in the excerpt",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                lines.retain(|line| !line.contains(" batch=2 "));
                Some(())
            })
        },
    },
    Case {
        name: "batch-exchanged",
        story: "a batch is published with another leaf than was logged",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            let (from, to) = (f.log_leaf(1)?, Digest([0; 32]));
            f.lines(BATCHES, |lines| {
                lines.retain(|line| *line != format!("+ {from}"));
                let second = lines.iter().position(|line| line == "batch 2")?;
                lines.insert(second + 1, format!("+ {to}"));
                Some(())
            })
        },
    },
    Case {
        name: "batch-numbers-gap",
        story: "the batches are numbered 1 and 3",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.change_batch(1, |batch| {
                batch.number = 3;
                Some(())
            })
        },
    },
    Case {
        name: "entry-not-logged",
        story: "someone is in the pool who was in no batch",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| f.change_batch(1, |batch| batch.added.pop_first().map(drop)),
    },
    Case {
        name: "entrant-lost",
        story: "someone was entered, never withdrawn, and is not in the pool",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.change_batch(1, |batch| {
                batch.added.insert(Digest([8; 32]));
                Some(())
            })
        },
    },
    Case {
        name: "ghost-before-seal",
        story: "a ghost is in the pool, and everything but the batches is made again to fit",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.change_entries(|entries| {
                let receipt = Receipt::derive("selftest-2024", &[99; 32], "roster:99").ok()?;
                entries.push(Entry { receipt, ..entries.first()?.clone() });
                Some(())
            })?;
            f.remake()?;
            f.log_again()
        },
    },
    Case {
        name: "entered-twice-in-log",
        story: "a second batch adds what the first one added",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            let leaf = f.log_leaf(0)?;
            f.change_batch(1, |batch| {
                batch.added.insert(leaf);
                Some(())
            })
        },
    },
    Case {
        name: "withdrawn-unentered",
        story: "a batch takes away what was never added",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.change_batch(1, |batch| {
                batch.removed.insert(Digest([8; 32]));
                Some(())
            })
        },
    },
    Case {
        name: "changes-miscounted",
        story: "the event of a batch says one change more",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            f.change_event("entered", |event| match &mut event.act {
                Act::Entered { changes, .. } => {
                    *changes += 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "batch-without-event",
        story: "a third batch is published that nobody logged",
        base: Base::Drand,
        check: "journal-pool",
        tamper: |f| {
            let text = f.text(BATCHES)?;
            f.set(BATCHES, &format!("{text}batch 3\n+ {}\n", Digest([8; 32])))
        },
    },
];
