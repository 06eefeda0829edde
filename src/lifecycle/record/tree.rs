//! A Merkle tree in a file, so that one path costs a few reads of 32 bytes and not the whole pool.
//! Level by level, leaves first, complete subtrees only: what hangs over at the right is put together from them.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
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
    /// Writes the tree over `lines`, each without its LF. Each level is read back for the next: memory does not
    /// grow with the lines.
    pub fn write(path: &Path, lines: impl Iterator<Item = io::Result<String>>) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 16, File::create(path)?);
        let mut count = 0_u64;
        for line in lines {
            file.write_all(&leaf(line?.as_bytes()).0)?;
            count += 1;
        }
        let mut from = 0_u64;
        while count > 1 {
            file.flush()?;
            let mut below = File::open(path)?;
            below.seek(SeekFrom::Start(from))?;
            let mut below = BufReader::with_capacity(1 << 16, below);
            for _ in 0..count / 2 {
                let (mut left, mut right) = (Digest::ZERO, Digest::ZERO);
                below.read_exact(&mut left.0)?;
                below.read_exact(&mut right.0)?;
                file.write_all(&node(&left, &right).0)?;
            }
            from += count * 32;
            count /= 2;
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
            Tree::write(&file, lines.iter().map(|line| Ok(line.clone()))).unwrap();
            let tree = Tree::open(&file, count).unwrap();
            let leaves: Vec<Digest> = lines.iter().map(|line| leaf(line.as_bytes())).collect();
            for index in 0..count {
                let path = merkle::path(&leaves, usize::try_from(index).unwrap());
                assert_eq!(Some(tree.path(index).unwrap()), path, "{index} of {count}");
            }
        }
    }
}
