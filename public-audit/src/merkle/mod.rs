//! RFC 6962 Merkle trees over lines (protocol §3): root, inclusion path, and its check.
//!
//! Leaf `sha256(0x00 ‖ line)` without the LF, node `sha256(0x01 ‖ left ‖ right)`, empty tree
//! `sha256("")`.

mod consistency;
mod tree;

use std::io::{self, BufRead};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

pub(crate) use consistency::consistency_ranges;
pub use consistency::{consistency, is_consistent};
pub use tree::{Tree, fold_range, path_ranges};

/// The leaf hash of a line given without its LF.
#[must_use]
pub fn leaf(line: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
}

/// The hash of an inner node.
#[must_use]
pub fn node(left: &Digest, right: &Digest) -> Digest {
    let sum = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
    Digest(sum.finalize().into())
}

/// Builds a root leaf by leaf in O(log n) memory.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    count: u64,
    /// Roots of the complete subtrees so far, one for each set bit of `count`, largest first.
    stack: Vec<Digest>,
}

impl Builder {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a line, given without its LF.
    pub fn push_line(&mut self, line: &[u8]) {
        self.push_leaf(leaf(line));
    }

    /// Appends a leaf hash.
    pub fn push_leaf(&mut self, leaf: Digest) {
        let mut right = leaf;
        for _ in 0..self.count.trailing_ones() {
            if let Some(left) = self.stack.pop() {
                right = node(&left, &right);
            }
        }
        self.stack.push(right);
        self.count += 1;
    }

    /// Leaves so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The root over the leaves so far.
    #[must_use]
    pub fn root(&self) -> Digest {
        let folded = self.stack.iter().rev().copied().reduce(|right, left| node(&left, &right));
        folded.unwrap_or_else(|| Digest::of(b""))
    }
}

/// The root over the lines of `text`, each ended by LF; text after the last LF is one more line.
#[must_use]
pub fn root_of_lines(text: &[u8]) -> Digest {
    let (mut subtrees, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let bytes = rest.split_inclusive(is_end).take(SUBTREE).map(<[u8]>::len).sum();
        let (subtree, after) = rest.split_at(bytes);
        subtrees.push(subtree);
        rest = after;
    }
    let leaf_of = |line: &[u8]| leaf(line.strip_suffix(b"\n").unwrap_or(line));
    root_of(&subtrees, |text| root(text.split_inclusive(is_end).map(leaf_of)))
}

const fn is_end(byte: &u8) -> bool {
    *byte == b'\n'
}

/// The SHA-256 of a file and the root over its lines, in one pass and in memory that does not grow, however long
/// its lines are. Text after the last LF is one more line.
///
/// # Errors
/// When it cannot be read.
pub fn digest_and_root(mut file: impl BufRead) -> io::Result<(Digest, Digest)> {
    let (mut sum, mut tree, mut leaf) = (Sha256::new(), Builder::new(), None::<Sha256>);
    loop {
        let bytes = match file.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.is_empty() {
            break;
        }
        sum.update(bytes);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = leaf.get_or_insert_with(|| Sha256::new().chain_update([0]));
            line.update(piece.strip_suffix(b"\n").unwrap_or(piece));
            if piece.ends_with(b"\n") {
                let hash = leaf.take().map(|line| Digest(line.finalize().into()));
                hash.into_iter().for_each(|hash| tree.push_leaf(hash));
            }
        }
        let read = bytes.len();
        file.consume(read);
    }
    leaf.into_iter().for_each(|line| tree.push_leaf(Digest(line.finalize().into())));
    Ok((Digest(sum.finalize().into()), tree.root()))
}

/// The root over leaf hashes.
#[must_use]
pub fn root_of_leaves(leaves: &[Digest]) -> Digest {
    let subtrees: Vec<&[Digest]> = leaves.chunks(SUBTREE).collect();
    root_of(&subtrees, |leaves| root(leaves.iter().copied()))
}

/// On one core.
fn root(leaves: impl Iterator<Item = Digest>) -> Digest {
    let mut builder = Builder::new();
    leaves.for_each(|leaf| builder.push_leaf(leaf));
    builder.root()
}

/// The root over subtrees of [`SUBTREE`] leaves, of which the last may have fewer. Complete subtrees do not
/// depend on each other, so each core builds some; the tree over their roots is the tree over the leaves.
fn root_of<T: Sync>(subtrees: &[T], root_of_one: impl Fn(&T) -> Digest + Sync) -> Digest {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores == 1 || subtrees.len() < 2 {
        return root(subtrees.iter().map(root_of_one));
    }
    let roots = std::thread::scope(|scope| {
        let roots_of = |some: &[T]| some.iter().map(&root_of_one).collect::<Vec<_>>();
        let some = subtrees.chunks(subtrees.len().div_ceil(cores));
        let threads: Vec<_> = some.map(|some| scope.spawn(move || roots_of(some))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect::<Vec<_>>()
    });
    root(roots.into_iter())
}

/// A power of two; fewer leaves are hashed before a thread has started.
const SUBTREE: usize = 1 << 14;

/// The audit path of leaf `index` (RFC 6962 §2.1.1), nearest sibling first; `None` if there is no
/// such leaf. Costs one pass over the leaves.
#[must_use]
pub fn path(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    let (mut tree, mut index, mut path) = (leaves, index, Vec::new());
    if index >= tree.len() {
        return None;
    }
    while tree.len() > 1 {
        let (left, right) = tree.split_at(tree.len().div_ceil(2).next_power_of_two());
        if index < left.len() {
            path.push(root_of_leaves(right));
            tree = left;
        } else {
            path.push(root_of_leaves(left));
            index -= left.len();
            tree = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `path` proves that `leaf` is number `index` (0-based) of the `count` leaves under
/// `root` (RFC 9162 §2.1.3.2).
#[must_use]
pub fn verify(leaf: &Digest, index: u64, count: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= count {
        return false;
    }
    let (mut at, mut last, mut sum) = (index, count - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            sum = node(sibling, &sum);
            // A right edge without a sibling on this level: climb to where there is one.
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            sum = node(&sum, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && sum == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recursive(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of(b""),
            [one] => *one,
            _ => {
                let mut k = 1;
                while k * 2 < leaves.len() {
                    k *= 2;
                }
                node(&recursive(&leaves[..k]), &recursive(&leaves[k..]))
            }
        }
    }

    #[test]
    fn many_leaves_have_the_root_that_one_core_finds() {
        for n in [SUBTREE - 1, SUBTREE, SUBTREE + 1, 2 * SUBTREE, 2 * SUBTREE + 1, 70_001] {
            let leaves: Vec<_> = (0..n).map(|i| leaf(i.to_string().as_bytes())).collect();
            let text: String = (0..n).map(|i| format!("{i}\n")).collect();
            let mut builder = Builder::new();
            leaves.iter().for_each(|leaf| builder.push_leaf(*leaf));
            assert_eq!(root_of_leaves(&leaves), builder.root(), "{n} leaves");
            assert_eq!(root_of_lines(text.as_bytes()), builder.root(), "{n} lines");
        }
    }

    #[test]
    fn every_path_of_small_trees() {
        for n in 0..40_usize {
            let leaves: Vec<_> = (0..n).map(|i| leaf(&i.to_le_bytes())).collect();
            let root = recursive(&leaves);
            assert_eq!(root_of_leaves(&leaves), root, "{n} leaves");
            assert_eq!(path(&leaves, n), None);
            for i in 0..n {
                let path = path(&leaves, i).unwrap();
                assert!(verify(&leaves[i], i as u64, n as u64, &path, &root), "{i} of {n}");
                assert!(!verify(&leaves[i], i as u64 + 1, n as u64, &path, &root));
                assert!(!verify(&leaf(b"x"), i as u64, n as u64, &path, &root));
                let mut longer = path.clone();
                longer.push(root);
                assert!(!verify(&leaves[i], i as u64, n as u64, &longer, &root));
                if let Some((_, shorter)) = path.split_last() {
                    assert!(!verify(&leaves[i], i as u64, n as u64, shorter, &root));
                }
            }
        }
    }
}
