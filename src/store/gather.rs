//! Whoever asks the database the same kind of question at the same time is answered by one question.
//!
//! At the minute that everybody waits for, thousands ask for their own row at once. One question for each costs more in
//! trips than in rows: a hundred rows of one answer cost little more than one. So a question that finds others on their way
//! waits for these, and everybody who came meanwhile goes together. Nobody is given what was read before they asked, and
//! where nobody else asks, a question goes at once and alone.

use std::{
    collections::HashMap,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entities::{entry, incident, shift};
use sea_orm::DbErr;
use tokio::sync::oneshot;

use super::{Db, assignment::Place};

/// Questions of one kind that are on their way at once: while one is, the next gathers.
const AT_ONCE: usize = 2;

/// An answer on its way.
type Answer<K, V> = Pin<Box<dyn Future<Output = Result<HashMap<K, V>, DbErr>> + Send>>;
/// How all of some are asked for together.
type Ask<K, V> = Box<dyn Fn(Vec<K>) -> Answer<K, V> + Send + Sync>;
/// Whoever waits for one, and what they asked for.
type Waiting<K, V> = Vec<(K, oneshot::Sender<Result<Option<V>, DbErr>>)>;

/// Questions of one kind.
struct Gather<K, V> {
    ask: Ask<K, V>,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    waiting: Waiting<K, V>,
    asking: usize,
}

impl<K, V> Gather<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    fn new(ask: impl Fn(Vec<K>) -> Answer<K, V> + Send + Sync + 'static) -> Arc<Self> {
        let state = State { waiting: Vec::new(), asking: 0 };
        Arc::new(Self { ask: Box::new(ask), state: Mutex::new(state) })
    }

    /// The same of a database.
    fn of<F>(db: &Db, ask: fn(Db, Vec<K>) -> F) -> Arc<Self>
    where
        F: Future<Output = Result<HashMap<K, V>, DbErr>> + Send + 'static,
    {
        let db = db.clone();
        Self::new(move |keys| Box::pin(ask(db.clone(), keys)))
    }

    async fn find(self: &Arc<Self>, key: K) -> Result<Option<V>, DbErr> {
        let (answer, answered) = oneshot::channel();
        let goes = {
            let mut state = self.lock();
            state.waiting.push((key, answer));
            let goes = state.asking < AT_ONCE;
            state.asking += usize::from(goes);
            goes
        };
        if goes {
            // A task of its own: whoever began it may hang up, and others wait for it.
            tokio::spawn(Asking { of: Arc::clone(self), done: false }.ask_all());
        }
        let gone = |_| DbErr::Custom("whoever asked for several at once ended before the answer".to_owned());
        answered.await.map_err(gone)?
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who asks for all who wait, until nobody does.
struct Asking<K, V> {
    of: Arc<Gather<K, V>>,
    done: bool,
}

impl<K, V> Asking<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    async fn ask_all(mut self) {
        while let Some(waiting) = self.next() {
            let mut keys: Vec<K> = waiting.iter().map(|(key, _)| key.clone()).collect();
            keys.dedup();
            let found = (self.of.ask)(keys).await;
            for (key, answer) in waiting {
                // Whoever does not listen any more went.
                let _ = answer.send(match &found {
                    Ok(found) => Ok(found.get(&key).cloned()),
                    Err(error) => Err(error.clone()),
                });
            }
        }
    }

    /// Everybody who waits now. Seen and ended under one lock: nobody comes in between and waits for ever.
    fn next(&mut self) -> Option<Waiting<K, V>> {
        let mut state = self.of.lock();
        state.waiting.retain(|(_, answer)| !answer.is_closed());
        if state.waiting.is_empty() {
            state.asking -= 1;
            self.done = true;
            return None;
        }
        Some(std::mem::take(&mut state.waiting))
    }
}

impl<K, V> Drop for Asking<K, V> {
    /// Ended in the middle, by a mistake of ours or because the process ends: nobody is left waiting.
    fn drop(&mut self) {
        if !self.done {
            let mut state = self.of.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.asking -= 1;
            if state.asking == 0 {
                state.waiting.clear();
            }
        }
    }
}

/// A round and a receipt.
type Key = (i64, String);

/// What everybody's own page asks for.
pub struct Gathered {
    entries: Arc<Gather<Key, entry::Model>>,
    places: Arc<Gather<Key, Arc<Place>>>,
    shifts: Arc<Gather<i64, Arc<Vec<shift::Model>>>>,
    incidents: Arc<Gather<(), Arc<Vec<incident::Model>>>>,
}

impl Gathered {
    /// Questions to this database.
    pub fn new(db: &Db) -> Self {
        Self {
            entries: Gather::of(db, entries),
            places: Gather::of(db, places),
            shifts: Gather::of(db, shifts),
            incidents: Gather::of(db, incidents),
        }
    }

    /// One entry.
    ///
    /// # Errors
    /// What the database said.
    pub async fn entry(&self, round_id: i64, receipt: &str) -> Result<Option<entry::Model>, DbErr> {
        self.entries.find((round_id, receipt.to_owned())).await
    }

    /// The place of one entry, and what else to ask for.
    ///
    /// # Errors
    /// What the database said.
    pub async fn place(&self, round_id: i64, receipt: &str) -> Result<Option<Arc<Place>>, DbErr> {
        self.places.find((round_id, receipt.to_owned())).await
    }

    /// The shifts of a round, in order.
    ///
    /// # Errors
    /// What the database said.
    pub async fn shifts(&self, round_id: i64) -> Result<Arc<Vec<shift::Model>>, DbErr> {
        Ok(self.shifts.find(round_id).await?.unwrap_or_default())
    }

    /// The incidents that go on.
    ///
    /// # Errors
    /// What the database said.
    pub async fn incidents(&self) -> Result<Arc<Vec<incident::Model>>, DbErr> {
        Ok(self.incidents.find(()).await?.unwrap_or_default())
    }
}

/// Receipts by round: nearly always there is one round.
fn by_round(keys: Vec<Key>) -> HashMap<i64, Vec<String>> {
    let mut rounds: HashMap<i64, Vec<String>> = HashMap::new();
    keys.into_iter().for_each(|(round_id, receipt)| rounds.entry(round_id).or_default().push(receipt));
    rounds
}

async fn entries(db: Db, keys: Vec<Key>) -> Result<HashMap<Key, entry::Model>, DbErr> {
    let mut all = HashMap::with_capacity(keys.len());
    for (round_id, receipts) in by_round(keys) {
        for some in receipts.chunks(MOST) {
            let found = super::entry::list(db.read(), round_id, &padded(some)).await?;
            all.extend(found.into_iter().map(|(receipt, entry)| ((round_id, receipt), entry)));
        }
    }
    Ok(all)
}

async fn places(db: Db, keys: Vec<Key>) -> Result<HashMap<Key, Arc<Place>>, DbErr> {
    let mut all = HashMap::with_capacity(keys.len());
    for (round_id, receipts) in by_round(keys) {
        for some in receipts.chunks(MOST) {
            let found = super::assignment::list_places(db.read(), round_id, &padded(some)).await?;
            all.extend(
                found.into_iter().map(|place| ((round_id, place.drawn.receipt.clone()), Arc::new(place))),
            );
        }
    }
    Ok(all)
}

async fn shifts(db: Db, rounds: Vec<i64>) -> Result<HashMap<i64, Arc<Vec<shift::Model>>>, DbErr> {
    let mut all = HashMap::new();
    for round_id in rounds {
        if let std::collections::hash_map::Entry::Vacant(new) = all.entry(round_id) {
            new.insert(Arc::new(super::shift::list(db.read(), round_id).await?));
        }
    }
    Ok(all)
}

async fn incidents(db: Db, _: Vec<()>) -> Result<HashMap<(), Arc<Vec<incident::Model>>>, DbErr> {
    let open = super::incident::list_open(db.read()).await?;
    Ok(HashMap::from([((), Arc::new(open))]))
}

/// Receipts of one statement.
const MOST: usize = 256;

/// The same receipts, the last of them as often as it takes to be a power of two: a database remembers how it answers a
/// statement, and there are nine of them instead of hundreds.
fn padded(receipts: &[String]) -> Vec<String> {
    let mut padded = receipts.to_vec();
    if let Some(last) = receipts.last() {
        padded.resize(receipts.len().next_power_of_two(), last.clone());
    }
    padded
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::{future::join_all, poll};
    use tokio::sync::{Semaphore, mpsc};

    use super::*;

    /// A database that answers when it is let, with how often it was asked before.
    struct Slow {
        gather: Arc<Gather<u32, usize>>,
        let_go: Arc<Semaphore>,
        asked: mpsc::UnboundedReceiver<Vec<u32>>,
    }

    impl Slow {
        fn new(fails: bool) -> Self {
            let let_go = Arc::new(Semaphore::new(0));
            let (tell, asked) = mpsc::unbounded_channel();
            let (may, count) = (Arc::clone(&let_go), Arc::new(Mutex::new(0)));
            let gather = Gather::new(move |keys: Vec<u32>| {
                let (may, count, tell) = (Arc::clone(&may), Arc::clone(&count), tell.clone());
                Box::pin(async move {
                    let before = *count.lock().unwrap();
                    *count.lock().unwrap() += 1;
                    tell.send(keys.clone()).unwrap();
                    may.acquire().await.unwrap().forget();
                    assert!(!keys.contains(&666), "a mistake of ours");
                    match fails {
                        true => Err(DbErr::Custom("away".to_owned())),
                        false => {
                            Ok(keys.into_iter().filter(|key| *key != 404).map(|key| (key, before)).collect())
                        }
                    }
                })
            });
            Self { gather, let_go, asked }
        }
    }

    #[tokio::test]
    async fn who_comes_while_others_are_asked_for_goes_with_all_who_came() {
        let mut slow = Slow::new(false);
        let (mut first, mut second) = (pin!(slow.gather.find(1)), pin!(slow.gather.find(2)));
        assert!(poll!(first.as_mut()).is_pending() && poll!(second.as_mut()).is_pending());
        assert_eq!(slow.asked.recv().await, Some(vec![1, 2]), "nobody had begun yet");
        // As many as may are on their way; whoever asks now is not given what was read before.
        let mut third = pin!(slow.gather.find(1));
        assert!(poll!(third.as_mut()).is_pending());
        assert_eq!(slow.asked.recv().await, Some(vec![1]));
        let mut others: Vec<_> = (3..100).map(|key| Box::pin(slow.gather.find(key))).collect();
        for other in &mut others {
            assert!(poll!(other).is_pending());
        }
        // Who hangs up is asked for no more.
        drop(others.remove(0));
        slow.let_go.add_permits(3);
        assert_eq!(
            (first.await.unwrap(), second.await.unwrap(), third.await.unwrap()),
            (Some(0), Some(0), Some(1))
        );
        let answers = join_all(others).await;
        assert_eq!(slow.asked.recv().await, Some((4..100).collect()));
        assert!(answers.into_iter().all(|answer| answer.unwrap() == Some(2)));
        slow.let_go.add_permits(1);
        assert_eq!(slow.gather.find(404).await.unwrap(), None);
        assert_eq!(slow.gather.lock().asking, 0);
    }

    #[tokio::test]
    async fn whoever_began_it_may_go_and_a_mistake_leaves_nobody_waiting() {
        let mut slow = Slow::new(false);
        let mut first = Box::pin(slow.gather.find(1));
        assert!(poll!(first.as_mut()).is_pending());
        let second = slow.gather.find(2);
        let mut second = pin!(second);
        assert!(poll!(second.as_mut()).is_pending());
        slow.asked.recv().await.unwrap();
        drop(first);
        slow.let_go.add_permits(1);
        assert!(second.await.unwrap().is_some());
        slow.let_go.add_permits(2);
        assert!(slow.gather.find(666).await.is_err());
        assert!(slow.gather.find(5).await.unwrap().is_some());
        assert_eq!(slow.gather.lock().asking, 0);
    }

    #[tokio::test]
    async fn all_are_told_what_went_wrong() {
        let slow = Slow::new(true);
        slow.let_go.add_permits(10);
        let answers = join_all((0..10).map(|key| slow.gather.find(key))).await;
        assert!(
            answers
                .iter()
                .all(|answer| answer.as_ref().is_err_and(|error| error.to_string().contains("away")))
        );
    }

    #[test]
    fn there_are_few_statements() {
        let receipts: Vec<String> = (0..MOST).map(|number| number.to_string()).collect();
        let lengths = (1..=MOST).map(|count| padded(&receipts[..count]).len());
        assert_eq!(lengths.collect::<std::collections::BTreeSet<_>>().len(), 9);
        assert_eq!(padded(&receipts[..3]), ["0", "1", "2", "2"]);
    }
}
