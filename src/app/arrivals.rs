//! How people arrived in rounds that are sealed: nothing more is published of their entries, so each is read once, however
//! often a page asks.

use std::{collections::HashMap, sync::Arc};

use public_audit::journal::{Act, Event};
use sea_orm::DbErr;
use tokio::sync::Mutex;

use crate::store::{self, Db};

/// Rounds that are kept: some thousand numbers each.
const MOST: usize = 120;

/// At which second how many changes of a pool-to-be were published.
type Arrived = Arc<Vec<(i64, u64)>>;

/// The sealed rounds that were asked for.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<i64, Arrived>>);

impl Arrivals {
    /// Of a round that is sealed.
    ///
    /// # Errors
    /// What the database said, when it had to be asked.
    pub async fn of(&self, db: &Db, round_id: i64) -> Result<Arrived, DbErr> {
        // One reads, the others wait for what it reads.
        let mut seen = self.0.lock().await;
        if let Some(arrived) = seen.get(&round_id) {
            return Ok(arrived.clone());
        }
        let mut arrived = Vec::new();
        for row in store::journal::list_kinds(db.read(), round_id, &["entered"]).await? {
            let unread = |_| DbErr::Custom(format!("line {} of the journal cannot be read", row.index));
            let event: Event = row.line.parse().map_err(unread)?;
            if let Act::Entered { changes, .. } = event.act {
                arrived.push((event.at.unix(), changes));
            }
        }
        let arrived = Arc::new(arrived);
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert(round_id, arrived.clone());
        Ok(arrived)
    }
}
