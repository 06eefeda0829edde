//! The commit of a seal, which the standby has and nobody was told of when the primary dies.

use std::time::Instant;

use jebi::store;

use super::{
    super::cluster::{ask, until},
    databases::{Databases, Stopped, forgets_when_it_ends, waits_until_done},
    held::Held,
    round::Full,
    whole::Early,
};

/// Whoever has signed, and may not write it down yet: two instances, if the lease of the first has run out meanwhile.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity \
                       WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"round\"%\"sealed_at\" = $%'";

/// One of them, whose commit waits for the standby: what it holds is let go after that.
const COMMITTING: &str = "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid) \
                          WHERE query = 'COMMIT' AND wait_event = 'SyncRep' \
                          AND relation = 'round'::regclass AND mode = 'RowExclusiveLock'";

/// What the standby that commits wait for says it has on its disk: the last of all that the primary has on its own.
const ARRIVED: &str = "SELECT count(*) FROM pg_stat_replication \
                       WHERE sync_state = 'sync' AND flush_lsn >= pg_current_wal_flush_lsn()";

const SEALED: &str = "SELECT count(*) FROM round WHERE slug = 'survivors' AND seal IS NOT NULL";

const LEADS: &str = "SELECT count(*) FROM (SELECT 1 WHERE NOT pg_is_in_recovery()) AS found";

/// Kills the primary when a seal, held up until now, is committed on its disk and lies on that of the standby, and nobody has
/// been told: whoever sealed does not know whether it has. Published is what was signed then, and nothing else.
pub async fn kill_in_commit(full: &Full, held: Held, databases: &mut impl Databases) -> Early {
    let (primary, standby) = (databases.primary().await, databases.standby().await);
    until("the seal is to be written", || async { ask(&primary, WAITING).await > 0 }).await;
    waits_until_done(databases).await;
    let stopped = Stopped::of(&standby).await;
    held.let_go().await;
    until("the seal's commit waits for the standby", || async { ask(&primary, COMMITTING).await == 1 }).await;
    forgets_when_it_ends(&primary).await;
    until("the seal's commit has arrived", || async { ask(&primary, ARRIVED).await == 1 }).await;
    assert_eq!(ask(&primary, COMMITTING).await, 1, "whoever sealed was told of it: this tests nothing");
    databases.kill();
    let killed = Instant::now();
    stopped.go_on();
    // Not once it has caught up: whose primary is gone waits for up to five seconds before it reads on from its own disk, as
    // also one waits that has done everything.
    until("the standby has done the commit that it said it had", || async {
        ask(&standby, SEALED).await == 1
    })
    .await;
    let seal = store::round::find(&standby, "survivors").await.unwrap().unwrap().seal.unwrap();
    databases.replaced().await;
    let promoted = Instant::now();
    assert_eq!(
        ask(&standby, LEADS).await,
        1,
        "another than the standby that the commit waited for was promoted"
    );
    println!(
        "the commit of a seal: the standby had the seal when the primary died, another was promoted {:.2} s later",
        (promoted - killed).as_secs_f64()
    );
    let early = Early::published(full).await;
    println!(
        "the commit of a seal: public {:.2} s after the promotion, {:.2} s after the kill",
        promoted.elapsed().as_secs_f64(),
        killed.elapsed().as_secs_f64(),
    );
    early.has_seal(&seal);
    early
}
