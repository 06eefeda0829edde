//! The only module that knows what time it is.
//!
//! Everything else receives `now` or holds a [`Clock`]. A round in a drill or a demo runs on a
//! clock that is set and hurried; the code under it cannot tell. Tests set the clock, they never
//! sleep.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::watch, time::Instant};

/// What the clock on the wall shows, whatever a [`Clock`] says: for signatures that another company
/// checks, and for rates towards the outside world.
pub fn wall() -> DateTime<Utc> {
    Utc::now()
}

/// A source of the present. Cheap to clone; clones of one clock agree.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    Wall,
    Set(watch::Sender<Reading>),
}

/// What a set clock showed when it was last touched, and how fast it has run since.
#[derive(Clone, Copy, Debug)]
struct Reading {
    shown: DateTime<Utc>,
    real: Instant,
    rate: u32,
}

impl Reading {
    fn now(&self) -> DateTime<Utc> {
        let real = TimeDelta::from_std(self.real.elapsed()).unwrap_or(TimeDelta::MAX);
        real.checked_mul(self.rate as i32).map_or(DateTime::<Utc>::MAX_UTC, |run| self.shown + run)
    }
}

impl Clock {
    /// The clock on the wall: what `jebi serve` runs on.
    pub fn wall() -> Self {
        Self(Arc::new(Kind::Wall))
    }

    /// A clock that starts at `shown` and runs `rate` seconds per real second; 0 stands still.
    pub fn set(shown: DateTime<Utc>, rate: u32) -> Self {
        Self(Arc::new(Kind::Set(watch::Sender::new(Reading { shown, real: Instant::now(), rate }))))
    }

    /// The present, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Kind::Wall => Utc::now(),
            Kind::Set(reading) => reading.borrow().now(),
        }
    }

    /// Moves a set clock forward to `shown` (never back) and wakes who sleeps on it. The wall
    /// clock cannot be moved: the call does nothing there.
    pub fn jump_to(&self, shown: DateTime<Utc>) {
        self.touch(|reading| reading.shown = reading.shown.max(shown));
    }

    /// Changes how fast a set clock runs.
    pub fn run_at(&self, rate: u32) {
        self.touch(|reading| reading.rate = rate);
    }

    fn touch(&self, change: impl FnOnce(&mut Reading)) {
        if let Kind::Set(sender) = &*self.0 {
            sender.send_modify(|reading| {
                reading.shown = reading.now();
                reading.real = Instant::now();
                change(reading);
            });
        }
    }

    /// How much of this clock's time passes in `real`: a worker that looks ahead one tick must
    /// look further on a hurried clock.
    pub fn span(&self, real: Duration) -> TimeDelta {
        let rate = match &*self.0 {
            Kind::Wall => 1,
            Kind::Set(reading) => reading.borrow().rate.max(1),
        };
        TimeDelta::from_std(real).unwrap_or_default() * rate as i32
    }

    /// Returns when this clock shows `instant` or later.
    pub async fn sleep_until(&self, instant: DateTime<Utc>) {
        let Kind::Set(sender) = &*self.0 else {
            let wait = (instant - Utc::now()).to_std().unwrap_or_default();
            return tokio::time::sleep(wait).await;
        };
        let mut touched = sender.subscribe();
        loop {
            let reading = *touched.borrow_and_update();
            let Ok(wait) = (instant - reading.now()).to_std() else { return };
            if wait.is_zero() {
                return;
            }
            // A clock that stands still only ends the sleep by being moved.
            let wait = match reading.rate {
                0 => Duration::MAX,
                rate => wait / rate,
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                changed = touched.changed() => if changed.is_err() { return },
            }
        }
    }

    /// What `work` gives, unless it takes longer than `real`.
    pub async fn within<T>(real: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout(real, work).await.ok()
    }

    /// Real waiting, for time-outs and back-off towards the outside world, where this clock's
    /// opinion does not count.
    pub async fn pause(real: Duration) {
        tokio::time::sleep(real).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[tokio::test]
    async fn a_standing_clock_wakes_its_sleeper_when_moved_and_never_goes_back() {
        let clock = Clock::set(at(100), 0);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(at(200)).await }
        });
        tokio::task::yield_now().await;
        clock.jump_to(at(50));
        assert_eq!(clock.now(), at(100));
        assert!(!sleeper.is_finished());
        clock.jump_to(at(200));
        assert!(sleeper.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_hurried_clock_shows_a_minute_after_a_real_second() {
        let clock = Clock::set(at(0), 60);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(clock.now(), at(60));
        assert_eq!(clock.span(Duration::from_secs(2)), TimeDelta::minutes(2));
    }
}
