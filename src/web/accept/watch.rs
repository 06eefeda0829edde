//! The watch: looks at every connection once a tick and tells those over their limit.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

use super::Limits;
use super::line::{Line, Order, Phase};

/// Whoever asks nothing for this part of the time that they may is reading: for a second, usually.
const RESTS: u32 = 30;

/// Whoever is attended to for more ticks than this leaves their place to others: a second, usually.
const MOMENT: u32 = 2;

/// The slowest reader we wait for: slower than a 2G phone at the edge of its cell.
const BYTES_PER_SECOND: u128 = 2_048;

/// All connections, the one open longest first.
pub(super) struct Watch {
    lines: VecDeque<Arc<Line>>,
    clock: Arc<AtomicU32>,
    begun: Instant,
    limits: Limits,
    /// Lines seen at the last sweep; when there are twice as many, the ended ones are let go.
    living: usize,
}

impl Watch {
    pub(super) fn new(limits: Limits) -> Self {
        Self { lines: VecDeque::new(), clock: Arc::default(), begun: Instant::now(), limits, living: 0 }
    }

    /// A line for a new connection.
    pub(super) fn line(&mut self) -> Arc<Line> {
        if self.lines.len() > 64 + 2 * self.living {
            self.forget_ended();
        }
        let bytes_per_tick = (BYTES_PER_SECOND * self.limits.tick().as_millis() / 1_000).max(1);
        let line = Arc::new(Line::new(Arc::clone(&self.clock), u64::try_from(bytes_per_tick).unwrap_or(1)));
        self.lines.push_back(Arc::clone(&line));
        line
    }

    /// Advances the clock and tells everyone who is late.
    pub(super) fn sweep(&mut self) {
        let tick = self.limits.tick();
        let ticks =
            |limit: Duration| u32::try_from(limit.as_millis().div_ceil(tick.as_millis())).unwrap_or(u32::MAX);
        let now = u32::try_from(self.begun.elapsed().as_millis() / tick.as_millis()).unwrap_or(u32::MAX);
        self.clock.store(now, Relaxed);
        let rest = ticks(self.limits.idle / RESTS);
        self.forget_ended();
        for line in &self.lines {
            let (phase, since) = line.state();
            let (limit, order) = match phase {
                Phase::Head => (self.limits.header, Order::Cut),
                Phase::Body => (self.limits.body, Order::Apologise),
                Phase::Wait | Phase::Work => (self.limits.total, Order::Apologise),
                Phase::Answer => (self.limits.idle, Order::Cut),
                Phase::Ended => continue,
            };
            let long = now.saturating_sub(since);
            if long > MOMENT {
                line.stand_up();
            }
            if long > ticks(limit) {
                line.tell(order);
            } else if long > rest && line.is_silent() && !line.is_at_rest() {
                line.tell(Order::Rest);
            }
        }
    }

    /// Asks the connection open longest, of those that ask nothing of us, to make way.
    pub(super) fn make_way(&self) {
        for line in &self.lines {
            let order = match line.state().0 {
                // A head that is not there yet is no request yet.
                Phase::Head => Order::Cut,
                // Ends at once if the answer is read, else after it.
                Phase::Answer => Order::Finish,
                Phase::Wait | Phase::Body | Phase::Work | Phase::Ended => continue,
            };
            if !line.is_told(order) {
                line.tell(order);
                return;
            }
        }
    }

    pub(super) fn tell_all(&self, order: Order) {
        for line in &self.lines {
            line.tell(order);
        }
    }

    pub(super) fn open(&self) -> usize {
        self.lines.iter().filter(|line| line.state().0 != Phase::Ended).count()
    }

    fn forget_ended(&mut self) {
        self.lines.retain(|line| line.state().0 != Phase::Ended);
        self.living = self.lines.len();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_asks_nothing_is_told_to_rest_but_not_in_the_middle_of_an_answer() {
        let mut watch = Watch::new(Limits::default());
        let line = watch.line();
        let mut told_after = async |seconds: u64| {
            advance(Duration::from_secs(seconds)).await;
            watch.sweep();
            line.forget(Order::Rest)
        };
        assert!(!told_after(2).await, "nothing was asked yet");
        line.rest(false);
        line.enter(Phase::Answer);
        assert!(!told_after(0).await);
        line.fill(true);
        assert!(!told_after(2).await, "its reader is slow");
        line.fill(false);
        assert!(told_after(0).await);
        assert!(told_after(0).await, "it may have come in between");
        line.rest(true);
        assert!(!told_after(2).await, "it does");
        line.rest(false);
        line.enter(Phase::Work);
        assert!(!told_after(2).await, "it asks");
        assert!(!line.is_told(Order::Cut));
    }
}
