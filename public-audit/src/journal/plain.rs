//! The journal of a round in which everything went as planned: for examples, tests and the
//! catalogue of tamperings.

use super::batch::Batch;
use super::checkpoint::Checkpoint;
use super::event::{Act, Event};
use super::excerpt::{Excerpt, Logged};
use crate::after::Offer;
use crate::digest::Digest;
use crate::instant::Instant;
use crate::merkle::{self, Tree};
use crate::note::{NoteError, Signer};
use crate::pool::Pool;
use crate::record::{After, Journal};
use crate::rules::Rules;
use crate::seal::Seal;
use crate::seed::SeedInput;
use crate::slug::Slug;

/// A whole log, and the batches of one round in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// All events, of this round and of others.
    pub events: Vec<Event>,
    /// The batches of this round.
    pub batches: Vec<Batch>,
}

impl Plain {
    /// Two batches in the hour of opening and at the close, and then every event at its time. What
    /// `earlier` has is in the log before.
    #[must_use]
    pub fn of(
        earlier: &[Event],
        (rules, rules_digest): (&Rules, Digest),
        pool: &Pool,
        (seal, note): (&Seal, &str),
        seed: &SeedInput,
        result: &str,
    ) -> Self {
        let times = &rules.times;
        let leaves = pool.leaves();
        let halves = leaves.chunks(leaves.len().div_ceil(2).max(1)).zip(1..);
        let batch = |(half, number): (&[Digest], u64)| Batch {
            number,
            added: half.iter().copied().collect(),
            ..Batch::default()
        };
        let batches: Vec<Batch> = halves.map(batch).collect();

        let mut acts =
            vec![(times.opens_at, Act::Announced { number: rules.number.into(), rules: rules_digest })];
        for (batch, at) in batches.iter().zip([times.opens_at, times.closes_at]) {
            acts.push((at, entered(batch)));
        }
        acts.push((times.closes_at, Act::Closed));
        acts.push((seal.sealed_at, sealed(seal, note)));
        if seed.organiser_seed != Digest::ZERO {
            acts.push((times.reveals_at, Act::Revealed { seed: seed.organiser_seed }));
        }
        acts.push((times.pulse_at, Act::Pulse { pulse: seed.pulse }));
        acts.push((times.results_at, drawn(seed, result)));
        let event = |(at, act): (Instant, Act)| Event { at, round: rules.round.clone(), act };
        let events = earlier.iter().cloned().chain(acts.into_iter().map(event)).collect();
        Self { events, batches }
    }

    /// The checkpoint over all events.
    #[must_use]
    pub fn checkpoint(&self, origin: &str) -> Checkpoint {
        let leaves: Vec<Digest> = self.events.iter().map(Event::leaf).collect();
        let (size, root) = (leaves.len() as u64, merkle::root_of_leaves(&leaves));
        Checkpoint { origin: origin.to_owned(), size, root }
    }

    /// The events of one round up to its (last) draw, or all if there is none, as they belong in its
    /// record.
    #[must_use]
    pub fn excerpt(&self, round: &Slug) -> Excerpt {
        let mut tree = Tree::new();
        tree.extend(self.events.iter().map(Event::leaf));
        let drawn = |event: &Event| event.round == *round && matches!(event.act, Act::Drawn { .. });
        let end = self.events.iter().rposition(drawn).map_or(self.events.len(), |last| last + 1);
        let mut events = Vec::new();
        let all = self.events.iter().take(end).enumerate();
        for (index, event) in all.filter(|(_, event)| event.round == *round) {
            if matches!(
                event.act,
                Act::Worded { .. } | Act::Held { .. } | Act::Released { .. } | Act::Erased { .. }
            ) {
                continue;
            }
            let path = tree.path(index as u64, tree.count()).unwrap_or_default();
            events.push(Logged { index: index as u64, path, event: event.clone() });
        }
        Excerpt { events }
    }

    /// What is published after the draw: these offers, and the round's events since then.
    ///
    /// # Errors
    /// When the signer's name cannot be an origin.
    pub fn after(&self, round: &Slug, offers: &[Offer], signer: &Signer) -> Result<After, NoteError> {
        let mut tree = Tree::new();
        tree.extend(self.events.iter().map(Event::leaf));
        let logged = |(index, event): (usize, &Event)| {
            let wanted =
                matches!(event.act, Act::Offered { .. } | Act::Shifted { .. } | Act::Extended { .. });
            let path = tree.path(index as u64, tree.count()).unwrap_or_default();
            (wanted && event.round == *round).then(|| Logged {
                index: index as u64,
                path,
                event: event.clone(),
            })
        };
        let events = self.events.iter().enumerate().filter_map(logged).collect();
        Ok(After {
            offers: offers.iter().map(Offer::to_text).collect(),
            excerpt: Excerpt { events }.text(),
            checkpoint: self.checkpoint(signer.verifier().name()).sign(signer)?,
        })
    }

    /// The three files of the record.
    ///
    /// # Errors
    /// When the signer's name cannot be an origin.
    pub fn record(&self, round: &Slug, signer: &Signer) -> Result<Journal, NoteError> {
        Ok(Journal {
            batches: self.batches.iter().map(Batch::text).collect(),
            excerpt: self.excerpt(round).text(),
            checkpoint: self.checkpoint(signer.verifier().name()).sign(signer)?,
        })
    }
}

/// The event of a batch.
#[must_use]
pub fn entered(batch: &Batch) -> Act {
    Act::Entered { batch: batch.number, changes: batch.changes(), digest: batch.digest() }
}

/// The event of a seal, whose signed note is `note`.
#[must_use]
pub fn sealed(seal: &Seal, note: &str) -> Act {
    let (version, entries) = (u64::from(seal.version), seal.count);
    Act::Sealed { version, entries, root: seal.root, seal: Digest::of(note) }
}

/// The event of an offer.
#[must_use]
pub fn offered(offer: &Offer) -> Act {
    Act::Offered { offer: offer.number, changes: offer.changes(), digest: offer.digest() }
}

/// The event of a draw, whose `result.txt` is `result`.
#[must_use]
pub fn drawn(seed: &SeedInput, result: &str) -> Act {
    let (digest, root) = (Digest::of(result), merkle::root_of_lines(result.as_bytes()));
    Act::Drawn { seed: seed.draw_seed(), result: digest, root }
}
