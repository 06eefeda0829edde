//! A round with its rules read and its key opened.

use chrono::{DateTime, Utc};
use entities::round::Model;
use public_audit::{Receipt, Rules};

use crate::{
    domain::{
        state::{Course, State},
        status::Turn,
        who::Who,
    },
    secret::{Keys, salt},
};

/// A round as the service works with it.
#[derive(Debug)]
pub struct Round {
    /// The row.
    pub row: Model,
    /// Its rules, read.
    pub rules: Rules,
    /// What its form asks and allows beside them.
    pub who: Who,
    /// The roster it uses.
    pub roster: Option<super::Used>,
    /// `None` once it is erased: nobody can be linked to the record any more.
    key: Option<[u8; 32]>,
}

/// What a round's secrets are sealed for.
const ROUND_KEY: &str = "round key";
const ORGANISER_SEED: &str = "organiser seed";

impl Round {
    /// Reads a row. `None` when its rules or its key cannot be read: the key file is not the one
    /// the round was announced with.
    pub fn open(keys: &Keys, row: Model) -> Option<Self> {
        let rules = Rules::parse(row.rules.as_bytes()).ok()?;
        let who = Who::parse(&row.who)?;
        let key = match row.purged_at {
            None => Some(keys.rounds().open(ROUND_KEY, &row.round_key_sealed)?),
            Some(_) => None,
        };
        Some(Self { row, rules, who, roster: None, key })
    }

    /// Seals a round key and an organiser seed for the database.
    pub fn seal_secrets(keys: &Keys, round_key: &[u8; 32], organiser_seed: &[u8; 32]) -> (String, String) {
        (keys.rounds().seal(ROUND_KEY, round_key), keys.rounds().seal(ORGANISER_SEED, organiser_seed))
    }

    /// The organiser's seed. To be asked for at the reveal, not before.
    pub fn organiser_seed(&self, keys: &Keys) -> Option<[u8; 32]> {
        keys.rounds().open(ORGANISER_SEED, &self.row.organiser_seed_sealed)
    }

    /// What the state depends on.
    pub fn course(&self) -> Course {
        Course {
            opens_at: self.row.opens_at,
            closes_at: self.row.closes_at,
            serves_at: self.serves_at(),
            ends_at: self.row.ends_at,
            sealed_at: self.row.sealed_at,
            drawn_at: self.row.drawn_at,
            voided_at: self.row.voided_at,
        }
    }

    /// The state at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> State {
        self.course().state(now)
    }

    /// Whether results are public at `now`.
    pub fn is_published(&self, now: DateTime<Utc>) -> bool {
        self.row.drawn_at.is_some() && now >= self.row.results_at && !self.is_held()
    }

    /// Whether the result waits for two members of staff to look at it.
    pub fn is_held(&self) -> bool {
        self.row.held_at.is_some() && self.row.released_at.is_none()
    }

    /// The start of the first slot.
    pub fn serves_at(&self) -> DateTime<Utc> {
        let first = self.rules.slots.iter().map(|slot| slot.starts_at).min();
        first.map_or(self.row.ends_at, utc)
    }

    /// The receipt of a person in this round; the same person always has the same one. `None` once
    /// the round's key is erased.
    pub fn receipt(&self, person_key: &str) -> Option<Receipt> {
        let salt = salt(self.key.as_ref()?, person_key);
        Receipt::derive(self.rules.round.as_str(), &salt, person_key).ok()
    }

    /// The turn that begins at `starts_at`.
    pub fn turn(&self, starts_at: DateTime<Utc>) -> Turn {
        Turn::new(starts_at, u64::from(self.rules.grace_seconds))
    }
}

/// An instant of the rules, as the rest of the service counts time.
pub fn utc(instant: public_audit::Instant) -> DateTime<Utc> {
    DateTime::from_timestamp(instant.unix(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// An instant of the service, as the record counts time: in whole seconds.
pub fn instant(at: DateTime<Utc>) -> public_audit::Instant {
    // Before 1970 no clock of ours runs: clamped, and seen at once if it ever should.
    let seconds = at.timestamp().clamp(0, 253_402_300_799);
    public_audit::Instant::from_unix(seconds)
        .unwrap_or_else(|| unreachable!("clamped to the years 1970 to 9999"))
}
