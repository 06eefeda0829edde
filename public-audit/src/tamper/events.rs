//! Journals whose events tell another course of the round: too early, too late, twice, not at all,
//! or of something else than the record.

use super::{Base, Case, Forge};
use crate::digest::Digest;
use crate::journal::event::{Act, Event};
use crate::record::JOURNAL;

/// Moves an event in time.
fn at(forge: &mut Forge, kind: &str, seconds: i64) -> Option<()> {
    forge.change_event(kind, |event| {
        event.at = crate::Instant::from_unix(event.at.unix() + seconds)?;
        Some(())
    })
}

/// Logs something more, right after the first event of a kind.
fn after(forge: &mut Forge, kind: &str, act: fn(&Event) -> Act) -> Option<()> {
    let round = forge.rules()?.round;
    forge.change_log(|log| {
        let of = |event: &Event| event.round == round && event.act.kind() == kind;
        let place = log.events.iter().position(of)?;
        let event = log.events.get(place)?;
        let more = Event { act: act(event), ..event.clone() };
        log.events.insert(place + 1, more);
        Some(())
    })
}

/// Never logs an event.
fn without(forge: &mut Forge, kind: &str) -> Option<()> {
    let round = forge.rules()?.round;
    forge.change_log(|log| {
        log.events.retain(|event| event.round != round || event.act.kind() != kind);
        Some(())
    })
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "close-left-out",
        story: "the close is not in the excerpt",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.lines(JOURNAL, |lines| {
                lines.retain(|line| !line.contains(" closed "));
                Some(())
            })
        },
    },
    Case {
        name: "announced-late",
        story: "the rules were logged when people could enter already",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| at(f, "announced", 1),
    },
    Case {
        name: "announced-otherwise",
        story: "other rules were announced; seal, seed and draw are of those that were liked better",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_rules(|r| {
                r.goods.budget -= 500_000;
                Some(())
            })?;
            f.remake()
        },
    },
    Case {
        name: "number-skipped",
        story: "the round was announced under another number, so that one can be hidden",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_event("announced", |event| match &mut event.act {
                Act::Announced { number, .. } => {
                    *number += 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "closed-early",
        story: "the list was closed an hour before its time",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            at(f, "closed", -3600)?;
            f.change_log(|log| {
                // The batch of the last hour goes with it.
                let closed = log.events.iter().rposition(|event| event.act == Act::Closed)?;
                let at = log.events.get(closed)?.at;
                log.events.get_mut(closed - 1)?.at = at;
                Some(())
            })
        },
    },
    Case {
        name: "instants-descend",
        story: "a batch was logged after the close and dated before it",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            let round = f.rules()?.round;
            f.change_log(|log| {
                let closed = log.events.iter().position(|e| e.round == round && e.act == Act::Closed)?;
                log.events.swap(closed - 1, closed);
                let batch = log.events.get_mut(closed)?;
                batch.at = crate::Instant::from_unix(batch.at.unix() - 60)?;
                Some(())
            })
        },
    },
    Case {
        name: "entered-after-seal",
        story: "someone is entered when the pool is sealed, and no new seal is made",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| after(f, "sealed", |_| Act::Entered { batch: 3, changes: 1, digest: Digest([1; 32]) }),
    },
    Case {
        name: "seal-of-another",
        story: "another seal was logged than the one that is published",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_event("sealed", |event| match &mut event.act {
                Act::Sealed { seal, .. } => {
                    seal.0[0] ^= 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "sealed-backdated",
        story: "the seal says an earlier hour than the journal",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| at(f, "sealed", 60),
    },
    Case {
        name: "sealed-twice",
        story: "two seals of the same version were logged",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| after(f, "sealed", |event| event.act.clone()),
    },
    Case {
        name: "revealed-and-dropped",
        story: "the organiser seed was revealed in time and yet counted as zero",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_seed(|seed| {
                seed.organiser_seed = Digest::ZERO;
                Some(())
            })?;
            f.redraw()?;
            f.log_again()
        },
    },
    Case {
        name: "revealed-late",
        story: "the organiser seed was revealed when the pulse was known",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            let (times, round) = (f.rules()?.times, f.rules()?.round);
            f.change_log(|log| {
                let of = |e: &&mut Event| e.round == round && e.act.kind() == "revealed";
                log.events.iter_mut().find(of)?.at = times.pulse_at;
                Some(())
            })
        },
    },
    Case {
        name: "never-revealed",
        story: "a seed counts that was never revealed",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| without(f, "revealed"),
    },
    Case {
        name: "pulse-early",
        story: "the pulse was logged before its time",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| at(f, "pulse", -1),
    },
    Case {
        name: "pulse-of-another",
        story: "another pulse was logged than the one that counts",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_event("pulse", |event| {
                event.act = Act::Pulse { pulse: Digest([3; 32]) };
                Some(())
            })
        },
    },
    Case {
        name: "drawn-of-another",
        story: "another result was logged than the one that is published",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_event("drawn", |event| match &mut event.act {
                Act::Drawn { result, .. } => {
                    result.0[0] ^= 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "drawn-root-of-another",
        story: "the root that phones check is of another result",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            f.change_event("drawn", |event| match &mut event.act {
                Act::Drawn { root, .. } => {
                    root.0[0] ^= 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "drawn-twice",
        story: "it was drawn until it pleased",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| after(f, "drawn", |event| event.act.clone()),
    },
    Case {
        name: "never-drawn",
        story: "the excerpt ends before the draw",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| f.lines(JOURNAL, |lines| lines.pop().map(drop)),
    },
    Case {
        name: "voided-inside",
        story: "the round was voided, and drawn all the same",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| after(f, "sealed", |_| Act::Voided { reason: "too few of ours".to_owned() }),
    },
    Case {
        name: "event-of-another-round",
        story: "an event of another round is in the excerpt",
        base: Base::Drand,
        check: "journal-events",
        tamper: |f| {
            // The excerpt is made as if the round of the year before were this one.
            let line = f.foreign_line()?;
            f.lines(JOURNAL, |lines| {
                lines.insert(0, line);
                Some(())
            })
        },
    },
];
