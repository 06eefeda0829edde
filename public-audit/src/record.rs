//! The record: the published files that suffice to recompute a round.
//!
//! ```text
//! rules.json      what was announced                    crate::rules
//! pool.txt        the sealed list                       crate::pool
//! seal.txt        the signed seal over it               crate::seal
//! seed-input.txt  its SHA-256 is the draw seed          crate::seed
//! pulse.json      the beacon's output                   crate::record::Pulse
//! result.txt      who goes when                         crate::result
//! batches.txt     the changes of the pool-to-be         crate::journal::batch
//! journal.txt     the round's events with their paths   crate::journal::excerpt
//! checkpoint.txt  the signed state of the journal       crate::journal::checkpoint
//! manifest.txt    digests of all these, for `sha256sum -c manifest.txt`
//! ```
//!
//! Beside them, once something was published after the draw, and not in the manifest because they grow:
//!
//! ```text
//! offers.txt            who missed and who moved up     crate::after
//! after-journal.txt     the events of that              crate::journal::excerpt
//! after-checkpoint.txt  a later state of the journal    crate::journal::checkpoint
//! ```

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::beacon;
use crate::digest::Digest;
use crate::note;
use crate::pool::Pool;
use crate::rules::{self, Beacon};
use crate::seed::SeedInput;

/// The name of the rules in a record.
pub const RULES: &str = "rules.json";
/// The name of the pool in a record.
pub const POOL: &str = "pool.txt";
/// The name of the signed seal in a record.
pub const SEAL: &str = "seal.txt";
/// The name of the seed's text in a record.
pub const SEED_INPUT: &str = "seed-input.txt";
/// The name of the pulse in a record.
pub const PULSE: &str = "pulse.json";
/// The name of the result in a record.
pub const RESULT: &str = "result.txt";
/// The name of the batches in a record.
pub const BATCHES: &str = "batches.txt";
/// The name of the round's events in a record.
pub const JOURNAL: &str = "journal.txt";
/// The name of the signed state of the journal in a record.
pub const CHECKPOINT: &str = "checkpoint.txt";
/// The name of the list of digests in a record.
pub const MANIFEST: &str = "manifest.txt";

/// The name of the offers beside a record.
pub const OFFERS: &str = "offers.txt";
/// The name of the events after the draw beside a record.
pub const AFTER_JOURNAL: &str = "after-journal.txt";
/// The name of the later state of the journal beside a record.
pub const AFTER_CHECKPOINT: &str = "after-checkpoint.txt";

/// What every record has, beside the manifest.
pub const FILES: [&str; 9] = [RULES, POOL, SEAL, SEED_INPUT, PULSE, RESULT, BATCHES, JOURNAL, CHECKPOINT];

/// What may be beside a record, all of them or none.
pub const AFTER_FILES: [&str; 3] = [OFFERS, AFTER_JOURNAL, AFTER_CHECKPOINT];

/// The most lines of a manifest.
const MANIFEST_LINES: usize = 1000;
/// The longest name of a file, in bytes.
const FILE_NAME: usize = 64;

/// The most bytes that a file of a record may have. What is read line by line has no such limit,
/// nor has what a manifest lists beyond the record.
#[must_use]
pub fn most(name: &str) -> Option<u64> {
    match name {
        RULES => Some(rules::MAX_BYTES as u64),
        MANIFEST => Some(MANIFEST_LINES as u64 * (64 + 2 + FILE_NAME as u64 + 1)),
        SEAL | SEED_INPUT | PULSE | CHECKPOINT | AFTER_CHECKPOINT => Some(note::MAX_BYTES as u64),
        _ => None,
    }
}

/// Where a record's files come from: a folder, an archive, memory. The caller does the reading.
pub trait Files {
    /// Begins to read a file; `None` if there is none of that name. A file may be opened more than
    /// once and must be the same each time.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>>;

    /// How many bytes a file has, if that is known without reading it; so that one which is too
    /// large is refused before it costs time.
    ///
    /// # Errors
    /// When the file is there and nothing can be said about it.
    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let _ = name;
        Ok(None)
    }
}

impl Files for BTreeMap<String, Vec<u8>> {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(self.get(name).map(|bytes| Box::new(bytes.as_slice()) as Box<dyn Read>))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(self.get(name).map(|bytes| bytes.len() as u64))
    }
}

/// What a record says about the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// `batches.txt`.
    pub batches: String,
    /// `journal.txt`.
    pub excerpt: String,
    /// `checkpoint.txt`.
    pub checkpoint: String,
}

/// What is published after the draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// `offers.txt`.
    pub offers: String,
    /// `after-journal.txt`.
    pub excerpt: String,
    /// `after-checkpoint.txt`.
    pub checkpoint: String,
}

impl After {
    /// The files by name.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let contents = [&self.offers, &self.excerpt, &self.checkpoint];
        let file = |(name, text): (&str, &String)| (name.to_owned(), text.as_bytes().to_vec());
        AFTER_FILES.into_iter().zip(contents).map(file).collect()
    }
}

/// A whole record with its manifest, by file name.
#[must_use]
pub fn files(
    rules_json: &[u8],
    pool: &Pool,
    seal: &str,
    seed_input: &SeedInput,
    pulse: &Pulse,
    result: &str,
    journal: &Journal,
) -> BTreeMap<String, Vec<u8>> {
    let contents = [
        rules_json.to_vec(),
        pool.text().into_bytes(),
        seal.as_bytes().to_vec(),
        seed_input.to_text().into_bytes(),
        pulse.to_json().into_bytes(),
        result.as_bytes().to_vec(),
        journal.batches.as_bytes().to_vec(),
        journal.excerpt.as_bytes().to_vec(),
        journal.checkpoint.as_bytes().to_vec(),
    ];
    let mut files: BTreeMap<String, Vec<u8>> =
        FILES.iter().map(|name| (*name).to_owned()).zip(contents).collect();
    let digests = files.iter().map(|(name, bytes)| (name.as_str(), Digest::of(bytes))).collect();
    let manifest = manifest_of_digests(&digests);
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    files
}

/// `manifest.txt` over the other files: `hex(sha256)`, two spaces, name; sorted by name.
#[must_use]
pub fn manifest(files: &[(&str, &[u8])]) -> String {
    let digests: BTreeMap<&str, Digest> =
        files.iter().map(|(name, bytes)| (*name, Digest::of(bytes))).collect();
    manifest_of_digests(&digests)
}

/// The same for files whose digests are known already.
#[must_use]
pub fn manifest_of_digests(digests: &BTreeMap<&str, Digest>) -> String {
    digests.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect()
}

/// The text is not a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} is not a digest, two spaces and a file name, sorted by name")]
pub struct ManifestError(pub usize);

/// Reads `manifest.txt`: name and digest of each file, at most 1,000.
///
/// # Errors
/// On everything that [`manifest`] would not have written.
pub fn parse_manifest(text: &str) -> Result<Vec<(&str, Digest)>, ManifestError> {
    let mut files: Vec<(&str, Digest)> = Vec::new();
    let lines = text.strip_suffix('\n').ok_or(ManifestError(1))?;
    for (at, line) in (1..).zip(lines.split('\n')) {
        let (digest, name) = line.split_once("  ").ok_or(ManifestError(at))?;
        let digest = digest.parse().map_err(|_| ManifestError(at))?;
        let after = files.last().is_none_or(|(last, _)| *last < name);
        if !is_file_name(name) || !after || at > MANIFEST_LINES {
            return Err(ManifestError(at));
        }
        files.push((name, digest));
    }
    Ok(files)
}

/// A plain name in the record's own folder, whatever a hostile manifest would like.
fn is_file_name(name: &str) -> bool {
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    (1..=FILE_NAME).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(known)
}

/// `pulse.json`: the beacon's output, on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pulse {
    /// A rehearsal has none.
    None {},
    /// A drand round.
    Drand {
        /// Its number.
        round: u64,
        /// Its BLS signature, hex.
        signature: String,
        /// `sha256(signature)`.
        randomness: Digest,
    },
    /// Public values in the canonical form of RFC 3797 §4.
    Declared {
        /// For example `9319./2.5.8.10.12./`.
        values: String,
    },
}

impl Pulse {
    /// `pulse.json`, with a final LF.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads `pulse.json`, whose one spelling is that of [`Pulse::to_json`].
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pulse: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match &pulse {
            Self::Drand { signature, .. } if !is_signature(signature) => {
                Err("the signature is not 48 bytes of hex".to_owned())
            }
            Self::Declared { values } if !is_declared(values) => {
                Err("the values are not in the canonical form of RFC 3797".to_owned())
            }
            _ if pulse.to_json() != text => Err("not on one line without other spaces".to_owned()),
            _ => Ok(pulse),
        }
    }

    /// The 32 bytes that go into the seed.
    #[must_use]
    pub fn value(&self) -> Digest {
        match self {
            Self::None {} => Digest::ZERO,
            Self::Drand { randomness, .. } => *randomness,
            Self::Declared { values } => Digest::of(values),
        }
    }

    /// The 32 bytes that go into the seed, if this is the pulse that the rules name: of the same
    /// kind, and with drand of the named round and with the chain's valid signature.
    ///
    /// # Errors
    /// Why it is not, in a sentence.
    pub fn verify(&self, beacon: &Beacon) -> Result<Digest, String> {
        match (self, beacon) {
            (Self::None {}, Beacon::None {}) | (Self::Declared { .. }, Beacon::Declared { .. }) => {
                Ok(self.value())
            }
            (
                Self::Drand { round, signature, randomness },
                Beacon::Drand { public_key, round: named, .. },
            ) => {
                if round != named {
                    return Err(format!("drand round {round}, and the rules name {named}"));
                }
                let found =
                    beacon::verify(public_key, *round, signature).map_err(|error| error.to_string())?;
                if found != *randomness {
                    return Err("the randomness is not the signature's SHA-256".to_owned());
                }
                Ok(found)
            }
            _ => Err("another kind of pulse than the rules name".to_owned()),
        }
    }
}

fn is_signature(text: &str) -> bool {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 96 && text.bytes().all(hex)
}

/// Whether these are values in the canonical form of RFC 3797 §4: each number without leading
/// zeros and followed by a period, each source (its numbers sorted) followed by a slash. At most
/// 1,000 characters, numbers of at most 16 digits.
#[must_use]
pub fn is_declared(values: &str) -> bool {
    let source = |source: &str| {
        let numbers: Option<Vec<u64>> = source.strip_suffix('.').and_then(|numbers| {
            numbers.split('.').map(|number| crate::entry::number(number, "").ok()).collect()
        });
        numbers.is_some_and(|numbers| numbers.is_sorted())
    };
    let sources = values.strip_suffix('/');
    values.len() <= 1000 && sources.is_some_and(|sources| sources.split('/').all(source))
}

/// The canonical form of RFC 3797 §4: one list of numbers for each source, in the order in which
/// the rules name the sources. The numbers of a source are sorted here.
#[must_use]
pub fn declared(sources: &[Vec<u64>]) -> String {
    let mut values = String::new();
    for source in sources {
        let mut numbers = source.clone();
        numbers.sort_unstable();
        values.extend(numbers.iter().map(|number| format!("{number}.")));
        values.push('/');
    }
    values
}
