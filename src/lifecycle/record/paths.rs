//! One entry's lines with their paths, so that a phone checks it without the pool.
//!
//! Beside a record's folder lies another with what is needed to find them: the trees of both files,
//! where each line begins, and the record as one file. It is made from the record, and may be thrown away.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use public_audit::{Receipt, journal::paths::Placed, record};

use super::{
    folder::Making,
    rows::{self, Rows},
    tree::Tree,
};

const ARCHIVE: &str = "record.zip";

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

/// Makes the folder for the record in `folder`, unless it is there. Only for who is alone.
pub fn ensure(folder: &Path) -> io::Result<()> {
    if is_there(folder) {
        return Ok(());
    }
    let to = beside(folder, "paths");
    let making = Making::beside(&to);
    let made = |name: &str| making.path().join(name);
    let (pool, result) = (folder.join(record::POOL), folder.join(record::RESULT));
    fs::create_dir_all(making.path())?;
    Tree::write(&made("pool.tree"), rows::lines(&pool)?)?;
    Tree::write(&made("result.tree"), rows::lines(&result)?)?;
    // Both files name every receipt once, so their sorted receipts are the same list.
    let mut places: Vec<(Receipt, u32)> = Vec::new();
    for (line, place) in rows::lines(&result)?.zip(0..) {
        let receipt = line?.split(' ').nth(1).and_then(|receipt| receipt.parse().ok());
        places.push((receipt.ok_or_else(|| io::Error::other("a line without a receipt"))?, place));
    }
    places.sort_unstable();
    rows::write(&made("pool.lines"), &pool, places.into_iter().map(|(_, place)| place.into()))?;
    rows::write(&made("result.lines"), &result, 0..)?;
    super::archive::write(folder, &made(ARCHIVE))?;
    making.appear(&to)
}

/// The record of `folder` as one file.
pub fn archive(folder: &Path) -> PathBuf {
    beside(folder, "paths").join(ARCHIVE)
}

/// Where each line of the pool of `folder` begins.
pub fn pool_rows(folder: &Path) -> PathBuf {
    beside(folder, "paths").join("pool.lines")
}

/// The place of a receipt in the pool and in the result; `None` if it is in neither.
pub fn find(folder: &Path, receipt: &Receipt) -> io::Result<Option<(Placed, Placed)>> {
    let paths = beside(folder, "paths");
    let pool = Lines::open(folder, &paths, record::POOL)?;
    let Ok(index) = pool.rows.search(receipt)? else { return Ok(None) };
    let result = Lines::open(folder, &paths, record::RESULT)?;
    let place = pool.rows.row(index)?.1;
    Ok(Some((pool.place(index)?, result.place(place)?)))
}

fn beside(folder: &Path, what: &str) -> PathBuf {
    folder.with_file_name(format!(".{}.{what}", folder.file_name().unwrap_or_default().to_string_lossy()))
}

/// A file of the record, by line.
struct Lines {
    rows: Rows,
    tree: Tree,
}

impl Lines {
    fn open(folder: &Path, paths: &Path, name: &str) -> io::Result<Self> {
        let named = |suffix: &str| paths.join(Path::new(name).with_extension(suffix));
        let rows = Rows::open(&folder.join(name), &named("lines"))?;
        let tree = Tree::open(&named("tree"), rows.count)?;
        Ok(Self { rows, tree })
    }

    fn place(&self, index: u64) -> io::Result<Placed> {
        let (count, path, line) = (self.rows.count, self.tree.path(index)?, self.rows.line(index)?);
        Ok(Placed { index, count, path, line })
    }
}
