//! Tables that staff take away, as CSV or as a workbook. They are read page by page into a file that has no name,
//! and noted before anybody has a byte of it.

mod file;
mod kind;
mod labels;
mod rows;

use std::{fs::File, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use self::file::Out;
pub use self::{
    file::{CELLS, Cell, nameless},
    kind::{Format, Kind},
    labels::{Head, channel as value_of_channel, field, outcome, value},
};
use super::SignedIn;
use crate::{
    app::{App, Round},
    lifecycle::LifecycleError,
    store::{self, access::Access},
    words::Lang,
};

/// A table as a file.
#[derive(Debug)]
pub struct Exported {
    /// At its beginning.
    pub file: File,
    /// What it is called where it is kept.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Rows below the headings.
    pub rows: u64,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// What the record, the plan or the draw said.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// More than a workbook can be: as CSV it has no such limit.
    #[error("more than a workbook is made for")]
    TooLarge,
    /// It cannot be written.
    #[error("{0}")]
    Failed(String),
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Who takes it, from where, and why.
#[derive(Clone, Copy, Debug)]
pub struct Taker<'a> {
    /// Who; `None` for an operator.
    pub clerk_id: Option<i64>,
    /// The network address.
    pub address: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl<'a> Taker<'a> {
    /// A member of staff.
    pub fn of(signed: &SignedIn, address: &'a str, reason: &'a str) -> Self {
        Self { clerk_id: Some(signed.person.id), address, reason }
    }
}

/// One at a time: a workbook is in memory until it is written.
static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Writes a table into a file, and notes who took it.
///
/// # Errors
/// [`ExportError`].
pub async fn export(
    app: &App,
    round: Option<&Arc<Round>>,
    kind: Kind,
    (format, lang): (Format, Lang),
    taker: Taker<'_>,
    now: DateTime<Utc>,
) -> Result<Exported, ExportError> {
    let _one = MAKING.lock().await;
    let mut source = rows::Source::new(app, round, kind, lang, now).await?;
    let heads = source.heads();
    let state_dir = app.config.state_dir.clone();
    let mut out = blocking(move || Out::begin(format, &state_dir, &heads)).await??;
    while let Some(rows) = source.next().await? {
        out = blocking(move || out.with(rows)).await??;
    }
    let (file, bytes, rows) = blocking(move || out.end()).await??;
    let slug = round.map_or("jebi", |round| round.row.slug.as_str());
    let name = format!("{slug}-{}.{}", kind.key(), format.key());
    note(app, taker, &format!("{name} ({rows})"), now).await?;
    Ok(Exported { file, name, bytes, rows })
}

/// Notes that something is taken away.
///
/// # Errors
/// What the database said.
pub async fn note(app: &App, taker: Taker<'_>, about: &str, now: DateTime<Utc>) -> Result<(), DbErr> {
    note_as(app, "took", taker, about, now).await
}

/// Notes that something was done with what nobody else has.
///
/// # Errors
/// What the database said.
pub async fn note_as(
    app: &App,
    kind: &str,
    taker: Taker<'_>,
    about: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let Taker { clerk_id, address, reason } = taker;
    let txn = app.db.begin().await?;
    let access = Access { clerk_id, kind, about, address, reason };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await
}

/// Files are written beside the requests, not among them.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ExportError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ExportError::Failed(error.to_string()))
}
