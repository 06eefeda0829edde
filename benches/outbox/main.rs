//! What it costs to claim, attempt and settle one notice, as the number of planned ones grows.
//!
//! `cargo bench --bench outbox -- [--sizes 10000,100000,1000000,4000000] [--postgres URL] [--handfuls 200]`
//!
//! The tables grow from one size to the next, so that each line has all the rows of the one before. A flat
//! column is the point; its height is the machine's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
    /// A PostgreSQL whose database may be used up
    #[arg(long)]
    postgres: Option<String>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}?mode=rwc", folder.path().join("outbox.sqlite").display());
    println!("{:<10} {:>10} {:>14} {:>16}", "engine", "planned", "plan µs each", "send µs a notice");
    runtime.block_on(measure("sqlite", &sqlite, &options));
    if let Some(url) = &options.postgres {
        runtime.block_on(measure("postgres", url, &options));
    }
}

async fn measure(engine: &str, url: &str, options: &Options) {
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
        let each = began.elapsed().as_micros() as i64 / (planned - before).max(1);
        let began = Instant::now();
        let mut sent = 0;
        for _ in 0..options.handfuls {
            sent += handful(&db).await;
        }
        let cost = began.elapsed().as_micros() as usize / sent.max(1);
        println!("{engine:<10} {size:>10} {each:>14} {cost:>16}");
    }
}

/// What a sender does for twenty notices, without the vendor.
async fn handful(db: &Db) -> usize {
    let now = Utc::now();
    let until = now + TimeDelta::minutes(2);
    let ask = Ask { channel: "sms", class: "notice", now, horizon: now, until, limit: 20 };
    let claimed = store::notice::claim(db, ask).await.unwrap();
    let asks = ["channel sms", "vendor solapi"]
        .map(|scope| store::rate::Ask { scope: scope.into(), usual: 60_000_000 });
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
