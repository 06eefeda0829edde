//! The checks about the journal.
//!
//! All three files are read line by line, as often as they are needed: their size costs time and
//! no memory.

use super::Refusal;
use super::entered::Entered;
use super::steps::{Outcome, Steps, demand, fail};
use crate::digest::Digest;
use crate::draw::LongError;
use crate::instant::Instant;
use crate::journal::batch::{BatchError, Blocks, FoldError, Twice};
use crate::journal::checkpoint::Checkpoint;
use crate::journal::event::{Act, Event};
use crate::journal::excerpt::{self, ExcerptError, Logged};
use crate::merkle;
use crate::note::Verifier;
use crate::pool::PoolError;
use crate::pool::lines;
use crate::record;
use crate::rules::Rules;
use crate::seal::Seal;
use crate::seed::SeedInput;

impl From<ExcerptError> for Refusal {
    fn from(error: ExcerptError) -> Self {
        match error {
            ExcerptError::Io(error) => Self::Unreadable(error),
            wrong => Self::Fail(format!("{}: {wrong}", record::JOURNAL)),
        }
    }
}

impl From<BatchError> for Refusal {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Io(error) => Self::Unreadable(error),
            wrong => Self::Fail(format!("{}: {wrong}", record::BATCHES)),
        }
    }
}

impl From<PoolError> for Refusal {
    fn from(error: PoolError) -> Self {
        LongError::from(error).into()
    }
}

impl<'f> Steps<'f> {
    pub(super) fn checkpoint_of(&self) -> Result<&(Checkpoint, String), Refusal> {
        self.checkpoint.as_ref().ok_or(Refusal::Needs("journal-form"))
    }

    /// The lines of `journal.txt`, once they are known to be lines.
    pub(super) fn logged(&self) -> Result<impl Iterator<Item = Result<Logged, ExcerptError>> + 'f, Refusal> {
        self.checkpoint_of()?;
        Ok(excerpt::read(self.open(record::JOURNAL)?))
    }

    pub fn journal_form(&mut self) -> Outcome {
        let note = self.text(record::CHECKPOINT)?;
        let checkpoint = Checkpoint::peek(&note);
        let checkpoint = checkpoint.or_else(|error| fail(format!("{}: {error}", record::CHECKPOINT)))?;
        let (mut events, mut batches, mut changes) = (0_u64, 0_u64, 0_u64);
        for logged in excerpt::read(self.open(record::JOURNAL)?) {
            logged?;
            events += 1;
        }
        let mut blocks = Blocks::new(self.open(record::BATCHES)?);
        loop {
            let mut twice = Twice::default();
            let block = blocks.next::<Refusal>(|change| {
                twice.see(change);
                Ok(())
            })?;
            let Some(block) = block else { break };
            twice.end(&block)?;
            changes += block.changes;
            batches += 1;
        }
        self.checkpoint = Some((checkpoint, note));
        Ok(format!("{events} events; {changes} changes in {batches} batches"))
    }

    pub fn checkpoint(&self) -> Outcome {
        let (key, (_, note)) = (&self.rules()?.signing_key, self.checkpoint_of()?);
        let verifier = Verifier::parse(key).or_else(|error| fail(error.to_string()))?;
        let signed = Checkpoint::open(note, &verifier).or_else(|error| fail(error.to_string()))?;
        Ok(format!("signed by {}: {} events, root {}", signed.origin, signed.size, signed.root))
    }

    pub fn journal_paths(&self) -> Outcome {
        let (checkpoint, _) = self.checkpoint_of()?;
        for logged in self.logged()? {
            let logged = logged?;
            let there = logged.is_in(checkpoint.size, &checkpoint.root);
            demand(there, || format!("the tree has no `{}` at {}", logged.event.act.kind(), logged.index))?;
        }
        Ok("every event is in the tree of the checkpoint".to_owned())
    }

    pub fn journal_events(&self) -> Outcome {
        let rules = self.rules()?;
        // What is still missing is said by the check that failed to find it.
        let mut course = Course {
            rules,
            rules_digest: self.rules_digest()?,
            seal: self.seal()?,
            seal_digest: Digest::of(&self.seal.as_ref().ok_or(Refusal::Needs("seal-form"))?.1),
            seed: self.seed()?,
            stage: Stage::Nothing,
            at: None,
            seals: 0,
            last_seal: None,
            result: merkle::digest_and_root(self.open(record::RESULT)?)?,
        };
        for logged in self.logged()? {
            course.take(&logged?.event).map_err(Refusal::Fail)?;
        }
        let stage = course.stage;
        demand(stage == Stage::Drawn, || {
            format!("the journal ends with a round that is {stage:?}").to_lowercase()
        })?;
        Ok("announced, closed, sealed, drawn: everything once, in order and in time".to_owned())
    }

    pub fn journal_pool(&self) -> Outcome {
        self.checkpoint_of()?;
        self.pool()?;
        let mut entered = Entered::new(self.desk);
        lines::raw::<Refusal>(self.open(record::POOL)?, |line| {
            Ok(entered.expect(merkle::leaf(line.strip_suffix(b"\n").unwrap_or(line)))?)
        })?;
        let (batches, wrong) = self.follow(&mut entered)?;
        // What is wrong with a batch comes before what is wrong with its event's successor.
        let found = entered.found(batches)?;
        if let Some(error) = found.wrong {
            return fail(error.to_string());
        }
        wrong.map_or(Ok(()), fail)?;
        if let Some(leaf) = found.unexpected {
            return fail(format!("{leaf} was entered and is not in the pool"));
        }
        if let Some(leaf) = found.missing {
            return fail(format!("{leaf} is in the pool and was not entered"));
        }
        Ok(format!("{batches} batches make exactly this pool"))
    }

    /// How many batches are those of their events, one after the other, and why there are no more that are.
    fn follow(&self, entered: &mut Entered<'_>) -> Result<(u64, Option<String>), Refusal> {
        let (mut blocks, mut followed) = (Blocks::new(self.open(record::BATCHES)?), 0);
        for logged in self.logged()? {
            let Act::Entered { batch: number, changes, digest } = logged?.event.act else { continue };
            let expected = followed + 1;
            let block = blocks.next::<Refusal>(|change| Ok(entered.change(expected, change)?))?;
            let wrong = match block {
                None => Some(format!("batch {number} is not there")),
                Some(block) if (block.number, block.changes) != (number, changes) => Some(format!(
                    "batch {} has {} changes, logged is batch {number} with {changes}",
                    block.number, block.changes
                )),
                Some(block) if block.digest != digest => Some(format!(
                    "batch {number} and its event differ: {} here, {digest} there",
                    block.digest
                )),
                Some(block) if block.number != expected => {
                    Some(FoldError::Number { expected, found: block.number }.to_string())
                }
                Some(_) => None,
            };
            if wrong.is_some() {
                return Ok((followed, wrong));
            }
            followed = expected;
        }
        let more = blocks.next::<Refusal>(|_| Ok(()))?.is_some();
        Ok((followed, more.then(|| "there is a batch without an event".to_owned())))
    }
}

/// Where a round is after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Nothing,
    Announced,
    Closed,
    Sealed,
    Revealed,
    Pulsed,
    Drawn,
}

/// The course of a round, event after event.
struct Course<'c> {
    rules: &'c Rules,
    rules_digest: Digest,
    seal: &'c Seal,
    seal_digest: Digest,
    seed: &'c SeedInput,
    /// Digest and root of `result.txt`.
    result: (Digest, Digest),
    stage: Stage,
    at: Option<Instant>,
    /// Seals so far, and the last of them.
    seals: u64,
    last_seal: Option<Event>,
}

impl Course<'_> {
    fn take(&mut self, event: &Event) -> Result<(), String> {
        let (at, kind) = (event.at, event.act.kind());
        let check = |holds: bool, wrong: &str| match holds {
            true => Ok(()),
            false => Err(format!("`{kind}` at {at}: {wrong}")),
        };
        let times = &self.rules.times;
        check(event.round == self.rules.round, "it is of another round")?;
        check(self.at.is_none_or(|last| last <= at), "it is earlier than the one before")?;
        let stage = match (self.stage, &event.act) {
            (Stage::Nothing, Act::Announced { number, rules }) => {
                check(*number == u64::from(self.rules.number), "another number than in the rules")?;
                check(*rules == self.rules_digest, "other rules were announced")?;
                check(at <= times.opens_at, "it is after the opening")?;
                Stage::Announced
            }
            (Stage::Announced, Act::Entered { .. }) => Stage::Announced,
            (Stage::Announced, Act::Closed) => {
                check(at >= times.closes_at, "it is before the time of the close")?;
                Stage::Closed
            }
            // Corrections, before the seal or between two versions of it.
            (Stage::Closed | Stage::Sealed, Act::Entered { .. }) => Stage::Closed,
            (Stage::Closed | Stage::Sealed, Act::Sealed { version, .. }) => {
                self.seals += 1;
                check(*version == self.seals, "it is not the next version")?;
                self.last_seal = Some(event.clone());
                Stage::Sealed
            }
            (Stage::Sealed, Act::Revealed { seed }) => {
                self.check_seal()?;
                check(at < times.pulse_at, "it is not before the pulse")?;
                check(
                    *seed == self.seed.organiser_seed,
                    "the seed that was revealed is not the one that counts",
                )?;
                Stage::Revealed
            }
            (Stage::Sealed | Stage::Revealed, Act::Pulse { pulse }) => {
                self.check_seal()?;
                let zero = self.seed.organiser_seed == Digest::ZERO;
                check(zero || self.stage == Stage::Revealed, "a seed counts that was not revealed")?;
                check(at >= times.pulse_at, "it is before its time")?;
                check(*pulse == self.seed.pulse, "it is not the one that counts")?;
                Stage::Pulsed
            }
            (Stage::Pulsed, Act::Drawn { seed, result, root }) => {
                check(*seed == self.seed.draw_seed(), "it is of another draw seed")?;
                check((*result, *root) == self.result, "it is of another result")?;
                Stage::Drawn
            }
            (_, Act::Voided { .. }) => return check(false, "the round does not count"),
            (stage, _) => {
                return check(
                    false,
                    &format!("it does not belong in a round that is {stage:?}").to_lowercase(),
                );
            }
        };
        (self.stage, self.at) = (stage, Some(at));
        Ok(())
    }

    /// Whether the last seal in the journal is that of the record.
    fn check_seal(&self) -> Result<(), String> {
        let seal = self.seal;
        let (version, entries) = (u64::from(seal.version), seal.count);
        let act = Act::Sealed { version, entries, root: seal.root, seal: self.seal_digest };
        let expected = Event { at: seal.sealed_at, round: self.rules.round.clone(), act };
        match self.last_seal.as_ref() {
            Some(logged) if *logged == expected => Ok(()),
            Some(logged) => Err(format!("the seal logged at {} is not the one of the record", logged.at)),
            None => Err("there is no seal in the journal".to_owned()),
        }
    }
}
