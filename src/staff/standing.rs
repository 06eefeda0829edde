//! Where many entries of a round stand at once, with what led there: for tables and statistics.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{assignment, bought, moved};
use sea_orm::DbErr;

use crate::{
    app::{App, Round},
    domain::{
        standing::{Outcome, Standing},
        status::Turn,
    },
    store::{self, export::Entered},
};

/// What was drawn, offered and bought about some entries.
#[derive(Debug, Default)]
pub struct Stands {
    drawn: HashMap<String, assignment::Model>,
    moves: HashMap<String, Vec<moved::Model>>,
    bought: HashMap<String, bought::Model>,
}

/// Where one stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stood {
    /// In the order of lots.
    pub rank: Option<i64>,
    /// What the draw said.
    pub drawn: Option<String>,
    /// When it was to begin, by the draw.
    pub drawn_at: Option<DateTime<Utc>>,
    /// `done`, `assigned`, `missed`, `waitlisted`, `lapsed`, `returned`, `ineligible` or `withdrawn`.
    pub key: &'static str,
    /// Its time now, with every shift.
    pub turn: Option<Turn>,
    /// Won, while it has a place.
    pub amount: Option<i64>,
    /// Won, and when.
    pub bought: Option<(i64, DateTime<Utc>)>,
}

impl Stands {
    /// Reads it.
    ///
    /// # Errors
    /// What the database said.
    pub async fn of(app: &App, round: &Round, entries: &[Entered]) -> Result<Self, DbErr> {
        let (db, id) = (app.db.read(), round.row.id);
        // The place of a member is that of its joint entry.
        let own = |entry: &Entered| entry.lead.as_ref().unwrap_or(&entry.receipt).clone();
        let mut receipts: Vec<String> = entries.iter().map(own).collect();
        receipts.sort_unstable();
        receipts.dedup();
        let moves = match round.offers.is_empty() {
            true => HashMap::new(),
            false => store::offer::list_all_moves(db, id, Some(&receipts)).await?,
        };
        Ok(Self {
            drawn: store::assignment::list_many(db, id, &receipts).await?,
            bought: store::bought::list(db, id, &receipts).await?,
            moves,
        })
    }

    /// What of it had happened before an instant.
    pub fn before(mut self, round: &Round, at: DateTime<Utc>) -> Self {
        self.bought.retain(|_, bought| bought.at < at);
        let made = |offer: i64| {
            let index = usize::try_from(offer).ok().and_then(|number| number.checked_sub(1));
            index.and_then(|index| round.offers.get(index)).is_some_and(|offer| offer.at < at)
        };
        self.moves.values_mut().for_each(|moves| moves.retain(|moved| made(moved.offer)));
        self
    }

    /// Where an entry stands at `now`.
    pub fn place(&self, round: &Round, entry: &Entered, now: DateTime<Utc>) -> Stood {
        let receipt = entry.lead.as_ref().unwrap_or(&entry.receipt);
        if entry.withdrawn_at.is_some() {
            return Stood { key: "withdrawn", ..Stood::default() };
        }
        let Some(drawn) = self.drawn.get(receipt) else { return Stood { key: "ended", ..Stood::default() } };
        let none = Vec::new();
        let steps = store::offer::steps(drawn, self.moves.get(receipt).unwrap_or(&none));
        let standing = round.standing(&steps);
        let bought = self.bought.get(receipt).map(|bought| (bought.amount, bought.at));
        let key = match standing {
            _ if bought.is_some() => "done",
            Standing::Placed(place) if now >= place.turn.until => "missed",
            Standing::Placed(_) => "assigned",
            Standing::Waiting if now >= round.row.ends_at => "ended",
            Standing::Waiting => "waitlisted",
            Standing::Ended(Outcome::Returned) => "returned",
            Standing::Ended(Outcome::Ineligible) => "ineligible",
            Standing::Ended(_) => "lapsed",
        };
        let place = standing.place();
        Stood {
            rank: Some(drawn.rank),
            drawn: Some(drawn.outcome.clone()),
            drawn_at: drawn.starts_at,
            key,
            turn: place.map(|place| place.turn),
            amount: place.and_then(|place| i64::try_from(place.amount).ok()),
            bought,
        }
    }
}
