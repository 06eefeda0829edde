//! What one walk through `pool.txt` finds: all that the checks ask about the pool, and nothing that
//! grows with it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::draw::{Claim, Claims, Crowd, Crowded, Groups, Known};
use crate::entry::LineForm;
use crate::merkle;
use crate::pool::PoolError;
use crate::pool::lines::{self, Strict};
use crate::rules::Rules;
use crate::scratch::{Desk, Item, Sorter, array};

/// A pool that is as the rules say.
pub(super) struct Sealed {
    pub count: u64,
    pub digest: Digest,
    pub root: Digest,
    pub smallest_cell: Option<(u64, String)>,
    pub crowded: Vec<Crowded>,
    pub claims: Vec<Claim>,
}

impl Sealed {
    pub fn read(rules: &Rules, reader: impl BufRead, desk: Desk<'_>) -> Result<Self, PoolError> {
        let (groups, form, mut known) = (Groups::new(rules), LineForm::new(rules), Known::default());
        let (mut sum, mut tree, mut strict) = (Sha256::new(), merkle::Builder::new(), Strict::new(rules));
        let (mut cells, mut crowd, mut claims) = (Cells::new(desk), Crowd::new(rules), Claims::new(rules));
        lines::read::<PoolError>(&mut strict, reader, |line| {
            sum.update(line.bytes);
            tree.push_line(line.bytes.strip_suffix(b"\n").unwrap_or(line.bytes));
            let (others, seats) = (line.others, u64::from(line.parts.seats));
            let (cohort, funds) = known.get(others, || {
                let value_of = form.value_of(others);
                (groups.cohort(&value_of), groups.funds(&value_of))
            });
            crowd.add(cohort, seats);
            claims.add(&funds, seats);
            Ok(cells.add(others)?)
        })?;
        Ok(Self {
            count: strict.count(),
            digest: Digest(sum.finalize().into()),
            root: tree.root(),
            smallest_cell: cells.smallest()?,
            crowded: crowd.crowded(),
            claims: claims.made(),
        })
    }
}

/// How many entries publish the same cohort and reserve values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    values: String,
    count: u64,
}

impl Item for Cell {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.values.len()
    }

    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.count.to_le_bytes());
        to.extend_from_slice(&u16::try_from(self.values.len()).unwrap_or(u16::MAX).to_le_bytes());
        to.extend_from_slice(self.values.as_bytes());
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        let (count, length) = (u64::from_le_bytes(array(from)?), u16::from_le_bytes(array(from)?));
        let mut values = vec![0; length.into()];
        from.read_exact(&mut values)?;
        Ok(Self { values: String::from_utf8(values).map_err(io::Error::other)?, count })
    }
}

/// Counts cells: few, as a rule; and if there are very many, on a tape.
struct Cells<'s> {
    desk: Desk<'s>,
    counts: BTreeMap<String, u64>,
    weight: usize,
    counted: Sorter<'s, Cell>,
}

impl<'s> Cells<'s> {
    fn new(desk: Desk<'s>) -> Self {
        Self { desk, counts: BTreeMap::new(), weight: 0, counted: Sorter::new(desk) }
    }

    fn add(&mut self, values: &str) -> io::Result<()> {
        if let Some(count) = self.counts.get_mut(values) {
            *count += 1;
            return Ok(());
        }
        self.counts.insert(values.to_owned(), 1);
        self.weight += 64 + values.len();
        if self.weight >= self.desk.memory / 4 { self.put_down() } else { Ok(()) }
    }

    fn put_down(&mut self) -> io::Result<()> {
        self.weight = 0;
        let counts = std::mem::take(&mut self.counts);
        counts.into_iter().try_for_each(|(values, count)| self.counted.push(Cell { values, count }))
    }

    /// The smallest, the first in the order of values; `None` if there is only one.
    fn smallest(mut self) -> io::Result<Option<(u64, String)>> {
        self.put_down()?;
        let sorted = self.counted.sorted()?;
        let mut cells = sorted.iter()?.peekable();
        let (mut smallest, mut different) = (None::<Cell>, 0_u64);
        while let Some(cell) = cells.next().transpose()? {
            let mut cell = cell;
            while let Some(more) =
                cells.next_if(|next| next.as_ref().map_or(true, |n| n.values == cell.values))
            {
                cell.count += more?.count;
            }
            different += 1;
            if smallest.as_ref().is_none_or(|smallest| cell.count < smallest.count) {
                smallest = Some(cell);
            }
        }
        let smallest = smallest.filter(|_| different > 1);
        Ok(smallest.map(|cell| (cell.count, cell.values.trim_end().to_owned())))
    }
}
