//! A tree that is kept whole, and what its roots and paths are folded from.

use super::{consistency_ranges, node};
use crate::digest::Digest;

/// All hashes of a tree, twice as many as leaves, so that roots and proofs cost no pass over them.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// By height, the roots of the complete subtrees of that height, from the left.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for height in 0.. {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let level = &mut self.levels[height];
            level.push(hash);
            match level[..] {
                [.., left, right] if level.len().is_multiple_of(2) => hash = node(&left, &right),
                _ => return,
            }
        }
    }

    /// Leaves.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.leaves().len() as u64
    }

    /// The leaf hashes.
    #[must_use]
    pub fn leaves(&self) -> &[Digest] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The root over the first `size` leaves; `None` if there are not that many.
    #[must_use]
    pub fn root(&self, size: u64) -> Option<Digest> {
        if size > self.count() { None } else { self.range(0, size) }
    }

    /// What [`path`](super::path) gives for the first `size` leaves.
    #[must_use]
    pub fn path(&self, index: u64, size: u64) -> Option<Vec<Digest>> {
        if size > self.count() {
            return None;
        }
        path_ranges(index, size)?.into_iter().map(|(from, to)| self.range(from, to)).collect()
    }

    /// What [`consistency`](super::consistency()) gives for the first `size` leaves.
    #[must_use]
    pub fn consistency(&self, old: u64, size: u64) -> Option<Vec<Digest>> {
        if size > self.count() || old > size {
            return None;
        }
        consistency_ranges(old, size).into_iter().map(|(from, to)| self.range(from, to)).collect()
    }

    fn range(&self, from: u64, to: u64) -> Option<Digest> {
        let complete = |height, at| {
            let level = self.levels.get(usize::try_from(height).ok()?)?;
            level.get(usize::try_from(at).ok()?).copied()
        };
        fold_range(from, to, |height, at| complete(height, at).ok_or(())).ok()
    }
}

impl Extend<Digest> for Tree {
    fn extend<I: IntoIterator<Item = Digest>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

/// The leaves under each hash of the audit path of leaf `index` among `count`, nearest sibling
/// first, as `from..to`; `None` if there is no such leaf.
///
/// Whoever keeps a tree elsewhere, in files for example, makes the path from these with
/// [`fold_range`].
#[must_use]
pub fn path_ranges(index: u64, count: u64) -> Option<Vec<(u64, u64)>> {
    let (mut from, mut to, mut ranges) = (0, count, Vec::new());
    if index >= count {
        return None;
    }
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

/// The root over the leaves `from..to`, put together from the roots of complete subtrees.
///
/// `from` is 0 or a multiple of a power of two that is not smaller than `to - from`, as it is with
/// every range of [`path_ranges`] and with `0..count`. `complete(height, at)` gives the root over
/// the 2^`height` leaves that begin at leaf `at` × 2^`height`; it is asked from the left, at most
/// once for each height.
///
/// # Errors
/// The first error of `complete`.
pub fn fold_range<E>(
    mut from: u64,
    to: u64,
    mut complete: impl FnMut(u32, u64) -> Result<Digest, E>,
) -> Result<Digest, E> {
    let mut roots = Vec::new();
    while from < to {
        let height = (to - from).ilog2().min(from.trailing_zeros());
        roots.push(complete(height, from >> height)?);
        from += 1 << height;
    }
    let root = roots.into_iter().rev().reduce(|right, left| node(&left, &right));
    Ok(root.unwrap_or_else(|| Digest::of(b"")))
}

/// The largest power of two below `count`, which is at least 2.
pub(super) const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::super::{consistency, leaf, path, root_of_leaves};
    use super::*;

    #[test]
    fn a_tree_gives_what_its_leaves_give() {
        let leaves: Vec<_> = (0..130_u32).map(|i| leaf(&i.to_le_bytes())).collect();
        let mut tree = Tree::new();
        assert_eq!((tree.count(), tree.leaves()), (0, &[][..]));
        tree.extend(leaves.iter().copied());
        assert_eq!((tree.count(), tree.leaves()), (130, &leaves[..]));
        assert_eq!((tree.root(131), tree.consistency(1, 131)), (None, None));
        for new in 0..=130_usize {
            let size = new as u64;
            assert_eq!((tree.consistency(size + 1, size), tree.path(size, size)), (None, None));
            assert_eq!(tree.root(size), Some(root_of_leaves(&leaves[..new])));
            for index in 0..new {
                assert_eq!(tree.path(index as u64, size), path(&leaves[..new], index));
            }
            for old in 0..=new {
                assert_eq!(tree.consistency(old as u64, size), consistency(&leaves[..new], old));
            }
        }
    }

    #[test]
    fn ranges_are_folded_from_complete_subtrees() {
        let leaves: Vec<_> = (0..70_u32).map(|i| leaf(&i.to_le_bytes())).collect();
        let complete = |height: u32, at: u64| {
            let from = usize::try_from(at << height).unwrap();
            leaves.get(from..from + (1 << height)).map(root_of_leaves).ok_or(())
        };
        for count in 0..=70_u64 {
            let all = &leaves[..usize::try_from(count).unwrap()];
            assert_eq!(fold_range(0, count, complete), Ok(root_of_leaves(all)));
            assert_eq!(path_ranges(count, count), None);
            for index in 0..count {
                let ranges = path_ranges(index, count).unwrap().into_iter();
                let found: Result<Vec<_>, ()> =
                    ranges.map(|(from, to)| fold_range(from, to, complete)).collect();
                assert_eq!(found.ok(), path(all, usize::try_from(index).unwrap()));
            }
        }
        assert_eq!(fold_range(0, 71, complete), Err(()));
    }
}
