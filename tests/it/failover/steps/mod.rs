//! The primary dies while a round is sealed, while it is drawn, while the files of its record are written and while everybody
//! is told: the round that comes out is the one that anybody can recompute, told to everybody once.

mod commit;
mod databases;
mod files;
mod held;
mod moment;
mod round;
mod turned;
mod whole;

use chrono::TimeDelta;

pub use self::databases::Databases;
use self::{
    commit::kill_in_commit,
    databases::ByHand,
    files::kill_in_files,
    held::Held,
    moment::{DRAWING, PLANNING, SEALING, TELLING},
    round::Full,
    whole::{all_told, is_whole},
};
use super::{cluster::Cluster, patroni::Patroni};

/// Kills the primary in every step of a round. Before the next, who died stands behind the one that took over.
async fn goes_through(full: &Full, databases: &mut impl Databases) {
    // Closed first, while no batch is due: one that is waits for our lock in the journal's queue, and the close behind it.
    let db = databases.primary().await;
    full.jump(full.row.closes_at + TimeDelta::minutes(1));
    full.has(&db, "closed_at").await;
    // It waits before its last batch until the primary dies, and our lock with it.
    let held = Held::last_change(&db).await;
    let killed = SEALING.kill_after(async { full.jump(full.row.seals_at) }, databases).await;
    drop(held);
    // What is written at the very end of a step waits for us, until there is a standby again.
    let held = Held::round(&killed.db).await;
    killed.goes_on().await;
    databases.rejoin().await;
    let early = kill_in_commit(full, held, databases).await;
    databases.rejoin().await;

    let db = databases.primary().await;
    full.jump(full.row.reveals_at);
    full.has(&db, "revealed_at").await;
    full.jump(full.row.pulse_at);
    let killed = DRAWING.kill(databases).await;
    let held = Held::round(&killed.db).await;
    killed.goes_on().await;
    databases.rejoin().await;
    let killed = PLANNING.kill_after(held.let_go(), databases).await;
    killed.goes_on().await;
    full.has_planned(&killed.db).await;
    databases.rejoin().await;
    kill_in_files(full, databases).await;
    databases.rejoin().await;

    full.jump(full.row.results_at + TimeDelta::hours(2));
    let killed = TELLING.kill(databases).await;
    killed.goes_on().await;
    all_told(full, &killed.db).await;
    is_whole(full, &killed.db, &early).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_while_a_round_is_sealed_drawn_or_told_changes_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(folder.path()).await;
    let full = Full::start(folder.path(), &cluster.url()).await;
    goes_through(&full, &mut ByHand::new(cluster)).await;
}

/// The same steps, in one cluster that takes back by itself who died.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patroni_puts_another_in_the_place_of_a_primary_that_dies_in_any_step_of_a_round() {
    let folder = tempfile::tempdir().unwrap();
    let mut patroni = Patroni::start(folder.path()).await;
    let full = Full::start(folder.path(), &patroni.url()).await;
    goes_through(&full, &mut patroni).await;
}
