//! One entry's lines with their paths, so that a phone checks it without the pool.
//!
//! Beside a record's folder lies another with what is needed to find them: the trees of both files,
//! where each line begins, and the record as one file. It is made from the record, and may be thrown away.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use public_audit::{Receipt, journal::paths::Placed, record};

use super::tree::Tree;

const ARCHIVE: &str = "record.zip";
/// The longest line of a pool or a result, in bytes.
const LINE: usize = 8_192;
/// An offset, and for a line of the pool the place of the same receipt in the result.
const ROW: u64 = 16;

/// Whether that folder is there for the record in `folder`.
pub fn is_there(folder: &Path) -> bool {
    beside(folder, "paths").exists()
}

/// Throws that folder away: it may be another record's, under the same name.
pub fn forget(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(beside(folder, "paths")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the folder for the record in `folder`, unless it is there.
pub fn ensure(folder: &Path) -> io::Result<()> {
    let (to, making) = (beside(folder, "paths"), beside(folder, "making"));
    if is_there(folder) {
        return Ok(());
    }
    let (pool, result) = (folder.join(record::POOL), folder.join(record::RESULT));
    let _ = fs::remove_dir_all(&making);
    fs::create_dir_all(&making)?;
    Tree::write(&making.join("pool.tree"), lines(&pool)?)?;
    Tree::write(&making.join("result.tree"), lines(&result)?)?;
    // Both files name every receipt once, so their sorted receipts are the same list.
    let mut places: Vec<(Receipt, u32)> = Vec::new();
    for (line, place) in lines(&result)?.zip(0..) {
        let receipt = line?.split(' ').nth(1).and_then(|receipt| receipt.parse().ok());
        places.push((receipt.ok_or_else(|| io::Error::other("a line without a receipt"))?, place));
    }
    places.sort_unstable();
    write_rows(&making.join("pool.lines"), &pool, places.into_iter().map(|(_, place)| place.into()))?;
    write_rows(&making.join("result.lines"), &result, 0..)?;
    super::archive::write(folder, &making.join(ARCHIVE))?;
    fs::rename(making, to)
}

/// The record of `folder` as one file.
pub fn archive(folder: &Path) -> PathBuf {
    beside(folder, "paths").join(ARCHIVE)
}

/// The place of a receipt in the pool and in the result; `None` if it is in neither.
pub fn find(folder: &Path, receipt: &Receipt) -> io::Result<Option<(Placed, Placed)>> {
    let paths = beside(folder, "paths");
    let pool = Lines::open(folder, &paths, record::POOL)?;
    let receipt = receipt.to_string();
    let (mut from, mut to) = (0, pool.count);
    while from < to {
        let middle = from.midpoint(to);
        let line = pool.line(middle)?;
        match line.get(..receipt.len()).unwrap_or_default().cmp(&receipt) {
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
            std::cmp::Ordering::Equal => {
                let result = Lines::open(folder, &paths, record::RESULT)?;
                let place = pool.row(middle)?.1;
                return Ok(Some((pool.place(middle)?, result.place(place)?)));
            }
        }
    }
    Ok(None)
}

fn beside(folder: &Path, what: &str) -> PathBuf {
    folder.with_file_name(format!(".{}.{what}", folder.file_name().unwrap_or_default().to_string_lossy()))
}

fn lines(path: &Path) -> io::Result<io::Lines<BufReader<File>>> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path)?).lines())
}

fn write_rows(path: &Path, text: &Path, places: impl Iterator<Item = u64>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut offset = 0_u64;
    for (line, place) in lines(text)?.zip(places) {
        file.write_all(&offset.to_le_bytes())?;
        file.write_all(&place.to_le_bytes())?;
        offset += line?.len() as u64 + 1;
    }
    file.into_inner()?.sync_all()
}

/// A file of the record, by line.
struct Lines {
    text: File,
    rows: File,
    tree: Tree,
    count: u64,
}

impl Lines {
    fn open(folder: &Path, paths: &Path, name: &str) -> io::Result<Self> {
        let named = |suffix: &str| paths.join(Path::new(name).with_extension(suffix));
        let rows = File::open(named("lines"))?;
        let count = rows.metadata()?.len() / ROW;
        let tree = Tree::open(&named("tree"), count)?;
        Ok(Self { text: File::open(folder.join(name))?, rows, tree, count })
    }

    fn row(&self, index: u64) -> io::Result<(u64, u64)> {
        let (mut offset, mut place) = ([0; 8], [0; 8]);
        self.rows.read_exact_at(&mut offset, index * ROW)?;
        self.rows.read_exact_at(&mut place, index * ROW + 8)?;
        Ok((u64::from_le_bytes(offset), u64::from_le_bytes(place)))
    }

    fn line(&self, index: u64) -> io::Result<String> {
        let mut bytes = [0; LINE];
        let read = self.text.read_at(&mut bytes, self.row(index)?.0)?;
        let line = bytes.get(..read).and_then(|bytes| bytes.split(|byte| *byte == b'\n').next());
        String::from_utf8(line.unwrap_or_default().to_vec()).map_err(io::Error::other)
    }

    fn place(&self, index: u64) -> io::Result<Placed> {
        Ok(Placed { index, count: self.count, path: self.tree.path(index)?, line: self.line(index)? })
    }
}
