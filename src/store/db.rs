//! Connections. SQLite has one writer and several readers, PostgreSQL one pool for both; callers
//! never learn which.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{primary::Timeline, progress};
use crate::config::Config;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::InsertStatement,
};
use sqlx::{
    Connection,
    sqlite::{SqliteJournalMode, SqliteSynchronous},
};

/// How many values one statement may bind: SQLite takes 32,766, PostgreSQL 65,535.
pub const BATCH_BINDS: usize = 32_000;

/// A connection unused for so long is tested before it is used again.
const IDLE: Duration = Duration::from_secs(1);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    write: DatabaseConnection,
    read: DatabaseConnection,
    asked: Arc<AtomicU64>,
}

impl Db {
    /// Connects to `sqlite://PATH` (made if it is not there) or `postgres://…` with at most
    /// `connections` at once; a caller waits `patience` for a free one.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(url: &str, connections: u32, patience: Duration) -> Result<Self, DbErr> {
        if !url.starts_with("sqlite:") {
            let pool = Database::connect(options(url, connections, patience)).await?;
            return Ok(Self::counting(pool.clone(), pool));
        }
        // A second writing connection would only find the database locked: SQLite has one writer.
        let mut writing = options(url, 1, patience);
        // A full disk makes SQLite end a transaction by itself, and sqlx does not notice: what it then
        // takes for a nested transaction is one that nobody ever commits. Such a connection is closed.
        // (Readers begin none, and this would cost each of their questions another trip.)
        writing.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    // Behind a rollback that may still be under way.
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
        });
        let write = Database::connect(writing).await?;
        let read = Database::connect(options(url, connections, patience)).await?;
        Ok(Self::counting(write, read))
    }

    fn counting(mut write: DatabaseConnection, mut read: DatabaseConnection) -> Self {
        let asked = Arc::new(AtomicU64::new(0));
        for connection in [&mut write, &mut read] {
            let asked = Arc::clone(&asked);
            connection.set_metric_callback(move |statement| {
                asked.fetch_add(1, Ordering::Relaxed);
                if !statement.failed {
                    progress::answered();
                }
            });
        }
        Self { write, read, asked }
    }

    /// How many statements it was given so far, those inside of transactions too; to begin and to end one is not
    /// counted. What each page may ask for is stated in `docs/pages.md`, and held to that by a test.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Connects to the database of a configuration.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn of(config: &Config) -> Result<Self, DbErr> {
        let patience = Duration::from_millis(config.database.acquire_ms);
        Self::connect(config.database_url().expose(), config.database.max_connections, patience).await
    }

    /// For reading. Writes through this fail on nobody's machine but are a mistake.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The only way to begin a transaction that writes. SQLite's default upgrades a reader to a
    /// writer half way and then refuses 36 of 40 under load; `BEGIN IMMEDIATE` queues instead.
    ///
    /// # Errors
    /// When no connection could be had in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let immediate = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..Default::default() };
        self.write.begin_with_options(options).await
    }

    /// One insert that is its own transaction: a trip to the database where `begin` … `commit` take
    /// three. Returns how many rows came to be.
    ///
    /// # Errors
    /// What the database said; nothing was kept.
    pub async fn append(&self, insert: &InsertStatement) -> Result<u64, DbErr> {
        self.write.execute(insert).await.map(|done| done.rows_affected())
    }

    /// Whether the database is the embedded one.
    pub fn is_embedded(&self) -> bool {
        self.write.get_database_backend() == DbBackend::Sqlite
    }

    /// Whether a question gets an answer.
    ///
    /// # Errors
    /// What the database or the network said.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.ping().await
    }
}

fn options(url: &str, connections: u32, patience: Duration) -> ConnectOptions {
    let timeline = Arc::new(Timeline::default());
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(1))
        .acquire_timeout(patience)
        // Connections are tested when they are given back; to ask again each time one is taken
        // would cost a group commit another trip.
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging_level(tracing::log::LevelFilter::Debug)
        // A proxy in front may lead to a standby, or to a primary of before: neither is written to.
        .map_sqlx_postgres_pool_opts(move |pool| {
            let timeline = timeline.clone();
            pool.after_connect(move |connection, _| {
                let timeline = timeline.clone();
                Box::pin(async move { timeline.check(connection).await })
            })
        })
        // Who was stopped inside of a transaction must not hold up everybody else for ever.
        .map_sqlx_postgres_opts(|postgres| postgres.options([("idle_in_transaction_session_timeout", "30s")]))
        .map_sqlx_sqlite_opts(|sqlite| {
            // FULL: an acknowledged entry survives a power cut, not only a crash.
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
        });
    options
}

/// Brings the schema up to date.
///
/// # Errors
/// What the database said; nothing of the failed step remains.
pub async fn migrate(db: &Db) -> Result<(), DbErr> {
    Migrator::up(&db.write, None).await
}

/// How many schema changes this database has not seen.
///
/// # Errors
/// What the database said.
pub async fn migrations_pending(db: &Db) -> Result<usize, DbErr> {
    Ok(Migrator::get_pending_migrations(&db.write).await?.len())
}
