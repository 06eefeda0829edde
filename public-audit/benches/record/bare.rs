//! What a draw cannot avoid, and nothing else: a SHA-256 of every line and of every node, one of every lot key, a ChaCha20
//! block, and a sort; on all cores, as the library does.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};

/// `work` on as many parts as there are cores, at once.
fn on_all_cores<T: Sync, U: Send>(all: &[T], each: usize, work: impl Fn(&[T]) -> Vec<U> + Sync) -> Vec<U> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = all.len().div_ceil(cores).next_multiple_of(each).max(each);
    std::thread::scope(|scope| {
        let parts: Vec<_> = all.chunks(part).map(|part| scope.spawn(|| work(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// The root over them.
pub fn root(lines: &[&str]) -> [u8; 32] {
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

/// Their lots, in order: lot and line.
pub fn ranks(lines: &[&str]) -> Vec<(u64, u32)> {
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
