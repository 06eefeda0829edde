//! Somebody else, who writes a little all the time: how long do they wait?

use std::time::{Duration, Instant};

use jebi::store::{Db, lease};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The pause between two small writes.
const PAUSE: Duration = Duration::from_millis(20);

/// A writer beside a step.
pub struct Waits {
    stop: CancellationToken,
    longest: JoinHandle<Duration>,
}

impl Waits {
    pub fn begin(db: Db) -> Self {
        let stop = CancellationToken::new();
        Self { longest: tokio::spawn(write(db, stop.clone())), stop }
    }

    /// Seconds of the longest wait.
    pub async fn end(self) -> f64 {
        self.stop.cancel();
        self.longest.await.expect("the writer").as_secs_f64()
    }
}

/// Takes its turn in the journal, as whoever announces or releases something does.
async fn write(db: Db, stop: CancellationToken) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.is_cancelled() {
        let begun = Instant::now();
        let txn = db.begin().await.expect("a transaction");
        lease::queue(&txn, "journal").await.expect("a turn");
        txn.commit().await.expect("committed");
        longest = longest.max(begun.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    longest
}
