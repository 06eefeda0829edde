//! A list that is written once and read in its order, on a tape but for its end.

use std::io;

use super::tape::{self, Items};
use super::{Desk, Item, Tape};

/// Grows at its end. What does not fit into its part of the memory lies on a tape.
pub(crate) struct Spool<'s, T> {
    desk: Desk<'s>,
    tape: Option<Box<dyn Tape>>,
    written: u64,
    /// What is not on the tape yet.
    last: Vec<T>,
    weight: usize,
}

/// Several spools may lie on the desk beside each other: each takes this part of it.
const PART: usize = 16;

impl<'s, T: Item> Spool<'s, T> {
    pub fn new(desk: Desk<'s>) -> Self {
        Self { desk, tape: None, written: 0, last: Vec::new(), weight: 0 }
    }

    /// What is there already, and fits.
    pub(super) fn of(desk: Desk<'s>, items: Vec<T>) -> Self {
        Self { last: items, ..Self::new(desk) }
    }

    pub fn push(&mut self, item: T) -> io::Result<()> {
        self.weight += item.weight();
        self.last.push(item);
        if self.weight >= self.desk.memory / PART {
            let tape = match &mut self.tape {
                Some(tape) => tape,
                none => none.insert(self.desk.scratch.tape()?),
            };
            self.written += tape::append(tape.as_mut(), &self.last)?;
            self.last.clear();
            self.weight = 0;
        }
        Ok(())
    }

    /// All of it, as often as one likes.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<T>> {
        let piece = self.desk.memory / PART;
        let tape = self.tape.as_deref();
        let written = tape.map(|tape| Items::new(tape, 0, self.written, piece)).into_iter().flatten();
        written.chain(self.last.iter().cloned().map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::super::InMemory;
    use super::*;

    #[test]
    fn what_was_pushed_comes_back_in_order() {
        for memory in [0, 64, 1000, usize::MAX] {
            let mut spool = Spool::new(Desk { memory, scratch: &InMemory });
            for count in [0, 1, 7, 500_u32] {
                (0..count).for_each(|number| spool.push(number).unwrap());
                let found: Vec<u32> = spool.iter().map(Result::unwrap).collect();
                assert!(found.ends_with(&(0..count).collect::<Vec<_>>()));
            }
            assert_eq!(spool.iter().count(), 508);
            assert_eq!(spool.tape.is_some(), memory < 1 << 30);
        }
    }
}
