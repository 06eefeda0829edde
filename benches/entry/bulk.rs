//! Batch inserts beside bare ones: entries, and the places that a draw writes down.
//!
//! `cargo bench --bench entry -- bulk [--rows 1000000] [--postgres URL]`
//!
//! Bare is the database's own driver with prepared statements of as many rows (on PostgreSQL `UNNEST`) into a table with
//! the same columns and keys, the same rows in the same order, in transactions of the same size. Who goes first changes
//! from turn to turn, and both begin with nothing in the database: what others left there was vacuumed away before.

use std::{path::PathBuf, time::Instant};

use chrono::{DateTime, Utc};
use clap::Args;
use entities::{assignment, entry};
use jebi::{app::Round, lifecycle::draw, store};
use public_audit::{Digest, Entry, Pool, Receipt, draw::Drawn};
use tokio::runtime::Runtime;

use crate::{Schema, aim::Aim, bare::Bare, real::Jebi, table::median};

#[derive(Debug, Args)]
pub struct Options {
    /// Rows of each
    #[arg(long, default_value_t = 300_000)]
    rows: usize,
    /// Turns of each
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// On this PostgreSQL, in a schema of its own, instead of SQLite
    #[arg(long)]
    postgres: Option<String>,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

/// Rows of one transaction: as the draw writes them.
const SOME: usize = 10_000;
/// Columns of an entry and of a place. Of each a statement takes as many rows as jebi's.
const ENTRY_COLUMNS: usize = 19;
const PLACE_COLUMNS: usize = 7;

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let schema = options.postgres.as_ref().map(|url| server.block_on(Schema::new(url)));
    let url = schema.as_ref().map(|schema| schema.url.as_str());
    let jebi = server.block_on(Jebi::start(folder.path(), url));
    let all = server.block_on(async {
        let round = jebi.app.rounds.find(&jebi.slug).await.expect("read").expect("there");
        let drawn = drawn(&round, options.rows);
        let places: Vec<assignment::Model> = draw::rows(&round, &drawn).collect();
        let people = people(&jebi, options.rows);
        let mut bare = Bare::connect(jebi.app.config.database_url().expose()).await;
        let mut all = [const { Vec::new() }; 4];
        for turn in 0..options.rounds {
            // In every second turn the other way round.
            let order = if turn % 2 == 0 { [0, 1, 2, 3] } else { [3, 2, 1, 0] };
            for at in order {
                bare.clean().await;
                all[at].push(match at {
                    0 => bare.entries(&people).await,
                    1 => entries(&jebi, &people).await,
                    2 => bare.places(&places).await,
                    _ => written_back(&jebi, &round, &drawn).await,
                });
            }
        }
        all
    });
    drop(jebi);
    let promises = schema.as_ref().map(|schema| schema.promises.clone());
    if let Some(schema) = schema {
        server.block_on(schema.drop());
    }
    print(options, promises.as_deref(), all);
}

/// Seconds that jebi takes for entries.
async fn entries(jebi: &Jebi, people: &[entry::Model]) -> f64 {
    let begun = Instant::now();
    for some in people.chunks(SOME) {
        let txn = jebi.app.db.begin().await.expect("a transaction");
        store::entry::insert_all(&txn, some.to_vec()).await.expect("inserted");
        txn.commit().await.expect("committed");
    }
    begun.elapsed().as_secs_f64()
}

/// Seconds that jebi takes for the places of a draw.
async fn written_back(jebi: &Jebi, round: &Round, drawn: &Drawn) -> f64 {
    let begun = Instant::now();
    draw::write_down(&jebi.app, round, drawn).await.expect("written down");
    begun.elapsed().as_secs_f64()
}

fn print(options: &Options, promises: Option<&str>, seconds: [Vec<f64>; 4]) {
    let engine = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("### Batch inserts beside bare ones, on {engine}\n");
    if let Some(promises) = promises {
        println!("{promises}\n");
    }
    println!(
        "{} rows in transactions of {SOME}, medians of {} turns. Bare is the driver alone, into a table with the same \
         columns and keys, as many rows a statement. Who goes first changes from turn to turn; before each the database \
         is emptied and vacuumed.\n",
        options.rows, options.rounds
    );
    println!("| what | bare, rows a second | jebi, rows a second | times as long | aim | reached |");
    println!("| --- | ---: | ---: | ---: | ---: | --- |");
    let [bare_entries, entries, bare_places, places] = seconds.map(median);
    for (what, bare, ours, aim) in [
        ("entries", bare_entries, entries, Aim::AtMost(1.5)),
        ("places of a draw, written back", bare_places, places, Aim::AtMost(2.0)),
    ] {
        let (times, rows) = (ours / bare, options.rows as f64);
        println!("| {what} | {:.0} | {:.0} | {times:.2} | {} |", rows / bare, rows / ours, aim.cells(times));
    }
}

/// A real draw of people who do not exist.
fn drawn(round: &Round, count: usize) -> Drawn {
    let entries: Vec<Entry> =
        (0..count).map(|at| Entry::new(&round.rules, receipt(at), Vec::new())).collect();
    let pool = Pool::from_entries(&round.rules, &entries).expect("a pool");
    public_audit::draw(&round.rules, &pool, &Digest::of("a bench")).expect("drawn")
}

/// In no order, as real ones.
fn receipt(at: usize) -> Receipt {
    let digest = Digest::of((at as u64).to_be_bytes());
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest.0[..10]);
    Receipt::from_bytes(bytes)
}

fn people(jebi: &Jebi, count: usize) -> Vec<entry::Model> {
    let now = jebi.app.clock.now();
    let one = |at| entry::Model {
        round_id: jebi.round_id,
        receipt: receipt(at).to_string(),
        seats: 1,
        want: 250_000,
        weight: 1,
        wish: "pm+am".to_owned(),
        fields: String::new(),
        person_sealed: "x".repeat(90),
        channel: "email".to_owned(),
        lang: "ko".to_owned(),
        entered_at: now,
        changed_at: now,
        withdrawn_at: None,
        version: 1,
        inbox_id: 0,
        lead: None,
        miss_key: String::new(),
        consent_digest: "5e".repeat(32),
        attended: false,
    };
    (0..count).map(one).collect()
}

const PLACE: &str = "round_id, receipt, rank, outcome, slot, starts_at, amount";
const ENTRY: &str = "round_id, receipt, seats, want, weight, wish, fields, person_sealed, channel, lang, entered_at, \
                     changed_at, withdrawn_at, version, inbox_id, lead, miss_key, consent_digest, \
                     attended";

impl Bare {
    /// Leaves nothing of what was inserted, and no trace of it for whoever comes next.
    async fn clean(&mut self) {
        for sql in [
            "DELETE FROM entry",
            "DELETE FROM assignment",
            "DROP TABLE IF EXISTS bare_entry",
            "DROP TABLE IF EXISTS bare_assignment",
        ] {
            self.run(sql).await;
        }
        let swept: &[&'static str] = match self {
            Self::Sqlite(_) => &["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
            Self::Postgres(_) => {
                &["VACUUM (FULL, ANALYZE) entry", "VACUUM (FULL, ANALYZE) assignment", "CHECKPOINT"]
            }
        };
        for &sql in swept {
            self.run(sql).await;
        }
    }

    async fn entries(&mut self, people: &[entry::Model]) -> f64 {
        self.table("entry").await;
        let begun = Instant::now();
        for some in people.chunks(SOME) {
            self.run("BEGIN").await;
            for rows in some.chunks(store::BATCH_BINDS / ENTRY_COLUMNS) {
                match self {
                    Self::Sqlite(db) => {
                        let sql = values("bare_entry", ENTRY, ENTRY_COLUMNS, rows.len());
                        let bind = |query: Query, row: &entry::Model| {
                            query
                                .bind(row.round_id)
                                .bind(row.receipt.clone())
                                .bind(row.seats)
                                .bind(row.want)
                                .bind(row.weight)
                                .bind(row.wish.clone())
                                .bind(row.fields.clone())
                                .bind(row.person_sealed.clone())
                                .bind(row.channel.clone())
                                .bind(row.lang.clone())
                                .bind(row.entered_at)
                                .bind(row.changed_at)
                                .bind(row.withdrawn_at)
                                .bind(row.version)
                                .bind(row.inbox_id)
                                .bind(row.lead.clone())
                                .bind(row.miss_key.clone())
                                .bind(row.consent_digest.clone())
                                .bind(row.attended)
                        };
                        let query = rows.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), bind);
                        query.execute(&mut *db).await.expect("inserted");
                    }
                    Self::Postgres(db) => {
                        let types = "bigint[], text[], int[], bigint[], int[], text[], text[], text[], text[], text[], \
                                     timestamptz[], timestamptz[], timestamptz[], int[], bigint[], text[], text[], text[], \
                                     bool[]";
                        let sql = unnest("bare_entry", ENTRY, types);
                        sqlx::query(sqlx::AssertSqlSafe(sql))
                            .bind(of(rows, |row| row.round_id))
                            .bind(of(rows, |row| row.receipt.clone()))
                            .bind(of(rows, |row| row.seats))
                            .bind(of(rows, |row| row.want))
                            .bind(of(rows, |row| row.weight))
                            .bind(of(rows, |row| row.wish.clone()))
                            .bind(of(rows, |row| row.fields.clone()))
                            .bind(of(rows, |row| row.person_sealed.clone()))
                            .bind(of(rows, |row| row.channel.clone()))
                            .bind(of(rows, |row| row.lang.clone()))
                            .bind(of(rows, |row| row.entered_at))
                            .bind(of(rows, |row| row.changed_at))
                            .bind(of::<_, Option<DateTime<Utc>>>(rows, |row| row.withdrawn_at))
                            .bind(of(rows, |row| row.version))
                            .bind(of(rows, |row| row.inbox_id))
                            .bind(of(rows, |row| row.lead.clone()))
                            .bind(of(rows, |row| row.miss_key.clone()))
                            .bind(of(rows, |row| row.consent_digest.clone()))
                            .bind(of(rows, |row| row.attended))
                            .execute(&mut *db)
                            .await
                            .expect("inserted");
                    }
                }
            }
            self.run("COMMIT").await;
        }
        begun.elapsed().as_secs_f64()
    }

    async fn places(&mut self, places: &[assignment::Model]) -> f64 {
        self.table("assignment").await;
        let begun = Instant::now();
        for some in places.chunks(SOME) {
            self.run("BEGIN").await;
            for rows in some.chunks(store::BATCH_BINDS / PLACE_COLUMNS) {
                match self {
                    Self::Sqlite(db) => {
                        let sql = values("bare_assignment", PLACE, PLACE_COLUMNS, rows.len());
                        let bind = |query: Query, row: &assignment::Model| {
                            query
                                .bind(row.round_id)
                                .bind(row.receipt.clone())
                                .bind(row.rank)
                                .bind(row.outcome.clone())
                                .bind(row.slot.clone())
                                .bind(row.starts_at)
                                .bind(row.amount)
                        };
                        let query = rows.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), bind);
                        query.execute(&mut *db).await.expect("inserted");
                    }
                    Self::Postgres(db) => {
                        let types = "bigint[], text[], bigint[], text[], text[], timestamptz[], bigint[]";
                        sqlx::query(sqlx::AssertSqlSafe(unnest("bare_assignment", PLACE, types)))
                            .bind(of(rows, |row| row.round_id))
                            .bind(of(rows, |row| row.receipt.clone()))
                            .bind(of(rows, |row| row.rank))
                            .bind(of(rows, |row| row.outcome.clone()))
                            .bind(of(rows, |row| row.slot.clone()))
                            .bind(of(rows, |row| row.starts_at))
                            .bind(of(rows, |row| row.amount))
                            .execute(&mut *db)
                            .await
                            .expect("inserted");
                    }
                }
            }
            self.run("COMMIT").await;
        }
        begun.elapsed().as_secs_f64()
    }
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn values(table: &str, columns: &str, count: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; count].join(","));
    format!("INSERT INTO {table} ({columns}) VALUES {}", vec![row; rows].join(","))
}

fn unnest(table: &str, columns: &str, types: &str) -> String {
    let arrays = types.split(',').enumerate().map(|(at, kind)| format!("${}::{}", at + 1, kind.trim()));
    format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest({})", arrays.collect::<Vec<_>>().join(", "))
}

fn of<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
