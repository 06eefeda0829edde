//! The inspection sample: entries that chance, not the municipality, picks for opening.
//!
//! For each of them the municipality shows an auditor salt and person key, who derives the receipt
//! and asks whether that person exists. 300 entries find 1 % of ghosts with 95 %, 3,000 find 0.1 %.
//!
//! The order is that of `sha256("jebi-sample-1\n" hex(draw seed) "\n" receipt "\n")`; a larger
//! sample begins with the smaller one.

use std::collections::BinaryHeap;
use std::io::BufRead;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::pool::PoolError;
use crate::pool::lines::{self, Strict};
use crate::receipt::Receipt;
use crate::rules::Rules;

/// The first `count` receipts of the sample from the lines of `pool.txt`, fewer if there are fewer. Only so many
/// are in memory.
///
/// # Errors
/// When the pool cannot be read or is not one.
pub fn sample(
    rules: &Rules,
    pool: impl BufRead,
    draw_seed: &Digest,
    count: usize,
) -> Result<Vec<Receipt>, PoolError> {
    let prefix = Sha256::new().chain_update(format!("jebi-sample-1\n{draw_seed}\n"));
    let mut first = BinaryHeap::new();
    lines::read::<PoolError>(&mut Strict::new(rules), pool, |line| {
        let receipt = line.parts.receipt;
        let sum = prefix.clone().chain_update(receipt.to_ascii()).chain_update(b"\n");
        let key: [u8; 32] = sum.finalize().into();
        first.push((key, receipt));
        if first.len() > count {
            first.pop();
        }
        Ok(())
    })?;
    Ok(first.into_sorted_vec().into_iter().map(|(_, receipt)| receipt).collect())
}
