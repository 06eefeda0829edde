//! A folder of one's own, emptied without asking because it is marked, and the configuration that lives in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use crate::config::{self, Config, DatabaseUrl};

/// The folder, empty. One without the mark is never touched.
///
/// # Errors
/// When something else is in it, or the system refuses.
pub fn fresh(dir: &Path, mark: &str) -> anyhow::Result<PathBuf> {
    let name = format!(".jebi-{mark}");
    if dir.join(&name).is_file() {
        fs::remove_dir_all(dir).with_context(|| format!("{} cannot be emptied", dir.display()))?;
    }
    let is_empty = fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    ensure!(
        is_empty,
        "{} is not empty and was not made by `jebi {mark}`: name another folder",
        dir.display()
    );
    fs::create_dir_all(dir)?;
    let says =
        format!("Everything in this folder was made by `jebi {mark}` and is emptied by the next one.\n");
    fs::write(dir.join(name), says)?;
    Ok(dir.canonicalize()?)
}

/// A deployment in that folder, whose mail server is ours.
pub fn config(dir: &Path, site: &str, mail_port: u16, mark: &str) -> Config {
    let state_dir = dir.join("state");
    let database = state_dir.join("jebi.sqlite");
    Config {
        public_url: site.to_owned(),
        database_url: Some(DatabaseUrl::new(format!("sqlite://{}?mode=rwc", database.display()))),
        state_dir,
        municipality: config::Municipality {
            name: "통영시 (모의)".to_owned(),
            contact: "055-000-0000".to_owned(),
            site_in_words: format!("jebi {mark}"),
        },
        mail: Some(config::Mail {
            host: "127.0.0.1".to_owned(),
            port: mail_port,
            tls: config::Tls::None,
            from: format!("jebi {mark} <jebi@{mark}.invalid>"),
            connections: 16,
            per_second: 5_000,
            // Half of the time would go into a second mail for each resident.
            send_seal: false,
            ..config::Mail::default()
        }),
        log: config::LogConfig { level: "warn".to_owned(), ..config::LogConfig::default() },
        ..Config::default()
    }
}
