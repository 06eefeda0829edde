//! Whoever has the tiles can compute every root and every proof of the log: the [`Reader`].

use std::collections::BTreeMap;
use std::io;

use super::tiles::{MAX_LEVEL, TilePath, WIDE, WIDTH, parse_bundle};
use crate::digest::Digest;
use crate::merkle::{self, Builder};

/// Tiles that a reader keeps.
const CACHED: usize = 64;

/// Why the tiles do not give what was asked of them.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    /// A tile that must be there is not.
    #[error("{0} is not there")]
    Missing(TilePath),
    /// A tile is cut off, too long or not made of entries.
    #[error("{0} is not a tile of that width")]
    Form(TilePath),
    /// The tiles give another root than the checkpoint.
    #[error("the tiles give the root {0}, which is not the checkpoint's")]
    Root(Digest),
    /// The checkpoint is smaller than what is known already.
    #[error("the log had {0} events and now has {1}")]
    Shrunk(u64, u64),
    /// The tiles contradict each other.
    #[error("the tiles contradict each other")]
    Contradiction,
    /// What is known already is not the beginning of this log, whose root proves it.
    #[error("the first {0} events are no longer what they were")]
    Fork(u64),
    /// The entries are not those of the tree.
    #[error("the entries give the root {0}, which is not the checkpoint's")]
    Entries(Digest),
    /// No such proof: beyond the end.
    #[error("the log has no such event")]
    Beyond,
    /// The fetching failed, or whoever takes the lines did.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Computes roots and proofs of a log from tiles, which nobody needs to trust: what comes out is to
/// be compared with a signed checkpoint, as [`Reader::follow`] does.
pub struct Reader<F> {
    fetch: F,
    size: u64,
    cache: BTreeMap<TilePath, Vec<u8>>,
}

impl<F: FnMut(&TilePath) -> io::Result<Option<Vec<u8>>>> Reader<F> {
    /// A log with `size` entries. `fetch` gives the bytes of a tile, `None` if there is none; it
    /// should read no more than [`TilePath::most`].
    pub fn new(size: u64, fetch: F) -> Self {
        Self { fetch, size, cache: BTreeMap::new() }
    }

    /// The bytes of a tile, of which a full one may have taken the place of a partial one.
    fn fetch(&mut self, path: TilePath) -> Result<(TilePath, Vec<u8>), TileError> {
        if let Some(bytes) = (self.fetch)(&path)? {
            return Ok((path, bytes));
        }
        let full = path.full();
        let bytes = if full == path { None } else { (self.fetch)(&full)? };
        Ok((full, bytes.ok_or(TileError::Missing(path))?))
    }

    /// The path of a tile in a log of this size: full, or partial at the right edge.
    fn width(&self, level: u8, index: u64) -> u16 {
        let hashes = self.size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        let width = hashes.saturating_sub(index.saturating_mul(WIDE)).min(WIDE);
        u16::try_from(width).unwrap_or(WIDTH)
    }

    fn hashes(&mut self, level: u8, index: u64) -> Result<&[u8], TileError> {
        let width = self.width(level, index);
        let path = TilePath::Hashes { level, index, width };
        if width == 0 {
            return Err(TileError::Beyond);
        }
        if !self.cache.contains_key(&path) {
            let (found, mut bytes) = self.fetch(path)?;
            if bytes.len() != usize::from(found.width()) * 32 {
                return Err(TileError::Form(found));
            }
            bytes.truncate(usize::from(width) * 32);
            if self.cache.len() >= CACHED {
                self.cache.clear();
            }
            self.cache.insert(path, bytes);
        }
        self.cache.get(&path).map(Vec::as_slice).ok_or(TileError::Form(path))
    }

    /// The root of the complete subtree of height `height` that is number `at` among its like.
    fn complete(&mut self, height: u32, at: u64) -> Result<Digest, TileError> {
        let (level, count) = (u8::try_from(height / 8).unwrap_or(MAX_LEVEL), 1_usize << (height % 8));
        let first = at << (height % 8);
        let tile = self.hashes(level, first / WIDE)?;
        let from = usize::try_from(first % WIDE).unwrap_or(0) * 32;
        let hashes = tile.get(from..from + count * 32).ok_or(TileError::Beyond)?;
        let mut tree = Builder::new();
        for hash in hashes.chunks_exact(32) {
            tree.push_leaf(Digest(hash.try_into().map_err(|_| TileError::Beyond)?));
        }
        Ok(tree.root())
    }

    fn range(&mut self, from: u64, to: u64) -> Result<Digest, TileError> {
        merkle::fold_range(from, to, |height, at| self.complete(height, at))
    }

    /// The root over the first `size` leaves.
    ///
    /// # Errors
    /// When a tile is missing or malformed.
    pub fn root(&mut self, size: u64) -> Result<Digest, TileError> {
        if size > self.size { Err(TileError::Beyond) } else { self.range(0, size) }
    }

    /// The proof that the log of `old` leaves is the beginning of this one (RFC 9162 §2.1.4).
    ///
    /// # Errors
    /// When a tile is missing or malformed, or the log is smaller.
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Digest>, TileError> {
        if old > self.size {
            return Err(TileError::Beyond);
        }
        let ranges = merkle::consistency_ranges(old, self.size);
        ranges.into_iter().map(|(from, to)| self.range(from, to)).collect()
    }

    /// The audit path of a leaf, nearest sibling first.
    ///
    /// # Errors
    /// When a tile is missing or malformed, or there is no such leaf.
    pub fn path(&mut self, index: u64) -> Result<Vec<Digest>, TileError> {
        let ranges = merkle::path_ranges(index, self.size).ok_or(TileError::Beyond)?;
        ranges.into_iter().map(|(from, to)| self.range(from, to)).collect()
    }

    /// Follows the log from what is known of it to `root`, the root of a checkpoint with this
    /// reader's size: checks that the tiles give this root and that what is known is its beginning,
    /// hands every new line to `take`, and gives back what is known then. **Not until then** are the
    /// lines those of the log.
    ///
    /// # Errors
    /// Whatever is wrong; nothing that `take` has seen counts then.
    pub fn follow(
        &mut self,
        known: &Builder,
        root: &Digest,
        mut take: impl FnMut(&str) -> io::Result<()>,
    ) -> Result<Builder, TileError> {
        let old = known.count();
        if self.size < old {
            return Err(TileError::Shrunk(old, self.size));
        }
        let found = self.root(self.size)?;
        if found != *root {
            return Err(TileError::Root(found));
        }
        // First what this log says of its own beginning, so that a broken tile is not taken for a
        // changed past: whoever is accused of that has signed a root from which it follows.
        let (beginning, proof) = (self.root(old)?, self.consistency(old)?);
        if !merkle::is_consistent(old, &beginning, self.size, root, &proof) {
            return Err(TileError::Contradiction);
        }
        if beginning != known.root() {
            return Err(TileError::Fork(old));
        }
        let mut tree = known.clone();
        while tree.count() < self.size {
            let index = tree.count() / WIDE;
            let width = self.width(0, index);
            let (path, bytes) = self.fetch(TilePath::Entries { index, width })?;
            let lines = parse_bundle(&bytes).filter(|lines| lines.len() == usize::from(path.width()));
            let lines = lines.ok_or(TileError::Form(path))?;
            let known = usize::try_from(tree.count() % WIDE).unwrap_or(0);
            for line in lines.iter().take(usize::from(width)).skip(known) {
                tree.push_line(line.as_bytes());
                take(line)?;
            }
        }
        match tree.root() {
            same if same == *root => Ok(tree),
            other => Err(TileError::Entries(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tiles::{bundle, tile};

    /// A whole log in memory, by path.
    fn log(lines: &[String]) -> (Vec<Digest>, BTreeMap<String, Vec<u8>>) {
        let leaves: Vec<Digest> = lines.iter().map(|line| merkle::leaf(line.as_bytes())).collect();
        let mut files = BTreeMap::new();
        for level in 0..3_u8 {
            let hashes = lines.len() >> (8 * u32::from(level));
            for index in 0..hashes.div_ceil(256) {
                let width = u16::try_from((hashes - index * 256).min(256)).unwrap();
                let (from, index) = (index * 256, index as u64);
                let path = TilePath::Hashes { level, index, width };
                files.insert(path.to_string(), tile(&leaves, level, index, width).unwrap());
                if level == 0 {
                    let lines = lines[from..].iter().take(width.into()).map(String::as_str);
                    let path = TilePath::Entries { index, width };
                    files.insert(path.to_string(), bundle(lines).unwrap());
                }
            }
        }
        (leaves, files)
    }

    #[test]
    fn a_reader_computes_what_the_leaves_give() {
        let lines: Vec<String> = (0..66_000).map(|n| format!("line {n}")).collect();
        for size in [0, 1, 2, 5, 255, 256, 257, 700, 65_536, 66_000] {
            let (leaves, files) = log(&lines[..size]);
            let root = merkle::root_of_leaves(&leaves);
            let mut reader =
                Reader::new(size as u64, |path: &TilePath| Ok(files.get(&path.to_string()).cloned()));
            assert_eq!(reader.root(size as u64).unwrap(), root);
            let olds = if size > 700 { &[301, 65_536][..] } else { &[0, 1, 3, 255, 256, 300, size] };
            for old in olds.iter().copied().filter(|old| *old <= size) {
                let proof = reader.consistency(old as u64).unwrap();
                assert_eq!(Some(proof), merkle::consistency(&leaves, old), "{old} to {size}");
                let mut known = Builder::new();
                leaves[..old].iter().for_each(|leaf| known.push_leaf(*leaf));
                let mut seen = Vec::new();
                let take = |line: &str| {
                    seen.push(line.to_owned());
                    Ok(())
                };
                assert_eq!(reader.follow(&known, &root, take).unwrap().root(), root);
                assert_eq!(seen, lines[old..size]);
            }
            for index in [0, 200, 256, 65_999].into_iter().filter(|index| *index < size) {
                assert_eq!(reader.path(index as u64).unwrap(), merkle::path(&leaves, index).unwrap());
            }
            assert!(matches!(reader.path(size as u64), Err(TileError::Beyond)));
            assert!(matches!(reader.root(size as u64 + 1), Err(TileError::Beyond)));
        }
    }

    #[test]
    fn a_reader_of_an_old_size_takes_full_tiles() {
        let lines: Vec<String> = (0..600).map(|n| format!("line {n}")).collect();
        // The bundle and the tile of leaves that were partial then are full now.
        let ((leaves, mut files), (_, before)) = (log(&lines), log(&lines[..300]));
        files.extend(before.into_iter().filter(|(path, _)| path.starts_with("tile/1/")));
        let mut reader = Reader::new(300, |path: &TilePath| Ok(files.get(&path.to_string()).cloned()));
        let root = merkle::root_of_leaves(&leaves[..300]);
        let mut count = 0;
        let take = |_: &str| {
            count += 1;
            Ok(())
        };
        assert_eq!(reader.follow(&Builder::new(), &root, take).unwrap().root(), root);
        assert_eq!(count, 300);
    }

    #[test]
    fn a_reader_notices() {
        let lines: Vec<String> = (0..600).map(|n| format!("line {n}")).collect();
        let (leaves, good) = log(&lines);
        let root = merkle::root_of_leaves(&leaves);
        let follow = |files: &BTreeMap<String, Vec<u8>>, known: &[Digest], size| {
            let fetch = |path: &TilePath| Ok(files.get(&path.to_string()).cloned());
            let mut tree = Builder::new();
            known.iter().for_each(|leaf| tree.push_leaf(*leaf));
            Reader::new(size, fetch).follow(&tree, &root, |_| Ok(()))
        };
        assert!(follow(&good, &leaves[..10], 600).is_ok());
        assert!(matches!(follow(&good, &leaves[1..11], 600), Err(TileError::Fork(10))));
        assert!(matches!(follow(&good, &leaves, 599), Err(TileError::Shrunk(600, 599))));
        assert!(matches!(follow(&good, &[], 599), Err(TileError::Missing(_))));
        // What is needed of the hashes is the right edge, and where the known part ends.
        for name in ["tile/1/000.p/2", "tile/0/002.p/88", "tile/0/001", "tile/entries/001"] {
            let mut files = good.clone();
            files.get_mut(name).unwrap().pop();
            assert!(matches!(follow(&files, &leaves[..300], 600), Err(TileError::Form(_))), "{name}");
            files.remove(name);
            assert!(matches!(follow(&files, &leaves[..300], 600), Err(TileError::Missing(_))), "{name}");
            let mut files = good.clone();
            *files.get_mut(name).unwrap().last_mut().unwrap() ^= 1;
            let error = follow(&files, &leaves[..300], 600).unwrap_err();
            assert!(!matches!(error, TileError::Fork(_)), "{name}: {error}");
        }
    }
}
