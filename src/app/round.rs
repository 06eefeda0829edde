//! A round with its rules read and its key opened.

use chrono::{DateTime, TimeDelta, Utc};
use entities::round::Model;
use public_audit::{Receipt, Rules};

use crate::{
    domain::{
        draft::{Serves, Terms},
        roster::MatchBy,
        standing::{self, Shift, Standing, Step},
        state::{Course, State},
        status::Turn,
        who::Who,
    },
    secret::{Keys, salt},
    store::offer::Made,
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
    /// Times that stood still, in order; read with the rounds of the service, else none.
    pub shifts: Vec<Shift>,
    /// The offers that were made, in order; likewise.
    pub offers: Vec<Made>,
    /// What it agreed with its sellers, by name; likewise.
    pub sellers: Vec<Terms>,
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
        Some(Self {
            row,
            rules,
            who,
            roster: None,
            shifts: Vec::new(),
            offers: Vec::new(),
            sellers: Vec::new(),
            key,
        })
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

    /// Whether a pass of it can be worth anything at `now`.
    pub fn is_buyable(&self, now: DateTime<Utc>) -> bool {
        self.row.voided_at.is_none() && self.is_published(now)
    }

    /// Whether every purchase goes through our ledger, so that none is unknown.
    pub fn knows_purchases(&self) -> bool {
        !self.sellers.is_empty() && self.sellers.iter().all(|terms| terms.level == 3)
    }

    /// Whether the result waits for two members of staff to look at it.
    pub fn is_held(&self) -> bool {
        self.row.held_at.is_some() && self.row.released_at.is_none()
    }

    /// When the people of the round are erased, if time does not stand still.
    pub fn erases_at(&self) -> DateTime<Utc> {
        erases_at(&self.row)
    }

    /// The start of the first slot.
    pub fn serves_at(&self) -> DateTime<Utc> {
        let first = self.rules.slots.iter().map(|slot| self.shifted(utc(slot.starts_at))).min();
        first.unwrap_or(self.row.ends_at)
    }

    /// When what the rules put at `starts_at` begins, with every shift.
    pub fn shifted(&self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        standing::shifted(self.turn(starts_at), 0, &self.shifts).starts_at
    }

    /// Until when nobody can buy, if the sale stands still at `now`.
    pub fn paused_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        standing::paused_until(&self.shifts, now)
    }

    /// Where an entry stands whose steps these are, oldest first.
    pub fn standing(&self, steps: &[Step]) -> Standing {
        standing::standing(steps, &self.shifts, u64::from(self.rules.grace_seconds))
    }

    /// Until when the last of those with a place of the draw could buy, with every time that stood still.
    pub fn first_until(&self) -> Option<DateTime<Utc>> {
        let ends = self.rules.slots.iter().map(|slot| slot.starts_at.plus(slot.seconds.into()));
        Some(standing::shifted(self.turn(utc(ends.max()?)), 0, &self.shifts).until)
    }

    /// Whether all of a roster take part, and nobody enters.
    pub fn is_served(&self) -> bool {
        self.roster.as_ref().is_some_and(|used| used.row.serves == Serves::Roster.key())
    }

    /// Number and time of the next offer, if there is one to come.
    pub fn next_offer(&self) -> Option<(i64, DateTime<Utc>)> {
        let at = self.rules.after.as_ref()?.offers_at.get(self.offers.len())?;
        Some((i64::try_from(self.offers.len() + 1).ok()?, utc(*at)))
    }

    /// Whether who misses a time has a second one.
    pub fn catches_up(&self) -> bool {
        self.rules.after.as_ref().is_some_and(|after| !after.catch_up.is_empty())
    }

    /// Whether its roster says by name who is who. By a phone that two share, it does not.
    pub fn knows_names(&self) -> bool {
        let current = self.roster.as_ref().and_then(|used| used.current.as_ref());
        current.is_some_and(|(_, by)| by.parse().ok() == Some(MatchBy::Name))
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

/// When the people of a round are erased: complaints come before.
pub fn erases_at(row: &Model) -> DateTime<Utc> {
    row.ends_at + TimeDelta::days(row.retention_days.into())
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
