//! How many answers this instance gave, and how many failed by our fault, since it last told.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::domain::incident::Answered;

/// The counts. Two additions for each answer: nothing that the busiest minute would notice.
#[derive(Debug, Default)]
pub struct Answers {
    all: AtomicU64,
    failed: AtomicU64,
}

impl Answers {
    /// One more.
    pub fn count(&self, failed: bool) {
        self.all.fetch_add(1, Relaxed);
        if failed {
            self.failed.fetch_add(1, Relaxed);
        }
    }

    /// Those since the last [`Answers::told`].
    pub fn counted(&self) -> Answered {
        Answered { all: self.all.load(Relaxed), failed: self.failed.load(Relaxed) }
    }

    /// What was counted has been looked at; what came meanwhile stays. Until then nothing is forgotten, though the
    /// database be away.
    pub fn told(&self, counted: Answered) {
        self.all.fetch_sub(counted.all, Relaxed);
        self.failed.fetch_sub(counted.failed, Relaxed);
    }
}
