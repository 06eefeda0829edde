//! Rosters brought into the database: read in one direction with buffers of fixed size, spooled to
//! disk by key, checked as a whole, and only then inserted, in the order of the key.

mod csv;
pub mod error;
pub mod file;
pub mod import;
pub mod report;
mod spool;
pub mod upload;
mod xlsx;

#[cfg(test)]
mod tests;

pub use error::FileError;
pub use file::Looked;
pub use import::{Import, ImportError, Summary};
pub use report::Report;

use std::path::Path;

/// A line of a file: its number, and its cells.
pub type Row<'a> = (u64, &'a [&'a str]);

/// Hands each line of a file to `take`, the heading first. `read` hears how many bytes were read.
///
/// # Errors
/// What is wrong with the file as a file, or what `take` said.
pub fn rows(
    path: &Path,
    looked: &Looked,
    read: &mut dyn FnMut(u64),
    take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    match looked.form {
        file::Form::Text(encoding) => csv::rows(path, encoding, read, take),
        file::Form::Xlsx => xlsx::rows(path, read, take),
    }
}
