//! Whether long work goes on: the database answers what it asks. Whoever lends it a lease looks here, and no loop has to
//! remember to say so.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

tokio::task_local! {
    static ANSWERS: Arc<AtomicU64>;
}

/// How often the database has answered one piece of work. Cheap to clone; clones count together.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Does `work`, and counts what the database answers it meanwhile. What it spawns is not counted.
    pub async fn of<T>(&self, work: impl Future<Output = T>) -> T {
        ANSWERS.scope(self.0.clone(), work).await
    }

    /// The answers so far.
    pub fn answers(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The database has answered whoever asked just now. Most of them are nobody's long work.
pub(super) fn answered() {
    let _ = ANSWERS.try_with(|answers| answers.fetch_add(1, Ordering::Relaxed));
}
