//! CSV, decoded and split with buffers of fixed size: a line of 100 MB costs no more than any other.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{Decoder, DecoderResult};

use super::{FileError, Row, file::Encoding};

/// The longest line, in bytes of UTF-8.
pub const LINE: usize = 64 * 1024;
/// The most columns.
pub const COLUMNS: usize = 256;
/// Lines that one record may go over, where a cell holds line breaks.
const LINES: u64 = 20;
const CHUNK: usize = 128 * 1024;

/// A file as UTF-8, piece by piece.
struct Text {
    file: File,
    decoder: Option<Decoder>,
    encoding: Encoding,
    raw: Vec<u8>,
    raw_from: usize,
    raw_to: usize,
    /// Bytes of the file before `raw`.
    before: u64,
    text: Vec<u8>,
    ended: bool,
    lines: u64,
}

impl Text {
    fn open(path: &Path, encoding: Encoding) -> io::Result<Self> {
        Ok(Self {
            file: File::open(path)?,
            decoder: Some(encoding.decoder()),
            encoding,
            raw: vec![0; CHUNK],
            raw_from: 0,
            raw_to: 0,
            before: 0,
            text: vec![0; CHUNK * 3 + 16],
            ended: false,
            lines: 0,
        })
    }

    /// The next piece; empty at the end.
    fn next(&mut self) -> Result<&[u8], FileError> {
        loop {
            if self.ended {
                return Ok(&[]);
            }
            if self.raw_from == self.raw_to {
                self.before += self.raw_to as u64;
                self.raw_to = self.file.read(&mut self.raw)?;
                self.raw_from = 0;
            }
            let last = self.raw_to == 0;
            let Some(decoder) = self.decoder.as_mut() else { return Ok(&[]) };
            let source = &self.raw[self.raw_from..self.raw_to];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(source, &mut self.text, last);
            self.raw_from += read;
            if let DecoderResult::Malformed(bad, after) = result {
                let behind = u64::from(bad) + u64::from(after);
                let byte = (self.before + self.raw_from as u64 + 1).saturating_sub(behind);
                let line = self.lines + 1 + ended(&self.text[..written]);
                return Err(FileError::Encoding { line, byte, encoding: self.encoding.name() });
            }
            self.ended = last;
            if written > 0 || last {
                self.lines += ended(&self.text[..written]);
                return Ok(&self.text[..written]);
            }
        }
    }
}

fn ended(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Whether a whole file is text in this encoding, without zero bytes.
///
/// # Errors
/// [`FileError`], naming line and byte.
pub fn decodes(path: &Path, encoding: Encoding) -> Result<(), FileError> {
    let mut text = Text::open(path, encoding)?;
    let (mut lines, mut bytes) = (0, 0);
    loop {
        let piece = text.next()?;
        if piece.is_empty() {
            return Ok(());
        }
        if let Some(at) = piece.iter().position(|byte| *byte == 0) {
            return Err(FileError::Nul {
                line: lines + 1 + ended(&piece[..at]),
                byte: bytes + 1 + at as u64,
            });
        }
        lines += ended(piece);
        bytes += piece.len() as u64;
    }
}

/// Hands each line that is not empty to `take`.
///
/// # Errors
/// [`FileError`].
pub fn rows(
    path: &Path,
    encoding: Encoding,
    read: &mut dyn FnMut(u64),
    take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut source = Text::open(path, encoding)?;
    let mut splitter: Option<Splitter> = None;
    loop {
        let before = source.before + source.raw_from as u64;
        let piece = source.next()?;
        let splitter = splitter.get_or_insert_with(|| Splitter::new(delimiter(piece)));
        let ended = piece.is_empty();
        splitter.split(piece, take)?;
        read((source.before + source.raw_from as u64).saturating_sub(before));
        if ended {
            return Ok(());
        }
    }
}

/// Comma, tab or semicolon: whichever the first line has most of.
fn delimiter(text: &[u8]) -> u8 {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let best = [b';', b'\t', b','].into_iter().max_by_key(|wanted| count(*wanted));
    best.unwrap_or(b',')
}

struct Splitter {
    reader: Reader,
    record: Vec<u8>,
    record_to: usize,
    ends: Vec<usize>,
    ends_to: usize,
    /// The line the record begins on, and the one that is being read.
    from_line: u64,
    line: u64,
    after_return: bool,
    /// Columns of line 1.
    width: Option<usize>,
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            record: vec![0; LINE],
            record_to: 0,
            ends: vec![0; COLUMNS],
            ends_to: 0,
            from_line: 1,
            line: 1,
            after_return: false,
            width: None,
        }
    }

    /// Splits a piece; an empty one is the end.
    fn split(
        &mut self,
        mut piece: &[u8],
        take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        loop {
            let (result, read, written, ended) = self.reader.read_record(
                piece,
                &mut self.record[self.record_to..],
                &mut self.ends[self.ends_to..],
            );
            if self.record_to == 0 && self.ends_to == 0 {
                // Empty lines in front of a record are not part of it.
                let blank = piece[..read].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                self.count(&piece[..blank]);
                self.from_line = self.line;
                self.count(&piece[blank..read]);
            } else {
                self.count(&piece[..read]);
            }
            piece = &piece[read..];
            self.record_to += written;
            self.ends_to += ended;
            if self.line - self.from_line > LINES {
                return Err(FileError::Unclosed(self.from_line));
            }
            match result {
                ReadRecordResult::InputEmpty => return Ok(()),
                ReadRecordResult::OutputFull => {
                    return Err(FileError::Long { line: self.from_line, most: LINE });
                }
                ReadRecordResult::OutputEndsFull => {
                    return Err(FileError::Wide { line: self.from_line, most: COLUMNS });
                }
                ReadRecordResult::Record => self.hand_over(take)?,
                ReadRecordResult::End => return Ok(()),
            }
        }
    }

    fn hand_over(&mut self, take: &mut dyn FnMut(Row<'_>) -> Result<(), FileError>) -> Result<(), FileError> {
        let (record, ends) = (&self.record[..self.record_to], &self.ends[..self.ends_to]);
        let not_text = || FileError::Encoding { line: self.from_line, byte: 0, encoding: "UTF-8" };
        let text = std::str::from_utf8(record).map_err(|_| not_text())?;
        let mut cells = Vec::with_capacity(ends.len());
        let mut from = 0;
        for end in ends {
            cells.push(text.get(from..*end).ok_or_else(not_text)?);
            from = *end;
        }
        let width = *self.width.get_or_insert(cells.len());
        // One quotation mark too many swallows the lines behind it.
        if cells.len() != width && text.contains(['\n', '\r']) {
            return Err(FileError::Unclosed(self.from_line));
        }
        take((self.from_line, &cells))?;
        (self.record_to, self.ends_to) = (0, 0);
        Ok(())
    }

    fn count(&mut self, read: &[u8]) {
        for byte in read {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => self.line += 1,
                _ => {}
            }
            self.after_return = *byte == b'\r';
        }
    }
}
