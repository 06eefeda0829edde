//! What it costs to claim, attempt and settle one notice, as the number of planned ones grows; and what it costs
//! whoever looks after them (a knock of the sweeper that finds nothing to do, and the live view).
//!
//! `cargo bench --bench outbox -- [--sizes 10000,100000,1000000,4000000] [--postgres URL] [--handfuls 200] [--markdown]`
//!
//! The tables grow from one size to the next, so that each line has all the rows of the one before. A flat
//! column is the point; its height is the machine's. `--markdown` prints the section of docs/performance.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/promises.rs"]
mod promises;

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use clap::Parser;
use jebi::store::{
    self, Db,
    notice::{Ask, Ending, Outcome, Through},
};

#[derive(Debug, Parser)]
struct Options {
    /// How many are planned
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000, 4_000_000])]
    sizes: Vec<i64>,
    /// Measured at each size; 20 notices each
    #[arg(long, default_value_t = 200)]
    handfuls: usize,
    /// A PostgreSQL whose database may be used up, instead of SQLite
    #[arg(long)]
    postgres: Option<String>,
    /// As a section of docs/performance.md
    #[arg(long)]
    markdown: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// One line: engine, planned, and four costs in microseconds.
struct Line(&'static str, i64, [u128; 4]);

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}?mode=rwc", folder.path().join("outbox.sqlite").display());
    let lines = match &options.postgres {
        Some(url) => runtime.block_on(measure("PostgreSQL", url, &options)),
        None => runtime.block_on(measure("SQLite", &sqlite, &options)),
    };
    if options.markdown {
        let promises = options.postgres.as_deref().map(|url| runtime.block_on(promises::said(url)));
        print!("{}", markdown(promises.as_deref(), &lines));
    }
}

fn markdown(promises: Option<&str>, lines: &[Line]) -> String {
    let engine = lines.first().map_or("nothing", |line| line.0);
    let promises = promises.map_or_else(String::new, |promises| format!("{promises}\n\n"));
    let mut text = format!(
        "### The outbox on {engine}, from ten thousand to four million planned notices\n\n{promises}\
         What one notice costs to plan (100,000 in one transaction) and to send (claimed, its attempt written within \
         two rates, its outcome written; 20 at a time, without the vendor's own time), what a knock of the sweeper \
         costs that finds nothing to do, and what one look at everything that waits costs (live view, `/metrics`, \
         `jebi queue`). Sending and sweeping must stay flat; the look counts rows.\n\n\
         | planned | plan, µs | send, µs | sweep, µs | look, ms |\n| ---: | ---: | ---: | ---: | ---: |\n"
    );
    for Line(_, planned, [plan, send, sweep, look]) in lines {
        let look = *look as f64 / 1_000.0;
        text += &format!("| {planned} | {plan} | {send} | {sweep} | {look:.1} |\n");
    }
    text
}

async fn measure(engine: &'static str, url: &str, options: &Options) -> Vec<Line> {
    let mut lines = Vec::new();
    let db = Db::connect(url, 4, Duration::from_secs(60)).await.unwrap();
    store::migrate(&db).await.unwrap();
    let (now, mut planned) = (Utc::now(), 0_i64);
    for size in &options.sizes {
        let (began, before) = (Instant::now(), planned);
        while planned < *size {
            // In steps, as a draw of many rounds would: one transaction for 100,000.
            let until = (planned + 100_000).min(*size);
            let some = (planned..until).map(|number| {
                let at = now - TimeDelta::days(1) + TimeDelta::milliseconds(number * 20);
                let about = format!("aaaa-{number}");
                store::notice::planned(1, &about, "result", 1, "sms", at, TimeDelta::days(30))
            });
            let txn = db.begin().await.unwrap();
            store::notice::insert_all(&txn, some).await.unwrap();
            txn.commit().await.unwrap();
            planned = until;
        }
        let plan = began.elapsed().as_micros() / u128::from((planned - before).max(1).unsigned_abs());
        if !db.is_embedded() {
            // As its autovacuum would have done a minute later.
            let txn = db.begin().await.unwrap();
            sea_orm::ConnectionTrait::execute_unprepared(&txn, "ANALYZE notice").await.unwrap();
            txn.commit().await.unwrap();
        }
        let began = Instant::now();
        let mut sent = 0;
        for _ in 0..options.handfuls {
            sent += handful(&db).await;
        }
        let send = began.elapsed().as_micros() / sent.max(1) as u128;
        let (sweep, look) = (sweep(&db).await, look(&db).await);
        eprintln!(
            "{engine:<10} {size:>8} planned: plan {plan} µs, send {send} µs, sweep {sweep} µs, look {look} µs"
        );
        lines.push(Line(engine, *size, [plan, send, sweep, look]));
    }
    lines
}

/// A knock that finds nothing to do.
async fn sweep(db: &Db) -> u128 {
    let (began, knocks) = (Instant::now(), 50);
    for _ in 0..knocks {
        let now = Utc::now();
        store::notice::release(db, now).await.unwrap();
        assert!(!store::notice::any_expired(db.read(), now).await.unwrap());
        let until = now + TimeDelta::seconds(30);
        assert!(store::notice::list_unknown(db, "sms", now, until, 50).await.unwrap().is_empty());
    }
    began.elapsed().as_micros() / knocks
}

/// Everything that waits, counted.
async fn look(db: &Db) -> u128 {
    let (began, looks) = (Instant::now(), 5);
    for _ in 0..looks {
        store::notice::count_waiting(db.read(), "sms", "notice", Utc::now()).await.unwrap();
        store::tally::totals(db.read()).await.unwrap();
    }
    began.elapsed().as_micros() / looks
}

/// What a sender does for twenty notices, without the vendor.
async fn handful(db: &Db) -> usize {
    let now = Utc::now();
    let until = now + TimeDelta::minutes(2);
    let ask = Ask { channel: "sms", class: "notice", now, horizon: now, until, limit: 20 };
    let claimed = store::notice::claim(db, ask).await.unwrap();
    let asks = ["channel sms", "vendor solapi"].map(|scope| store::rate::Ask {
        scope: scope.into(),
        usual: 60_000_000,
        keeps_one: true,
    });
    let through = Through { vendor: "solapi", channel: "sms", asks: &asks, now, until, wall: now };
    let begun = store::notice::attempt_through(db, claimed, through).await.unwrap();
    let outcomes: Vec<Outcome> = begun
        .held
        .iter()
        .map(|notice| Outcome {
            notice_id: notice.id,
            claim: notice.claim,
            outcome: "accepted",
            detail: Some(format!("M{}", notice.id)),
            ending: Ending::Accepted,
        })
        .collect();
    store::notice::settle_counted(db, &outcomes, now, "sms", "solapi").await.unwrap();
    assert_eq!(outcomes.len(), 20, "nothing was due, or the rates were in the way");
    outcomes.len()
}
