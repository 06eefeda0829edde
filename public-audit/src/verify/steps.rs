//! The checks themselves, each a few lines.

use std::io::{BufReader, Read};

use sha2::{Digest as _, Sha256};

use super::pool::Sealed;
use super::{Check, Refusal};
use crate::beacon;
use crate::digest::Digest;
use crate::journal::checkpoint::Checkpoint;
use crate::journal::excerpt::Logged;
use crate::note::{self, Verifier};
use crate::pool::PoolError;
use crate::record::{self, Files, Pulse};
use crate::rules::{Beacon, Rules};
use crate::scratch::Desk;
use crate::seal::{PulseToCome, Seal};
use crate::seed::{self, SeedInput};

/// The sentence of a check that passed.
pub(super) type Outcome = Result<String, Refusal>;

/// What the checks so far have established.
pub(super) struct Steps<'f> {
    files: &'f dyn Files,
    /// Which has to be that of the rules, if somebody knows it.
    key: Option<&'f str>,
    pub desk: Desk<'f>,
    pub checks: Vec<Check>,
    rules: Option<(Rules, Digest)>,
    pub seal: Option<(Seal, String)>,
    pool: Option<Sealed>,
    seed_input: Option<SeedInput>,
    pulse: Option<Pulse>,
    /// With the note that it stands in; there if all three files of the journal have their form.
    pub checkpoint: Option<(Checkpoint, String)>,
    /// The same of the three files beside the record, with the events.
    pub after: Option<(Vec<Logged>, Checkpoint, String)>,
}

pub(super) fn fail<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Fail(reason.into()))
}

/// `holds`, or else the check fails for this reason.
pub(super) fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), Refusal> {
    if holds { Ok(()) } else { fail(reason()) }
}

pub(super) fn same(what: &str, here: Digest, there: Digest) -> Result<(), Refusal> {
    demand(here == there, || format!("{what}: {here} here, {there} there"))
}

impl<'f> Steps<'f> {
    pub fn new(files: &'f dyn Files, desk: Desk<'f>, key: Option<&'f str>) -> Self {
        Self {
            files,
            key,
            desk,
            checks: Vec::new(),
            rules: None,
            seal: None,
            pool: None,
            seed_input: None,
            pulse: None,
            checkpoint: None,
            after: None,
        }
    }

    pub fn step(&mut self, name: &str) -> Outcome {
        match name {
            "files-present" => self.files_present(),
            "manifest" => self.manifest(),
            "rules-form" => self.rules_form(),
            "seal-form" => self.seal_form(),
            "seal-signature" => self.seal_signature(),
            "seal-rules" => self.seal_rules(),
            "seal-time" => self.seal_time(),
            "pool-form" => self.pool_form(),
            "pool-digest" => self.pool_digest(),
            "pool-root" => self.pool_root(),
            "smallest-cell" => self.smallest_cell(),
            "capacity" => self.capacity(),
            "funds" => self.funds(),
            "seed-form" => self.seed_form(),
            "seed-input" => self.seed_input(),
            "commitment" => self.commitment(),
            "pulse-form" => self.pulse_form(),
            "pulse" => self.pulse(),
            "result-form" => self.result_form(),
            "result-recomputed" => self.result_recomputed(),
            "journal-form" => self.journal_form(),
            "checkpoint" => self.checkpoint(),
            "journal-paths" => self.journal_paths(),
            "journal-events" => self.journal_events(),
            "journal-pool" => self.journal_pool(),
            "after-form" => self.after_form(),
            "after-events" => self.after_events(),
            "offers-recomputed" => self.offers_recomputed(),
            _ => fail("there is no such check"),
        }
    }

    pub fn rules(&self) -> Result<&Rules, Refusal> {
        self.rules.as_ref().map(|(rules, _)| rules).ok_or(Refusal::Needs("rules-form"))
    }

    pub fn rules_digest(&self) -> Result<Digest, Refusal> {
        self.rules.as_ref().map(|(_, digest)| *digest).ok_or(Refusal::Needs("rules-form"))
    }

    pub fn seal(&self) -> Result<&Seal, Refusal> {
        self.seal.as_ref().map(|(seal, _)| seal).ok_or(Refusal::Needs("seal-form"))
    }

    pub fn pool(&self) -> Result<&Sealed, Refusal> {
        self.pool.as_ref().ok_or(Refusal::Needs("pool-form"))
    }

    pub fn seed(&self) -> Result<&SeedInput, Refusal> {
        self.seed_input.as_ref().ok_or(Refusal::Needs("seed-form"))
    }

    pub fn open(&self, name: &'static str) -> Result<BufReader<Box<dyn Read + 'f>>, Refusal> {
        match self.files.open(name)? {
            Some(file) => Ok(BufReader::with_capacity(1 << 16, file)),
            None => Err(Refusal::Needs("files-present")),
        }
    }

    pub fn is_there(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.files.open(name)?.is_some())
    }

    /// A small file as a whole.
    fn bytes(&self, name: &'static str) -> Result<Vec<u8>, Refusal> {
        let (mut bytes, most) = (Vec::new(), record::most(name).unwrap_or(0));
        self.open(name)?.take(most + 1).read_to_end(&mut bytes)?;
        demand(bytes.len() as u64 <= most, || format!("{name} is larger than {most} bytes"))?;
        Ok(bytes)
    }

    pub fn text(&self, name: &'static str) -> Result<String, Refusal> {
        let bytes = self.bytes(name)?;
        String::from_utf8(bytes).or_else(|_| fail(format!("{name} is not text")))
    }

    fn files_present(&self) -> Outcome {
        let mut missing = Vec::new();
        for name in record::FILES.into_iter().chain([record::MANIFEST]) {
            if self.files.open(name)?.is_none() {
                missing.push(name);
            }
        }
        demand(missing.is_empty(), || format!("not there: {}", missing.join(", ")))?;
        Ok(format!("all {} files are there", record::FILES.len() + 1))
    }

    fn manifest(&self) -> Outcome {
        let text = self.text(record::MANIFEST)?;
        let listed = record::parse_manifest(&text).or_else(|error| fail(error.to_string()))?;
        for name in record::FILES {
            demand(listed.iter().any(|(file, _)| *file == name), || format!("{name} is not listed"))?;
        }
        // What is too large is not even hashed, so that it cannot keep anybody waiting.
        for (name, _) in &listed {
            let (size, most) = (self.files.size(name)?, record::most(name));
            if let Some((size, most)) = size.zip(most).filter(|(size, most)| size > most) {
                return fail(format!("{name} has {size} bytes, and at most {most} are allowed"));
            }
        }
        let mut wrong = Vec::new();
        for (name, digest) in &listed {
            match self.files.open(name)?.map(digest_of).transpose()? {
                Some(here) if here == *digest => {}
                Some(_) => wrong.push(format!("{name} has another digest")),
                None => wrong.push(format!("{name} is listed and not there")),
            }
        }
        demand(wrong.is_empty(), || wrong.join(", "))?;
        Ok(format!("the digests of {} files are right", listed.len()))
    }

    fn rules_form(&mut self) -> Outcome {
        let bytes = self.bytes(record::RULES)?;
        let rules = Rules::parse(&bytes).or_else(|error| fail(error.to_string()))?;
        let said = format!("round {}, number {}, mode {:?}", rules.round, rules.number, rules.mode);
        self.rules = Some((rules, Digest::of(&bytes)));
        Ok(said.to_lowercase())
    }

    fn seal_form(&mut self) -> Outcome {
        let note = self.text(record::SEAL)?;
        let (text, _) = note::split(&note).or_else(|error| fail(error.to_string()))?;
        let seal = Seal::parse(text).or_else(|error| fail(error.to_string()))?;
        let said = format!("version {}, {} entries, sealed {}", seal.version, seal.count, seal.sealed_at);
        self.seal = Some((seal, note));
        Ok(said)
    }

    fn seal_signature(&self) -> Outcome {
        let key = &self.rules()?.signing_key;
        let (_, note) = self.seal.as_ref().ok_or(Refusal::Needs("seal-form"))?;
        let verifier = Verifier::parse(key).or_else(|error| fail(error.to_string()))?;
        let expected = self.key.is_none_or(|expected| expected == key);
        demand(expected, || format!("the rules name another key than the expected one: {key}"))?;
        verifier.open(note).or_else(|error| fail(error.to_string()))?;
        Ok(format!("signed by {}", verifier.name()))
    }

    fn seal_rules(&self) -> Outcome {
        let (rules, seal) = (self.rules()?, self.seal()?);
        demand(seal.round == rules.round, || format!("the seal is of round {}", seal.round))?;
        same("rules.json and the seal's digest differ", self.rules_digest()?, seal.rules_digest)?;
        let named = seal.pulse == PulseToCome::of(rules);
        demand(named, || "the seal names another pulse than the rules".to_owned())?;
        Ok(format!("these rules were sealed: {}", seal.rules_digest))
    }

    fn seal_time(&self) -> Outcome {
        let (times, at) = (self.rules()?.times, self.seal()?.sealed_at);
        demand(times.closes_at <= at, || format!("{at} is before the close at {}", times.closes_at))?;
        demand(at < times.pulse_at, || format!("{at} is not before the pulse at {}", times.pulse_at))?;
        Ok(format!("after the close and before the pulse at {}", times.pulse_at))
    }

    fn pool_form(&mut self) -> Outcome {
        let pool = match Sealed::read(self.rules()?, self.open(record::POOL)?, self.desk) {
            Ok(pool) => pool,
            Err(PoolError::Io(error)) => return Err(error.into()),
            Err(error) => return fail(error.to_string()),
        };
        let said = format!("{} lines, sorted and different", pool.count);
        self.pool = Some(pool);
        Ok(said)
    }

    fn pool_digest(&self) -> Outcome {
        let (pool, seal) = (self.pool()?, self.seal()?);
        let (here, there) = (pool.count, seal.count);
        demand(here == there, || format!("{here} entries, sealed were {there}"))?;
        same("pool.txt and the seal's digest differ", pool.digest, seal.pool_digest)?;
        Ok(format!("{here} entries were sealed, and these"))
    }

    fn pool_root(&self) -> Outcome {
        let (pool, seal) = (self.pool()?, self.seal()?);
        same("the root of pool.txt and the seal's differ", pool.root, seal.root)?;
        Ok(format!("root {}", seal.root))
    }

    fn smallest_cell(&self) -> Outcome {
        let (rules, pool) = (self.rules()?, self.pool()?);
        let Some((count, cell)) = &pool.smallest_cell else {
            return Ok("all entries publish the same cohort and reserve values".to_owned());
        };
        let least = u64::from(rules.smallest_cell);
        demand(*count >= least, || format!("only {count} entries publish `{cell}`, {least} must"))?;
        Ok(format!("at least {count} entries publish the same values; the rules ask for {least}"))
    }

    fn capacity(&self) -> Outcome {
        self.rules()?;
        let Some(first) = self.pool()?.crowded.first() else {
            return Ok("the slots of each cohort seat all that can be taken".to_owned());
        };
        let cohort = first.cohort.as_ref().map_or("no".to_owned(), ToString::to_string);
        fail(format!("cohort {cohort}: {} seats wanted, {} there", first.seats, first.capacity))
    }

    fn funds(&self) -> Outcome {
        self.rules()?;
        let claims = &self.pool()?.claims;
        if let Some(claim) = claims.iter().find(|claim| claim.is_overdrawn()) {
            let (fund, amount, budget) = (&claim.fund, claim.amount, claim.budget);
            return fail(format!("fund {fund}: {amount} won to pay, {budget} there"));
        }
        let told = claims
            .iter()
            .map(|claim| format!("{} pays {} of {} won", claim.fund, claim.amount, claim.budget));
        let told: Vec<String> = told.collect();
        Ok(if told.is_empty() { "the rules name no funds".to_owned() } else { told.join(", ") })
    }

    fn seed_form(&mut self) -> Outcome {
        let text = self.text(record::SEED_INPUT)?;
        let input = SeedInput::parse(&text).or_else(|error| fail(error.to_string()))?;
        let said = format!("draw seed {}", input.draw_seed());
        self.seed_input = Some(input);
        Ok(said)
    }

    fn seed_input(&self) -> Outcome {
        let (input, rules, pool) = (self.seed()?, self.rules()?, self.pool()?);
        demand(input.round == rules.round, || format!("the seed is of round {}", input.round))?;
        same("rules.json and the seed's digest differ", self.rules_digest()?, input.rules_digest)?;
        same("the root of pool.txt and the seed's differ", pool.root, input.root)?;
        Ok("made from these rules and this pool".to_owned())
    }

    fn commitment(&self) -> Outcome {
        let (seed, announced) = (self.seed()?.organiser_seed, self.rules()?.commitment);
        if seed::commitment(&seed) == announced {
            return Ok("the organiser seed is the one committed to at announce".to_owned());
        }
        demand(seed == Digest::ZERO, || format!("{seed} was not committed to at announce"))?;
        Ok("the organiser seed was not revealed in time and counts as zero".to_owned())
    }

    fn pulse_form(&mut self) -> Outcome {
        let pulse = Pulse::parse(&self.text(record::PULSE)?).or_else(fail)?;
        let said = format!("pulse {}", pulse.value());
        self.pulse = Some(pulse);
        Ok(said)
    }

    fn pulse(&self) -> Outcome {
        let named = &self.rules()?.beacon;
        let pulse = self.pulse.as_ref().ok_or(Refusal::Needs("pulse-form"))?;
        let value = pulse.verify(named).or_else(fail)?;
        same("the pulse and the seed's differ", value, self.seed()?.pulse)?;
        Ok(match (named, pulse) {
            (Beacon::Drand { round, .. }, _) if *named == beacon::quicknet(*round) => {
                format!("round {round} of drand's quicknet, with the right signature")
            }
            (Beacon::Drand { round, .. }, _) => format!(
                "round {round} of a chain that is not quicknet, with the right signature: \
                 who has its key could have known the result"
            ),
            (Beacon::Declared { source }, Pulse::Declared { values }) => {
                format!("declared values {values}; compare them with their source: {source}")
            }
            _ => "a rehearsal: the organiser could have known the result".to_owned(),
        })
    }
}

fn digest_of(mut file: Box<dyn Read + '_>) -> Result<Digest, Refusal> {
    let (mut sum, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Digest(sum.finalize().into())),
            Ok(read) => sum.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}
