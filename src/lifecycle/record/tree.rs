//! A Merkle tree in a file, so that one path costs a few reads of 32 bytes and not the whole pool.
//! Level by level, leaves first, complete subtrees only: what hangs over at the right is put together from them.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use public_audit::{
    Digest,
    merkle::{fold_range, leaf, node, path_ranges},
};

/// The tree of a text's lines.
pub struct Tree {
    file: File,
    count: u64,
}

impl Tree {
    /// Writes the tree over `lines`, each without its LF.
    pub fn write<'a>(path: &Path, lines: impl Iterator<Item = &'a [u8]>) -> io::Result<()> {
        let mut level: Vec<Digest> = lines.map(leaf).collect();
        let mut file = BufWriter::new(File::create(path)?);
        while !level.is_empty() {
            for digest in &level {
                file.write_all(&digest.0)?;
            }
            level = level.chunks_exact(2).map(|pair| node(&pair[0], &pair[1])).collect();
        }
        file.into_inner()?.sync_all()
    }

    /// Opens the tree of `count` lines.
    pub fn open(path: &Path, count: u64) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, count })
    }

    /// The audit path of line `index`.
    pub fn path(&self, index: u64) -> io::Result<Vec<Digest>> {
        let ranges = path_ranges(index, self.count).unwrap_or_default();
        ranges
            .into_iter()
            .map(|(from, to)| fold_range(from, to, |height, at| self.node(height, at)))
            .collect()
    }

    fn node(&self, height: u32, index: u64) -> io::Result<Digest> {
        let below: u64 = (0..height).map(|height| self.count >> height).sum();
        let mut digest = Digest::ZERO;
        self.file.read_exact_at(&mut digest.0, (below + index) * 32)?;
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    use public_audit::merkle;

    use super::*;

    #[test]
    fn paths_are_those_of_the_verifier() {
        let folder = tempfile::tempdir().unwrap();
        for count in [1, 2, 3, 7, 64, 69_u64] {
            let lines: Vec<String> = (0..count).map(|number| format!("line {number}")).collect();
            let file = folder.path().join(count.to_string());
            Tree::write(&file, lines.iter().map(|line| line.as_bytes())).unwrap();
            let tree = Tree::open(&file, count).unwrap();
            let leaves: Vec<Digest> = lines.iter().map(|line| leaf(line.as_bytes())).collect();
            for index in 0..count {
                let path = merkle::path(&leaves, usize::try_from(index).unwrap());
                assert_eq!(Some(tree.path(index).unwrap()), path, "{index} of {count}");
            }
        }
    }
}
