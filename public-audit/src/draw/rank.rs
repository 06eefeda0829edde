//! Ranks: the order of lots (protocol §5).

use crate::digest::Digest;
use crate::lot::Urn;
use crate::pool::Pool;

/// An entry in its place in the order of lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The smallest of its lots.
    pub lot: u64,
    /// Its index in the pool.
    pub entry: u32,
    /// Seconds of notice jitter.
    pub jitter: u8,
}

impl Ranked {
    pub(crate) const fn index(&self) -> usize {
        self.entry as usize
    }
}

/// Everyone draws; then all are sorted by (lot, receipt). The pool is sorted by receipt, so its
/// index stands for the receipt.
pub(super) fn rank(pool: &Pool, draw_seed: &Digest) -> Vec<Ranked> {
    let urn = Urn::new(draw_seed);
    let drawn = (0_u32..).zip(pool.rows()).map(|(entry, row)| {
        let (lot, jitter) = urn.lot_and_jitter(&row.receipt, row.weight.into());
        Ranked { lot, entry, jitter }
    });
    let mut ranked: Vec<Ranked> = drawn.collect();
    ranked.sort_unstable_by_key(|ranked| (ranked.lot, ranked.entry));
    ranked
}
