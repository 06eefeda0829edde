//! How many bought with the places of past rounds. A list of purchases may come late and a purchase may be taken back, so
//! each round is asked for again after an hour, however often a page asks.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;
use tokio::sync::Mutex;

use super::Round;
use crate::{
    domain::plan::Turnout,
    store::{self, Db},
};

const FRESH: TimeDelta = TimeDelta::hours(1);

/// What is known of the rounds that were asked for; `None` while sellers have not told everything.
#[derive(Debug, Default)]
pub struct Turnouts(Mutex<HashMap<i64, Seen>>);

/// When it was looked at, and what was there.
type Seen = (DateTime<Utc>, Option<Turnout>);

impl Turnouts {
    /// Of a round whose places are over, if every purchase with them is known.
    ///
    /// # Errors
    /// What the database said, when it had to be asked.
    pub async fn of(&self, db: &Db, past: &Round, now: DateTime<Utc>) -> Result<Option<Turnout>, DbErr> {
        // One reads, the others wait for what it reads.
        let mut seen = self.0.lock().await;
        if let Some((at, turnout)) = seen.get(&past.row.id)
            && (now - *at).abs() < FRESH
        {
            return Ok(*turnout);
        }
        let turnout = match is_told(db, past).await? {
            true => {
                let (placed, bought) = store::assignment::count_bought(db.read(), past.row.id).await?;
                Some(Turnout { placed, bought })
            }
            false => None,
        };
        seen.insert(past.row.id, (now, turnout));
        Ok(turnout)
    }
}

/// Whether no purchase with a place of the draw is missing.
async fn is_told(db: &Db, past: &Round) -> Result<bool, DbErr> {
    if past.knows_purchases() {
        return Ok(true);
    }
    let told = store::bought::find_until(db.read(), past.row.id).await?;
    Ok(told.is_some_and(|told| past.first_until().is_some_and(|until| told >= until)))
}
