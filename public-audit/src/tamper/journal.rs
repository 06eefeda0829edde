//! Journals whose files, checkpoint or paths are not as they should be.
//!
//! The organiser of these cases can still rewrite the whole log: nobody has followed it. Whoever
//! does (`jebi-audit watch`, a witness) takes even that away.

use super::{Base, Case, Forge};
use crate::digest::Digest;
use crate::journal::checkpoint::Checkpoint;
use crate::note::Signer;
use crate::record::{BATCHES, CHECKPOINT, JOURNAL};

/// Signs another checkpoint, by the organiser.
fn checkpoint(forge: &mut Forge, change: fn(&mut Checkpoint)) -> Option<()> {
    let mut checkpoint = Checkpoint::peek(&forge.text(CHECKPOINT)?).ok()?;
    change(&mut checkpoint);
    forge.set(CHECKPOINT, &checkpoint.sign(&super::base::signer()?).ok()?)
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "journal-withheld",
        story: "the round's events are not published",
        base: Base::Drand,
        check: "files-present",
        tamper: |f| f.files.remove(JOURNAL).map(drop),
    },
    Case {
        name: "indices-descend",
        story: "two events of the excerpt change places",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                lines.swap(1, 2);
                Some(())
            })
        },
    },
    Case {
        name: "event-twice",
        story: "an event stands twice in the excerpt",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                lines.insert(1, lines.get(1)?.clone());
                Some(())
            })
        },
    },
    Case {
        name: "event-with-more",
        story: "an event has a field that nobody checks",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| f.edit(JOURNAL, " closed selftest-2024", " closed selftest-2024 except=mayor"),
    },
    Case {
        name: "batch-unsorted",
        story: "a batch is in the order of entering, which says who came when",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| {
            f.lines(BATCHES, |lines| {
                lines.swap(1, 2);
                Some(())
            })
        },
    },
    Case {
        name: "batch-empty",
        story: "a batch without a change is slipped in",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| {
            f.lines(BATCHES, |lines| {
                lines.push("batch 3".to_owned());
                Some(())
            })
        },
    },
    Case {
        name: "checkpoint-with-more",
        story: "the checkpoint has a fourth line",
        base: Base::Drand,
        check: "journal-form",
        tamper: |f| {
            let text = Checkpoint::peek(&f.text(CHECKPOINT)?).ok()?.text();
            f.set(CHECKPOINT, &super::base::signer()?.sign(&format!("{text}draft\n")).ok()?)
        },
    },
    Case {
        name: "checkpoint-edited",
        story: "the size in the checkpoint is edited",
        base: Base::Drand,
        check: "checkpoint",
        tamper: |f| {
            let size = Checkpoint::peek(&f.text(CHECKPOINT)?).ok()?.size;
            f.edit(CHECKPOINT, &format!("\n{size}\n"), &format!("\n{}\n", size + 1))
        },
    },
    Case {
        name: "checkpoint-by-another",
        story: "somebody else signed the checkpoint, under the same name",
        base: Base::Drand,
        check: "checkpoint",
        tamper: |f| {
            let checkpoint = Checkpoint::peek(&f.text(CHECKPOINT)?).ok()?;
            let other = Signer::new("selftest.example/jebi", &[6; 32]).ok()?;
            f.set(CHECKPOINT, &checkpoint.sign(&other).ok()?)
        },
    },
    Case {
        name: "origin-foreign",
        story: "the checkpoint is of a second log, which the same key signs",
        base: Base::Drand,
        check: "checkpoint",
        tamper: |f| checkpoint(f, |checkpoint| checkpoint.origin = "selftest.example/other".to_owned()),
    },
    Case {
        name: "checkpoint-forked",
        story: "the checkpoint is of another history of the same length",
        base: Base::Drand,
        check: "journal-paths",
        tamper: |f| checkpoint(f, |checkpoint| checkpoint.root.0[0] ^= 1),
    },
    Case {
        name: "checkpoint-too-early",
        story: "the checkpoint is from before the draw",
        base: Base::Drand,
        check: "journal-paths",
        tamper: |f| checkpoint(f, |checkpoint| checkpoint.size -= 1),
    },
    Case {
        name: "path-wrong",
        story: "one hash of a path is another",
        base: Base::Drand,
        check: "journal-paths",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                let line = lines.get_mut(2)?;
                let (index, rest) = line.split_once(' ')?;
                *line = format!("{index} {}{}", Digest([9; 32]), rest.get(64..)?);
                Some(())
            })
        },
    },
    Case {
        name: "event-edited",
        story: "an event of the excerpt is a second earlier than it was logged",
        base: Base::Drand,
        check: "journal-paths",
        tamper: |f| f.edit(JOURNAL, ":33Z drawn", ":34Z drawn"),
    },
    Case {
        name: "event-elsewhere",
        story: "an event is said to stand where another does",
        base: Base::Drand,
        check: "journal-paths",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                let line = lines.last_mut()?;
                let (index, rest) = line.split_once(' ')?;
                *line = format!("{} {rest}", index.parse::<u64>().ok()? + 1);
                Some(())
            })
        },
    },
];
