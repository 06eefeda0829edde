//! The root, the ranks and the whole draw against a bare loop over the same bytes, in one run:
//!
//! ```text
//! cargo bench -p public-audit --bench draw -- --entries 10000000
//! cargo bench -p public-audit --bench draw -- --entries 4300000 --record DIR --batches 2000
//! ```
//!
//! The bare loop does what cannot be avoided and nothing else: a SHA-256 of every line and of every
//! node, one of every lot key, a ChaCha20 block, and a sort; on all cores, as the library does. Only
//! the ratios mean anything on a shared machine. With `--record`, a whole record is written
//! instead, whose entries came in that many batches, to measure `jebi-audit verify DIR`.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, missing_docs)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use public_audit::after::{Course, Fact, FactKind, Offer, Place};
use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Pool, draw, merkle};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

#[path = "../tests/common/mod.rs"]
mod common;
mod record;

use record::{argument, big, grouped, is_markdown, write_record};

/// What is said on standard output in the end, if Markdown is asked for: a row each.
static ROWS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Seconds of processor time so far, of all threads. Linux counts them in hundredths.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The most memory that this process has had, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}

/// What something took: on the clock, and of all processors.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { wall: self.wall + other.wall, cpu: self.cpu + other.cpu }
    }
}

fn timed<T>(what: &str, n: usize, work: impl FnOnce() -> T) -> (T, Cost) {
    let (start, before) = (Instant::now(), cpu());
    let value = black_box(work());
    let wall = start.elapsed().as_secs_f64();
    let cpu = cpu().zip(before).map_or(wall, |(after, before)| after - before);
    let (each, peak) = (cpu * 1e9 / n as f64, peak().unwrap_or_default());
    eprintln!("{what:44} {wall:8.3} s   processors {cpu:7.2} s, {each:6.0} ns each   peak {peak:5} MiB");
    ROWS.lock().unwrap().push(format!("| {what} | {wall:.2} s | {cpu:.2} s | {each:.0} ns | {peak} MiB |"));
    (value, Cost { wall, cpu })
}

fn ratio(what: &str, ours: Cost, bare: Cost) {
    let (wall, cpu) = (ours.wall / bare.wall, ours.cpu / bare.cpu);
    eprintln!("{what:34} {wall:5.2} × bare   processors {cpu:5.2} ×");
    ROWS.lock().unwrap().push(format!("| {what} | {wall:.2} × | {cpu:.2} × |"));
}

/// `work` on as many parts as there are cores, at once.
fn on_all_cores<T: Sync, U: Send>(all: &[T], each: usize, work: impl Fn(&[T]) -> Vec<U> + Sync) -> Vec<U> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = all.len().div_ceil(cores).next_multiple_of(each).max(each);
    std::thread::scope(|scope| {
        let parts: Vec<_> = all.chunks(part).map(|part| scope.spawn(|| work(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

fn bare_root(lines: &[&str]) -> [u8; 32] {
    let leaf = |line: &&str| Sha256::new().chain_update([0]).chain_update(line).finalize().into();
    let node = |pair: &[[u8; 32]]| match pair {
        [left, right] => {
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        }
        other => other[0],
    };
    let mut level = on_all_cores(lines, 1, |lines| lines.iter().map(leaf).collect());
    while level.len() > 1 {
        level = on_all_cores(&level, 2, |level| level.chunks(2).map(node).collect());
    }
    level[0]
}

fn bare_ranks(lines: &[&str]) -> Vec<(u64, u32)> {
    let numbered: Vec<(u32, &str)> = (0..).zip(lines.iter().copied()).collect();
    let lot = |(at, line): &(u32, &str)| {
        let key = Sha256::new().chain_update([0; 76]).chain_update(&line[..20]).finalize();
        (ChaCha20Rng::from_seed(key.into()).next_u64(), *at)
    };
    let mut lots = on_all_cores(&numbered, 1, |part| {
        let mut lots: Vec<_> = part.iter().map(lot).collect();
        lots.sort_unstable();
        lots
    });
    lots.sort();
    lots
}

/// An offer after the first day, on which every fifth missed.
fn offer(rules: &Rules, mut course: Course, n: usize) -> Cost {
    course.offer(&[]).unwrap();
    let at = rules.after.as_ref().unwrap().offers_at[1];
    let missed = |(receipt, place)| match place {
        Place::Placed { until, .. } if until <= at => Some(Fact { receipt, kind: FactKind::Missed }),
        _ => None,
    };
    let facts: Vec<Fact> = course.places().filter_map(missed).step_by(5).collect();
    let (offer, cost) = timed(&format!("offer: {} missed", facts.len()), n, || course.offer(&facts).unwrap());
    let text = offer.to_text();
    timed("offer: read", n, || assert_eq!(Offer::parse(&text).unwrap(), offer));
    cost
}

fn main() {
    let number = |name: &str| argument(name).map(|text| text.parse::<usize>().unwrap());
    let n = number("--entries").unwrap_or(1_000_000);
    let mut rules = common::rules(Mode::Share);
    rules.after = Some(common::after());
    let text = big(&mut rules, n);
    if let Some(dir) = argument("--record") {
        let pool = Pool::parse(&rules, text.as_bytes()).unwrap();
        return write_record(&rules, &pool, number("--batches").unwrap_or(100), Path::new(&dir));
    }
    eprintln!("{n} entries, {} MiB of text, peak {} MiB", text.len() >> 20, peak().unwrap_or_default());

    let (pool, our_pool) =
        timed("Pool::parse: strict, digest and root", n, || Pool::parse(&rules, text.as_bytes()).unwrap());
    let (root, our_root) = timed("root_of_lines", n, || merkle::root_of_lines(text.as_bytes()));
    let (drawn, our_draw) = timed("draw: lots, ranks, shares, slots, minutes", n, || {
        draw(&rules, &pool, &Digest([9; 32])).unwrap()
    });
    let (course, our_course) = timed("course: drawn, and where everybody is", n, || {
        Course::new(&rules, &pool, &Digest([9; 32])).unwrap()
    });
    let our_offer = offer(&rules, course, n);
    timed("result root", n, || public_audit::result::root(&rules, &drawn));

    // Finding the lines is part of the bare loop, too.
    let (lines, bare_lines) = timed("bare: lines", n, || text.lines().collect::<Vec<_>>());
    let (found, bare_root) = timed("bare: SHA-256 of lines and nodes", n, || bare_root(&lines));
    assert_eq!((pool.root(), root), (Digest(found), Digest(found)));
    let (_, bare_digest) = timed("bare: SHA-256 of the text (one core)", n, || Sha256::digest(&text));
    let (_, bare_ranks) = timed("bare: SHA-256, ChaCha20 block and sort", n, || bare_ranks(&lines));
    let measured = std::mem::take(&mut *ROWS.lock().unwrap());
    let bare_root = bare_lines + bare_root;
    ratio("course (bare is the draw)", our_course, our_draw);
    ratio("an offer (bare is the draw)", our_offer, our_draw);
    ratio("root", our_root, bare_root);
    ratio("draw, of which the ranks are bare", our_draw, bare_ranks);
    ratio("root and draw", our_root + our_draw, bare_root + bare_ranks);
    ratio("pool (strict, digest, root)", our_pool, bare_root + bare_digest);
    ratio("pool and draw", our_pool + our_draw, bare_root + bare_digest + bare_ranks);
    if is_markdown() {
        println!("### The draw of {} entries against a bare loop\n", grouped(n as u64));
        println!(
            "\"Bare\" hashes, draws and sorts the same bytes and does nothing else. Ratios are of one run: below 2 is the goal.\n"
        );
        println!("| | wall | processors |\n| --- | ---: | ---: |\n{}\n", ROWS.lock().unwrap().join("\n"));
        println!(
            "| step | wall | processors | an entry | peak so far |\n| --- | ---: | ---: | ---: | ---: |\n{}",
            measured.join("\n")
        );
    }
}
