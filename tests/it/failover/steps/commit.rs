//! The commit of a seal, on its way to the standby when the primary dies.

use std::time::Instant;

use jebi::store;

use super::{
    super::cluster::{ask, until},
    databases::{Databases, Stopped, caught_up},
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

/// What the standby that commits wait for was sent, though it reads nothing: the last of all that is on disk.
const SENT: &str = "SELECT count(*) FROM pg_stat_replication \
                    WHERE sync_state = 'sync' AND sent_lsn >= pg_current_wal_flush_lsn()";

const LEADS: &str = "SELECT count(*) FROM (SELECT 1 WHERE NOT pg_is_in_recovery()) AS found";

/// Kills the primary when a seal, held up until now, is committed on its disk and on the way to the standby, and nobody has
/// been told: whoever sealed does not know whether it has. If the standby has it, published is what was signed then, and
/// nothing else.
pub async fn kill_in_commit(full: &Full, held: Held, databases: &mut impl Databases) -> Early {
    let (primary, standby) = (databases.primary().await, databases.standby().await);
    until("the seal is to be written", || async { ask(&primary, WAITING).await > 0 }).await;
    let stopped = Stopped::of(&standby).await;
    held.let_go().await;
    until("the seal's commit waits for the standby", || async { ask(&primary, COMMITTING).await == 1 }).await;
    until("the seal's commit is sent", || async { ask(&primary, SENT).await == 1 }).await;
    databases.kill();
    let killed = Instant::now();
    stopped.go_on();
    caught_up(&standby).await;
    let row = store::round::find(&standby, "survivors").await.unwrap().unwrap();
    // What a primary says it has sent may still be in its own buffers, and die with it: then nobody has the seal, nobody was
    // told of it, and another one is published.
    let seal = row.seal;
    databases.replaced().await;
    let promoted = Instant::now();
    assert_eq!(
        ask(&standby, LEADS).await,
        1,
        "another than the standby that the commit waited for was promoted"
    );
    println!(
        "the commit of a seal: the seal {} when the primary died, another was promoted {:.2} s later",
        if seal.is_some() { "was on its way" } else { "had not left" },
        (promoted - killed).as_secs_f64()
    );
    let early = Early::published(full).await;
    println!(
        "the commit of a seal: public {:.2} s after the promotion, {:.2} s after the kill",
        promoted.elapsed().as_secs_f64(),
        killed.elapsed().as_secs_f64(),
    );
    if let Some(seal) = seal {
        early.has_seal(&seal);
    }
    early
}
