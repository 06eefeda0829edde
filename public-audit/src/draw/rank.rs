//! Ranks: the order of lots (protocol §5).

use crate::digest::Digest;
use crate::lot::Urn;
use crate::pool::{Pool, Row};

/// An entry in its place in the order of lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ranked {
    /// The smallest of its lots.
    pub lot: u64,
    /// Its index in the pool, which is sorted by receipt, so that it stands for the receipt.
    pub entry: u32,
    /// Seconds of notice jitter.
    pub jitter: u8,
}

/// Everyone draws; then all are sorted by (lot, receipt).
///
/// Nobody's lot depends on another's, so each core draws for a part of the pool and sorts it; the
/// last sort finds sorted parts and merges them.
pub(super) fn rank(pool: &Pool, draw_seed: &Digest) -> Vec<Ranked> {
    let urn = Urn::new(draw_seed);
    let draw = |(entry, row): (u32, &Row)| {
        let (lot, jitter) = urn.lot_and_jitter(&row.receipt, row.weight.into());
        Ranked { lot, entry, jitter }
    };
    let draw_part = |first: usize, rows: &[Row]| {
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let mut ranked: Vec<Ranked> = (first..).zip(rows).map(draw).collect();
        ranked.sort_unstable();
        ranked
    };
    let rows = pool.rows();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores == 1 || rows.len() < WORTHWHILE {
        return draw_part(0, rows);
    }
    let part = rows.len().div_ceil(cores);
    let mut ranked = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..)
            .step_by(part)
            .zip(rows.chunks(part))
            .map(|(first, rows)| scope.spawn(move || draw_part(first, rows)))
            .collect();
        parts.into_iter().filter_map(|part| part.join().ok()).flatten().collect::<Vec<_>>()
    });
    ranked.sort();
    ranked
}

/// Fewer entries than this are drawn before a thread has started.
const WORTHWHILE: usize = 20_000;
