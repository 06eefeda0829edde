//! Offers that do not follow: facts that cannot be, and places and money that go to others.

use super::{Base, Case, Forge};
use crate::after::{Fact, FactKind, Move, Outcome};
use crate::journal::event::Act;
use crate::receipt::Receipt;
use crate::record::RESULT;
use crate::result::Place;

/// Says something more in an offer, in its place.
fn say(forge: &mut Forge, offer: usize, fact: Fact) -> Option<()> {
    forge.change_offers(|offers| {
        let facts = &mut offers.get_mut(offer)?.facts;
        let at = facts.binary_search_by_key(&fact.receipt, |fact| fact.receipt).err()?;
        facts.insert(at, fact);
        Some(())
    })
}

/// Changes the moves of an offer.
fn moves(forge: &mut Forge, offer: usize, change: impl FnOnce(&mut Vec<Move>) -> Option<()>) -> Option<()> {
    forge.change_offers(|offers| change(&mut offers.get_mut(offer)?.moves))
}

fn is_assigned(change: &Move) -> bool {
    matches!(change.outcome, Outcome::Assigned(_))
}

fn is_caught_up(change: &Move) -> bool {
    matches!(change.outcome, Outcome::CaughtUp(_))
}

/// Changes the first place that was given to the waitlist.
fn assigned(forge: &mut Forge, change: fn(&mut Place) -> Option<()>) -> Option<()> {
    moves(forge, 0, |moves| match &mut moves.iter_mut().find(|m| is_assigned(m))?.outcome {
        Outcome::Assigned(place) => change(place),
        _ => None,
    })
}

/// The receipt in a line of the result that has this in it.
fn drawn(forge: &Forge, text: &str) -> Option<Receipt> {
    forge.text(RESULT)?.lines().find(|line| line.contains(text))?.split(' ').nth(1)?.parse().ok()
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "missed-without-place",
        story: "someone is said to have missed who never had a place",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let receipt = f.still_waiting()?;
            say(f, 0, Fact { receipt, kind: FactKind::Missed })
        },
    },
    Case {
        name: "returned-without-place",
        story: "someone is said to have given back what they never had",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let receipt = f.still_waiting()?;
            say(f, 0, Fact { receipt, kind: FactKind::Returned })
        },
    },
    Case {
        name: "stranger-missed",
        story: "a place is freed in the name of somebody who never entered",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            say(f, 0, Fact { receipt: "zzzz-zzzz-zzzz-zzzz".parse().ok()?, kind: FactKind::Returned })
        },
    },
    Case {
        name: "missed-too-early",
        story: "someone loses a place that was still held for them",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let receipt = drawn(f, "-pm ")?;
            say(f, 0, Fact { receipt, kind: FactKind::Missed })
        },
    },
    Case {
        name: "ended-and-again",
        story: "someone who gave back gives back once more, so that a place more is free",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let mut receipt = None;
            f.change_offers(|offers| {
                receipt = offers.first()?.facts.iter().find(|fact| fact.kind == FactKind::Returned).copied();
                Some(())
            })?;
            say(f, 1, receipt?)
        },
    },
    Case {
        name: "waitlist-jumped",
        story: "a place goes to somebody at the end of the waitlist",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let friend = f.still_waiting()?;
            moves(f, 0, |moves| {
                moves.iter_mut().find(|m| is_assigned(m))?.receipt = friend;
                Some(())
            })
        },
    },
    Case {
        name: "moves-exchanged",
        story: "two of those who moved up change places",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            moves(f, 0, |moves| {
                let mut up = moves.iter_mut().filter(|m| is_assigned(m));
                let (one, other) = (up.next()?, up.next()?);
                std::mem::swap(&mut one.receipt, &mut other.receipt);
                Some(())
            })
        },
    },
    Case {
        name: "moves-out-of-order",
        story: "the moves are written in another order",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            moves(f, 0, |moves| {
                moves.reverse();
                Some(())
            })
        },
    },
    Case {
        name: "catch-up-denied",
        story: "someone who missed once is out of it though there was room to catch up",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            moves(f, 0, |moves| {
                moves.iter_mut().find(|m| is_caught_up(m))?.outcome = Outcome::Lapsed;
                Some(())
            })
        },
    },
    Case {
        name: "catch-up-jumped",
        story: "the last catch-up place goes to a later rank",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            moves(f, 0, |moves| {
                let lapsed = moves.iter().position(|m| m.outcome == Outcome::Lapsed)?;
                let caught_up = moves.iter().position(is_caught_up)?;
                let (one, other) = (moves.get(lapsed)?.receipt, moves.get(caught_up)?.receipt);
                (moves.get_mut(lapsed)?.receipt, moves.get_mut(caught_up)?.receipt) = (other, one);
                Some(())
            })
        },
    },
    Case {
        name: "third-time",
        story: "someone who missed a second time catches up once more",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let mut late = None;
            f.change_offers(|offers| {
                late = offers.first()?.moves.iter().find(|m| is_caught_up(m)).cloned();
                Some(())
            })?;
            let late = late?;
            moves(f, 1, |moves| {
                let own =
                    moves.iter_mut().find(|m| m.receipt == late.receipt && m.outcome == Outcome::Lapsed);
                own?.outcome = late.outcome;
                Some(())
            })
        },
    },
    Case {
        name: "offered-amount-raised",
        story: "someone who moved up gets a unit more than they wanted",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            assigned(f, |place| {
                place.amount += 10_000;
                Some(())
            })
        },
    },
    Case {
        name: "offered-start-earlier",
        story: "someone who moved up is given an earlier start",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            assigned(f, |place| {
                place.start_at = crate::Instant::from_unix(place.start_at.unix() - 1)?;
                Some(())
            })
        },
    },
    Case {
        name: "offered-slot-exchanged",
        story: "someone who moved up is put into a slot that is over",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            assigned(f, |place| {
                let (cohort, _) = place.slot.split_once('-')?;
                place.slot = format!("{cohort}-am");
                Some(())
            })
        },
    },
    Case {
        name: "place-kept-back",
        story: "a place that is free is offered to nobody",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            moves(f, 0, |moves| {
                let last = moves.iter().rposition(is_assigned)?;
                moves.remove(last);
                Some(())
            })
        },
    },
    Case {
        name: "place-invented",
        story: "one more moves up than there are places",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            let friend = f.still_waiting()?;
            moves(f, 0, |moves| {
                let last = moves.iter().rfind(|m| is_assigned(m))?.clone();
                moves.push(Move { receipt: friend, ..last });
                Some(())
            })
        },
    },
    Case {
        name: "fact-left-out",
        story: "a place is given on that nobody is said to have lost",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            f.change_offers(|offers| {
                let facts = &mut offers.first_mut()?.facts;
                let at = facts.iter().position(|fact| fact.kind == FactKind::Returned)?;
                facts.remove(at);
                Some(())
            })
        },
    },
    Case {
        name: "shift-hidden",
        story: "starts are moved by an outage that was never logged",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            f.change_later(|log| {
                log.events.retain(|event| !matches!(event.act, Act::Shifted { .. }));
                Some(())
            })
        },
    },
    Case {
        name: "shift-otherwise",
        story: "the log says another length of the outage than the starts were moved by",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            f.change_later(|log| {
                log.events.iter_mut().find_map(|event| match &mut event.act {
                    Act::Shifted { seconds, .. } => {
                        *seconds += 1;
                        Some(())
                    }
                    _ => None,
                })
            })
        },
    },
    Case {
        name: "shift-late",
        story: "the outage is logged after the offer whose starts it moved",
        base: Base::After,
        check: "offers-recomputed",
        tamper: |f| {
            f.change_later(|log| {
                let at = log.events.iter().position(|event| matches!(event.act, Act::Shifted { .. }))?;
                let (earlier, later) = (log.events.get(at)?.clone(), log.events.get(at + 1)?.clone());
                (log.events.get_mut(at)?.act, log.events.get_mut(at + 1)?.act) = (later.act, earlier.act);
                log.events.get_mut(at)?.at = later.at;
                Some(())
            })
        },
    },
];
