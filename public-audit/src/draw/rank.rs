//! Ranks: the order of lots (protocol §5).

use crate::digest::Digest;
use crate::lot::Urn;
use crate::pool::{Pool, Row};
use crate::receipt::Receipt;

/// An entry in its place in the order of lots, with all that the rules ask about it: in 40 bytes, so that
/// ten million of them and what is decided about each take less than a gigabyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ranked {
    /// The smallest of its lots.
    pub lot: u64,
    /// Its index in the pool, which is sorted by receipt, so that it stands for the receipt.
    pub entry: u32,
    pub receipt: Receipt,
    /// Seconds of notice jitter.
    pub jitter: u8,
    pub seats: u8,
    pub want: u64,
    pub wish: u32,
    pub group: u32,
}

impl Ranked {
    /// Before it has drawn.
    fn new((entry, row): (u32, &Row)) -> Self {
        let Row { want, wish, group, receipt, .. } = *row;
        let seats = u8::try_from(row.seats).unwrap_or(u8::MAX);
        Self { lot: 0, entry, receipt, jitter: 0, seats, want, wish, group }
    }
}

/// Everyone draws; then all are sorted by (lot, receipt).
///
/// Nobody's lot depends on another's, so each core draws for a part of the pool and sorts it; the
/// last sort finds sorted parts and merges them.
pub(super) fn rank(pool: &Pool, draw_seed: &Digest) -> Vec<Ranked> {
    let (urn, rows) = (Urn::new(draw_seed), pool.rows());
    let draw_part = |ranked: &mut [Ranked], rows: &[Row]| {
        for (ranked, row) in ranked.iter_mut().zip(rows) {
            (ranked.lot, ranked.jitter) = urn.lot_and_jitter(&row.receipt, row.weight.into());
        }
        ranked.sort_unstable();
    };
    let mut ranked: Vec<Ranked> = (0..).zip(rows).map(Ranked::new).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores == 1 || rows.len() < WORTHWHILE {
        draw_part(&mut ranked, rows);
        return ranked;
    }
    let part = rows.len().div_ceil(cores);
    std::thread::scope(|scope| {
        for (ranked, rows) in ranked.chunks_mut(part).zip(rows.chunks(part)) {
            scope.spawn(|| draw_part(ranked, rows));
        }
    });
    ranked.sort();
    ranked
}

/// Fewer entries than this are drawn before a thread has started.
const WORTHWHILE: usize = 20_000;
