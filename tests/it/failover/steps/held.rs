//! The end of a step, held up by a lock of ours on the row of the round, which every step of it changes last.

use std::time::Instant;

use jebi::store;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use super::{
    super::cluster::{ask, until},
    databases::{Databases, Stopped, caught_up},
};

/// As long as nobody can change the round.
pub struct Held(DatabaseTransaction);

impl Held {
    pub async fn round(db: &DatabaseConnection) -> Self {
        let txn = db.begin().await.unwrap();
        // Rows of its pool, journal and result may be added: they only need it to be there.
        txn.execute_unprepared("SELECT FROM round FOR NO KEY UPDATE").await.unwrap();
        Self(txn)
    }

    pub async fn let_go(self) {
        self.0.rollback().await.unwrap();
    }

    /// Kills the primary when the seal is committed, on its disk and on the way to the standby, and nobody has been told:
    /// whoever sealed does not know whether it has. Returns what was signed, and when another was the primary.
    pub async fn kill_in_commit(self, databases: &mut impl Databases) -> (String, Instant) {
        let (primary, standby) = (databases.primary().await, databases.standby().await);
        let waiting = "SELECT coalesce(max(pid), 0)::bigint FROM pg_stat_activity \
                       WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"round\"%\"sealed_at\" = $%'";
        until("the seal is to be written", || async { ask(&primary, waiting).await > 0 }).await;
        let sealing = ask(&primary, waiting).await;
        let stopped = Stopped::of(&standby).await;
        self.let_go().await;
        let committed = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = {sealing} AND query = 'COMMIT' AND wait_event = 'SyncRep'"
        );
        until("the seal's commit waits for the standby", || async { ask(&primary, &committed).await == 1 })
            .await;
        databases.kill();
        let killed = Instant::now();
        stopped.go_on();
        caught_up(&standby).await;
        let row = store::round::find(&standby, "survivors").await.unwrap().unwrap();
        let seal = row.seal.expect("the seal was not on its way yet: this tests nothing");
        databases.replaced().await;
        println!(
            "the commit of a seal: another was promoted {:.2} s after the primary died",
            killed.elapsed().as_secs_f64()
        );
        (seal, Instant::now())
    }
}
