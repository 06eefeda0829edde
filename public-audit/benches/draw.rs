//! The draw against a bare loop over the same bytes, in one run: `cargo bench -p public-audit`.
//!
//! `ENTRIES` (default 1,000,000) sets the size; `RECORD=DIR` also writes the whole record there, to
//! measure `jebi-audit verify DIR`. The bare loop does what cannot be avoided and
//! nothing else: a SHA-256 of every line and of every node, one of every lot key, a ChaCha20 block,
//! and a sort. Only the ratios mean anything on a shared machine.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use public_audit::rules::{Mode, Rules};
use public_audit::{Digest, Pool, draw, merkle};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

#[path = "../tests/common/mod.rs"]
mod common;

/// Seconds of processor time so far, of all threads; on a busy machine the clock on the wall says
/// little. Linux counts them in hundredths.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The value, and the processor time it took (or time, where that is not known).
fn timed<T>(what: &str, n: usize, work: impl FnOnce() -> T) -> (T, f64) {
    let (start, before) = (Instant::now(), cpu());
    let value = black_box(work());
    let wall = start.elapsed().as_secs_f64();
    let used = cpu().zip(before).map_or(wall, |(after, before)| after - before);
    println!("{what:44} {wall:8.3} s   processor {used:7.2} s, {:6.0} ns each", used * 1e9 / n as f64);
    (value, used)
}

fn big(rules: &mut Rules, n: usize) -> String {
    rules.goods.budget = n as u64 * 150_000;
    for slot in &mut rules.slots {
        slot.capacity = u32::try_from(n).unwrap();
    }
    let mut numbers = common::Numbers(1);
    let mut receipts: Vec<[u8; 10]> = (0..n)
        .map(|_| {
            let bytes = [numbers.next().to_be_bytes(), numbers.next().to_be_bytes()].concat();
            bytes[..10].try_into().unwrap()
        })
        .collect();
    receipts.sort_unstable();
    let mut text = String::new();
    for (at, receipt) in receipts.into_iter().enumerate() {
        let receipt = public_audit::Receipt::from_bytes(receipt);
        let (want, household) = (10_000 * (1 + at % 25), 1 + at % 4);
        text += &format!(
            "{receipt} seats=1 want={want} weight=1 household={household} region=jungang wish=eve+am\n"
        );
    }
    text
}

fn main() {
    let n = std::env::var("ENTRIES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000_usize);
    let mut rules = common::rules(Mode::Share);
    let text = big(&mut rules, n);
    let seed = Digest([9; 32]);

    let (root, bare_root) = timed("bare: SHA-256 of the text, its lines and nodes", n, || {
        let digest = Sha256::digest(&text);
        let mut level: Vec<[u8; 32]> = text
            .lines()
            .map(|line| Sha256::new().chain_update([0]).chain_update(line).finalize().into())
            .collect();
        while level.len() > 1 {
            level = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => Sha256::new()
                        .chain_update([1])
                        .chain_update(left)
                        .chain_update(right)
                        .finalize()
                        .into(),
                    other => other[0],
                })
                .collect();
        }
        black_box(digest);
        level[0]
    });
    let (pool, our_root) =
        timed("Pool::parse: strict, digest and root", n, || Pool::parse(&rules, text.as_bytes()).unwrap());
    let (lines_root, just_root) = timed("root_of_lines alone", n, || merkle::root_of_lines(text.as_bytes()));
    assert_eq!(pool.root(), lines_root);
    assert_eq!(pool.root().0, root);

    let ((), bare_lots) = timed("bare: SHA-256, ChaCha20 block and sort", n, || {
        let mut lots: Vec<(u64, u32)> = (0..)
            .zip(text.lines())
            .map(|(at, line)| {
                let mut sum = Sha256::new();
                sum.update([0; 76]);
                sum.update(&line[..20]);
                (ChaCha20Rng::from_seed(sum.finalize().into()).next_u64(), at)
            })
            .collect();
        lots.sort_unstable();
        black_box(&lots);
    });
    let (drawn, our_draw) =
        timed("draw: lots, ranks, shares, slots, minutes", n, || draw(&rules, &pool, &seed).unwrap());
    let (_, our_result) = timed("result root", n, || public_audit::result::root(&rules, &drawn));
    println!("pool against bare   {:.2}", our_root / bare_root);
    println!("draw against bare   {:.2}", our_draw / bare_lots);
    println!("root and draw       {:.2}", (just_root + our_draw) / (bare_root + bare_lots));
    println!("pool and draw       {:.2}", (our_root + our_draw) / (bare_root + bare_lots));
    black_box(our_result);
    if let Some(dir) = std::env::var_os("RECORD").map(std::path::PathBuf::from) {
        std::fs::create_dir_all(&dir).unwrap();
        for (name, bytes) in common::record(&rules, &pool, None) {
            std::fs::write(dir.join(name), bytes).unwrap();
        }
    }
}
