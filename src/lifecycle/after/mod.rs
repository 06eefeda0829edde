//! After the draw: who missed a time has a second one, what comes free goes down the waitlist, and time can
//! stand still.
//!
//! What is said about places (bought, given back, ineligible) is kept as it is said. At each offer, and
//! only then, something follows from it, and `public_audit::after` says what.

pub mod bought;
mod extended;
pub mod facts;
pub mod late;
pub mod news;
pub mod offer;
pub mod pause;
pub mod replay;
mod retold;
pub mod shift;
pub mod taken_back;

use sea_orm::{ConnectionTrait, DbErr};

use super::{LifecycleError, because};
use crate::{
    app::Round,
    domain::{because::Because, standing::Step},
    store::{self, lease},
};

/// Waits until nobody else writes about the places of a round, and stays alone until the caller's transaction
/// ends: an offer must not overlook what is said at the same moment, nor count what is just being undone.
pub(super) async fn queue(txn: &impl ConnectionTrait, round_id: i64) -> Result<(), DbErr> {
    lease::queue(txn, &format!("places {round_id}")).await
}

/// Refuses as long as notices of a round's results are still being planned: what is said next would overtake them.
async fn told(db: &impl ConnectionTrait, round_id: i64) -> Result<(), LifecycleError> {
    match store::telling::is_done(db, round_id).await? {
        true => Ok(()),
        false => Err(because(Because::Telling)),
    }
}

/// What places follow from, beside purchases, of which there are some every second: whoever computes looks again
/// whether those concerned have bought. None of it is ever taken back, so counts tell whether anything was added.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    facts: u64,
    shifts: usize,
    offers: u64,
    /// Whoever's purchase was taken back may have missed their time after all.
    taken_back: u64,
    sales_until: Option<chrono::DateTime<chrono::Utc>>,
}

impl Known {
    async fn find(db: &impl ConnectionTrait, round_id: i64) -> Result<Self, DbErr> {
        Ok(Self {
            facts: store::fact::count(db, round_id).await?,
            shifts: store::shift::list(db, round_id).await?.len(),
            offers: store::offer::count(db, round_id).await?,
            taken_back: store::taken_back::count(db, round_id).await?,
            sales_until: store::bought::find_until(db, round_id).await?,
        })
    }

    /// Whether a round was read with these offers and shifts. It is read first, and what comes between the two would be
    /// known of and not seen in it: for the offer that was just made the next one, before its time.
    fn is_of(&self, round: &Round) -> bool {
        (round.offers.len() as u64, round.shifts.len()) == (self.offers, self.shifts)
    }
}

/// What the draw and each offer said about one entry; `None` if it took no part.
///
/// # Errors
/// What the database said.
pub async fn steps(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<Vec<Step>>, DbErr> {
    let Some(drawn) = store::assignment::find(db, round_id, receipt).await? else { return Ok(None) };
    let moves = store::offer::list_moves(db, round_id, receipt).await?;
    Ok(Some(store::offer::steps(&drawn, &moves)))
}
