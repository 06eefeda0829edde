//! What an entry may buy, with everything that was said about it, as one connection sees it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::{Round, shift},
    domain::{
        pass::{self, Said, Verdict, Window},
        standing::{self, Outcome, Shift, Standing, Step},
    },
    lifecycle::after::steps,
    store::{
        self,
        fact::{INELIGIBLE, RETURNED},
        reservation,
    },
};

/// What an entry may buy.
#[derive(Clone, Debug)]
pub struct Right {
    /// Where it stands.
    pub standing: Standing,
    /// What was said about it.
    pub said: Said,
    /// People in it.
    pub people: u32,
    /// What the sale stood still for.
    shifts: Vec<Shift>,
}

impl Right {
    /// Of an entry; `None` if it took no part. Shifts are asked of the database too: what was seen of the round
    /// may be a second old, and here a second decides.
    ///
    /// # Errors
    /// What the database said.
    pub async fn find(
        db: &impl ConnectionTrait,
        round: &Round,
        receipt: &str,
    ) -> Result<Option<Self>, DbErr> {
        let id = round.row.id;
        let Some(steps) = steps(db, id, receipt).await? else { return Ok(None) };
        let shifts = store::shift::list(db, id).await?;
        let bought = store::bought::find(db, id, receipt).await?;
        let fact = store::fact::find(db, id, receipt).await?;
        let entry = store::entry::find(db, id, receipt).await?;
        let said = Said {
            bought: bought.map(|row| (row.amount.unsigned_abs(), row.at)),
            ended: fact.and_then(|fact| match fact.kind.as_str() {
                RETURNED => Some(Outcome::Returned),
                INELIGIBLE => Some(Outcome::Ineligible),
                _ => None,
            }),
            extended_until: reservation::find_extended(db, id, receipt).await?,
            paused_until: None,
        };
        let people = entry.map_or(1, |entry| u32::try_from(entry.seats).unwrap_or(1));
        Ok(Some(Self::of(round, &steps, said, people, &shifts)))
    }

    /// Of an entry of which everything was just read.
    pub fn of(
        round: &Round,
        steps: &[Step],
        said: Said,
        people: u32,
        shifts: &[entities::shift::Model],
    ) -> Self {
        let shifts: Vec<Shift> = shifts.iter().map(shift).collect();
        let standing = standing::standing(steps, &shifts, u64::from(round.rules.grace_seconds));
        Self { standing, said, people, shifts }
    }

    /// What it is worth at `now`.
    pub fn verdict(&self, now: DateTime<Utc>) -> Verdict {
        let paused_until = standing::paused_until(&self.shifts, now);
        pass::verdict(self.standing, &Said { paused_until, ..self.said.clone() }, now)
    }

    /// When it can be bought with, with what failed payments added.
    pub fn window(&self) -> Option<Window> {
        pass::window(self.standing, self.said.extended_until)
    }

    /// Until when it would be held had no payment failed.
    pub fn own_until(&self) -> Option<DateTime<Utc>> {
        self.standing.place().map(|place| place.turn.until)
    }
}
