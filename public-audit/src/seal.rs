//! What is signed: the seal over a pool, and the entrant's receipt (protocol §2, §3).
//!
//! Both are texts of labelled lines inside a signed note ([`crate::note`]).

use crate::digest::Digest;
use crate::entry::number;
use crate::instant::Instant;
use crate::note::{NoteError, Signer, Verifier};
use crate::rules::{Beacon, Rules};
use crate::slug::Slug;

/// The first line of a seal.
const SEAL: &str = "jebi-seal-1";
/// The first line of the seal of a round without a pulse: whoever reads on has been told.
const REHEARSAL: &str = "jebi-seal-1 rehearsal: the organiser could have known the result";

/// What a seal fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The round.
    pub round: Slug,
    /// 1, and one more for each correction in the objection window.
    pub version: u32,
    /// SHA-256 of `rules.json`.
    pub rules_digest: Digest,
    /// Entries in the pool.
    pub count: u64,
    /// SHA-256 of `pool.txt`.
    pub pool_digest: Digest,
    /// The root over its lines.
    pub root: Digest,
    /// When.
    pub sealed_at: Instant,
    /// The pulse to come.
    pub pulse: PulseToCome,
}

/// Which pulse a sealed pool waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PulseToCome {
    /// None, this is a rehearsal.
    None,
    /// A drand round.
    Drand {
        /// The chain.
        chain_hash: Digest,
        /// The round.
        round: u64,
        /// When it is due.
        at: Instant,
    },
    /// The values declared in the rules.
    Declared {
        /// When they are due.
        at: Instant,
    },
}

impl PulseToCome {
    /// The pulse that these rules name.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        let at = rules.times.pulse_at;
        match rules.beacon {
            Beacon::None {} => Self::None,
            Beacon::Drand { chain_hash, round, .. } => Self::Drand { chain_hash, round, at },
            Beacon::Declared { .. } => Self::Declared { at },
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Drand { chain_hash, round, at } => format!("drand {chain_hash} {round} {at}"),
            Self::Declared { at } => format!("declared {at}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        match words[..] {
            ["none"] => Some(Self::None),
            ["drand", chain_hash, round, at] => Some(Self::Drand {
                chain_hash: chain_hash.parse().ok()?,
                round: number(round, "").ok()?,
                at: at.parse().ok()?,
            }),
            ["declared", at] => Some(Self::Declared { at: at.parse().ok()? }),
            _ => None,
        }
    }
}

/// Why a text is not a seal or an entry note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A line is missing, superfluous or malformed; lines are counted from 1.
    #[error("line {0} of the signed text is not as it should be")]
    Line(usize),
    /// The note around it is malformed or not signed by the expected key.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Seal {
    /// The signed text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let first = if self.pulse == PulseToCome::None { REHEARSAL } else { SEAL };
        let Self { round, version, rules_digest, count, pool_digest, root, sealed_at, .. } = self;
        let pulse = self.pulse.to_text();
        format!(
            "{first}\nround {round}\nversion {version}\nrules {rules_digest}\nentries {count}\n\
             pool {pool_digest}\nroot {root}\nsealed_at {sealed_at}\npulse {pulse}\n"
        )
    }

    /// `seal.txt`.
    ///
    /// # Errors
    /// Never for a seal that [`Seal::parse`] could have returned.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        signer.sign(&self.to_text())
    }

    /// Reads the signed text.
    ///
    /// # Errors
    /// [`SealError::Line`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let line = |at: usize, label: &str| {
            let line = lines.get(at - 1).and_then(|line| line.strip_prefix(label));
            line.and_then(|rest| rest.strip_prefix(' ')).ok_or(SealError::Line(at))
        };
        macro_rules! read {
            ($at:literal, $label:literal) => {
                line($at, $label)?.parse().map_err(|_| SealError::Line($at))?
            };
        }
        let count = |at, label| number(line(at, label)?, "").map_err(|_| SealError::Line(at));
        let seal = Self {
            round: read!(2, "round"),
            version: u32::try_from(count(3, "version")?).map_err(|_| SealError::Line(3))?,
            rules_digest: read!(4, "rules"),
            count: count(5, "entries")?,
            pool_digest: read!(6, "pool"),
            root: read!(7, "root"),
            sealed_at: read!(8, "sealed_at"),
            pulse: PulseToCome::parse(line(9, "pulse")?).ok_or(SealError::Line(9))?,
        };
        if seal.version == 0 {
            return Err(SealError::Line(3));
        }
        // The first line depends on the last; whatever else differs is after the last.
        match seal.to_text() {
            same if same == text => Ok(seal),
            same if same.lines().next() != text.lines().next() => Err(SealError::Line(1)),
            _ => Err(SealError::Line(10)),
        }
    }

    /// Reads `seal.txt` and checks its signature.
    ///
    /// # Errors
    /// When it is not signed by this key, or not a seal.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, SealError> {
        Self::parse(verifier.open(note)?)
    }
}

/// What an entrant gets signed at once. One that is missing from the sealed pool is proof of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryNote {
    /// The round.
    pub round: Slug,
    /// The entry's pool line, without LF.
    pub line: String,
    /// When it was entered.
    pub entered_at: Instant,
    /// Until when its leaf hash is in a batch in the journal. From then on the note is proof of
    /// fault if it is not.
    pub logged_by: Instant,
}

impl EntryNote {
    /// The signed text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { round, line, entered_at, logged_by } = self;
        format!("jebi-entry-1\n{round}\n{line}\n{entered_at}\n{logged_by}\n")
    }

    /// The whole note.
    ///
    /// # Errors
    /// When the line has a control character.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        signer.sign(&self.to_text())
    }

    /// Reads the signed text.
    ///
    /// # Errors
    /// [`SealError::Line`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let lines: Vec<&str> = text.split('\n').collect();
        let ["jebi-entry-1", round, line, entered_at, logged_by, ""] = lines[..] else {
            return Err(SealError::Line(1));
        };
        Ok(Self {
            round: round.parse().map_err(|_| SealError::Line(2))?,
            line: line.to_owned(),
            entered_at: entered_at.parse().map_err(|_| SealError::Line(4))?,
            logged_by: logged_by.parse().map_err(|_| SealError::Line(5))?,
        })
    }

    /// Reads a note and checks its signature.
    ///
    /// # Errors
    /// When it is not signed by this key, or not an entry note.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, SealError> {
        Self::parse(verifier.open(note)?)
    }
}
