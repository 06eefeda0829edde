//! Results edited in the database, and draws made by other rules than the announced ones.

use super::{Base, Case, Forge};
use crate::record::RESULT;

/// Exchanges word `word` of two lines.
fn exchange(forge: &mut Forge, one: usize, other: usize, word: usize) -> Option<()> {
    forge.lines(RESULT, |lines| {
        let words = |line: &String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (mut first, mut second) = (words(lines.get(one)?), words(lines.get(other)?));
        std::mem::swap(first.get_mut(word)?, second.get_mut(word)?);
        (lines[one], lines[other]) = (first.join(" "), second.join(" "));
        Some(())
    })
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "ranks-exchanged",
        story: "two entrants change ranks",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| exchange(f, 0, 23, 1),
    },
    Case {
        name: "lines-exchanged",
        story: "two lines of the result change places",
        base: Base::Drand,
        check: "result-form",
        tamper: |f| {
            f.lines(RESULT, |lines| {
                lines.swap(0, 23);
                Some(())
            })
        },
    },
    Case {
        name: "start-earlier",
        story: "an entrant's start is moved",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| f.edit(RESULT, ":33Z", ":32Z"),
    },
    Case {
        name: "start-in-fractions",
        story: "a start is given in fractions of a second",
        base: Base::Drand,
        check: "result-form",
        tamper: |f| f.edit(RESULT, ":33Z", ":33.5Z"),
    },
    Case {
        name: "amount-raised",
        story: "an entrant gets a unit more",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.lines(RESULT, |lines| {
                let line = lines.get_mut(9)?;
                let (head, amount) = line.rsplit_once(' ')?;
                *line = format!("{head} {}", amount.parse::<u64>().ok()? + 10_000);
                Some(())
            })
        },
    },
    Case {
        name: "amount-negative",
        story: "an amount has a sign",
        base: Base::Drand,
        check: "result-form",
        tamper: |f| {
            f.lines(RESULT, |lines| {
                let line = lines.get_mut(9)?;
                let (head, amount) = line.rsplit_once(' ')?;
                *line = format!("{head} -{amount}");
                Some(())
            })
        },
    },
    Case {
        name: "place-given-away",
        story: "an entrant of the waitlist gets a place, and one with a place waits",
        base: Base::Rehearsal,
        check: "result-recomputed",
        tamper: |f| {
            let lines: Vec<String> = f.text(RESULT)?.lines().map(str::to_owned).collect();
            let place = lines.iter().position(|line| line.contains("assigned"))?;
            let waits = lines.iter().position(|line| line.contains("waitlisted"))?;
            exchange(f, place, waits, 1)
        },
    },
    Case {
        name: "entrant-left-out",
        story: "the last line of the result is missing",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| f.lines(RESULT, |lines| lines.pop().map(drop)),
    },
    Case {
        name: "entrant-slipped-in",
        story: "the result has one line more than the pool",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.lines(RESULT, |lines| {
                lines.push("25 zzzz-zzzz-zzzz-zzzz waitlisted - - -".to_owned());
                Some(())
            })
        },
    },
    Case {
        name: "outcome-invented",
        story: "an outcome that the protocol does not know",
        base: Base::Drand,
        check: "result-form",
        tamper: |f| f.edit(RESULT, "assigned", "invited"),
    },
    Case {
        name: "weights-ignored",
        story: "everybody drew one lot, whatever their weight",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|_, entries| {
                entries.iter_mut().for_each(|entry| entry.weight = 1);
                Some(())
            })
        },
    },
    Case {
        name: "wishes-ignored",
        story: "everybody was placed as if they had no wish",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|_, entries| {
                entries.iter_mut().for_each(|entry| "any".clone_into(&mut entry.wish));
                Some(())
            })
        },
    },
    Case {
        name: "budget-not-spent",
        story: "what was left of the budget was not handed out",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|rules, _| {
                rules.goods.budget -= 10_000;
                Some(())
            })
        },
    },
    Case {
        name: "targets-ignored",
        story: "slots were filled one after the other instead of evenly",
        base: Base::Declared,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|rules, _| {
                // Room for all in the first slot of each part is what no target would allow.
                rules.slots.iter_mut().filter(|s| s.part == "am").for_each(|slot| slot.capacity = 500);
                Some(())
            })
        },
    },
    Case {
        name: "reserve-order-ignored",
        story: "the open reserve was worked off before the others",
        base: Base::Rehearsal,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|rules, _| {
                rules.reserves.rotate_right(1);
                rules.reserves.iter_mut().for_each(|reserve| reserve.spill = None);
                Some(())
            })
        },
    },
    Case {
        name: "spill-withheld",
        story: "places that a reserve did not use were kept back",
        base: Base::Rehearsal,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|rules, _| {
                rules.reserves.get_mut(0)?.spill = None;
                Some(())
            })
        },
    },
    Case {
        name: "larger-party-seated",
        story: "a party that did not fit was seated as if it were smaller",
        base: Base::Rehearsal,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|_, entries| {
                entries.iter_mut().for_each(|entry| entry.seats = 1);
                Some(())
            })
        },
    },
    Case {
        name: "lapsed-before-draw",
        story: "someone was taken out after the last seal, and everyone behind moved up",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| {
            f.redraw_as(|_, entries| {
                entries.remove(11);
                Some(())
            })
        },
    },
];
