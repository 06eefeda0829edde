//! What is wrong with a file as a file: each a sentence that says where and what to do.

use std::io;

/// Why a file was refused. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// What the system said.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Nothing in it.
    #[error("the file is empty: export it again from its source")]
    Empty,
    /// A byte that the encoding does not have.
    #[error(
        "line {line}, byte {byte}: this is not text in {encoding}: two encodings are mixed, or letters were lost. \
         Export the file again from its source as UTF-8 (Excel: “CSV UTF-8”)"
    )]
    Encoding {
        /// Which line, from 1.
        line: u64,
        /// Which byte of the file, from 1.
        byte: u64,
        /// What the rest of it is in.
        encoding: &'static str,
    },
    /// Text that was read in the wrong encoding once and saved.
    #[error(
        "line {line}, byte {byte}: letters were lost before the file came here (it was opened in the wrong encoding and \
         saved). Export it again from its source as UTF-8"
    )]
    Mojibake {
        /// Which line, from 1.
        line: u64,
        /// Which byte of the file, from 1.
        byte: u64,
    },
    /// A zero byte.
    #[error(
        "line {line}, byte {byte}: a zero byte, which no text holds: this is not a CSV file, or it is damaged, or it is \
         UTF-16 without its mark. Export it again as UTF-8"
    )]
    Nul {
        /// Which line, from 1.
        line: u64,
        /// Which byte of the file, from 1.
        byte: u64,
    },
    /// An old Excel file or something else.
    #[error("this is not a CSV or XLSX file ({0}): save it as XLSX, or better as “CSV UTF-8”")]
    Kind(&'static str),
    /// A line that is far too long.
    #[error(
        "line {line}: longer than {most} bytes, which no person's line is: a line break is missing, or a quotation mark \
         is opened and never closed"
    )]
    Long {
        /// Where it begins.
        line: u64,
        /// What is allowed.
        most: usize,
    },
    /// A quotation mark without its partner.
    #[error("line {0}: a quotation mark is opened and not closed on its line: close it, or delete it")]
    Unclosed(u64),
    /// Columns without end.
    #[error("line {line}: more than {most} columns: delete those that are not needed")]
    Wide {
        /// Which line.
        line: u64,
        /// What is allowed.
        most: usize,
    },
    /// Too much for a spreadsheet.
    #[error(
        "the spreadsheet holds more than {0}: save it as “CSV UTF-8”, which is read at any size, and import that"
    )]
    Large(&'static str),
    /// A spreadsheet that does not open.
    #[error("the spreadsheet cannot be read ({0}): open and save it again, or save it as “CSV UTF-8”")]
    Sheet(String),
    /// Somebody else imports the same roster here.
    #[error("another import of this roster is running on this machine: wait until it is done")]
    Busy,
    /// It changed while it was read.
    #[error("the file changed while it was read: wait until whoever writes it is done, then import again")]
    Changed,
    /// The heading line.
    #[error(transparent)]
    Columns(#[from] crate::domain::roster::ColumnsError),
}
