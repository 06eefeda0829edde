//! What was published after the draw is not what was logged, or not in time.

use super::{Base, Case, Forge};
use crate::digest::Digest;
use crate::journal::event::{Act, Event};
use crate::note::{self, Signer};
use crate::record::{AFTER_CHECKPOINT, AFTER_JOURNAL, JOURNAL, OFFERS};

/// Changes the event of an offer, counted from 0.
fn offered(forge: &mut Forge, number: usize, change: fn(&mut Event) -> Option<()>) -> Option<()> {
    forge.change_later(|log| {
        let mut events = log.events.iter_mut().filter(|event| matches!(event.act, Act::Offered { .. }));
        change(events.nth(number)?)
    })
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "offers-withheld",
        story: "it is published that something was offered, and not what",
        base: Base::After,
        check: "after-form",
        tamper: |f| f.files.remove(OFFERS).map(drop),
    },
    Case {
        name: "after-journal-withheld",
        story: "offers are published without the journal that they are in",
        base: Base::After,
        check: "after-form",
        tamper: |f| f.files.remove(AFTER_JOURNAL).map(drop),
    },
    Case {
        name: "facts-unsorted",
        story: "the facts are in an order that was chosen",
        base: Base::After,
        check: "after-form",
        tamper: |f| {
            f.change_offers(|offers| {
                offers.first_mut()?.facts.reverse();
                Some(())
            })
        },
    },
    Case {
        name: "fact-invented",
        story: "a fact that the protocol does not know",
        base: Base::After,
        check: "after-form",
        tamper: |f| f.edit(OFFERS, " returned", " excused"),
    },
    Case {
        name: "offer-second-spelling",
        story: "a block's number is spelled in a second way",
        base: Base::After,
        check: "after-form",
        tamper: |f| f.edit(OFFERS, "offer 2", "offer 02"),
    },
    Case {
        name: "fact-after-moves",
        story: "a fact is added when it was known what follows",
        base: Base::After,
        check: "after-form",
        tamper: |f| {
            let text = f.text(OFFERS)?;
            f.set(OFFERS, &format!("{text}- zzzz-zzzz-zzzz-zzzz missed\n"))
        },
    },
    Case {
        name: "offer-too-early",
        story: "what is free is offered before its time, when fewer have missed",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            offered(f, 0, |event| {
                event.at = crate::Instant::from_unix(event.at.unix() - 61)?;
                Some(())
            })
        },
    },
    Case {
        name: "offers-gap",
        story: "the offers are numbered 1 and 3",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.change_offers(|offers| {
                offers.get_mut(1)?.number = 3;
                Some(())
            })
        },
    },
    Case {
        name: "offer-hidden",
        story: "the first offer is published neither as a block nor as an event",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.lines(OFFERS, |lines| {
                let second = lines.iter().position(|line| line == "offer 2")?;
                lines.drain(..second);
                Some(())
            })?;
            f.lines(AFTER_JOURNAL, |lines| {
                lines.retain(|line| !line.contains(" offer=1 "));
                Some(())
            })
        },
    },
    Case {
        name: "offer-without-time",
        story: "something is offered at a time that the rules do not name",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            let mut third = None;
            f.change_offers(|offers| {
                let offer = crate::after::Offer { number: 3, facts: Vec::new(), moves: Vec::new() };
                third = Some(offer.clone());
                offers.push(offer);
                Some(())
            });
            let act = crate::journal::plain::offered(&third?);
            f.change_later(|log| {
                let last = log.events.last()?.clone();
                log.events.push(Event { act, ..last });
                Some(())
            })
        },
    },
    Case {
        name: "block-edited",
        story: "a block says something else than its event",
        base: Base::After,
        check: "after-events",
        tamper: |f| f.edit(OFFERS, " returned", " missed"),
    },
    Case {
        name: "offer-miscounted",
        story: "the event of an offer says one change more",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            offered(f, 0, |event| match &mut event.act {
                Act::Offered { changes, .. } => {
                    *changes += 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "offer-digest-exchanged",
        story: "the event of an offer has the digest of something else",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            offered(f, 1, |event| match &mut event.act {
                Act::Offered { digest, .. } => {
                    *digest = Digest([8; 32]);
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "block-without-event",
        story: "a third block is published that nobody logged",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            let text = f.text(OFFERS)?;
            f.set(OFFERS, &format!("{text}offer 3\n"))
        },
    },
    Case {
        name: "event-without-block",
        story: "a block is not published",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.lines(OFFERS, |lines| {
                lines.truncate(lines.iter().position(|line| line == "offer 2")?);
                Some(())
            })
        },
    },
    Case {
        name: "shift-unlogged",
        story: "an outage is in the excerpt and not in the log",
        base: Base::After,
        check: "after-events",
        tamper: |f| f.edit(AFTER_JOURNAL, "seconds=3600", "seconds=7200"),
    },
    Case {
        name: "after-another-kind",
        story: "an event of another kind is among those after the draw",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.change_later(|log| {
                let place = log.events.iter().position(|event| matches!(event.act, Act::Shifted { .. }))?;
                log.events.get_mut(place)?.act = Act::Closed;
                Some(())
            })?;
            let line = f.later_line(|event| event.act == Act::Closed)?;
            f.lines(AFTER_JOURNAL, |lines| {
                lines.insert(1, line);
                Some(())
            })
        },
    },
    Case {
        name: "after-of-another-round",
        story: "the outage was one of another round",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.change_later(|log| {
                let shifted = log.events.iter_mut().find(|event| matches!(event.act, Act::Shifted { .. }))?;
                shifted.round = "selftest-2023".parse().ok()?;
                Some(())
            })?;
            let line = f.later_line(|event| matches!(event.act, Act::Shifted { .. }))?;
            f.lines(AFTER_JOURNAL, |lines| {
                lines.insert(1, line);
                Some(())
            })
        },
    },
    Case {
        name: "shift-before-draw",
        story: "time was moved before the draw, when nobody looked for it",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.change_log(|log| {
                let shifted = log.events.iter().position(|event| matches!(event.act, Act::Shifted { .. }))?;
                let event = log.events.remove(shifted);
                let first = log.events.iter().position(|event| event.act == Act::Closed)?;
                let at = log.events.get(first)?.at;
                log.events.insert(0, Event { at, ..event });
                Some(())
            })?;
            f.lines(JOURNAL, |lines| {
                lines.retain(|line| !line.contains(" shifted "));
                Some(())
            })
        },
    },
    Case {
        name: "after-events-back-in-time",
        story: "an outage is logged as earlier than the offer before it",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.change_later(|log| {
                let mut events = log.events.iter_mut();
                let shifted = events.find(|event| matches!(event.act, Act::Shifted { .. }))?;
                shifted.at = crate::Instant::from_unix(shifted.at.unix() - 86_400)?;
                Some(())
            })
        },
    },
    Case {
        name: "after-signed-by-another",
        story: "somebody else signed the state of the log after the draw, under the same name",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            let note = f.text(AFTER_CHECKPOINT)?;
            let other = Signer::new("selftest.example/jebi", &[6; 32]).ok()?;
            f.set(AFTER_CHECKPOINT, &other.sign(note::split(&note).ok()?.0).ok()?)
        },
    },
    Case {
        name: "after-log-shorter",
        story: "the log after the draw is shorter than it was at the draw",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.set(OFFERS, "")?;
            f.set(AFTER_JOURNAL, "")?;
            let shorter = f.log_of(3)?;
            f.set(AFTER_CHECKPOINT, &shorter)
        },
    },
    Case {
        name: "after-log-forked",
        story: "the log after the draw is as long as at the draw, and another",
        base: Base::After,
        check: "after-events",
        tamper: |f| {
            f.set(OFFERS, "")?;
            f.set(AFTER_JOURNAL, "")?;
            let forked = f.log_forked()?;
            f.set(AFTER_CHECKPOINT, &forked)
        },
    },
];
