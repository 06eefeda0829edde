//! `verify URL`: downloads a record, and verifies it as one in a folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use public_audit::record::{self, parse_manifest};

use super::client::Client;
use crate::folder::at;

/// The largest pool, result, list of batches or of events: enough for twenty million entries. They
/// lie in the system's folder for temporary files while they are looked at.
const LARGE: u64 = 2 << 30;
/// The largest of the files that a manifest lists beyond the record's own, and of all of them.
const OTHER: u64 = 16 << 20;
const MAX_OTHERS: usize = 100;
/// How often what grows is fetched until all of it is of one time.
const TRIES: usize = 3;

/// A folder that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let dir = std::env::temp_dir().join(format!("jebi-audit-{:016x}", u64::from_be_bytes(random)));
        fs::create_dir(&dir).map_err(at(&dir))?;
        Ok(Self(dir))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Downloads the record at `url` and hands its folder to `check`.
pub fn verify<T>(url: &str, check: impl FnOnce(&Path) -> Result<T, String>) -> Result<T, String> {
    let folder = Temporary::new().map_err(|error| error.to_string())?;
    download(url, &folder.0).map_err(|error| error.to_string())?;
    check(&folder.0)
}

/// Whether a file is downloaded whatever the manifest lists.
fn is_own(name: &str) -> bool {
    name == record::MANIFEST || record::FILES.contains(&name) || record::AFTER_FILES.contains(&name)
}

/// What is not there is left out: that is for the checks to say.
fn download(url: &str, dir: &Path) -> io::Result<()> {
    let client = Client::new(url)?;
    let fetch = |name: &str, most: u64| {
        let path = dir.join(name);
        if !client.copy(name, most, &mut File::create(&path).map_err(at(&path))?)? {
            fs::remove_file(&path).map_err(at(&path))?;
        }
        Ok::<(), io::Error>(())
    };
    for name in [record::MANIFEST].into_iter().chain(record::FILES) {
        fetch(name, record::most(name).unwrap_or(LARGE))?;
    }
    // They grow: what came before an offer and what came after it do not fit together.
    let most = record::most(record::AFTER_CHECKPOINT).unwrap_or(LARGE);
    for _ in 0..TRIES {
        let before = client.bytes(record::AFTER_CHECKPOINT, usize::try_from(most).unwrap_or(usize::MAX))?;
        for name in record::AFTER_FILES {
            fetch(name, record::most(name).unwrap_or(LARGE))?;
        }
        if before == fs::read(dir.join(record::AFTER_CHECKPOINT)).ok() {
            break;
        }
    }
    // A malformed manifest is for the checks, too.
    let manifest = fs::read_to_string(dir.join(record::MANIFEST)).unwrap_or_default();
    let listed = parse_manifest(&manifest).unwrap_or_default();
    let others = listed.iter().map(|(name, _)| *name);
    for name in others.filter(|name| !is_own(name)).take(MAX_OTHERS) {
        fetch(name, OTHER)?;
    }
    Ok(())
}
