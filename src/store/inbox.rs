//! The entry path: append first, acknowledge after the commit, fold later.
//!
//! Handlers hand their event to one writer. It takes all that wait, appends them as *one row* with
//! one statement and acknowledges each after the commit: many entrants share one fsync, and no
//! index but the key is touched. A full queue is refused at once instead of being made to wait.
//!
//! What decides whether an event was in time is when it was handed in, however long it then waited for its commit: the close
//! comes somewhat later than announced (`lifecycle::close`). Until the close is written, and not after.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use chrono::{DateTime, Utc};
use entities::{inbox, round};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TransactionTrait,
    sea_query::{Expr, InsertStatement, Query},
};
use tokio::sync::{Notify, mpsc, oneshot};

use super::Db;
use crate::{clock::Clock, domain::event::Event};

/// Events in one commit. More would not be faster: at this size the commit costs far less than the
/// requests in it, and the fold, which takes whole rows, still comes in small pieces.
const COMMIT: usize = 256;

/// Hands events to the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    queue: mpsc::Sender<Waiting>,
    clock: Clock,
    written: Arc<Written>,
}

/// What the writer tells those who fold.
#[derive(Debug, Default)]
struct Written {
    events: AtomicU64,
    knock: Notify,
}

#[derive(Debug)]
struct Waiting {
    round_id: i64,
    /// When it was handed in.
    at: DateTime<Utc>,
    line: String,
    answer: oneshot::Sender<Result<DateTime<Utc>, Refusal>>,
}

/// Why an event was not acknowledged. Nothing was kept; of a database that went away it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too many are waiting: try again later.
    #[error("the inbox is full")]
    Full,
    /// The round does not take entries at this instant.
    #[error("the round is not open")]
    NotOpen,
    /// The database could not be written.
    #[error("the database could not be written")]
    Database,
}

impl Inbox {
    /// Starts the writer; it ends when the last clone of the inbox is dropped.
    pub fn start(db: Db, clock: Clock, length: usize) -> Self {
        let (queue, waiting) = mpsc::channel(length.max(1));
        let written = Arc::<Written>::default();
        tokio::spawn(write(db, waiting, written.clone()));
        Self { queue, clock, written }
    }

    /// Acknowledges what it has not kept: for measuring what an entry takes before it is kept, and for nothing else.
    pub fn unkept(clock: Clock) -> Self {
        let theirs = clock.clone();
        let (queue, mut waiting) = mpsc::channel::<Waiting>(COMMIT * 64);
        tokio::spawn(async move {
            let mut some = Vec::with_capacity(COMMIT);
            while waiting.recv_many(&mut some, COMMIT).await > 0 {
                let now = theirs.now();
                for one in some.drain(..) {
                    let _ = one.answer.send(Ok(now));
                }
            }
        });
        Self { queue, clock, written: Arc::default() }
    }

    /// Appends one event; when this returns an instant, the event is durable and that instant is
    /// the one it counts at: not before it was handed in, and not after its commit.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn append(&self, event: Event) -> Result<DateTime<Utc>, Refusal> {
        let Ok(line) = serde_json::to_string(&event) else { return Err(Refusal::Database) };
        let (answer, acknowledged) = oneshot::channel();
        let (round_id, at) = (event.round_id, self.clock.now());
        self.queue.try_send(Waiting { round_id, at, line, answer }).map_err(|_| Refusal::Full)?;
        acknowledged.await.unwrap_or(Err(Refusal::Database))
    }

    /// Says that `events` were written by somebody else of this process: who folds is woken.
    pub fn knock(&self, events: u64) {
        self.written.events.fetch_add(events, Relaxed);
        self.written.knock.notify_one();
    }

    /// Resolves after a commit, for who folds what was written.
    pub async fn written(&self) {
        self.written.knock.notified().await;
    }

    /// How many events this process has written: how fast it grows says whether a crowd is here.
    pub fn appended(&self) -> u64 {
        self.written.events.load(Relaxed)
    }
}

async fn write(db: Db, mut queue: mpsc::Receiver<Waiting>, written: Arc<Written>) {
    let mut waiting: Vec<Waiting> = Vec::with_capacity(COMMIT);
    while queue.recv_many(&mut waiting, COMMIT).await > 0 {
        waiting.sort_by_key(|one| one.round_id);
        while let Some(round_id) = waiting.first().map(|one| one.round_id) {
            let count = waiting.partition_point(|one| one.round_id == round_id);
            let all = commit(&db, round_id, Group::of(waiting[..count].iter())).await;
            let (closes_at, before) = match all {
                Err(Refusal::NotOpen) => before_close(&db, round_id, &waiting[..count]).await,
                _ => (DateTime::<Utc>::MIN_UTC, all),
            };
            written.events.fetch_add(count as u64, Relaxed);
            for one in waiting.drain(..count) {
                // Who hung up meanwhile is acknowledged all the same: the event is kept.
                let _ = one.answer.send(if one.at < closes_at { before } else { all });
            }
        }
        written.knock.notify_one();
    }
}

/// Events of one round that share a commit.
struct Group {
    /// When the last of them was handed in; at that instant all of them count.
    at: DateTime<Utc>,
    events: String,
    count: usize,
}

impl Group {
    /// `None` of nobody.
    fn of<'w>(waiting: impl Iterator<Item = &'w Waiting> + Clone) -> Option<Self> {
        let at = waiting.clone().map(|one| one.at).max()?;
        let mut events = String::with_capacity(waiting.clone().map(|one| one.line.len() + 1).sum());
        let mut count = 0;
        for one in waiting {
            events.push_str(&one.line);
            events.push('\n');
            count += 1;
        }
        Some(Self { at, events, count })
    }
}

/// One group commit: one statement, which is its own transaction, so it costs one trip to the
/// database and holds the writer for no longer than the disk takes.
///
/// The round's row is share-locked until the commit: closing a round waits for commits under way,
/// so an acknowledged entry is always before the close, whatever the clocks of several instances show. (SQLite has one
/// writer and needs no lock; it ignores the clause.)
async fn commit(db: &Db, round_id: i64, group: Option<Group>) -> Result<DateTime<Utc>, Refusal> {
    let Some(Group { at, events, count }) = group else { return Err(Refusal::NotOpen) };
    let inserted = match insertion(at, round_id, events) {
        Ok(insert) => db.append(&insert).await,
        Err(error) => Err(error),
    };
    match inserted {
        Ok(1..) => Ok(at),
        Ok(0) => Err(Refusal::NotOpen),
        Err(error) => {
            tracing::error!(%error, events = count, "inbox not written");
            Err(Refusal::Database)
        }
    }
}

/// A group that was refused may have been handed in on both sides of the close: those before it have a commit of their own.
/// Returns when that is, and what came of them.
async fn before_close(
    db: &Db,
    round_id: i64,
    waiting: &[Waiting],
) -> (DateTime<Utc>, Result<DateTime<Utc>, Refusal>) {
    let closes_at = round::Entity::find_by_id(round_id).one(db.read()).await;
    match closes_at.map(|round| round.map(|round| round.closes_at)) {
        // All of them before it: it is not for the time that they were refused.
        Ok(Some(closes_at)) if waiting.iter().all(|one| one.at < closes_at) => {
            (closes_at, Err(Refusal::NotOpen))
        }
        Ok(Some(closes_at)) => {
            let in_time = Group::of(waiting.iter().filter(|one| one.at < closes_at));
            (closes_at, commit(db, round_id, in_time).await)
        }
        Ok(None) => (DateTime::<Utc>::MIN_UTC, Err(Refusal::NotOpen)),
        Err(error) => {
            tracing::error!(%error, events = waiting.len(), "inbox not written");
            (DateTime::<Utc>::MAX_UTC, Err(Refusal::Database))
        }
    }
}

/// Appends events in the caller's transaction, as one row; `false` when the round is not open at `now`, which is when they
/// were handed in.
///
/// # Errors
/// What the database said.
pub async fn append_within(
    txn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    round_id: i64,
    events: &[Event],
) -> Result<bool, DbErr> {
    let mut lines = String::new();
    for event in events {
        lines += &serde_json::to_string(event).map_err(|error| DbErr::Custom(error.to_string()))?;
        lines.push('\n');
    }
    Ok(txn.execute(&insertion(now, round_id, lines)?).await?.rows_affected() > 0)
}

/// The one statement, which inserts nothing when the round is not open.
fn insertion(now: DateTime<Utc>, round_id: i64, events: String) -> Result<InsertStatement, DbErr> {
    let open = Query::select()
        .column(round::Column::Id)
        .from(round::Entity)
        .and_where(round::Column::Id.eq(round_id))
        .and_where(round::Column::OpensAt.lte(now))
        .and_where(round::Column::ClosesAt.gt(now))
        .and_where(round::Column::ClosedAt.is_null())
        .and_where(round::Column::VoidedAt.is_null())
        .lock_shared()
        .take();
    let row = Query::select().exprs([Expr::val(now), Expr::val(events)]).from_subquery(open, "open").take();
    let mut insert = Query::insert();
    insert.into_table(inbox::Entity).columns([inbox::Column::WrittenAt, inbox::Column::Events]);
    insert.select_from(row).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(insert)
}

/// The oldest rows, at most `limit`, locked until the transaction ends: who folds as well waits
/// here, and then finds those that are left.
///
/// # Errors
/// What the database said.
pub async fn lock_oldest(txn: &impl ConnectionTrait, limit: u64) -> Result<Vec<inbox::Model>, DbErr> {
    inbox::Entity::find().order_by_asc(inbox::Column::Id).limit(limit).lock_exclusive().all(txn).await
}

/// Takes folded rows away.
///
/// # Errors
/// What the database said.
pub async fn remove(txn: &(impl ConnectionTrait + TransactionTrait), ids: Vec<i64>) -> Result<(), DbErr> {
    inbox::Entity::delete_many().filter(inbox::Column::Id.is_in(ids)).exec(txn).await.map(drop)
}

/// Whether nothing waits to be folded.
///
/// # Errors
/// What the database said.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(inbox::Entity::find()
        .select_only()
        .column(inbox::Column::Id)
        .into_tuple::<i64>()
        .one(db)
        .await?
        .is_none())
}
