//! Hostile records: whatever the bytes, a reader refuses or reads, and never panics, hangs or eats
//! memory. Mutations of good files with fixed seeds; a fuzzer may go on from here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::io::{self, Read};

use common::Numbers;
use public_audit::after::{self, Offer};
use public_audit::journal::{Batch, Checkpoint, Event, Excerpt, Paths, TilePath, batch, tiles};
use public_audit::note::{self, Verifier};
use public_audit::record::{self, Files, Pulse};
use public_audit::result::Line;
use public_audit::rules::{Mode, Rules};
use public_audit::seal::{EntryNote, Seal};
use public_audit::seed::SeedInput;
use public_audit::tamper::{Base, Forge};
use public_audit::verify::verify;
use public_audit::{Digest, Entry, Instant, Pool, Receipt, Slug};

/// A few bytes changed, cut out, doubled, or taken from a list of usual suspects.
fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    const SUSPECTS: [&[u8]; 16] = [
        b"\0",
        b"\n",
        b"\n\n",
        b"\r\n",
        b" ",
        b"=",
        b"-1",
        b"99999999999999999999",
        b"0",
        b"\xff\xfe",
        b"{",
        b"[[[[",
        b"\"",
        b"null",
        b"1e999",
        "—".as_bytes(),
    ];
    for _ in 0..=numbers.below(3) {
        let at = usize::try_from(numbers.below(bytes.len() as u64 + 1)).unwrap();
        let to = (at + usize::try_from(numbers.below(40)).unwrap()).min(bytes.len());
        match numbers.below(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            3 => bytes.truncate(at),
            _ => {
                let suspect = SUSPECTS[usize::try_from(numbers.below(16)).unwrap()];
                bytes.splice(at..at, suspect.iter().copied());
            }
        }
    }
}

/// Everything that reads text reads it.
fn read_all(rules: &Rules, bytes: &[u8]) {
    let _ = Rules::parse(bytes);
    // What can be read as a pool is written again as it was.
    if let Ok(pool) = Pool::parse(rules, bytes) {
        assert_eq!(pool.text().as_bytes(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(seal) = Seal::parse(text) {
        assert_eq!(seal.to_text(), text);
    }
    if let Ok(seed) = SeedInput::parse(text) {
        assert_eq!(seed.to_text(), text);
    }
    if let Ok(pulse) = Pulse::parse(text) {
        assert_eq!(pulse.to_json(), text);
    }
    if let Ok(note) = EntryNote::parse(text) {
        assert_eq!(note.to_text(), text);
    }
    if let Ok(batches) = batch::read(bytes).collect::<Result<Vec<_>, _>>() {
        assert_eq!(batches.iter().map(Batch::text).collect::<String>(), text);
    }
    if let Ok(excerpt) = Excerpt::parse(text) {
        assert_eq!(excerpt.text(), text);
    }
    if let Ok(offers) = after::read(bytes).collect::<Result<Vec<_>, _>>() {
        assert_eq!(offers.iter().map(Offer::to_text).collect::<String>(), text);
    }
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    if let Ok(paths) = Paths::parse(text) {
        assert_eq!(paths.text(), text);
    }
    if let Some(lines) = tiles::parse_bundle(bytes) {
        assert_eq!(tiles::bundle(lines.into_iter()).as_deref(), Some(bytes));
    }
    if let Ok(files) = record::parse_manifest(text) {
        let digests: BTreeMap<&str, Digest> = files.into_iter().collect();
        assert_eq!(record::manifest_of_digests(&digests), text);
    }
    let _ = (note::split(text), Verifier::parse(text), record::is_declared(text));
    let _ = (text.parse::<Receipt>(), text.parse::<Instant>(), text.parse::<Digest>(), text.parse::<Slug>());
    for line in text.lines() {
        if let Ok(event) = line.parse::<Event>() {
            assert_eq!(event.to_string(), line);
        }
        if let Ok(path) = line.parse::<TilePath>() {
            assert_eq!(path.to_string(), line);
        }
        let _ = Line::parse(line);
        if let Ok(entry) = Entry::parse(rules, line) {
            assert_eq!(entry.line(rules).as_deref(), Ok(line));
        }
    }
}

#[test]
fn mutated_files_are_refused_or_read() {
    let mut numbers = Numbers(1);
    let rules = common::rules(Mode::Lottery);
    let good = common::record(&rules, &common::pool(&rules, 5, 1), Some("31"));
    for round in 0..300 {
        for (name, bytes) in &good {
            let mut bytes = bytes.clone();
            mutate(&mut bytes, &mut numbers);
            read_all(&rules, &bytes);
            if round % 10 == 0 {
                let mut record = good.clone();
                let changed = record.insert(name.clone(), bytes.clone()) != Some(bytes);
                assert_eq!(verify(&record).unwrap().matches, !changed, "{name} in round {round}");
            }
        }
    }
}

/// Beside a record no manifest says what the files are: the journal does.
#[test]
fn mutated_files_after_the_draw_are_refused() {
    let mut numbers = Numbers(2);
    let good = Forge::of(Base::After).unwrap().finish();
    let rules = Rules::parse(&good["rules.json"]).unwrap();
    for round in 0..150 {
        for name in record::AFTER_FILES {
            let mut bytes = good[name].clone();
            mutate(&mut bytes, &mut numbers);
            read_all(&rules, &bytes);
            if round % 10 == 0 {
                let mut record = good.clone();
                let changed = record.insert(name.to_owned(), bytes.clone()) != Some(bytes);
                assert_eq!(verify(&record).unwrap().matches, !changed, "{name} in round {round}");
            }
        }
    }
}

/// Files that are all the same byte or line, for longer than anyone should read.
struct Endless(&'static str);

impl Files for Endless {
    fn open(&self, _: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        let bytes = self.0.as_bytes().iter().copied().cycle();
        Ok(Some(Box::new(Bytes(Box::new(bytes)).take(1 << 26))))
    }
}

struct Bytes(Box<dyn Iterator<Item = u8>>);

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.iter_mut().zip(&mut self.0).for_each(|(to, from)| *to = from);
        Ok(buffer.len())
    }
}

#[test]
fn endless_files_are_refused_early() {
    for bytes in
        ["\0", "a", "[", "\n", " ", "1 0000-0000-0000-0000 waitlisted - - -\n", "batch 1\n", "offer 1\n"]
    {
        let report = verify(&Endless(bytes)).unwrap();
        assert!(!report.matches, "{bytes:?}");
    }
}

/// A file that cannot be read is an error, not a mismatch.
struct Broken;

impl Files for Broken {
    fn open(&self, _: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is on fire"))
            }
        }
        Ok(Some(Box::new(Failing)))
    }
}

#[test]
fn unreadable_files_are_errors() {
    assert!(verify(&Broken).is_err());
}
