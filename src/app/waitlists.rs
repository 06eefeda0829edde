//! The waitlists of rounds as last read: whoever is told their place on one needs all of it, and a waitlist of millions
//! is not read again for every handful.

use std::{collections::HashMap, sync::Arc};

use sea_orm::DbErr;
use tokio::sync::Mutex;

use super::Round;
use crate::store::{self, Db};

/// Rounds that are kept.
const MOST: usize = 8;

/// How many offers there had been, and the ranks that waited then.
type Seen = (usize, Arc<Vec<i64>>);

/// The waitlists that were asked for.
#[derive(Debug, Default)]
pub struct Waitlists(Mutex<HashMap<i64, Seen>>);

impl Waitlists {
    /// The ranks that wait, in order. Only an offer takes anybody off.
    ///
    /// # Errors
    /// What the database said, when it had to be asked.
    pub async fn of(&self, db: &Db, round: &Round) -> Result<Arc<Vec<i64>>, DbErr> {
        let (id, offers) = (round.row.id, round.offers.len());
        // One reads, the others wait for what it reads.
        let mut seen = self.0.lock().await;
        if let Some((_, ranks)) = seen.get(&id).filter(|(known, _)| *known == offers) {
            return Ok(ranks.clone());
        }
        let ranks = Arc::new(store::assignment::list_waiting(db.read(), id).await?);
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert(id, (offers, ranks.clone()));
        Ok(ranks)
    }
}
