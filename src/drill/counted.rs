//! What is counted where it happens while people enter: requests that were answered, and the texts and mails that somebody
//! waits for, which are codes.
//!
//! On the hurried clock whoever comes within the same four minutes acts at one moment, as fast as this machine can. So what
//! somebody does counts at the second at which they were to come, which is what spreads them; after they have found nobody,
//! at the clock's, where that is later. How much it is, nobody assumed: codes that were lost and asked for again, forms sent
//! twice, pages opened in vain; a page of somebody who does nothing else counts when the clock says so. Texts and mails that
//! nobody waits for leave at the rate that a deployment sets, which a drill does not have: they are not counted here.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{clock::Clock, domain::draft::Carries};

/// So long somebody is waited for who is to be answered: whoever is not within that is met by what comes then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Unix seconds of each page, text and mail, in order.
pub type Times = BTreeMap<Carries, Vec<i64>>;

/// The count.
pub struct Counted {
    clock: Clock,
    answered: watch::Sender<u64>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    /// At which second those count who act now, by address.
    acting: HashMap<String, i64>,
    times: Times,
}

impl Counted {
    /// Nothing yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, answered: watch::Sender::new(0), book: Mutex::default() }
    }

    /// The present of the drill, Unix seconds.
    pub fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// What somebody does from now on counts at this second.
    pub fn begin(&self, address: &str, at: i64) {
        self.book().acting.insert(address.to_owned(), at);
    }

    /// They do nothing any more.
    pub fn end(&self, address: &str) {
        self.book().acting.remove(address);
    }

    /// One more, of somebody or for them.
    pub fn add(&self, what: Carries, address: &str) {
        {
            let mut book = self.book();
            let acts = book.acting.get(address).copied();
            let at = acts.or_else(|| (what == Carries::Pages).then(|| self.now()));
            book.times.entry(what).or_default().extend(at);
        }
        if what == Carries::Pages {
            self.answered.send_modify(|answers| *answers += 1);
        }
    }

    /// So many requests have been answered.
    pub fn answers(&self) -> u64 {
        *self.answered.borrow()
    }

    /// Waits until more requests than these have been answered: whoever made them is in the middle of what they do.
    pub async fn answered_after(&self, before: u64) {
        let mut answered = self.answered.subscribe();
        // Where nobody is answered there is nothing to wait for.
        let _ = Clock::within(PATIENCE, answered.wait_for(|answers| *answers > before)).await;
    }

    /// All of it until now.
    pub fn times(&self) -> Times {
        let mut times = self.book().times.clone();
        times.values_mut().for_each(|all| all.sort_unstable());
        times
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[tokio::test]
    async fn who_acts_counts_at_their_own_second_and_other_pages_when_they_are_asked_for() {
        let clock = Clock::set(DateTime::UNIX_EPOCH + TimeDelta::seconds(100), 0);
        let counted = Counted::new(clock.clone());
        counted.begin("a", 170);
        for what in [Carries::Pages, Carries::Texts, Carries::Pages] {
            counted.add(what, "a");
        }
        // Nobody waits for that.
        counted.add(Carries::Texts, "b");
        counted.end("a");
        clock.jump_to(DateTime::UNIX_EPOCH + TimeDelta::seconds(120));
        counted.add(Carries::Mails, "a");
        counted.add(Carries::Pages, "a");
        let times = Times::from([
            (Carries::Pages, vec![120, 170, 170]),
            (Carries::Texts, vec![170]),
            (Carries::Mails, Vec::new()),
        ]);
        assert_eq!((counted.times(), counted.answers()), (times, 3));
        // One that was answered before is not waited for, and the next one is.
        counted.answered_after(2).await;
        tokio::join!(counted.answered_after(3), async { counted.add(Carries::Pages, "b") });
        assert_eq!(counted.answers(), 4);
    }
}
