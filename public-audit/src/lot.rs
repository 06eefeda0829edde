//! Lots (protocol §5): everyone draws as many as the rules give, and the smallest counts.
//!
//! ```text
//! lot key = sha256("jebi-lot-1\n" hex(draw seed) "\n" receipt "\n")
//! stream  = ChaCha20 keystream, key = lot key, nonce 0, counter from 0, as little-endian u64
//! lots    = the first `weight` numbers of the stream
//! ```

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::receipt::Receipt;

/// Draws lots from one draw seed, and hashes what all lot keys have in common only once.
#[derive(Clone, Debug)]
pub struct Urn(Sha256);

impl Urn {
    /// The lots of this draw seed.
    #[must_use]
    pub fn new(draw_seed: &Digest) -> Self {
        Self(Sha256::new().chain_update(format!("jebi-lot-1\n{draw_seed}\n")))
    }

    /// The key of a receipt's stream.
    #[must_use]
    pub fn lot_key(&self, receipt: &Receipt) -> Digest {
        Digest(self.0.clone().chain_update(receipt.to_ascii()).chain_update(b"\n").finalize().into())
    }

    /// A receipt's stream of numbers. The first `weight` are its lots, number `weight` (0-based)
    /// is its notice jitter.
    pub fn stream(&self, receipt: &Receipt) -> impl Iterator<Item = u64> + use<> {
        let mut stream = ChaCha20Rng::from_seed(self.lot_key(receipt).0);
        std::iter::repeat_with(move || stream.next_u64())
    }

    /// The lot of a receipt, and by how many seconds its notices are jittered.
    #[must_use]
    pub fn lot_and_jitter(&self, receipt: &Receipt, weight: u32) -> (u64, u8) {
        let mut stream = self.stream(receipt);
        let lot = stream.by_ref().take(weight as usize).min().unwrap_or(u64::MAX);
        let jitter = stream.next().unwrap_or_default() % 60;
        (lot, u8::try_from(jitter).unwrap_or_default())
    }
}

/// The key of a receipt's stream.
#[must_use]
pub fn lot_key(draw_seed: &Digest, receipt: &Receipt) -> Digest {
    Urn::new(draw_seed).lot_key(receipt)
}

/// The lots of a receipt.
#[must_use]
pub fn lots(draw_seed: &Digest, receipt: &Receipt, weight: u32) -> Vec<u64> {
    Urn::new(draw_seed).stream(receipt).take(weight as usize).collect()
}

/// The lot that counts: the smallest. `u64::MAX` for a weight of 0, which no pool line can have.
#[must_use]
pub fn lot(draw_seed: &Digest, receipt: &Receipt, weight: u32) -> u64 {
    Urn::new(draw_seed).lot_and_jitter(receipt, weight).0
}

/// Number `n` (0-based) of a receipt's stream.
#[must_use]
pub fn stream_number(draw_seed: &Digest, receipt: &Receipt, n: u32) -> u64 {
    Urn::new(draw_seed).stream(receipt).nth(n as usize).unwrap_or_default()
}
