//! The tamperer's workbench: change a file, and make again what depends on it, as far as the case
//! goes.

use std::collections::BTreeMap;

use super::base::{self, Base};
use crate::after::Offer;
use crate::digest::Digest;
use crate::draw::draw;
use crate::entry::Entry;
use crate::journal::batch::Batch;
use crate::journal::event::{Act, Event};
use crate::journal::excerpt::Logged;
use crate::journal::plain::{self, Plain};
use crate::merkle;
use crate::note;
use crate::pool::Pool;
use crate::receipt::Receipt;
use crate::record::{
    self, BATCHES, CHECKPOINT, JOURNAL, MANIFEST, OFFERS, POOL, RESULT, RULES, SEAL, SEED_INPUT,
};
use crate::result;
use crate::rules::Rules;
use crate::seal::Seal;
use crate::seed::SeedInput;

/// A record that is being tampered with. Every step is `None` if it cannot be done.
pub struct Forge {
    /// The files as they are now.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Whether the case is about the manifest, which is then left alone at the end.
    pub own_manifest: bool,
    /// The whole journal, as its three files have it.
    log: Plain,
    /// What was offered after the draw, as its file has it.
    offers: Vec<Offer>,
}

impl Forge {
    /// A good record.
    #[must_use]
    pub fn of(base: Base) -> Option<Self> {
        let (files, log, offers) = base::record(base)?;
        Some(Self { files, own_manifest: false, log, offers })
    }

    /// The files with a manifest that fits them.
    #[must_use]
    pub fn finish(mut self) -> BTreeMap<String, Vec<u8>> {
        if !self.own_manifest {
            self.mend_manifest();
        }
        self.files
    }

    fn mend_manifest(&mut self) {
        self.files.remove(MANIFEST);
        let of_record = |(name, _): &(&String, &Vec<u8>)| !record::AFTER_FILES.contains(&name.as_str());
        let files = self.files.iter().filter(of_record);
        let digests = files.map(|(name, bytes)| (name.as_str(), Digest::of(bytes))).collect();
        let manifest = record::manifest_of_digests(&digests);
        self.files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    }

    pub(super) fn text(&self, file: &str) -> Option<String> {
        String::from_utf8(self.files.get(file)?.clone()).ok()
    }

    pub(super) fn set(&mut self, file: &str, text: &str) -> Option<()> {
        self.files.insert(file.to_owned(), text.as_bytes().to_vec()).map(drop)
    }

    /// Replaces the first `from`.
    pub(super) fn edit(&mut self, file: &str, from: &str, to: &str) -> Option<()> {
        let text = self.text(file)?;
        text.contains(from).then(|| self.set(file, &text.replacen(from, to, 1)))?
    }

    /// Changes a file as a list of lines.
    pub(super) fn lines(
        &mut self,
        file: &str,
        change: impl FnOnce(&mut Vec<String>) -> Option<()>,
    ) -> Option<()> {
        let mut lines: Vec<String> = self.text(file)?.lines().map(str::to_owned).collect();
        change(&mut lines)?;
        self.set(file, &lines.iter().map(|line| format!("{line}\n")).collect::<String>())
    }

    pub(super) fn rules(&self) -> Option<Rules> {
        Rules::parse(self.files.get(RULES)?).ok()
    }

    fn pool(&self, rules: &Rules) -> Option<Pool> {
        Pool::parse(rules, self.files.get(POOL)?).ok()
    }

    /// Changes the rules, whether or not they still make sense.
    pub(super) fn change_rules(&mut self, change: impl FnOnce(&mut Rules) -> Option<()>) -> Option<()> {
        let mut rules = self.rules()?;
        change(&mut rules)?;
        self.set(RULES, &rules.to_json())
    }

    /// Changes the entries.
    pub(super) fn change_entries(
        &mut self,
        change: impl FnOnce(&mut Vec<Entry>) -> Option<()>,
    ) -> Option<()> {
        let rules = self.rules()?;
        let mut entries = self.entries()?;
        change(&mut entries)?;
        self.set(POOL, &Pool::from_entries(&rules, &entries).ok()?.text())
    }

    pub(super) fn entries(&self) -> Option<Vec<Entry>> {
        let rules = self.rules()?;
        let entry = |line: &str| Entry::parse(&rules, line).ok();
        self.text(POOL)?.lines().map(entry).collect()
    }

    /// Changes the seal and signs it, as only the organiser can.
    pub(super) fn reseal(&mut self, change: impl FnOnce(&mut Seal) -> Option<()>) -> Option<()> {
        let note = self.text(SEAL)?;
        let mut seal = Seal::parse(note::split(&note).ok()?.0).ok()?;
        change(&mut seal)?;
        self.set(SEAL, &seal.sign(&base::signer()?).ok()?)
    }

    /// Seals the present rules and pool.
    pub(super) fn seal_again(&mut self) -> Option<()> {
        let rules_digest = Digest::of(self.files.get(RULES)?);
        let pool = self.pool(&self.rules()?)?;
        self.reseal(|seal| {
            (seal.rules_digest, seal.count) = (rules_digest, pool.count() as u64);
            (seal.pool_digest, seal.root) = (pool.digest(), pool.root());
            Some(())
        })
    }

    /// Changes the seed's text.
    pub(super) fn change_seed(&mut self, change: impl FnOnce(&mut SeedInput) -> Option<()>) -> Option<()> {
        let mut seed = SeedInput::parse(&self.text(SEED_INPUT)?).ok()?;
        change(&mut seed)?;
        self.set(SEED_INPUT, &seed.to_text())
    }

    /// Makes the seed of the present rules and pool.
    pub(super) fn seed_again(&mut self) -> Option<()> {
        let rules_digest = Digest::of(self.files.get(RULES)?);
        let root = self.pool(&self.rules()?)?.root();
        self.change_seed(|seed| {
            (seed.rules_digest, seed.root) = (rules_digest, root);
            Some(())
        })
    }

    /// Draws from the present rules, pool and seed.
    pub(super) fn redraw(&mut self) -> Option<()> {
        self.redraw_as(|_, _| Some(()))
    }

    /// Draws as if rules and entries were others, and leaves them as they are.
    pub(super) fn redraw_as(
        &mut self,
        pretend: impl FnOnce(&mut Rules, &mut Vec<Entry>) -> Option<()>,
    ) -> Option<()> {
        let (mut rules, mut entries) = (self.rules()?, self.entries()?);
        pretend(&mut rules, &mut entries)?;
        let pool = Pool::from_entries(&rules, &entries).ok()?;
        let seed = SeedInput::parse(&self.text(SEED_INPUT)?).ok()?.draw_seed();
        let result = result::text(&rules, &draw(&rules, &pool, &seed).ok()?);
        self.set(RESULT, &result)
    }

    /// Seals, seeds and draws again: everything an organiser without a journal can remake.
    pub(super) fn remake(&mut self) -> Option<()> {
        self.seal_again()?;
        self.seed_again()?;
        self.redraw()
    }

    /// Changes the whole journal, before anybody follows it: events, batches and checkpoint are what
    /// the organiser likes, and the excerpt is an honest one of that.
    pub(super) fn change_log(&mut self, change: impl FnOnce(&mut Plain) -> Option<()>) -> Option<()> {
        change(&mut self.log)?;
        let journal = self.log.record(&self.rules()?.round, &base::signer()?).ok()?;
        self.set(BATCHES, &journal.batches)?;
        self.set(JOURNAL, &journal.excerpt)?;
        self.set(CHECKPOINT, &journal.checkpoint)?;
        self.publish_after()
    }

    /// Publishes what the log and the offers say about the time after the draw, if anything was published.
    fn publish_after(&mut self) -> Option<()> {
        if self.files.contains_key(OFFERS) {
            let after = self.log.after(&self.rules()?.round, &self.offers, &base::signer()?).ok()?;
            self.files.extend(after.files());
        }
        Some(())
    }

    /// Changes what was offered, and logs that as if it had always been so.
    pub(super) fn change_offers(&mut self, change: impl FnOnce(&mut Vec<Offer>) -> Option<()>) -> Option<()> {
        change(&mut self.offers)?;
        let mut offers = self.offers.iter();
        for event in &mut self.log.events {
            if let Act::Offered { .. } = event.act {
                event.act = plain::offered(offers.next()?);
            }
        }
        self.publish_after()
    }

    /// Changes the log after the draw, and nothing of the record before it.
    pub(super) fn change_later(&mut self, change: impl FnOnce(&mut Plain) -> Option<()>) -> Option<()> {
        change(&mut self.log)?;
        self.publish_after()
    }

    /// A line for the excerpt after the draw: the last event of this kind, whatever it is.
    pub(super) fn later_line(&self, wanted: fn(&Event) -> bool) -> Option<String> {
        let index = self.log.events.iter().rposition(wanted)?;
        let event = self.log.events.get(index)?.clone();
        let leaves: Vec<Digest> = self.log.events.iter().map(Event::leaf).collect();
        Some(Logged { index: index as u64, path: merkle::path(&leaves, index)?, event }.to_string())
    }

    /// A signed checkpoint over the first events of the log.
    pub(super) fn log_of(&self, events: usize) -> Option<String> {
        let log = Plain { events: self.log.events.get(..events)?.to_vec(), batches: Vec::new() };
        let signer = base::signer()?;
        log.checkpoint(signer.verifier().name()).sign(&signer).ok()
    }

    /// A signed checkpoint as of the draw, over events of which the first is another.
    pub(super) fn log_forked(&self) -> Option<String> {
        let drawn = self.log.events.iter().rposition(|event| matches!(event.act, Act::Drawn { .. }))?;
        let mut events = self.log.events.get(..=drawn)?.to_vec();
        events.first_mut()?.act = Act::Closed;
        let signer = base::signer()?;
        let log = Plain { events, batches: Vec::new() };
        log.checkpoint(signer.verifier().name()).sign(&signer).ok()
    }

    /// The last by rank to whom no offer ever came.
    pub(super) fn still_waiting(&self) -> Option<Receipt> {
        let waits =
            |line: &str| line.ends_with("waitlisted - - -").then(|| line.split(' ').nth(1)?.parse().ok())?;
        let mut waiting: Vec<Receipt> = self.text(RESULT)?.lines().filter_map(waits).collect();
        waiting.retain(|receipt| {
            let moved = self.offers.iter().flat_map(|offer| &offer.moves);
            !moved.map(|change| change.receipt).any(|other| other == *receipt)
        });
        waiting.last().copied()
    }

    /// Changes the one event of a kind, or the first of several.
    pub(super) fn change_event(
        &mut self,
        kind: &str,
        change: impl FnOnce(&mut Event) -> Option<()>,
    ) -> Option<()> {
        let round = self.rules()?.round;
        self.change_log(|log| {
            let mut events = log.events.iter_mut();
            change(events.find(|event| event.round == round && event.act.kind() == kind)?)
        })
    }

    /// The first leaf that a batch adds.
    pub(super) fn log_leaf(&self, batch: usize) -> Option<Digest> {
        self.log.batches.get(batch)?.added.first().copied()
    }

    /// A line for the excerpt that is in the log and of another round.
    pub(super) fn foreign_line(&self) -> Option<String> {
        let excerpt = self.log.excerpt(&self.log.events.first()?.round);
        excerpt.events.first().map(ToString::to_string)
    }

    /// Changes a batch, and its event with it.
    pub(super) fn change_batch(
        &mut self,
        at: usize,
        change: impl FnOnce(&mut Batch) -> Option<()>,
    ) -> Option<()> {
        self.change_log(|log| {
            let batch = log.batches.get_mut(at)?;
            let before = plain::entered(batch);
            change(batch)?;
            let event = log.events.iter_mut().find(|event| event.act == before)?;
            event.act = plain::entered(batch);
            Some(())
        })
    }

    /// Logs the present rules, seal, seed and result, as if they had always been those.
    pub(super) fn log_again(&mut self) -> Option<()> {
        let rules = Digest::of(self.files.get(RULES)?);
        let note = self.text(SEAL)?;
        let seal = Seal::parse(note::split(&note).ok()?.0).ok()?;
        let seed = SeedInput::parse(&self.text(SEED_INPUT)?).ok()?;
        let result = self.text(RESULT)?;
        self.change_event("announced", |event| match &mut event.act {
            Act::Announced { rules: digest, .. } => {
                *digest = rules;
                Some(())
            }
            _ => None,
        })?;
        self.change_event("sealed", |event| {
            event.act = plain::sealed(&seal, &note);
            Some(())
        })?;
        self.change_event("drawn", |event| {
            event.act = plain::drawn(&seed, &result);
            Some(())
        })
    }
}
