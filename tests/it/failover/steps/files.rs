//! The files of a record, on a disk that has lost them, being written again when the primary dies.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jebi::clock::Clock;
use public_audit::record::{MANIFEST, POOL};

use super::{super::cluster::until, databases::Databases, moment::PATIENCE, round::Full};

const RECORD: &str = "survivors";
/// What lies beside it, made from it.
const PATHS: &str = ".survivors.paths";

fn are_whole(all: &Path) -> bool {
    all.join(RECORD).exists() && all.join(PATHS).exists()
}

/// Where files are being written, of which more are to come from the database.
fn half_written(all: &Path) -> Option<PathBuf> {
    let mut folders = fs::read_dir(all).ok()?.filter_map(|folder| Some(folder.ok()?.path()));
    folders.find(|folder| folder.join(POOL).exists() && !folder.join(MANIFEST).exists())
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// Kills the primary while an instance writes the files that it has lost. They are those of before, and nothing else is left.
pub async fn kill_in_files(full: &Full, databases: &mut impl Databases) {
    let all = full.records();
    until("the record has its files", || async { are_whole(&all) }).await;
    let before = files(&all.join(RECORD));
    fs::remove_dir_all(&all).unwrap();
    let begun = Instant::now();
    let half = loop {
        match half_written(&all) {
            Some(half) => break half,
            None => Clock::pause(Duration::from_millis(1)).await,
        }
        assert!(begun.elapsed() < PATIENCE, "nobody writes the files that were lost");
    };
    databases.kill();
    let killed = Instant::now();
    // Whoever writes them does not get the rest.
    until("what is half written is thrown away", || async { !half.exists() }).await;
    let is_late = all.join(RECORD).exists();
    assert!(!is_late, "the files were whole by then: this tests nothing, more people are needed");
    databases.replaced().await;
    let promoted = Instant::now();
    until("the record has its files again", || async { are_whole(&all) }).await;
    println!(
        "writing the record's files: whole {:.2} s after the promotion, {:.2} s after the kill",
        promoted.elapsed().as_secs_f64(),
        killed.elapsed().as_secs_f64(),
    );
    assert!(files(&all.join(RECORD)) == before, "other files than before");
    let mut left: Vec<_> = fs::read_dir(&all).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort_unstable();
    assert_eq!(left, [PATHS, RECORD]);
}
