//! The entry path: append first, acknowledge after the commit, fold later.
//!
//! Handlers hand their event to one writer. It takes all that wait, appends them as *one row* in
//! one transaction and acknowledges each after the commit: many entrants share one fsync, and no
//! index but the key is touched. A full queue is refused at once instead of being made to wait.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::{inbox, round};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TransactionTrait,
};
use tokio::sync::{Notify, mpsc, oneshot};

use super::Db;
use crate::{clock::Clock, domain::event::Event};

/// Events in one commit. More would not be faster, only later for the first of them.
const COMMIT: usize = 1_024;

/// Hands events to the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    queue: mpsc::Sender<Waiting>,
    written: Arc<Notify>,
}

#[derive(Debug)]
struct Waiting {
    event: Event,
    line: String,
    answer: oneshot::Sender<Result<DateTime<Utc>, Refusal>>,
}

/// Why an event was not acknowledged. In each case nothing was kept.
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
        let written = Arc::new(Notify::new());
        tokio::spawn(write(db, clock, waiting, written.clone()));
        Self { queue, written }
    }

    /// Appends one event; when this returns an instant, the event is durable and that instant is
    /// the one it counts at.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn append(&self, event: Event) -> Result<DateTime<Utc>, Refusal> {
        let Ok(line) = serde_json::to_string(&event) else { return Err(Refusal::Database) };
        let (answer, acknowledged) = oneshot::channel();
        self.queue.try_send(Waiting { event, line, answer }).map_err(|_| Refusal::Full)?;
        acknowledged.await.unwrap_or(Err(Refusal::Database))
    }

    /// Resolves after a commit, for who folds what was written.
    pub async fn written(&self) {
        self.written.notified().await;
    }
}

async fn write(db: Db, clock: Clock, mut queue: mpsc::Receiver<Waiting>, written: Arc<Notify>) {
    let mut waiting = Vec::with_capacity(COMMIT);
    while queue.recv_many(&mut waiting, COMMIT).await > 0 {
        match commit(&db, &clock, &waiting).await {
            Ok((now, open)) => {
                for (one, open) in waiting.drain(..).zip(open) {
                    // Who hung up meanwhile is acknowledged all the same: the event is kept.
                    let _ = one.answer.send(if open { Ok(now) } else { Err(Refusal::NotOpen) });
                }
                written.notify_one();
            }
            Err(error) => {
                tracing::error!(%error, events = waiting.len(), "inbox not written");
                for one in waiting.drain(..) {
                    let _ = one.answer.send(Err(Refusal::Database));
                }
            }
        }
    }
}

/// One group commit. Returns the instant it counts at and, for each event, whether its round was
/// open then.
async fn commit(db: &Db, clock: &Clock, waiting: &[Waiting]) -> Result<(DateTime<Utc>, Vec<bool>), DbErr> {
    let txn = db.begin().await?;
    let now = clock.now();
    let open = open_rounds(&txn, waiting, now).await?;
    let open: Vec<bool> = waiting.iter().map(|one| open.contains(&one.event.round_id)).collect();
    let mut events = String::with_capacity(waiting.len() * 512);
    for (one, _) in waiting.iter().zip(&open).filter(|(_, open)| **open) {
        events.push_str(&one.line);
        events.push('\n');
    }
    if !events.is_empty() {
        let row = inbox::ActiveModel { written_at: Set(now), events: Set(events), ..Default::default() };
        inbox::Entity::insert(row).exec_without_returning(&txn).await?;
    }
    txn.commit().await?;
    Ok((now, open))
}

/// The rounds that take entries at `now`, their rows share-locked until the commit: closing a
/// round waits for commits under way, so an acknowledged entry is always before the close.
/// (SQLite has one writer and needs no lock; it ignores the clause.)
async fn open_rounds(
    txn: &impl ConnectionTrait,
    waiting: &[Waiting],
    now: DateTime<Utc>,
) -> Result<Vec<i64>, DbErr> {
    let mut ids: Vec<i64> = waiting.iter().map(|one| one.event.round_id).collect();
    ids.sort_unstable();
    ids.dedup();
    round::Entity::find()
        .select_only()
        .column(round::Column::Id)
        .filter(round::Column::Id.is_in(ids))
        .filter(round::Column::OpensAt.lte(now))
        .filter(round::Column::ClosesAt.gt(now))
        .filter(round::Column::ClosedAt.is_null())
        .filter(round::Column::VoidedAt.is_null())
        .order_by_asc(round::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(txn)
        .await
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
