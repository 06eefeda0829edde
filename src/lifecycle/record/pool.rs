//! "Am I in the pool?" One receipt looked up in the sealed list, which is a public file of sorted lines: some twenty of
//! them are read, however many there are, and the database is asked nothing.

use std::{
    io,
    path::{Path, PathBuf},
};

use public_audit::Receipt;

use super::rows::Rows;

/// What the sealed pool says of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InPool {
    /// It takes part.
    At {
        /// Which line of the file, from 1.
        line: u64,
        /// How many there are.
        count: u64,
        /// The line itself.
        text: String,
    },
    /// It is not there, but one that differs in a single character is.
    Near(String),
    /// It is not there.
    Absent,
}

/// Where the file lies that says where each line of a sealed pool begins.
pub fn rows_of(pool: &Path) -> PathBuf {
    let name = pool.file_name().unwrap_or_default().to_string_lossy();
    pool.with_file_name(format!("{name}.lines"))
}

/// Looks a receipt up.
pub fn find(pool: &Path, rows: &Path, receipt: &Receipt) -> io::Result<InPool> {
    let rows = Rows::open(pool, rows)?;
    let at = match rows.search(receipt)? {
        Ok(index) => {
            let text = rows.line(index)?;
            return Ok(InPool::At { line: index + 1, count: rows.count, text });
        }
        Err(at) => at,
    };
    // Lines are sorted: whoever has mistyped something near the end stands between their own line and another.
    let beside = [at.checked_sub(1), Some(at)].into_iter().flatten().filter(|index| *index < rows.count);
    for index in beside {
        let line = rows.line(index)?;
        let other = line.split(' ').next().unwrap_or_default();
        if differ(other, &receipt.to_string()) == 1 {
            return Ok(InPool::Near(other.to_owned()));
        }
    }
    Ok(InPool::Absent)
}

/// In how many characters.
fn differ(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).filter(|(one, other)| one != other).count()
        + one.len().abs_diff(other.len())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::lifecycle::record::rows;

    #[test]
    fn a_line_is_found_among_many_and_a_slip_of_the_finger_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0_u16, 1, 2, 3, 100, 1_000] {
            let mut receipts: Vec<Receipt> = (0..count)
                .map(|number| {
                    let mut bits = [7_u8; 10];
                    bits[..2].copy_from_slice(&number.wrapping_mul(40_503).to_be_bytes());
                    Receipt::from_bytes(bits)
                })
                .collect();
            receipts.sort_unstable();
            let text: String = receipts.iter().map(|receipt| format!("{receipt} 1 {count}\n")).collect();
            let pool = folder.path().join(format!("pool-{count}"));
            fs::write(&pool, text).unwrap();
            rows::write(&rows_of(&pool), &pool, std::iter::repeat(0)).unwrap();
            let look = |receipt: &Receipt| find(&pool, &rows_of(&pool), receipt).unwrap();
            for (receipt, line) in receipts.iter().zip(1..) {
                let text = format!("{receipt} 1 {count}");
                assert_eq!(look(receipt), InPool::At { line, count: count.into(), text });
                let typed: Receipt = format!("{}z", &receipt.to_string()[..18]).parse().unwrap();
                assert_eq!(look(&typed), InPool::Near(receipt.to_string()));
            }
            for absent in ["0000-0000-0000-0000", "zzzz-zzzz-zzzz-zzzz"] {
                assert_eq!(look(&absent.parse().unwrap()), InPool::Absent);
            }
        }
    }
}
