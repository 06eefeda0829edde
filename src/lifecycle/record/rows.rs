//! The lines of a text, and beside it a file that says where each of them begins: one of millions is read without the
//! others.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use public_audit::Receipt;

/// The longest line of a pool or a result, in bytes.
const LINE: usize = 8_192;
/// An offset, and for a line of a published pool the place of the same receipt in the result.
const ROW: u64 = 16;

/// Both files.
pub struct Rows {
    text: File,
    rows: File,
    /// How many lines there are.
    pub count: u64,
}

impl Rows {
    /// Opens a text by the file that [`write`] has made of it.
    pub fn open(text: &Path, rows: &Path) -> io::Result<Self> {
        let rows = File::open(rows)?;
        let count = rows.metadata()?.len() / ROW;
        Ok(Self { text: File::open(text)?, rows, count })
    }

    /// Where a line begins, and what is noted beside it.
    pub fn row(&self, index: u64) -> io::Result<(u64, u64)> {
        let (mut offset, mut place) = ([0; 8], [0; 8]);
        self.rows.read_exact_at(&mut offset, index * ROW)?;
        self.rows.read_exact_at(&mut place, index * ROW + 8)?;
        Ok((u64::from_le_bytes(offset), u64::from_le_bytes(place)))
    }

    /// A line, without its LF.
    pub fn line(&self, index: u64) -> io::Result<String> {
        let mut bytes = [0; LINE];
        let read = self.text.read_at(&mut bytes, self.row(index)?.0)?;
        let line = bytes.get(..read).and_then(|bytes| bytes.split(|byte| *byte == b'\n').next());
        String::from_utf8(line.unwrap_or_default().to_vec()).map_err(io::Error::other)
    }

    /// The line of a receipt, of lines sorted by what they begin with; if there is none, where it would be.
    pub fn search(&self, receipt: &Receipt) -> io::Result<Result<u64, u64>> {
        let receipt = receipt.to_string();
        let (mut from, mut to) = (0, self.count);
        while from < to {
            let middle = from.midpoint(to);
            match self.line(middle)?.get(..receipt.len()).unwrap_or_default().cmp(&receipt) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Ok(Ok(middle)),
            }
        }
        Ok(Err(from))
    }
}

/// The lines of a text.
pub fn lines(text: &Path) -> io::Result<io::Lines<BufReader<File>>> {
    Ok(BufReader::with_capacity(1 << 16, File::open(text)?).lines())
}

/// Notes where each line of `text` begins, and beside it one of `places`.
pub fn write(to: &Path, text: &Path, places: impl Iterator<Item = u64>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(to)?);
    let mut offset = 0_u64;
    for (line, place) in lines(text)?.zip(places) {
        file.write_all(&offset.to_le_bytes())?;
        file.write_all(&place.to_le_bytes())?;
        offset += line?.len() as u64 + 1;
    }
    file.into_inner()?.sync_all()
}
