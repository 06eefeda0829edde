//! `verify URL`: downloads a record, to be verified like one in a folder.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use indicatif::ProgressBar;
use public_audit::record::{self, Files, parse_manifest};
use public_audit::scratch::{Scratch as _, Tape};

use super::client::Client;
use crate::progress::bar;
use crate::temporary::TemporaryFiles;

/// The largest pool, result, list of batches or of events: enough for twenty million entries. They
/// lie in the system's folder for temporary files while they are looked at.
const LARGE: u64 = 2 << 30;
/// The largest of the files that a manifest lists beyond the record's own, and how many of them there may be.
const OTHER: u64 = 16 << 20;
const MAX_OTHERS: usize = 100;
/// How often what grows is fetched until all of it is of one time.
const TRIES: usize = 3;

/// A record that was downloaded: of who is interrupted, nothing stays behind.
pub struct Downloaded(BTreeMap<String, Download>);

impl Files for Downloaded {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        Ok(self.0.get(name).map(|file| Box::new(file.reader()) as Box<dyn Read>))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(self.0.get(name).map(|file| file.size))
    }
}

/// Whether a file is downloaded whatever the manifest lists.
fn is_own(name: &str) -> bool {
    name == record::MANIFEST || record::FILES.contains(&name) || record::AFTER_FILES.contains(&name)
}

/// The record at `url`. What is not there is left out: that is for the checks to say.
pub fn download(url: &str, quiet: bool) -> io::Result<Downloaded> {
    let mut fetched = Fetched { client: Client::new(url)?, files: BTreeMap::new(), bar: bar(None, quiet) };
    for name in [record::MANIFEST].into_iter().chain(record::FILES) {
        fetched.fetch(name, record::most(name).unwrap_or(LARGE))?;
    }
    // They grow: what came before an offer and what came after it do not fit together.
    for _ in 0..TRIES {
        fetched.fetch(record::AFTER_CHECKPOINT, record::most(record::AFTER_CHECKPOINT).unwrap_or(LARGE))?;
        let before = fetched.text(record::AFTER_CHECKPOINT)?;
        for name in record::AFTER_FILES {
            fetched.fetch(name, record::most(name).unwrap_or(LARGE))?;
        }
        if before == fetched.text(record::AFTER_CHECKPOINT)? {
            break;
        }
    }
    // A malformed manifest is for the checks, too.
    let manifest = fetched.text(record::MANIFEST)?.unwrap_or_default();
    let listed = parse_manifest(&manifest).unwrap_or_default();
    let others: Vec<&str> = listed.iter().map(|(name, _)| *name).filter(|name| !is_own(name)).collect();
    if others.len() > MAX_OTHERS {
        let told =
            format!("{} files beside the record's own, and at most {MAX_OTHERS} are fetched", others.len());
        return Err(io::Error::other(told));
    }
    for name in others {
        fetched.fetch(name, OTHER)?;
    }
    fetched.bar.finish_and_clear();
    Ok(Downloaded(fetched.files))
}

/// What has come so far.
struct Fetched {
    client: Client,
    files: BTreeMap<String, Download>,
    bar: ProgressBar,
}

impl Fetched {
    /// Fetches a file anew.
    fn fetch(&mut self, name: &str, most: u64) -> io::Result<()> {
        self.bar.set_message(name.to_owned());
        self.files.remove(name);
        let mut file = Download { tape: TemporaryFiles.tape()?, size: 0 };
        if self.client.copy(name, most, &mut self.bar.wrap_write(&mut file))? {
            self.files.insert(name.to_owned(), file);
        }
        Ok(())
    }

    /// A small one that is text.
    fn text(&self, name: &str) -> io::Result<Option<String>> {
        let Some(file) = self.files.get(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        file.reader().read_to_end(&mut bytes)?;
        Ok(String::from_utf8(bytes).ok())
    }
}

/// A file, in one that is temporary.
struct Download {
    tape: Box<dyn Tape>,
    size: u64,
}

impl Write for Download {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tape.append(bytes)?;
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Download {
    /// From its beginning; more than one may read at a time.
    fn reader(&self) -> Reader<'_> {
        Reader { tape: self.tape.as_ref(), at: 0 }
    }
}

struct Reader<'t> {
    tape: &'t dyn Tape,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.tape.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}
