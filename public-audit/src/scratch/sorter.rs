//! Sorting what does not fit into memory: sorted runs on a tape, merged when they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use super::tape::{self, Items};
use super::{Desk, Item, Spool, Tape};

/// Takes items in any order.
pub(crate) struct Sorter<'s, T> {
    desk: Desk<'s>,
    /// The run that is being gathered, and its weight.
    items: Vec<T>,
    weight: usize,
    tape: Option<Box<dyn Tape>>,
    /// Where each run ends on the tape; it begins where the one before ends.
    runs: Vec<u64>,
}

impl<'s, T: Item + Ord> Sorter<'s, T> {
    pub fn new(desk: Desk<'s>) -> Self {
        Self { desk, items: Vec::new(), weight: 0, tape: None, runs: Vec::new() }
    }

    pub fn push(&mut self, item: T) -> io::Result<()> {
        self.weight += item.weight();
        self.items.push(item);
        if self.weight >= self.desk.memory / 2 { self.end_run() } else { Ok(()) }
    }

    fn end_run(&mut self) -> io::Result<()> {
        self.items.sort_unstable();
        let tape = match &mut self.tape {
            Some(tape) => tape,
            none => none.insert(self.desk.scratch.tape()?),
        };
        let written = tape::append(tape.as_mut(), &self.items)?;
        self.runs.push(self.runs.last().unwrap_or(&0) + written);
        self.items.clear();
        self.weight = 0;
        Ok(())
    }

    /// All of them in order.
    pub fn sorted(mut self) -> io::Result<Sorted<'s, T>> {
        if self.runs.is_empty() {
            self.items.sort_unstable();
        } else {
            self.end_run()?;
            self.items = Vec::new();
        }
        Ok(Sorted(self))
    }
}

/// Items that are sorted.
pub(crate) struct Sorted<'s, T>(Sorter<'s, T>);

impl<'s, T: Item + Ord> Sorted<'s, T> {
    pub fn iter(&self) -> io::Result<Merge<'_, T>> {
        let Sorter { desk, items, tape, runs, .. } = &self.0;
        let piece = desk.memory / 4 / runs.len().max(1);
        let mut begin = 0;
        let mut merge = Merge { heads: BinaryHeap::new(), runs: Vec::new(), items: items.iter() };
        for end in runs {
            let tape = tape.as_deref().ok_or_else(|| io::Error::other("a run without a tape"))?;
            merge.runs.push(Items::new(tape, begin, *end, piece));
            merge.advance(merge.runs.len() - 1)?;
            begin = *end;
        }
        Ok(merge)
    }

    /// To be read more than once: merged for good.
    pub fn spool(self) -> io::Result<Spool<'s, T>> {
        if self.0.runs.is_empty() {
            return Ok(Spool::of(self.0.desk, self.0.items));
        }
        let mut spool = Spool::new(self.0.desk);
        for item in self.iter()? {
            spool.push(item?)?;
        }
        Ok(spool)
    }
}

/// All runs at once, the smallest item first.
pub(crate) struct Merge<'t, T> {
    heads: BinaryHeap<Reverse<(T, usize)>>,
    runs: Vec<Items<'t, T>>,
    /// What never left memory; then there are no runs.
    items: std::slice::Iter<'t, T>,
}

impl<T: Item + Ord> Merge<'_, T> {
    fn advance(&mut self, run: usize) -> io::Result<()> {
        if let Some(item) = self.runs[run].next().transpose()? {
            self.heads.push(Reverse((item, run)));
        }
        Ok(())
    }
}

impl<T: Item + Ord> Iterator for Merge<'_, T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(Reverse((item, run))) = self.heads.pop() else {
            return self.items.next().cloned().map(Ok);
        };
        Some(self.advance(run).map(|()| item))
    }
}

#[cfg(test)]
mod tests {
    use super::super::InMemory;
    use super::*;

    #[test]
    fn any_memory_gives_the_same_order() {
        let numbers: Vec<u32> = (0..3000_u32).map(|n| n.wrapping_mul(2_654_435_761) % 1000).collect();
        let mut expected = numbers.clone();
        expected.sort_unstable();
        for memory in [0, 1, 100, 4_000, usize::MAX] {
            let mut sorter = Sorter::new(Desk { memory, scratch: &InMemory });
            numbers.iter().for_each(|number| sorter.push(*number).unwrap());
            let sorted = sorter.sorted().unwrap();
            for _ in 0..2 {
                assert_eq!(sorted.iter().unwrap().map(Result::unwrap).collect::<Vec<_>>(), expected);
            }
            let spool = sorted.spool().unwrap();
            assert_eq!(spool.iter().map(Result::unwrap).collect::<Vec<_>>(), expected);
        }
        let empty = Sorter::<u16>::new(Desk::unlimited()).sorted().unwrap();
        assert_eq!(empty.iter().unwrap().count(), 0);
    }
}
