//! `offers.txt`, block after block.

use std::fmt;
use std::io::{self, BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::entry::number;
use crate::receipt::Receipt;
use crate::result::Place;
use crate::rules::is_value;

/// The most lines of a block after its first: more than anybody will need.
pub const MAX_CHANGES: usize = 20_000_000;
/// Longer than any line with its LF.
const MAX_LINE: u64 = 160;

/// What the municipality says about an entry. Nobody outside can check it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// Whose.
    pub receipt: Receipt,
    /// What.
    pub kind: FactKind,
}

/// What can be said about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// Its place was held until the end and not used.
    Missed,
    /// Its place was given back.
    Returned,
    /// It was not entitled.
    Ineligible,
}

impl FactKind {
    /// The word in a line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Returned => "returned",
            Self::Ineligible => "ineligible",
        }
    }
}

/// What follows for an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub receipt: Receipt,
    /// What.
    pub outcome: Outcome,
}

/// What can follow for an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It missed its time and has a second one.
    CaughtUp(Place),
    /// It waited and has a place now.
    Assigned(Place),
    /// It missed, and there is no second time for it.
    Lapsed,
}

/// One block of `offers.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// In its round, from 1 without gaps.
    pub number: u64,
    /// By receipt, no receipt twice.
    pub facts: Vec<Fact>,
    /// In the order in which they were found.
    pub moves: Vec<Move>,
}

/// The line without LF.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "- {} {}", self.receipt, self.kind.word())
    }
}

/// The line without LF.
impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, place) = match &self.outcome {
            Outcome::CaughtUp(place) => ("caught_up", place),
            Outcome::Assigned(place) => ("assigned", place),
            Outcome::Lapsed => return write!(f, "+ {} lapsed - - -", self.receipt),
        };
        write!(f, "+ {} {word} {} {} {}", self.receipt, place.slot, place.start_at, place.amount)
    }
}

/// The block.
impl fmt::Display for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "offer {}", self.number)?;
        self.facts.iter().try_for_each(|fact| writeln!(f, "{fact}"))?;
        self.moves.iter().try_for_each(|change| writeln!(f, "{change}"))
    }
}

/// Why a text is not a block or a list of blocks.
#[derive(Debug, thiserror::Error)]
pub enum OffersError {
    /// A line is not as it should be, not in order, or the last has no LF; counted from 1.
    #[error("line {0} is not `offer` and a number, or - and a fact, or + and a move, in order")]
    Line(u64),
    /// A block has more lines than [`MAX_CHANGES`].
    #[error("offer {0} has more than {MAX_CHANGES} lines")]
    Large(u64),
    /// There is no block, or more than one, where one was expected.
    #[error("not exactly one offer")]
    Number,
    /// The reader failed; only [`read`].
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Offer {
    /// The block.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_string()
    }

    /// Reads one block.
    ///
    /// # Errors
    /// On everything that [`Offer::to_text`] would not have written.
    pub fn parse(text: &str) -> Result<Self, OffersError> {
        let mut offers = read(text.as_bytes());
        match (offers.next(), offers.next()) {
            (Some(offer), None) => offer,
            (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error),
            _ => Err(OffersError::Number),
        }
    }

    /// Its lines after the first, as in its event.
    #[must_use]
    pub const fn changes(&self) -> u64 {
        (self.facts.len() + self.moves.len()) as u64
    }

    /// SHA-256 of the block, as in its event.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_text())
    }
}

/// The blocks of `offers.txt`, one at a time.
pub fn read<R: BufRead>(reader: R) -> Offers<R> {
    Offers { blocks: Blocks::new(reader), done: false }
}

/// An iterator that holds one block; it ends after the first error.
#[derive(Debug)]
pub struct Offers<R> {
    blocks: Blocks<R>,
    done: bool,
}

/// Reads one block after the other, line by line, however long they are.
#[derive(Debug)]
pub(crate) struct Blocks<R> {
    reader: R,
    text: Vec<u8>,
    /// Lines so far.
    line: u64,
    /// The number in the `offer` line that ended the block before.
    next: Option<u64>,
}

/// What a block is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub number: u64,
    /// Its lines after the first.
    pub changes: u64,
    pub digest: Digest,
}

/// What a line of a block says.
pub(crate) enum Said {
    Fact(Fact),
    Move(Move),
}

enum Line {
    Offer(u64),
    Said(Said),
}

fn parse_line(line: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let words: Vec<&str> = text.splitn(7, ' ').collect();
    match words[..] {
        ["offer", offer] => number(offer, "").ok().filter(|number| *number > 0).map(Line::Offer),
        ["-", receipt, kind] => {
            let kinds = [FactKind::Missed, FactKind::Returned, FactKind::Ineligible];
            let kind = kinds.into_iter().find(|known| known.word() == kind)?;
            Some(Line::Said(Said::Fact(Fact { receipt: receipt.parse().ok()?, kind })))
        }
        ["+", receipt, word, slot, start, amount] => {
            let receipt = receipt.parse().ok()?;
            if [word, slot, start, amount] == ["lapsed", "-", "-", "-"] {
                return Some(Line::Said(Said::Move(Move { receipt, outcome: Outcome::Lapsed })));
            }
            let start_at = start.parse().ok()?;
            let slot = Some(slot).filter(|slot| is_value(slot))?.to_owned();
            let place = Place { slot, start_at, amount: number(amount, "").ok()? };
            let outcome = match word {
                "caught_up" => Outcome::CaughtUp(place),
                "assigned" => Outcome::Assigned(place),
                _ => return None,
            };
            Some(Line::Said(Said::Move(Move { receipt, outcome })))
        }
        _ => None,
    }
}

impl<R: BufRead> Blocks<R> {
    pub const fn new(reader: R) -> Self {
        Self { reader, text: Vec::new(), line: 0, next: None }
    }

    fn line(&mut self) -> Result<Option<Line>, OffersError> {
        self.text.clear();
        if (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut self.text)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        parse_line(&self.text).map(Some).ok_or(OffersError::Line(self.line))
    }

    /// Shows what the next block says, and then what it was; `None` after the last.
    pub fn next<E: From<OffersError>>(
        &mut self,
        mut each: impl FnMut(Said) -> Result<(), E>,
    ) -> Result<Option<Block>, E> {
        let number = match self.next.take() {
            Some(number) => number,
            None => match self.line()? {
                None => return Ok(None),
                Some(Line::Offer(number)) => number,
                Some(Line::Said(_)) => return Err(OffersError::Line(self.line).into()),
            },
        };
        let (mut changes, mut last, mut facts) = (0_u64, None, true);
        let mut sum = Sha256::new().chain_update(format!("offer {number}\n"));
        while let Some(line) = self.line()? {
            let said = match line {
                Line::Offer(next) => {
                    self.next = Some(next);
                    break;
                }
                Line::Said(_) if changes >= MAX_CHANGES as u64 => {
                    return Err(OffersError::Large(number).into());
                }
                Line::Said(said) => said,
            };
            match &said {
                Said::Fact(fact) => {
                    let after = last.is_none_or(|last| last < fact.receipt);
                    if !after || !facts {
                        return Err(OffersError::Line(self.line).into());
                    }
                    last = Some(fact.receipt);
                }
                Said::Move(_) => facts = false,
            }
            changes += 1;
            sum.update(&self.text);
            each(said)?;
        }
        Ok(Some(Block { number, changes, digest: Digest(sum.finalize().into()) }))
    }
}

impl<R: BufRead> Offers<R> {
    fn offer(&mut self) -> Result<Option<Offer>, OffersError> {
        let (mut facts, mut moves) = (Vec::new(), Vec::new());
        let block = self.blocks.next::<OffersError>(|said| {
            match said {
                Said::Fact(fact) => facts.push(fact),
                Said::Move(change) => moves.push(change),
            }
            Ok(())
        })?;
        Ok(block.map(|block| Offer { number: block.number, facts, moves }))
    }
}

impl<R: BufRead> Iterator for Offers<R> {
    type Item = Result<Offer, OffersError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let offer = self.offer().transpose();
        self.done = !matches!(offer, Some(Ok(_)));
        offer
    }
}
