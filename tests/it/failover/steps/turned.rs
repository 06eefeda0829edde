//! A clock that other processes look at and a test moves: libfaketime adds to the machine's what a file says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

/// It goes on at the pace of every clock, but from where it was put.
pub struct Turned(PathBuf);

impl Turned {
    pub fn new(folder: &Path, at: DateTime<Utc>) -> Self {
        let clock = Self(folder.join("clock"));
        clock.to(at);
        clock
    }

    /// Moves it, to this instant or up to a second after it.
    pub fn to(&self, at: DateTime<Utc>) {
        let ahead = (at - Utc::now()).num_seconds() + 1;
        // In one piece: who finds the file empty would be shown the machine's own time.
        let new = self.0.with_extension("new");
        fs::write(&new, format!("{ahead:+}s\n")).unwrap();
        fs::rename(new, &self.0).unwrap();
    }

    /// What makes a process look at it.
    pub fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("LD_PRELOAD", library().display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.0.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            // Timers run in real time; only what time it is, is ours.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}

fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap();
    let mut found = folders.map(|folder| folder.unwrap().path().join("faketime/libfaketimeMT.so.1"));
    found.find(|file| file.exists()).expect("libfaketime is missing: run `tests/run`, which installs it")
}
