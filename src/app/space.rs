//! Room in memory for one draw. That of ten million people takes most of a gigabyte, and two would be there at once: whoever
//! has drawn a round plans everybody's notice, while the files of its record are made from a draw of their own.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

/// It is taken before a draw, or what followed one, is computed, and for as long as it is kept.
///
/// So that nobody waits for ever: whoever waits for it holds no transaction, and whoever has it neither asks for it again
/// nor waits to be alone with the files of records. Those who make such files are alone first, and then wait for it.
#[derive(Debug, Default)]
pub struct Space(Arc<Mutex<()>>);

/// As long as it is kept, nobody else in this process has a draw in memory.
#[derive(Debug)]
pub struct Taken {
    _guard: OwnedMutexGuard<()>,
}

impl Space {
    /// Takes it when those who asked before have let it go.
    pub async fn wait(&self) -> Taken {
        Taken { _guard: Arc::clone(&self.0).lock_owned().await }
    }

    /// Takes it if nobody has it: for the steps of rounds, of which others must go on meanwhile. The next tick asks again.
    pub fn take(&self) -> Option<Taken> {
        Arc::clone(&self.0).try_lock_owned().ok().map(|guard| Taken { _guard: guard })
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn one_has_it_and_whoever_waits_is_next() {
        let space = Space::default();
        let first = space.take().unwrap();
        assert!(space.take().is_none());
        let mut waiting = pin!(space.wait());
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(first);
        // Whoever asks every second does not come before who has waited for minutes.
        assert!(space.take().is_none());
        drop(waiting.await);
        assert!(space.take().is_some());
    }
}
