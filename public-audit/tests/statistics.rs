//! Is the order fair? Statistics with fixed seeds, so that they pass or fail for ever, each of which
//! is shown to catch bugs that were planted on purpose.
//!
//! A statistic is a number of standard deviations; five of them come up by chance once in two
//! million. Floating point is for judging here, never for drawing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]

mod common;

use common::Numbers;
use public_audit::{Digest, Pool, Receipt, draw, lot};

const DRAWS: u64 = 3000;
const ALARM: f64 = 5.0;
const WEIGHTS: [u32; 4] = [1, 2, 3, 4];

/// Something that draws: the lot of a receipt, and the order of entries.
struct Subject {
    name: &'static str,
    lot: fn(&Digest, &Receipt, u32) -> u64,
    order: Order,
}

type Order = fn(&Subject, &Digest, &[(Receipt, u32)]) -> Vec<usize>;

/// The order of the protocol: by (lot, receipt).
fn by_lot(subject: &Subject, seed: &Digest, entries: &[(Receipt, u32)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|at| ((subject.lot)(seed, &entries[*at].0, entries[*at].1), entries[*at].0));
    order
}

const REAL: Subject = Subject { name: "the draw", lot: lot::lot, order: by_lot };

/// A shuffle, as most would write it, with the choice of the other index left open.
fn shuffled(seed: &Digest, n: usize, other: fn(u64, usize, usize) -> usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let receipt = Receipt::from_bytes([0; 10]);
    for at in 0..n {
        let number = lot::stream_number(seed, &receipt, u32::try_from(at).unwrap());
        order.swap(at, other(number, at, n));
    }
    order
}

/// Bugs that have been made, and a statistic that must catch each.
fn planted() -> Vec<(Subject, &'static str)> {
    let with_lot = |name, lot| Subject { name, lot, order: by_lot };
    let with_order = |name, order| Subject { name, lot: lot::lot, order };
    vec![
        (with_lot("weight ignored", |s, r, _| lot::lot(s, r, 1)), "weights"),
        (with_lot("one lot too many", |s, r, w| lot::lot(s, r, w + 1)), "weights"),
        (with_lot("one lot too few", |s, r, w| lot::lot(s, r, (w - 1).max(1))), "weights"),
        (with_lot("the largest counts", |s, r, w| lot::lots(s, r, w).into_iter().max().unwrap()), "weights"),
        (with_lot("lots are divided by the weight", |s, r, w| lot::lot(s, r, 1) / u64::from(w)), "weights"),
        (with_lot("16-bit lots", |s, r, w| lot::lot(s, r, w) & 0xffff), "bits"),
        (with_lot("63-bit lots", |s, r, w| lot::lot(s, r, w) >> 1), "bits"),
        (with_lot("modulo bias", |s, r, w| lot::lot(s, r, w) % (3 << 62)), "bits"),
        (with_lot("32-bit words taken twice", |s, r, w| (lot::lot(s, r, w) >> 32) * 0x1_0000_0001), "halves"),
        (with_lot("draw seed ignored", |_, r, w| lot::lot(&Digest::ZERO, r, w)), "permutations"),
        (
            with_lot("eight bits of the draw seed", |s, r, w| lot::lot(&Digest([s.0[0] & 7; 32]), r, w)),
            "permutations",
        ),
        (
            with_lot("one half of the receipt", |s, r, w| {
                let mut bits = *r.as_bytes();
                bits[5..].fill(0);
                lot::lot(s, &Receipt::from_bytes(bits), w)
            }),
            "permutations",
        ),
        (
            with_lot("receipts sorted in", |s, r, w| {
                lot::lot(s, r, w) / 4 * 3 + u64::from(r.as_bytes()[9]) * (u64::MAX / 16)
            }),
            "permutations",
        ),
        (
            with_order("a shuffle that swaps with any", |_, s, e| {
                shuffled(s, e.len(), |number, _, n| (number % n as u64) as usize)
            }),
            "permutations",
        ),
        (
            with_order("a shuffle that never stays", |_, s, e| {
                shuffled(s, e.len(), |number, at, n| {
                    if at + 1 < n { at + 1 + (number % (n - at - 1) as u64) as usize } else { at }
                })
            }),
            "permutations",
        ),
    ]
}

/// How far a sum of squares is from what chance gives, in standard deviations (Wilson–Hilferty).
fn chi_square(observed: &[u64], expected: &[f64]) -> f64 {
    let sum: f64 = observed.iter().zip(expected).map(|(o, e)| (*o as f64 - e).powi(2) / e).sum();
    let df = (observed.len() - 1) as f64;
    let spread = 2.0 / (9.0 * df);
    ((sum / df).cbrt() - (1.0 - spread)) / spread.sqrt()
}

/// Four receipts alike but for their ends: one five-bit character in each half.
fn entries(weights: [u32; 4]) -> Vec<(Receipt, u32)> {
    let receipt = |n: u8| Receipt::from_bytes([7, 7, 7, 7, 7, 7, 7, 7, 7, n]);
    (0..).zip(weights).map(|(n, weight)| (receipt(n), weight)).collect()
}

fn seeds() -> impl Iterator<Item = Digest> {
    (0..DRAWS).map(|n| Digest::of(n.to_le_bytes()))
}

/// All 24 orders of four entries against the exact law: whoever comes next is drawn in proportion
/// to the lots that are left. Equal weights make all orders alike.
fn orders(subject: &Subject, weights: [u32; 4]) -> f64 {
    let entries = entries(weights);
    let mut permutations: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..4 {
        let longer = |p: &Vec<usize>| {
            let free = (0..4).filter(|n| !p.contains(n)).collect::<Vec<_>>();
            free.into_iter().map(|n| [p.as_slice(), &[n]].concat()).collect::<Vec<_>>()
        };
        permutations = permutations.iter().flat_map(longer).collect();
    }
    let law = |permutation: &Vec<usize>| {
        let mut left = f64::from(weights.iter().sum::<u32>());
        permutation.iter().fold(DRAWS as f64, |p, n| {
            let weight = f64::from(weights[*n]);
            let next = p * weight / left;
            left -= weight;
            next
        })
    };
    let expected: Vec<f64> = permutations.iter().map(law).collect();
    let mut observed = vec![0; 24];
    for seed in seeds() {
        let order = (subject.order)(subject, &seed, &entries);
        observed[permutations.iter().position(|p| *p == order).unwrap()] += 1;
    }
    chi_square(&observed, &expected)
}

/// The bit that is furthest from being 1 in half of all single lots.
fn bits(subject: &Subject) -> f64 {
    let mut ones = [0_u64; 64];
    let receipt = entries([1; 4])[0].0;
    for seed in seeds() {
        let lot = (subject.lot)(&seed, &receipt, 1);
        (0..64).for_each(|bit| ones[bit] += lot >> bit & 1);
    }
    let off = |ones: &u64| (*ones as f64 - DRAWS as f64 / 2.0).abs() / (DRAWS as f64 / 4.0).sqrt();
    ones.iter().map(off).fold(0.0, f64::max)
}

/// Whether the upper and the lower half of a lot know of each other.
fn halves(subject: &Subject) -> f64 {
    let receipt = entries([1; 4])[0].0;
    let mut observed = vec![0; 16];
    for seed in seeds() {
        let lot = (subject.lot)(&seed, &receipt, 1);
        observed[((lot >> 62) << 2 | (lot >> 30) & 3) as usize] += 1;
    }
    chi_square(&observed, &[DRAWS as f64 / 16.0; 16])
}

fn statistic(name: &str, subject: &Subject) -> f64 {
    match name {
        "bits" => bits(subject),
        "halves" => halves(subject),
        "permutations" => orders(subject, [1; 4]),
        "weights" => orders(subject, WEIGHTS),
        _ => panic!("there is no statistic {name}"),
    }
}

#[test]
fn the_draw_is_fair() {
    for name in ["bits", "halves", "permutations", "weights"] {
        let deviations = statistic(name, &REAL);
        assert!(deviations < ALARM, "{}: {name} is {deviations:.1} standard deviations off", REAL.name);
    }
}

#[test]
fn planted_bugs_are_caught() {
    for (subject, by) in planted() {
        let deviations = statistic(by, &subject);
        assert!(deviations >= ALARM, "{} is not caught by {by}: {deviations:.1}", subject.name);
    }
}

/// Ranks are uniform for every entry of a larger round, and lots of neighbours in the pool, in the
/// draw seed and in the stream are strangers to each other.
#[test]
fn neighbours_are_strangers() {
    let (n, draws) = (200_usize, 300_u64);
    let receipts: Vec<Receipt> =
        (0..n).map(|n| Receipt::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, u8::try_from(n).unwrap()])).collect();
    let mut tables = vec![vec![0_u64; 16]; 4];
    let quarter = |number: u64| (number >> 62) as usize;
    let mut sums = vec![0_u64; n];
    for draw in 0..draws {
        // Seeds that differ in one bit, not seeds that were hashed.
        let seed = |draw: u64| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&draw.to_le_bytes());
            Digest(bytes)
        };
        let lots: Vec<u64> = receipts.iter().map(|receipt| lot::lot(&seed(draw), receipt, 1)).collect();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|at| lots[*at]);
        order.iter().enumerate().for_each(|(rank, at)| sums[*at] += rank as u64);
        for at in 1..n {
            tables[0][quarter(lots[at - 1]) * 4 + quarter(lots[at])] += 1;
            let next = lot::lot(&seed(draw ^ 1), &receipts[at], 1);
            tables[1][quarter(lots[at]) * 4 + quarter(next)] += 1;
            let stream = lot::stream_number(&seed(draw), &receipts[at], 1);
            tables[2][quarter(lots[at]) * 4 + quarter(stream)] += 1;
            tables[3][(lots[at] >> 60) as usize] += 1;
        }
    }
    for (number, table) in tables.iter().enumerate() {
        // Table 1 counts each pair of seeds twice, which widens it by the root of two.
        let widened = if number == 1 { std::f64::consts::SQRT_2 * ALARM } else { ALARM };
        let expected = table.iter().sum::<u64>() as f64 / 16.0;
        let deviations = chi_square(table, &[expected; 16]);
        assert!(deviations < widened, "table {number}: {deviations:.1}");
    }
    let mean = draws as f64 * (n as f64 - 1.0) / 2.0;
    let spread = (draws as f64 * ((n * n) as f64 - 1.0) / 12.0).sqrt();
    for (at, sum) in sums.iter().enumerate() {
        assert!((*sum as f64 - mean).abs() / spread < ALARM, "entry {at}");
    }
}

/// What was judged above is what `draw` does: ranks are the order of (smallest lot, receipt).
#[test]
fn ranks_are_the_order_of_lots() {
    let rules = common::rules(public_audit::rules::Mode::Share);
    let mut numbers = Numbers(11);
    for round in 0..5 {
        let seed = Digest::of(numbers.next().to_le_bytes());
        let pool: Pool = common::pool(&rules, 50, round);
        let entries: Vec<(Receipt, u32)> =
            (0..50).map(|at| pool.entry(at).map(|e| (e.receipt, e.weight)).unwrap()).collect();
        let ranked: Vec<usize> =
            draw(&rules, &pool, &seed).unwrap().rows().map(|row| row.entry as usize).collect();
        assert_eq!(ranked, by_lot(&REAL, &seed, &entries));
    }
}
