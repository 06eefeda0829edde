//! Consistency: that one tree is the beginning of another (RFC 9162 §2.1.4).

use super::tree::split;
use super::{node, root_of_leaves};
use crate::digest::Digest;

/// The leaves under each hash of a consistency proof (RFC 9162 §2.1.4.1), as `from..to`.
pub(crate) fn consistency_ranges(old: u64, count: u64) -> Vec<(u64, u64)> {
    let (mut from, mut to, mut ranges) = (0, count, Vec::new());
    if old == 0 {
        return ranges;
    }
    while old < to {
        let middle = from + split(to - from);
        if old <= middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
        }
    }
    // The old root itself is what the asker has; anything else at the end they must be told.
    if from > 0 {
        ranges.push((from, to));
    }
    ranges.reverse();
    ranges
}

/// The proof that the tree over the first `old` leaves is the beginning of this one
/// (RFC 9162 §2.1.4.1), empty for `old` 0 and for all of them; `None` if there are not that many.
#[must_use]
pub fn consistency(leaves: &[Digest], old: usize) -> Option<Vec<Digest>> {
    if old > leaves.len() {
        return None;
    }
    let at = |at: u64| usize::try_from(at).ok();
    let ranges = consistency_ranges(old as u64, leaves.len() as u64).into_iter();
    ranges.map(|(from, to)| leaves.get(at(from)?..at(to)?).map(root_of_leaves)).collect()
}

/// Whether `proof` proves that the tree of `old_size` leaves under `old_root` is the beginning of
/// the tree of `new_size` leaves under `new_root` (RFC 9162 §2.1.4.2). Everything begins with the
/// empty tree.
#[must_use]
pub fn is_consistent(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> bool {
    if old_size == 0 || old_size >= new_size {
        let empty = old_size > 0 || *old_root == Digest::of(b"");
        let same = old_size == 0 && new_size > 0 || old_size == new_size && old_root == new_root;
        return proof.is_empty() && empty && same;
    }
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    // Complete subtrees on the right edge of the old tree are complete in the new one as well.
    let whole = at.trailing_ones();
    (at, last) = (at >> whole, last >> whole);
    let (start, rest) = match proof.split_first() {
        Some(_) if old_size.is_power_of_two() => (*old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return false,
    };
    let (mut old, mut new) = (start, start);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old = node(sibling, &old);
            new = node(sibling, &new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = node(&new, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old == *old_root && new == *new_root
}

#[cfg(test)]
mod tests {
    use super::super::leaf;
    use super::*;

    /// The leaves of certificate-transparency's reference tree, and what its C++ and Go tests expect.
    fn reference() -> Vec<Digest> {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        inputs.into_iter().map(leaf).collect()
    }

    #[test]
    fn known_roots_and_proofs() {
        let leaves = reference();
        for (count, root) in (1..).zip([
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]) {
            assert_eq!(root_of_leaves(&leaves[..count]).to_string(), root, "{count} leaves");
        }
        for (old, new, proof) in [
            (1, 1, &[][..]),
            (
                1,
                8,
                &[
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ],
            ),
            (
                6,
                8,
                &[
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ],
            ),
            (
                2,
                5,
                &[
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ],
            ),
        ] {
            let found = consistency(&leaves[..new], old).unwrap();
            assert_eq!(found.iter().map(Digest::to_string).collect::<Vec<_>>(), proof, "{old} to {new}");
        }
    }

    #[test]
    fn every_consistency_of_small_trees() {
        let leaves: Vec<_> = (0..130_u32).map(|i| leaf(&i.to_le_bytes())).collect();
        let roots: Vec<_> = (0..=130).map(|n| root_of_leaves(&leaves[..n])).collect();
        for new in 0..=130_usize {
            assert_eq!(consistency(&leaves[..new], new + 1), None);
            for old in 0..=new {
                let proof = consistency(&leaves[..new], old).unwrap();
                let holds = |old: usize, old_root, new: usize, new_root, proof: &[Digest]| {
                    is_consistent(old as u64, old_root, new as u64, new_root, proof)
                };
                assert!(holds(old, &roots[old], new, &roots[new], &proof), "{old} to {new}");
                let other = leaf(b"x");
                assert!(!holds(old, &other, new, &roots[new], &proof), "{old} to {new}");
                // From nothing there is nothing to prove.
                assert!(
                    old == 0 && new > 0 || !holds(old, &roots[old], new, &other, &proof),
                    "{old} to {new}"
                );
                assert!(new == old || !holds(new, &roots[new], old, &roots[old], &proof));
                let mut longer = proof.clone();
                longer.push(other);
                assert!(!holds(old, &roots[old], new, &roots[new], &longer), "{old} to {new}");
                for at in 0..proof.len() {
                    let mut wrong = proof.clone();
                    wrong[at] = other;
                    assert!(!holds(old, &roots[old], new, &roots[new], &wrong), "{old} to {new}");
                    wrong.remove(at);
                    assert!(!holds(old, &roots[old], new, &roots[new], &wrong), "{old} to {new}");
                }
            }
        }
    }
}
