//! Importing a roster: read, check as a whole, insert part by part, and only then make it usable.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use entities::{roster, roster_member};
use public_audit::hex;
use sea_orm::{ActiveValue::Set, DbErr};
use tokio::task::spawn_blocking;

use super::{
    FileError,
    spool::{PARTS, Record},
};
use crate::{
    app::App,
    domain::roster::{Column, MatchBy},
    store::{self, lease},
};

mod check;

pub use check::{Checked, Summary, check};

/// Rows of one transaction, at least, where there are so many.
const ROWS: usize = 20_000;

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct Import {
    /// The roster's name, as drafts call it.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// Headings with what they mean.
    pub maps: Vec<(String, Column)>,
    /// By what people are known; chosen by the columns when nothing is said.
    pub match_by: Option<MatchBy>,
    /// Lines with something wrong are left out instead of refusing all.
    pub leave_out: bool,
    /// Goes on where an import of the same file was interrupted.
    pub resume: bool,
}

/// How far it is: what is done, how much, of how much.
pub type Progress = Arc<dyn Fn(&'static str, u64, u64) + Send + Sync>;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a file.
    #[error(transparent)]
    File(#[from] FileError),
    /// Lines of it.
    #[error("nothing was imported: {0}")]
    Lines(String, Box<Summary>),
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// Somebody else is at it, or something does not fit.
    #[error("{0}")]
    Refused(String),
}

/// Imports a file. Killed anywhere, nothing of it is visible; it goes on with `resume`.
///
/// # Errors
/// [`ImportError`].
pub async fn import(app: &App, import: Import, progress: Progress) -> Result<Summary, ImportError> {
    let folder = spool_folder(&app.config.state_dir, &import.name);
    let checked = {
        let (keys, import, progress) = (app.keys.clone(), import.clone(), progress.clone());
        spawn_blocking(move || check(&keys, &import, folder, true, &progress)).await
    };
    let Checked { spool, mut summary } =
        checked.map_err(|error| ImportError::Refused(error.to_string()))??;
    if let Some(refusal) = summary.refusal(import.leave_out) {
        return Err(ImportError::Lines(refusal, Box::new(summary)));
    }
    let row = begin(app, &import, &summary).await?;
    let spool = Arc::new(spool);
    let mut from = usize::try_from(row.parts).unwrap_or_default();
    let mut inserted = 0;
    while from < PARTS {
        let mut members: Vec<roster_member::Model> = Vec::new();
        let mut to = from;
        while to < PARTS && (members.len() < ROWS || members.is_empty()) {
            let spool = spool.clone();
            let records = spawn_blocking(move || spool.part(to)).await;
            let records = records.map_err(|error| ImportError::Refused(error.to_string()))?;
            members.extend(people(row.id, records.map_err(FileError::from)?));
            to += 1;
        }
        inserted += members.len() as u64;
        let txn = app.db.begin().await?;
        if !store::roster::advance(&txn, row.id, part(from), part(to)).await? {
            return Err(ImportError::Refused(
                "another import of this roster has begun meanwhile; this one ends here".to_owned(),
            ));
        }
        store::roster::insert_members(&txn, members.into_iter()).await?;
        txn.commit().await?;
        progress("inserting", inserted, summary.people);
        from = to;
    }
    summary.state = finish(app, &import.name, row.id).await?;
    Ok(summary)
}

/// Where the spool of a roster is while it is imported.
pub fn spool_folder(state: &Path, name: &str) -> PathBuf {
    state.join("roster").join(name)
}

fn part(part: usize) -> i32 {
    i32::try_from(part).unwrap_or(i32::MAX)
}

/// The first line of each key counts.
fn people(roster_id: i64, records: Vec<Record>) -> impl Iterator<Item = roster_member::Model> {
    let mut last = None;
    records.into_iter().filter_map(move |record| {
        (last.replace(record.key) != Some(record.key)).then(|| roster_member::Model {
            roster_id,
            person_key: hex::encode(&record.key),
            household_key: match record.household {
                [0, ..] if record.household == [0; 16] => String::new(),
                known => hex::encode(&known),
            },
            fields: record.fields,
            contact_sealed: record.contact,
            channel: match record.channel {
                b'e' => "email".to_owned(),
                b's' => "sms".to_owned(),
                _ => String::new(),
            },
            lang: if record.english { "en" } else { "ko" }.to_owned(),
            line: i64::try_from(record.line).unwrap_or(i64::MAX),
        })
    })
}

/// The row of this import: that of an interrupted one of the same file, or a new one.
async fn begin(app: &App, import: &Import, summary: &Summary) -> Result<roster::Model, ImportError> {
    let txn = app.db.begin().await?;
    lease::queue(&txn, &format!("roster {}", import.name)).await?;
    let begun = store::roster::find(&txn, &import.name, "importing").await?;
    if import.resume {
        let Some(begun) = begun else {
            return Err(ImportError::Refused(
                "no import of this roster was interrupted: import without --resume".to_owned(),
            ));
        };
        if begun.digest != summary.digest {
            return Err(ImportError::Refused(
                "the interrupted import was of another file, or was read in another way: import without --resume"
                    .to_owned(),
            ));
        }
        return Ok(begun);
    }
    // Of an import that was interrupted, or waits to be confirmed, nothing is used.
    store::roster::discard(&txn, &import.name, &["importing", "complete"]).await?;
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let row = roster::ActiveModel {
        name: Set(import.name.clone()),
        state: Set("importing".to_owned()),
        digest: Set(summary.digest.clone()),
        match_by: Set(summary.columns.match_by.key().to_owned()),
        parts: Set(0),
        lines: Set(count(summary.lines)),
        people: Set(count(summary.people)),
        left_out: Set(count(summary.left_out())),
        staff: Set(String::new()),
        made_at: Set(app.clock.now()),
        ..Default::default()
    };
    let row = store::roster::insert(&txn, row).await?;
    txn.commit().await?;
    Ok(row)
}

/// Everything is in: it may be used, unless there is one that it would replace.
async fn finish(app: &App, name: &str, id: i64) -> Result<&'static str, ImportError> {
    let txn = app.db.begin().await?;
    lease::queue(&txn, &format!("roster {name}")).await?;
    let replaces = store::roster::find(&txn, name, "current").await?.is_some();
    let (state, at) = if replaces { ("complete", None) } else { ("current", Some(app.clock.now())) };
    let change =
        roster::ActiveModel { state: Set(state.to_owned()), current_at: Set(at), ..Default::default() };
    if !store::roster::settle(&txn, id, "importing", change).await? {
        return Err(ImportError::Refused("another import of this roster has begun meanwhile".to_owned()));
    }
    txn.commit().await?;
    app.rounds.forget();
    Ok(state)
}
