//! The middle of a step, by what the database says of it, and a primary that is killed in it.

use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;

use super::{
    super::cluster::{ask, until},
    databases::{Databases, caught_up},
    round::{BY_MAIL, PEOPLE},
};

/// Longer than any step.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The middle of a step.
#[derive(Clone, Copy)]
pub struct Moment {
    what: &'static str,
    /// The rows that it writes, and what they are called.
    rows: &'static str,
    name: &'static str,
    /// What the round must be like meanwhile.
    round: &'static str,
    /// How many of those rows there are at least, and how many at most.
    between: (usize, usize),
}

/// The last changes of the pool-to-be go into the journal, before it is sealed.
pub const SEALING: Moment = Moment {
    what: "sealing",
    rows: "batch",
    name: "batches",
    round: "closed_at IS NOT NULL AND sealed_at IS NULL AND EXISTS (SELECT FROM change)",
    between: (1, usize::MAX),
};

/// Places are written.
pub const DRAWING: Moment = Moment {
    what: "drawing",
    rows: "assignment",
    name: "places",
    round: "pulse IS NOT NULL AND drawn_at IS NULL",
    between: (1, PEOPLE - 1),
};

/// Everybody's notice of their result is planned.
pub const PLANNING: Moment = Moment {
    what: "planning notices",
    rows: "notice WHERE reason = 'result'",
    name: "notices planned",
    round: "drawn_at IS NOT NULL AND EXISTS (SELECT FROM telling WHERE done_at IS NULL)",
    between: (1, PEOPLE - 1),
};

/// Notices leave.
pub const TELLING: Moment = Moment {
    what: "telling",
    rows: "notice WHERE reason = 'result' AND state = 'accepted'",
    name: "notices accepted",
    round: "drawn_at IS NOT NULL",
    between: (BY_MAIL / 10, BY_MAIL / 2),
};

impl Moment {
    async fn rows(&self, db: &DatabaseConnection) -> i64 {
        ask(db, &format!("SELECT count(*) FROM {}", self.rows)).await
    }

    /// Whether it is now.
    async fn is_now(&self, db: &DatabaseConnection) -> bool {
        let (least, most) = self.between;
        let rows = usize::try_from(self.rows(db).await).unwrap();
        let is_so = format!("SELECT count(*) FROM round WHERE {}", self.round);
        (least..=most).contains(&rows) && ask(db, &is_so).await == 1
    }

    /// Kills the primary in it, and has another put in its place.
    pub async fn kill(&self, databases: &mut impl Databases) -> Killed {
        self.kill_after(async {}, databases).await
    }

    /// The same in a step that waits for this: we look by then, however long it took to get there.
    pub async fn kill_after(
        &self,
        begins: impl Future<Output = ()>,
        databases: &mut impl Databases,
    ) -> Killed {
        let Self { what, name, .. } = self;
        // Before, so that nothing lies between the look and the kill.
        let (primary, standby) = (databases.primary().await, databases.standby().await);
        begins.await;
        let begun = Instant::now();
        // As often as one can look: steps are short.
        while !self.is_now(&primary).await {
            assert!(begun.elapsed() < PATIENCE, "{what} was not seen in its middle");
        }
        databases.kill();
        let killed = Instant::now();
        caught_up(&standby).await;
        let survived = self.rows(&standby).await;
        let is_now = self.is_now(&standby).await;
        assert!(is_now, "{what} was over when the primary died: this tests nothing, more people are needed");
        databases.replaced().await;
        let promoted = Instant::now();
        println!(
            "{what}: {survived} {name} when the primary died, another was promoted {:.2} s later",
            (promoted - killed).as_secs_f64()
        );
        Killed { moment: *self, survived, killed, promoted, db: standby }
    }
}

/// What came of it.
pub struct Killed {
    moment: Moment,
    survived: i64,
    killed: Instant,
    promoted: Instant,
    /// The primary now.
    pub db: DatabaseConnection,
}

impl Killed {
    /// Once the step has come further than it was, by itself.
    pub async fn goes_on(&self) {
        let Moment { what, name, .. } = self.moment;
        until("the step goes on", || async { self.moment.rows(&self.db).await > self.survived }).await;
        println!(
            "{what}: more {name} {:.2} s after the promotion, {:.2} s after the kill",
            self.promoted.elapsed().as_secs_f64(),
            self.killed.elapsed().as_secs_f64(),
        );
    }
}
