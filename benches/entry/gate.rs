//! How many a seller's gate lets through in ten seconds, wherever they begin, beside what the seller takes in ten seconds.
//!
//! `cargo bench --bench entry -- gate [--runs 1000] [--seconds 30]`
//!
//! The rate is taken by the functions by which the gate takes it, out of the same table, at instants of our own: a storm of
//! half a minute takes a moment. People press as greedily as can be: all at once until one has to wait, then at the very
//! instant at which the gate has room again; and now and then nobody comes for a while, so that room gathers.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use jebi::{
    domain::chance::Chance,
    lifecycle::sale::gate,
    store::{self, Db, rate},
};
use tokio::runtime::Runtime;

use crate::aim::Aim;

#[derive(Debug, Args)]
pub struct Options {
    /// Storms, dealt evenly among the sellers
    #[arg(long, default_value_t = 1_000)]
    runs: usize,
    /// How long each lasts, by its own clock
    #[arg(long, default_value_t = 30)]
    seconds: i64,
    /// Folder on a real disk; emptied afterwards
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    dir: PathBuf,
    /// Print Markdown, as it does anyway
    #[arg(long)]
    markdown: bool,
}

/// What the sellers of the five incidents take, people a minute, and the slowest there are.
const SELLERS: [(&str, i64); 7] = [
    ("one a second", 60),
    ("hardly more", 61),
    ("Tongyeong, by the day", 180),
    ("Tongyeong", 1_440),
    ("Gyeonggi", 1_632),
    ("Sejong, Busan", 1_800),
    ("Onnuri", 6_000),
];
/// Nobody comes after one in so many waits, for at most so long.
const PAUSE: (u64, u64) = (50, 3_000);

pub fn measure(options: &Options) {
    let folder = tempfile::tempdir_in(&options.dir).expect("a folder");
    let server = Runtime::new().expect("a runtime");
    let begun = Instant::now();
    let lines: Vec<_> = server.block_on(async {
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("gate.sqlite").display());
        let db = Db::connect(&url, 1, Duration::from_secs(60)).await.expect("a database");
        store::migrate(&db).await.expect("migrated");
        let mut lines = Vec::new();
        for (at, (seller, per_minute)) in SELLERS.into_iter().enumerate() {
            let mut fullest = Vec::new();
            for run in (at..options.runs).step_by(SELLERS.len()) {
                let passed = storm(&db, per_minute, options.seconds, &mut Chance(run as u64)).await;
                fullest.push(fullest_ten_seconds(&passed));
            }
            lines.push((seller, per_minute, fullest));
        }
        lines
    });
    print(options, &lines, begun.elapsed());
}

/// When somebody passed, in order.
async fn storm(db: &Db, per_minute: i64, seconds: i64, chance: &mut Chance) -> Vec<DateTime<Utc>> {
    let milliseconds = |count: u64| TimeDelta::milliseconds(i64::try_from(count).expect("few"));
    let scope = "gate bench".to_owned();
    let asks = [rate::Ask { scope, usual: gate::paced(per_minute), keeps_one: false }];
    // Nothing of it stays: the next storm begins with a gate that nobody has passed.
    let txn = db.begin().await.expect("a transaction");
    let begun = DateTime::UNIX_EPOCH + milliseconds(chance.below(60_000));
    let until = begun + TimeDelta::seconds(seconds);
    let (mut now, mut passed) = (begun, Vec::new());
    while now < until {
        let permit = rate::take(&txn, &asks, 1, now).await.expect("an answer");
        if permit.count > 0 {
            passed.push(now);
            continue;
        }
        now = permit.next_at.expect("nobody has paused it").max(now + TimeDelta::microseconds(1));
        if chance.below(PAUSE.0) == 0 {
            now += milliseconds(chance.below(PAUSE.1));
        }
    }
    txn.rollback().await.expect("nothing kept");
    passed
}

/// How many passed in the fullest ten seconds; every window that begins with somebody is looked at.
fn fullest_ten_seconds(passed: &[DateTime<Utc>]) -> usize {
    let ten = TimeDelta::seconds(10);
    let from = |first: usize| passed[first..].partition_point(|at| *at - passed[first] < ten);
    (0..passed.len()).map(from).max().unwrap_or(0)
}

fn print(options: &Options, lines: &[(&str, i64, Vec<usize>)], took: Duration) {
    println!("### How many a gate lets through in ten seconds\n");
    println!(
        "{} storms of {} s, by the functions by which a seller's gate takes its rate, at instants of their own; everybody \
         presses at the very instant at which there is room. The fullest ten seconds, wherever they begin. It took {:.0} s.\n",
        options.runs,
        options.seconds,
        took.as_secs_f64()
    );
    println!("| seller | takes, a minute | storms | fullest ten seconds: median | highest | aim | reached |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    for (seller, per_minute, fullest) in lines {
        let mut fullest = fullest.clone();
        fullest.sort_unstable();
        let (Some(median), Some(highest)) = (fullest.get(fullest.len() / 2), fullest.last()) else {
            continue;
        };
        // A part of a person does not come.
        let aim = Aim::AtMost((per_minute / 6) as f64);
        let count = fullest.len();
        println!(
            "| {seller} | {per_minute} | {count} | {median} | {highest} | {} |",
            aim.cells(*highest as f64)
        );
    }
}
