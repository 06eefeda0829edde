//! Rounds as last read, so that the entry path asks the database nothing but to keep the entry.
//!
//! What an answer depends on (rules, times, keys) is fixed at announce; what can still change
//! (sealed, drawn, voided) may be seen up to a second late here, and is checked again in the
//! database wherever it decides something.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::{Round, Used};
use crate::{
    clock::Clock,
    domain::standing::Shift,
    secret::Keys,
    store::{self, Db},
};

const FRESH: TimeDelta = TimeDelta::seconds(1);

/// All rounds, at most a second old. Cheap to clone.
#[derive(Clone)]
pub struct Rounds(Arc<Inner>);

struct Inner {
    db: Db,
    keys: Keys,
    clock: Clock,
    seen: RwLock<Seen>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Seen {
    at: DateTime<Utc>,
    by_slug: Arc<HashMap<String, Arc<Round>>>,
}

impl Rounds {
    pub(super) fn new(db: Db, keys: Keys, clock: Clock) -> Self {
        let seen = RwLock::new(Seen { at: DateTime::UNIX_EPOCH, by_slug: Arc::default() });
        Self(Arc::new(Inner { db, keys, clock, seen, reading: tokio::sync::Mutex::default() }))
    }

    /// The round with this slug.
    ///
    /// # Errors
    /// What the database said, when it had to be asked.
    pub async fn find(&self, slug: &str) -> Result<Option<Arc<Round>>, DbErr> {
        Ok(self.all().await?.get(slug).cloned())
    }

    /// All rounds, the latest first.
    ///
    /// # Errors
    /// What the database said, when it had to be asked.
    pub async fn list(&self) -> Result<Vec<Arc<Round>>, DbErr> {
        let mut rounds: Vec<Arc<Round>> = self.all().await?.values().cloned().collect();
        rounds.sort_by_key(|round| std::cmp::Reverse(round.row.number));
        Ok(rounds)
    }

    /// Makes the next question ask the database.
    pub fn forget(&self) {
        self.0.seen.write().unwrap_or_else(|poisoned| poisoned.into_inner()).at = DateTime::UNIX_EPOCH;
    }

    async fn all(&self) -> Result<Arc<HashMap<String, Arc<Round>>>, DbErr> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        // One reads, the others wait for what it reads.
        let _reading = self.0.reading.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        match self.read().await {
            // With the database away pages go on with what was last seen, asking again only after
            // a while: nobody's request waits in a queue of time-outs.
            Err(error) if !self.seen().by_slug.is_empty() => {
                tracing::error!(%error, "rounds are shown as last seen");
                let mut seen = self.0.seen.write().unwrap_or_else(|poisoned| poisoned.into_inner());
                seen.at = self.0.clock.now();
                Ok(seen.by_slug.clone())
            }
            read => read,
        }
    }

    async fn read(&self) -> Result<Arc<HashMap<String, Arc<Round>>>, DbErr> {
        let at = self.0.clock.now();
        let used = store::round_roster::list(self.0.db.read()).await?;
        let rosters = match used.is_empty() {
            true => Vec::new(),
            false => store::roster::list(self.0.db.read()).await?,
        };
        let mut by_slug = HashMap::new();
        let db = self.0.db.read();
        let (shifts, offers) = (store::shift::list_all(db).await?, store::offer::list_made(db).await?);
        let terms = store::seller::list_terms(db).await?;
        for row in store::round::list(db).await? {
            let slug = row.slug.clone();
            match Round::open(&self.0.keys, row) {
                Some(mut round) => {
                    let row = used.iter().find(|used| used.round_id == round.row.id);
                    round.roster = row.map(|row| Used {
                        current: rosters
                            .iter()
                            .find(|roster| roster.name == row.name && roster.state == "current")
                            .map(|roster| (roster.id, roster.match_by.clone())),
                        row: row.clone(),
                    });
                    let of_round = shifts.iter().filter(|shift| shift.round_id == round.row.id);
                    round.shifts = of_round.map(shift).collect();
                    let of_round = offers.iter().filter(|offer| offer.round_id == round.row.id);
                    round.offers = of_round.cloned().collect();
                    let of_round = terms.iter().filter(|(round_id, _)| *round_id == round.row.id);
                    round.sellers = of_round.map(|(_, terms)| terms.clone()).collect();
                    by_slug.insert(slug, Arc::new(round));
                }
                None => tracing::error!(round = slug, "the key file does not open this round"),
            }
        }
        let seen = Seen { at, by_slug: Arc::new(by_slug) };
        let by_slug = seen.by_slug.clone();
        *self.0.seen.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = seen;
        Ok(by_slug)
    }

    fn fresh(&self) -> Option<Arc<HashMap<String, Arc<Round>>>> {
        let seen = self.seen();
        // A clock that was set back must not make old news fresh.
        ((self.0.clock.now() - seen.at).abs() < FRESH).then_some(seen.by_slug)
    }

    fn seen(&self) -> Seen {
        self.0.seen.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }
}

/// A shift as the domain knows it.
pub fn shift(row: &entities::shift::Model) -> Shift {
    Shift {
        offers: row.offers,
        from: row.from_at,
        by: TimeDelta::try_seconds(row.seconds).unwrap_or_default(),
        reason: row.reason.clone(),
        until: row.until_at,
        closed_until: row.closed_until,
    }
}
