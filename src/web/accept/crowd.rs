//! How many are attended to at once. The others wait with what they ask still in their socket, where it costs us nothing.
//!
//! What a request takes while it is read, worked on and answered is some fifty kilobytes. Twenty thousand who ask in the same
//! second need not be attended to in the same second: a thousand at a time are answered just as soon, as the processors
//! are the same, in the order in which they came, and in a twentieth of the memory.
//!
//! Nobody holds up others: whoever takes longer than a moment, for whatever reason (a slow line, a database that is away), is
//! attended to further, but no longer counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::line::{Line, Order, Phase};

/// Counted at once: more than a commit takes along, and enough for any number of processors.
const AT_ONCE: usize = 1_024;

/// Whoever asks something, on all connections.
pub(super) struct Crowd {
    desks: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// What becomes of somebody who asks something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is theirs.
    Theirs,
    /// They have waited too long, and are told so.
    TooLate,
    /// Nobody is attended to any more.
    Over,
}

impl Crowd {
    pub(super) fn new() -> Self {
        Self::of(AT_ONCE)
    }

    fn of(desks: usize) -> Self {
        Self { desks: Arc::new(Semaphore::new(desks)), waiting: AtomicUsize::new(0) }
    }

    /// Whether somebody waits. Then whoever was answered makes room at once.
    pub(super) fn waits(&self) -> bool {
        self.waiting.load(Relaxed) > 0
    }

    /// Waits for one's turn. What asks is in the socket by now: from here on it is we who are slow, not they.
    pub(super) async fn turn(&self, line: &Line) -> Turn {
        line.enter(Phase::Wait);
        // The watch may have taken it for silent a moment ago.
        if !line.is_told(Order::Finish) {
            line.forget(Order::Cut);
        }
        let Ok(desk) = Arc::clone(&self.desks).try_acquire_owned() else { return self.wait(line).await };
        sit(line, desk);
        Turn::Theirs
    }

    async fn wait(&self, line: &Line) -> Turn {
        let _waiting = Waiting::new(&self.waiting);
        loop {
            tokio::select! {
                biased;
                desk = Arc::clone(&self.desks).acquire_owned() => {
                    let Ok(desk) = desk else { return Turn::Over };
                    sit(line, desk);
                    return Turn::Theirs;
                }
                () = line.told.notified() => {
                    if line.is_told(Order::Cut) {
                        return Turn::Over;
                    }
                    if line.is_told(Order::Apologise) {
                        return Turn::TooLate;
                    }
                }
            }
        }
    }
}

fn sit(line: &Line, desk: OwnedSemaphorePermit) {
    line.enter(Phase::Head);
    line.sit(desk);
}

/// Counts somebody who waits, however that ends.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::atomic::AtomicU32};

    use futures_util::poll;

    use super::*;

    fn line() -> Line {
        Line::new(Arc::<AtomicU32>::default(), 1_024)
    }

    #[tokio::test]
    async fn so_many_are_attended_to_and_the_others_wait_in_order() {
        let crowd = Crowd::of(2);
        let lines: Vec<Line> = (0..4).map(|_| line()).collect();
        assert_eq!(crowd.turn(&lines[0]).await, Turn::Theirs);
        assert_eq!(crowd.turn(&lines[1]).await, Turn::Theirs);
        assert!(!crowd.waits());
        let (mut third, mut fourth) = (pin!(crowd.turn(&lines[2])), pin!(crowd.turn(&lines[3])));
        assert!(poll!(third.as_mut()).is_pending() && poll!(fourth.as_mut()).is_pending());
        assert!(crowd.waits() && lines[2].state().0 == Phase::Wait);
        lines[0].stand_up();
        assert!(poll!(fourth.as_mut()).is_pending(), "it came later");
        assert_eq!(third.await, Turn::Theirs);
        lines[1].stand_up();
        assert_eq!(fourth.await, Turn::Theirs);
        assert!(!crowd.waits() && lines[3].state().0 == Phase::Head);
    }

    #[tokio::test]
    async fn who_waits_is_told_when_it_takes_too_long_and_counted_no_more() {
        let crowd = Crowd::of(1);
        let [first, late, told_to_end] = [line(), line(), line()];
        // It was silent until now, and the watch had lost its patience.
        first.tell(Order::Cut);
        assert_eq!(crowd.turn(&first).await, Turn::Theirs);
        assert!(!first.is_told(Order::Cut));
        late.tell(Order::Apologise);
        told_to_end.tell(Order::Finish);
        told_to_end.tell(Order::Cut);
        assert_eq!(crowd.turn(&late).await, Turn::TooLate);
        assert_eq!(crowd.turn(&told_to_end).await, Turn::Over);
        assert!(!crowd.waits());
    }
}
