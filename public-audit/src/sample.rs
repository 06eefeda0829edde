//! The inspection sample: entries that chance, not the municipality, picks for opening.
//!
//! For each of them the municipality shows an auditor salt and person key, who derives the receipt
//! and asks whether that person exists. 300 entries find 1 % of ghosts with 95 %, 3,000 find 0.1 %.
//!
//! The order is that of `sha256("jebi-sample-1\n" hex(draw seed) "\n" receipt "\n")`; a larger
//! sample begins with the smaller one.

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::pool::Pool;
use crate::receipt::Receipt;

/// The first `count` receipts of the sample, fewer if the pool is smaller.
#[must_use]
pub fn sample(pool: &Pool, draw_seed: &Digest, count: usize) -> Vec<Receipt> {
    let prefix = Sha256::new().chain_update(format!("jebi-sample-1\n{draw_seed}\n"));
    let key = |receipt: Receipt| -> [u8; 32] {
        prefix.clone().chain_update(receipt.to_ascii()).chain_update(b"\n").finalize().into()
    };
    let mut keyed: Vec<([u8; 32], Receipt)> =
        pool.rows().iter().map(|row| (key(row.receipt), row.receipt)).collect();
    keyed.sort_unstable();
    keyed.into_iter().take(count).map(|(_, receipt)| receipt).collect()
}
