//! Durable writes without HTTP: the inbox alone, and SQLite with as little around it as there can be.

use public_audit::Receipt;
use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

use jebi::{
    domain::{
        contact::Channel,
        event::{Act, Event, Wanted},
    },
    notify::content::CONTACT,
};
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::real::{Jebi, address};

/// Rows of one raw insert.
const ROWS: usize = 256;

/// Syncs of an appended block a second: what this disk promises, and whether it is one.
pub fn syncs(folder: &Path, time: Duration) -> f64 {
    let mut file = File::create(folder.join("syncs")).expect("a file");
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < time {
        file.write_all(&[7; 4_096]).expect("written");
        file.sync_data().expect("synced");
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

/// Events a second that `writers` get acknowledged by the inbox, each waiting for its own.
pub async fn inbox(jebi: &Jebi, writers: usize, time: Duration) -> f64 {
    let person_sealed = jebi.app.keys.people().seal(CONTACT, &address(0));
    let (begun, count) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let (inbox, count) = (jebi.app.inbox.clone(), count.clone());
            let wanted =
                Wanted::alone(250_000, "pm+am".to_owned(), person_sealed.clone(), Channel::Email, "ko");
            let event = Event {
                round_id: jebi.round_id,
                receipt: Receipt::from_bytes(of(writer)).to_string(),
                act: Act::Enter(wanted),
            };
            tokio::spawn(async move {
                while begun.elapsed() < time {
                    inbox.append(event.clone()).await.expect("acknowledged");
                    count.fetch_add(1, Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a writer");
    }
    count.load(Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// Rows a second of one connection that inserts as many rows at a time as wait at 256 connections.
pub async fn raw(folder: &Path, time: Duration) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("raw.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = SqliteConnection::connect_with(&options).await.expect("a database");
    let table = "CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, event TEXT NOT NULL)";
    sqlx::query(table).execute(&mut db).await.expect("a table");
    let insert = format!("INSERT INTO raw (event) VALUES {}", vec!["(?)"; ROWS].join(","));
    let insert: &'static str = insert.leak();
    let event = "x".repeat(320);
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < time {
        let bound = (0..ROWS).fold(sqlx::query(insert), |query, _| query.bind(event.as_str()));
        bound.execute(&mut db).await.expect("inserted");
        count += ROWS;
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

/// Ten bytes that are one writer's own.
fn of(writer: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&(writer as u64).to_be_bytes());
    bytes
}
