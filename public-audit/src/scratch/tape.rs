//! Items on a tape, read in pieces.

use std::io::{self, BufRead as _, BufReader, Read};
use std::marker::PhantomData;

use super::{Item, Tape};

/// What is gathered before it is written.
const PIECE: usize = 1 << 16;

/// Writes items to the end of a tape; how many bytes that were.
pub(super) fn append<T: Item>(tape: &mut dyn Tape, items: &[T]) -> io::Result<u64> {
    let (mut piece, mut written) = (Vec::with_capacity(PIECE), 0);
    for item in items {
        item.write(&mut piece);
        if piece.len() >= PIECE {
            tape.append(&piece)?;
            written += piece.len() as u64;
            piece.clear();
        }
    }
    tape.append(&piece)?;
    Ok(written + piece.len() as u64)
}

/// Reads from here to there.
struct Range<'t> {
    tape: &'t dyn Tape,
    at: u64,
    end: u64,
}

impl Read for Range<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let most = buffer.len().min(left);
        let read = self.tape.read_at(self.at, &mut buffer[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

/// The items of a part of a tape.
pub(super) struct Items<'t, T> {
    reader: BufReader<Range<'t>>,
    items: PhantomData<T>,
}

impl<'t, T: Item> Items<'t, T> {
    /// Those in the bytes `at..end`, read in pieces of so many bytes.
    pub fn new(tape: &'t dyn Tape, at: u64, end: u64, piece: usize) -> Self {
        let range = Range { tape, at, end };
        Self { reader: BufReader::with_capacity(piece.clamp(256, PIECE), range), items: PhantomData }
    }
}

impl<T: Item> Iterator for Items<'_, T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.reader.fill_buf() {
            Ok([]) => None,
            Ok(_) => Some(T::read(&mut self.reader)),
            Err(error) => Some(Err(error)),
        }
    }
}
