//! The checks about what was published after the draw.

use std::io::BufRead;

use super::Refusal;
use super::steps::{Outcome, Steps, demand, fail, same};
use crate::after::{self, Blocks, Course, Fact, FactKind, Move, Offer, OffersError, Said};
use crate::draw;
use crate::journal::checkpoint::Checkpoint;
use crate::journal::event::Act;
use crate::journal::excerpt::{self, ExcerptError, Logged};
use crate::note::Verifier;
use crate::pool::Pool;
use crate::record;

/// The most events of `after-journal.txt`: each costs a walk over all entries.
const MOST_EVENTS: usize = 2000;
/// The most offers: as many as the rules can name times for.
const MOST_OFFERS: u64 = 1000;
/// Why there is nothing to check.
const NOTHING: &str = "nothing was published after the draw";

impl From<OffersError> for Refusal {
    fn from(error: OffersError) -> Self {
        match error {
            OffersError::Io(error) => Self::Unreadable(error),
            wrong => Self::Fail(format!("{}: {wrong}", record::OFFERS)),
        }
    }
}

/// What is wrong with a line of `after-journal.txt`.
fn of_after_journal(error: ExcerptError) -> Refusal {
    match error {
        ExcerptError::Io(error) => Refusal::Unreadable(error),
        wrong => Refusal::Fail(format!("{}: {wrong}", record::AFTER_JOURNAL)),
    }
}

impl Steps<'_> {
    /// The lines of `after-journal.txt` and the checkpoint, once all three files have their form.
    fn after(&self) -> Result<&(Vec<Logged>, Checkpoint, String), Refusal> {
        if self.absent()?.len() == record::AFTER_FILES.len() {
            return Err(Refusal::Nothing(NOTHING));
        }
        self.after.as_ref().ok_or(Refusal::Needs("after-form"))
    }

    /// Which of the three files are not there.
    fn absent(&self) -> Result<Vec<&'static str>, Refusal> {
        let mut absent = Vec::new();
        for name in record::AFTER_FILES {
            if !self.is_there(name)? {
                absent.push(name);
            }
        }
        Ok(absent)
    }

    pub fn after_form(&mut self) -> Outcome {
        let absent = self.absent()?;
        if absent.len() == record::AFTER_FILES.len() {
            return Err(Refusal::Nothing(NOTHING));
        }
        demand(absent.is_empty(), || format!("not there: {}", absent.join(", ")))?;
        let (mut offers, mut changes) = (0_u64, 0_u64);
        let mut blocks = Blocks::new(self.open(record::OFFERS)?);
        while let Some(block) = blocks.next::<Refusal>(|_| Ok(()))? {
            changes += block.changes;
            offers += 1;
            demand(offers <= MOST_OFFERS, || format!("more than {MOST_OFFERS} offers"))?;
        }
        let lines = excerpt::read(self.open(record::AFTER_JOURNAL)?).take(MOST_EVENTS + 1);
        let events = lines.collect::<Result<Vec<Logged>, _>>().map_err(of_after_journal)?;
        demand(events.len() <= MOST_EVENTS, || format!("more than {MOST_EVENTS} events"))?;
        let note = self.text(record::AFTER_CHECKPOINT)?;
        let checkpoint = Checkpoint::peek(&note);
        let checkpoint =
            checkpoint.or_else(|error| fail(format!("{}: {error}", record::AFTER_CHECKPOINT)))?;
        let told = format!("{offers} offers with {changes} facts and moves; {} events", events.len());
        self.after = Some((events, checkpoint, note));
        Ok(told)
    }

    pub fn after_events(&self) -> Outcome {
        let (events, later, note) = self.after()?;
        let (rules, (earlier, _)) = (self.rules()?, self.checkpoint_of()?);
        let verifier = Verifier::parse(&rules.signing_key).or_else(|error| fail(error.to_string()))?;
        let signed = Checkpoint::open(note, &verifier).or_else(|error| fail(error.to_string()))?;
        let longer = earlier.size < later.size;
        demand(longer || (earlier.size == later.size && earlier.root == later.root), || {
            format!("the log had {} events, and now has {} or others", earlier.size, later.size)
        })?;
        let drawn =
            self.logged()?.last().transpose()?.filter(|last| matches!(last.event.act, Act::Drawn { .. }));
        let drawn = drawn.ok_or(Refusal::Needs("journal-events"))?;

        let mut blocks = Blocks::new(self.open(record::OFFERS)?);
        let mut block = || blocks.next::<Refusal>(|_| Ok(()));
        let (mut last, mut offers) = ((drawn.index, drawn.event.at), 0);
        for logged in events {
            let (event, index) = (&logged.event, logged.index);
            let check = |holds: bool, wrong: &str| {
                demand(holds, || format!("`{}` at {}: {wrong}", event.act.kind(), event.at))
            };
            check(logged.is_in(later.size, &later.root), "it is not in the tree")?;
            check(event.round == rules.round, "it is of another round")?;
            check(last.0 < index, "it is not after the draw")?;
            check(last.1 <= event.at, "it is earlier than the one before")?;
            last = (index, event.at);
            match event.act {
                Act::Shifted { .. } | Act::Extended { .. } => {}
                Act::Offered { offer, changes, digest } => {
                    offers += 1;
                    check(offer == offers, "it is not the next offer")?;
                    let times = rules.after.iter().flat_map(|after| &after.offers_at);
                    let due = times.zip(1..).find(|(_, number)| *number == offer).map(|(due, _)| *due);
                    check(due.is_some_and(|due| due <= event.at), "it is before its time, or has none")?;
                    let Some(block) = block()? else { return fail(format!("offer {offer} is not there")) };
                    let named = block.number == offer && block.changes == changes;
                    check(named, "it has another number, or another number of facts and moves")?;
                    same(&format!("offer {offer} and its event differ"), block.digest, digest)?;
                }
                _ => {
                    return check(false, "it is neither an offer nor a shift nor an extension")
                        .map(|()| String::new());
                }
            }
        }
        demand(block()?.is_none(), || "there is an offer without an event".to_owned())?;
        Ok(format!("signed by {}: {} events; all in order and in time", signed.origin, signed.size))
    }

    /// Where everybody is lies in memory for this.
    pub fn offers_recomputed(&self) -> Outcome {
        let (events, _, _) = self.after()?;
        let (rules, seed) = (self.rules()?, self.seed()?);
        self.pool()?;
        let mut course = {
            let pool = Pool::read_alike(rules, self.open(record::POOL)?, draw::alike(rules))?;
            Course::new(rules, &pool, &seed.draw_seed()).or_else(|error| fail(error.to_string()))?
        };
        let mut blocks = Blocks::new(self.open(record::OFFERS)?);
        let mut counted = Counted::default();
        for logged in events {
            match logged.event.act {
                Act::Shifted { from, seconds, .. } => course.shift(from, seconds),
                Act::Extended { from, until, seconds, .. } => course.extend(from, until, seconds),
                Act::Offered { offer, .. } => {
                    let computed = recompute(&mut course, offer, &mut blocks)?;
                    counted.add(&computed);
                }
                _ => return Err(Refusal::Needs("after-events")),
            }
        }
        Ok(counted.told())
    }
}

/// What follows from the facts of the next block. Fails with the first move that is another.
fn recompute(course: &mut Course, offer: u64, blocks: &mut Blocks<impl BufRead>) -> Result<Offer, Refusal> {
    let (mut facts, mut computed, mut moves) = (Vec::new(), None::<Offer>, 0);
    let entries = course.places().len();
    let made = |course: &mut Course, facts: &[Fact]| {
        course.offer(facts).or_else(|error| fail(format!("offer {offer}: {error}")))
    };
    let block = blocks.next::<Refusal>(|said| match said {
        Said::Fact(fact) => {
            facts.push(fact);
            // More than entries: at least one is about none of them.
            if facts.len() > entries { made(course, &facts).map(|_| ()) } else { Ok(()) }
        }
        Said::Move(published) => {
            let made = match &mut computed {
                Some(made) => made,
                none => none.insert(made(course, &facts)?),
            };
            moves += 1;
            same_move(made, moves - 1, Some(&published))
        }
    })?;
    block.ok_or(Refusal::Needs("after-events"))?;
    let computed = match computed {
        Some(computed) => computed,
        None => made(course, &facts)?,
    };
    if moves < computed.moves.len() {
        same_move(&computed, moves, None)?
    }
    Ok(computed)
}

fn same_move(computed: &Offer, at: usize, published: Option<&Move>) -> Result<(), Refusal> {
    let here = computed.moves.get(at);
    demand(here == published, || {
        let line = |change: Option<&Move>| change.map_or("nothing".to_owned(), ToString::to_string);
        format!("offer {}: computed `{}`, published `{}`", computed.number, line(here), line(published))
    })
}

/// Facts and moves of all offers.
#[derive(Default)]
struct Counted {
    facts: [usize; 3],
    moves: [usize; 3],
}

impl Counted {
    fn add(&mut self, offer: &Offer) {
        for fact in &offer.facts {
            let kind = match fact.kind {
                FactKind::Missed => 0,
                FactKind::Returned => 1,
                FactKind::Ineligible => 2,
            };
            self.facts[kind] += 1;
        }
        for change in &offer.moves {
            let kind = match change.outcome {
                after::Outcome::CaughtUp(_) => 0,
                after::Outcome::Assigned(_) => 1,
                after::Outcome::Lapsed => 2,
            };
            self.moves[kind] += 1;
        }
    }

    fn told(&self) -> String {
        let ([missed, returned, ineligible], [caught_up, assigned, lapsed]) = (self.facts, self.moves);
        format!(
            "from {missed} missed, {returned} returned, {ineligible} ineligible follow: \
             {caught_up} caught up, {assigned} assigned, {lapsed} lapsed"
        )
    }
}
