//! What it costs to claim, attempt and settle one notice, as the number of planned ones grows; and what it costs
//! whoever looks after them (a knock of the sweeper that finds nothing to do, and the live view).
//!
//! `cargo bench --bench outbox -- [--sizes 10000,100000,1000000,4000000] [--postgres URL] [--handfuls 200] [--markdown]`
//!
//! The tables grow from one size to the next, so that each line has all the rows of the one before. A flat
//! column is the point; its height is the machine's, so the driver alone takes turns with it (`floor`). `--markdown` prints
//! the section of docs/performance.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/bare.rs"]
mod bare;
mod floor;
#[path = "../support/promises.rs"]
mod promises;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use floor::Floor;
use jebi::store::{
    self, Db,
    notice::{Ask, Ending, Outcome, Through},
};

#[derive(Debug, Parser)]
struct Options {
    /// How many are planned
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000, 4_000_000])]
    sizes: Vec<i64>,
    /// Measured at each size, of 20 notices each
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

/// Notices that a sender takes at once.
const HANDFUL: u64 = 20;

/// What jebi took for something, and the driver alone.
#[derive(Clone, Copy, Default)]
struct Both {
    ours: Duration,
    bare: Duration,
}

impl Both {
    /// Microseconds of one of so many, and how many times as long as the driver's.
    fn each(self, count: i64) -> (f64, f64) {
        (
            self.ours.as_secs_f64() * 1e6 / count.max(1) as f64,
            self.ours.as_secs_f64() / self.bare.as_secs_f64(),
        )
    }
}

/// What it cost with so many planned, in microseconds, each beside the driver alone where that does anything.
struct Line {
    planned: i64,
    plan: (f64, f64),
    send: (f64, f64),
    sweep: f64,
    look: (f64, f64),
}

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}?mode=rwc", folder.path().join("outbox.sqlite").display());
    let (engine, url) = match &options.postgres {
        Some(url) => ("PostgreSQL", url),
        None => ("SQLite", &sqlite),
    };
    let lines = runtime.block_on(measure(engine, url, &options));
    if options.markdown {
        let promises = options.postgres.as_deref().map(|url| runtime.block_on(promises::said(url)));
        print!("{}", markdown(engine, promises.as_deref(), &lines));
    }
}

fn markdown(engine: &str, promises: Option<&str>, lines: &[Line]) -> String {
    let promises = promises.map_or_else(String::new, |promises| format!("{promises}\n\n"));
    let mut text = format!(
        "### The outbox on {engine}, from ten thousand to four million planned notices\n\n{promises}\
         What one notice costs to plan (100,000 in one transaction) and to send (claimed, its attempt written within \
         two rates, its outcome written; {HANDFUL} at a time, without the vendor's own time), what a knock of the sweeper \
         costs that finds nothing to do, and what one look at everything that waits costs (live view, `/metrics`, \
         `jebi queue`). Sending and sweeping must stay flat; the look counts rows.\n\n\
         × bare is how many times as long it takes as the driver alone, in turns with jebi: the same rows in tables with \
         the same columns, keys and indexes of the same database, planned by as many in a statement and a transaction, \
         sent in the same three transactions with nothing to decide, and looked at with one `count(*)`. A knock has no \
         floor, since nothing is to be done: it has to be flat.\n\n\
         | planned | plan, µs | × bare | send, µs | × bare | sweep, µs | look, ms | × bare |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    );
    for Line { planned, plan, send, sweep, look } in lines {
        text += &format!(
            "| {planned} | {:.0} | {:.1} | {:.0} | {:.1} | {sweep:.0} | {:.1} | {:.1} |\n",
            plan.0,
            plan.1,
            send.0,
            send.1,
            look.0 / 1_000.0,
            look.1
        );
    }
    text
}

/// When a notice leaves: all are due.
fn at(now: DateTime<Utc>, number: i64) -> DateTime<Utc> {
    now - TimeDelta::days(1) + TimeDelta::milliseconds(number * 20)
}

/// Whom it is about.
fn about(number: i64) -> String {
    format!("aaaa-{number}")
}

fn pointless_after() -> TimeDelta {
    TimeDelta::days(30)
}

/// Adds what something takes.
async fn timed<T>(to: &mut Duration, work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let done = work.await;
    *to += began.elapsed();
    done
}

async fn measure(engine: &'static str, url: &str, options: &Options) -> Vec<Line> {
    let mut lines = Vec::new();
    let db = Db::connect(url, 4, Duration::from_secs(60)).await.unwrap();
    store::migrate(&db).await.unwrap();
    let mut floor = Floor::start(url).await;
    let (now, mut planned) = (Utc::now(), 0_i64);
    for size in &options.sizes {
        let (mut plan, before) = (Both::default(), planned);
        while planned < *size {
            // In steps, as a draw of many rounds would: one transaction for 100,000.
            let until = (planned + 100_000).min(*size);
            let numbers: Vec<i64> = (planned..until).collect();
            timed(&mut plan.ours, plan_all(&db, now, &numbers)).await;
            timed(&mut plan.bare, floor.plan(now, &numbers)).await;
            planned = until;
        }
        if !db.is_embedded() {
            // As its autovacuum would have done a minute later.
            let txn = db.begin().await.unwrap();
            sea_orm::ConnectionTrait::execute_unprepared(&txn, "ANALYZE notice").await.unwrap();
            txn.commit().await.unwrap();
            floor.analyze().await;
        }
        let (mut send, mut sent) = (Both::default(), 0);
        for _ in 0..options.handfuls {
            timed(&mut send.ours, handful(&db)).await;
            timed(&mut send.bare, floor.send(HANDFUL as i64)).await;
            sent += HANDFUL as i64;
        }
        let sweep = sweep(&db).await;
        let (mut look, looks) = (Both::default(), 5);
        for _ in 0..looks {
            timed(&mut look.ours, look_at(&db)).await;
            timed(&mut look.bare, floor.look()).await;
        }
        let line = Line {
            planned: *size,
            plan: plan.each(planned - before),
            send: send.each(sent),
            sweep,
            look: look.each(looks),
        };
        eprintln!(
            "{engine:<10} {size:>8} planned: plan {:.0} µs ({:.1} ×), send {:.0} µs ({:.1} ×), sweep {sweep:.0} µs, \
             look {:.0} µs ({:.1} ×)",
            line.plan.0, line.plan.1, line.send.0, line.send.1, line.look.0, line.look.1
        );
        lines.push(line);
    }
    lines
}

async fn plan_all(db: &Db, now: DateTime<Utc>, numbers: &[i64]) {
    let some = numbers.iter().map(|number| {
        let (about, at) = (about(*number), at(now, *number));
        store::notice::planned(1, &about, "result", 1, "sms", at, pointless_after())
    });
    let txn = db.begin().await.unwrap();
    store::notice::insert_all(&txn, some).await.unwrap();
    txn.commit().await.unwrap();
}

/// A knock that finds nothing to do.
async fn sweep(db: &Db) -> f64 {
    let (began, knocks) = (Instant::now(), 50);
    for _ in 0..knocks {
        let now = Utc::now();
        store::notice::release(db, now).await.unwrap();
        assert!(!store::notice::any_expired(db.read(), now).await.unwrap());
        let until = now + TimeDelta::seconds(30);
        assert!(store::notice::list_unknown(db, "sms", now, until, 50).await.unwrap().is_empty());
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(knocks)
}

/// Everything that waits, counted.
async fn look_at(db: &Db) {
    store::notice::count_waiting(db.read(), "sms", "notice", Utc::now()).await.unwrap();
    store::tally::totals(db.read()).await.unwrap();
}

/// What a sender does for a handful, without the vendor.
async fn handful(db: &Db) {
    let now = Utc::now();
    let until = now + TimeDelta::minutes(2);
    let ask = Ask { channel: "sms", class: "notice", now, horizon: now, until, limit: HANDFUL };
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
    assert_eq!(outcomes.len() as u64, HANDFUL, "nothing was due, or the rates were in the way");
}
