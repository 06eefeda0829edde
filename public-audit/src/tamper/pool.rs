//! Ghosts, dropped entrants, and lines that say something else than was entered.

use super::{Base, Case, Forge};
use crate::entry::Entry;
use crate::receipt::Receipt;
use crate::record::POOL;

/// Someone who does not exist, otherwise like the first entrant.
fn ghost(entries: &mut Vec<Entry>) -> Option<()> {
    let receipt = Receipt::derive("selftest-2024", &[99; 32], "roster:99").ok()?;
    let ghost = Entry { receipt, ..entries.first()?.clone() };
    entries.push(ghost);
    Some(())
}

/// Changes the pool's text, seals, seeds and leaves the result: no draw can read such a pool.
fn line(forge: &mut Forge, from: &str, to: &str) -> Option<()> {
    forge.edit(POOL, from, to)
}

/// Changes one entry, and makes the seed and the draw again, but not the seal.
fn entry(forge: &mut Forge, change: fn(&mut Entry)) -> Option<()> {
    forge.change_entries(|entries| {
        change(entries.get_mut(3)?);
        Some(())
    })?;
    forge.seed_again()?;
    forge.redraw()
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "lines-out-of-order",
        story: "two lines of the pool change places",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| {
            f.lines(POOL, |lines| {
                lines.swap(4, 5);
                Some(())
            })
        },
    },
    Case {
        name: "entered-twice",
        story: "a line stands twice",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| {
            f.lines(POOL, |lines| {
                lines.insert(4, lines.get(4)?.clone());
                Some(())
            })
        },
    },
    Case {
        name: "more-than-the-cap",
        story: "an entry wants more than the cap allows",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| line(f, "want=", "want=9"),
    },
    Case {
        name: "weight-without-bound",
        story: "an entry has more than a thousand lots",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| line(f, "weight=1 ", "weight=1001 "),
    },
    Case {
        name: "name-published",
        story: "a field that the rules do not list is published about a person",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| line(f, " wish=", " name=kim.ada wish="),
    },
    Case {
        name: "second-spelling",
        story: "a number is written with a leading zero",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| line(f, "seats=", "seats=0"),
    },
    Case {
        name: "carriage-returns",
        story: "the pool went through an editor that ends lines with CR LF",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| {
            let text = f.text(POOL)?;
            f.set(POOL, &text.replace('\n', "\r\n"))
        },
    },
    Case {
        name: "last-line-open",
        story: "the last line is not ended",
        base: Base::Drand,
        check: "pool-form",
        tamper: |f| {
            let text = f.text(POOL)?;
            f.set(POOL, text.trim_end())
        },
    },
    Case {
        name: "ghost-after-seal",
        story: "a ghost is added after the seal, and the draw made again",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| {
            f.change_entries(ghost)?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "entrant-dropped",
        story: "an entrant is dropped after the seal, and the draw made again",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| {
            f.change_entries(|entries| {
                entries.remove(7);
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "entrant-exchanged",
        story: "a ghost takes the place of an entrant after the seal",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| {
            f.change_entries(|entries| {
                ghost(entries)?;
                entries.remove(0);
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "want-raised",
        story: "an entry wants more than was sealed",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| entry(f, |entry| entry.want = 250_000),
    },
    Case {
        name: "weight-raised",
        story: "an entry has more lots than were sealed",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| entry(f, |entry| entry.weight = 1000),
    },
    Case {
        name: "wish-changed",
        story: "an entry wishes for another part of the day than was sealed",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| entry(f, |entry| entry.wish = "noon+pm".to_owned()),
    },
    Case {
        name: "household-changed",
        story: "an entry belongs to another cohort than was sealed",
        base: Base::Rehearsal,
        check: "pool-digest",
        tamper: |f| {
            entry(f, |entry| {
                let other = if entry.others[0] == "1" { "2" } else { "1" };
                other.clone_into(&mut entry.others[0]);
            })
        },
    },
    Case {
        name: "count-too-small",
        story: "the seal says one entry less than there are",
        base: Base::Drand,
        check: "pool-digest",
        tamper: |f| {
            f.reseal(|seal| {
                seal.count -= 1;
                Some(())
            })
        },
    },
    Case {
        name: "root-of-another-pool",
        story: "the seal has the pool's digest and the root of another, for which proofs were given out",
        base: Base::Drand,
        check: "pool-root",
        tamper: |f| {
            f.reseal(|seal| {
                seal.root.0[0] ^= 1;
                Some(())
            })
        },
    },
    Case {
        name: "pool-after-seed",
        story: "a ghost is added and sealed, but the seed was of the pool without it",
        base: Base::Drand,
        check: "seed-input",
        tamper: |f| {
            f.change_entries(ghost)?;
            f.seal_again()
        },
    },
    Case {
        name: "small-cell",
        story: "one entrant can be told from all others by what is published",
        base: Base::Drand,
        check: "smallest-cell",
        tamper: |f| {
            f.change_entries(|entries| {
                "lighthouse".clone_into(entries.get_mut(0)?.others.get_mut(1)?);
                Some(())
            })?;
            f.remake()
        },
    },
    Case {
        name: "too-few-seats",
        story: "the slots cannot seat everyone, and it was sealed all the same",
        base: Base::Declared,
        check: "capacity",
        tamper: |f| {
            f.change_rules(|r| {
                r.slots.iter_mut().for_each(|slot| slot.capacity = 3);
                Some(())
            })?;
            f.remake()
        },
    },
    Case {
        name: "no-cohort",
        story: "some entrants belong to no cohort, and it was sealed all the same",
        base: Base::Declared,
        check: "capacity",
        tamper: |f| {
            f.change_rules(|r| {
                r.slots.retain(|slot| slot.name.starts_with("large"));
                Some(())
            })?;
            f.remake()
        },
    },
];
