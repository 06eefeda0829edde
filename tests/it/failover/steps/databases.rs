//! Who puts another in the place of a primary that died: here a person, and elsewhere Patroni.

use std::process::Command;

use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::super::cluster::{Cluster, ONE, ask, until};

/// A primary, and who is to follow it.
pub trait Databases {
    /// A connection to the primary.
    async fn primary(&self) -> DatabaseConnection;
    /// A connection to who has all that was acknowledged; it stays when that one is promoted.
    async fn standby(&self) -> DatabaseConnection;
    /// Power off, for the primary.
    fn kill(&mut self);
    /// Returns when another is the primary.
    async fn replaced(&mut self);
    /// The one that died comes back: it stands behind the other when this returns, and every commit waits for a standby.
    async fn rejoin(&mut self);
}

/// Two PostgreSQL, and somebody who is awake.
pub struct ByHand {
    cluster: Cluster,
    primary: usize,
}

impl ByHand {
    pub fn new(cluster: Cluster) -> Self {
        Self { cluster, primary: ONE }
    }
}

impl Databases for ByHand {
    async fn primary(&self) -> DatabaseConnection {
        self.cluster.connect(self.primary, "jebi").await
    }

    async fn standby(&self) -> DatabaseConnection {
        self.cluster.connect(1 - self.primary, "jebi").await
    }

    fn kill(&mut self) {
        self.cluster.kill(self.primary);
    }

    async fn replaced(&mut self) {
        self.primary = 1 - self.primary;
        self.cluster.promote(self.primary).await;
    }

    async fn rejoin(&mut self) {
        self.cluster.rejoin(1 - self.primary).await;
    }
}

/// Has commits of the primary end only when the standby has done them, from now on.
pub async fn waits_until_done(databases: &impl Databases) {
    let primary = databases.primary().await;
    for statement in ["ALTER SYSTEM SET synchronous_commit = 'remote_apply'", "SELECT pg_reload_conf()"] {
        primary.execute_unprepared(statement).await.unwrap();
    }
    // PostgreSQL tells everybody who is connected before it lets in anybody to whom it says so: only a new connection shows
    // that they know.
    let says =
        "SELECT count(*) FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'remote_apply'";
    until("commits wait until they are done", || async { ask(&databases.primary().await, says).await == 1 })
        .await;
}

/// It lasts as long as this primary: when it comes back it begins as it was before.
pub async fn forgets_when_it_ends(primary: &DatabaseConnection) {
    primary.execute_unprepared("ALTER SYSTEM RESET synchronous_commit").await.unwrap();
}

/// The process of a standby that does what it was sent, stopped: another takes it meanwhile, puts it on disk and says so.
/// `pg_wal_replay_pause` would not last, for Patroni resumes within seconds what it finds paused.
pub struct Stopped(String);

impl Stopped {
    pub async fn of(standby: &DatabaseConnection) -> Self {
        let process = "SELECT pid::bigint FROM pg_stat_activity WHERE backend_type = 'startup'";
        let process = ask(standby, process).await.to_string();
        signal("-STOP", &process);
        Self(process)
    }

    /// It does what had been sent before.
    pub fn go_on(self) {
        signal("-CONT", &self.0);
    }
}

fn signal(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().unwrap().success());
}

/// Once a standby whose primary is gone has done all that it was sent. What it was sent may end in the middle of a record,
/// which it never does: then it has nothing left when it waits before it looks for a primary again.
pub async fn caught_up(standby: &DatabaseConnection) {
    let all = "SELECT count(*) FROM (SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_wal_receiver) \
               AND (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() \
               OR EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup' \
               AND wait_event = 'RecoveryRetrieveRetryInterval'))) AS found";
    until("the standby has done all that it was sent", || async { ask(standby, all).await == 1 }).await;
}
