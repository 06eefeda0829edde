//! Hurried time: from one thing that happens to the next, and each waited for before the clock moves on.

use std::{collections::BTreeSet, time::Duration};

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;

use crate::{app::App, clock::Clock, jobs, store};

/// How often it is looked whether what is due has left.
const LOOK: Duration = Duration::from_millis(2);
/// At every so many of these looks, and at the first, whoever sends is woken.
const WAKE: u32 = 10;
/// So often it is looked before the clock is moved past a notice that does not leave, and that nobody is sending.
const LOOKS: u32 = 3_000;
/// So far it is moved then.
const PAST: TimeDelta = TimeDelta::minutes(1);
/// So often that may happen at one go.
const PASTS: u32 = 30;

/// Lets time pass until an instant: every notice leaves at its own second, and at each of `stops` it is asked what is
/// due.
///
/// # Errors
/// When something does not leave, or what the database said.
pub async fn pass(app: &App, until: DateTime<Utc>, stops: &BTreeSet<DateTime<Utc>>) -> anyhow::Result<()> {
    let clock = &app.clock;
    jobs::tick(app).await;
    let (mut looks, mut pasts) = (0, 0);
    loop {
        let now = clock.now();
        let next = store::notice::find_next_due(app.db.read(), now).await?;
        if next.is_some_and(|due| due <= now) {
            if looks % WAKE == 0 {
                app.outbox.notify_waiters();
            }
            Clock::pause(LOOK).await;
            looks += 1;
            if looks > LOOKS {
                looks = 0;
                // Whoever is sending is not overtaken: they would find their claim lost, and somebody else send it again.
                if store::notice::is_claimed(app.db.read(), now).await? {
                    continue;
                }
                pasts += 1;
                if pasts > PASTS {
                    bail!("a notice that was due at {next:?} does not leave");
                }
                clock.jump_to(now + PAST);
            }
            continue;
        }
        looks = 0;
        let stop = stops.range(now + TimeDelta::milliseconds(1)..).next().copied();
        let to = [next, stop].into_iter().flatten().filter(|at| *at <= until).min();
        match to {
            Some(to) => clock.jump_to(to),
            None if now >= until => return Ok(()),
            None => clock.jump_to(until),
        }
        if to.is_some() && to == stop {
            jobs::tick(app).await;
            // Reminders are planned in steps, as many at a tick as a service has time for.
            for _ in 0..if is_eve(clock.now()) { 16 } else { 2 } {
                jobs::remind(app, clock.now()).await;
            }
        }
    }
}

fn is_eve(now: DateTime<Utc>) -> bool {
    now.with_timezone(&Seoul).hour() == 16
}

/// When reminders have to be planned: at four the day before each start, and half an hour before it.
pub fn stops(starts: impl Iterator<Item = DateTime<Utc>>) -> BTreeSet<DateTime<Utc>> {
    let mut stops = BTreeSet::new();
    for start in starts {
        let local = start.with_timezone(&Seoul);
        let midnight = start - TimeDelta::seconds(local.num_seconds_from_midnight().into());
        stops.insert(midnight - TimeDelta::hours(8));
        stops.insert(start - TimeDelta::minutes(29));
    }
    stops
}
