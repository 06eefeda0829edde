//! The record as files. Every instance can make them from the database, byte for byte alike; they
//! are made once, in a folder that appears whole, and served from there even when the database is
//! away.

pub mod after;
mod archive;
pub mod events;
mod folder;
mod making;
mod paths;
pub mod pool;
mod rows;
mod tree;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use public_audit::{
    Digest, Receipt,
    journal::{Logged, Paths},
    record,
};

use self::pool::InPool;
use super::{LifecycleError, refused, seal};
use crate::app::{App, Round};

/// The bias guard's table: no part of the protocol, and listed in the manifest.
pub const BIAS: &str = "bias.txt";

/// One at a time: a crowd that asks for a new record waits for the first who makes it.
static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The folder of a drawn round's record, made if it is not there yet.
///
/// # Errors
/// [`LifecycleError`]; refused when what the database gives is not what was published.
pub async fn ensure(app: &App, round: &Arc<Round>) -> Result<PathBuf, LifecycleError> {
    let folder = app.record_dir(round.rules.round.as_str());
    if is_of(&folder, round) && paths::is_there(&folder) {
        return Ok(folder);
    }
    let (app, round) = (app.clone(), round.clone());
    // A task of its own: who asked may hang up, the record is made all the same.
    let making = tokio::spawn(async move {
        let _one = MAKING.lock().await;
        if is_of(&folder, &round) {
            let to = folder.clone();
            blocking(move || paths::ensure(&to)).await?.map_err(refused)?;
        } else {
            making::make(&app, &round, &folder).await?;
        }
        Ok(folder)
    });
    making.await.map_err(refused)?
}

/// Whether a folder holds the record of this very round: one left by another database that used
/// the same name must never be served as this one's.
fn is_of(folder: &Path, round: &Round) -> bool {
    let manifest = fs::read_to_string(folder.join(record::MANIFEST)).unwrap_or_default();
    let Ok(files) = record::parse_manifest(&manifest) else { return false };
    let has = |name: &str, digest: &str| files.iter().any(|(n, d)| *n == name && d.to_string() == digest);
    has(record::RULES, &Digest::of(&round.row.rules).to_string())
        && round.row.result_digest.as_ref().is_some_and(|digest| has(record::RESULT, digest))
}

/// Something that can be published before the draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Early {
    /// A short text.
    Text(String),
    /// A file on disk.
    File(PathBuf),
}

/// What can be published before the draw: the rules from the announcement on, the signed seal and
/// the list it fixes from the seal on. Whoever keeps a copy can prove any later change.
///
/// # Errors
/// [`LifecycleError`]; refused when the entries are not those that were sealed.
pub async fn early(app: &App, round: &Round, name: &str) -> Result<Option<Early>, LifecycleError> {
    match (name, &round.row.seal, &round.row.pool_root) {
        (record::RULES, ..) => Ok(Some(Early::Text(round.row.rules.clone()))),
        (record::SEAL, Some(seal), _) => Ok(Some(Early::Text(seal.clone()))),
        (record::POOL, Some(_), Some(root)) => sealed_pool(app, round, root).await.map(Early::File).map(Some),
        _ => Ok(None),
    }
}

/// The sealed list as a file, made when it is asked for first.
async fn sealed_pool(app: &App, round: &Round, root: &str) -> Result<PathBuf, LifecycleError> {
    let file = pool_file(&app.record_dir(round.rules.round.as_str()), root);
    let _one = MAKING.lock().await;
    if !file.exists() {
        let pool = seal::pool(app.db.read(), round).await?;
        if pool.root().to_string() != root {
            return Err(refused("the entries are not those that were sealed: restore the database"));
        }
        let to = file.clone();
        let written = blocking(move || {
            fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
            let making = folder::beside(&to);
            folder::write_lines(&making, (0..pool.count()).filter_map(|index| pool.line(index)))?;
            folder::appear(&making, &to)
        });
        written.await?.map_err(|error| refused(format!("{}: {error}", file.display())))?;
    }
    Ok(file)
}

/// What the sealed list says of a receipt; `None` as long as nothing is sealed.
///
/// # Errors
/// [`LifecycleError`]; refused when the entries are not those that were sealed.
pub async fn in_pool(
    app: &App,
    round: &Arc<Round>,
    receipt: Receipt,
    now: DateTime<Utc>,
) -> Result<Option<InPool>, LifecycleError> {
    let Some(root) = round.row.pool_root.clone() else { return Ok(None) };
    let (list, rows) = if round.is_published(now) {
        let folder = ensure(app, round).await?;
        (folder.join(record::POOL), paths::pool_rows(&folder))
    } else {
        let (app, round) = (app.clone(), round.clone());
        // A task of its own: who asked first may hang up, the next one finds it made.
        let making = tokio::spawn(async move {
            let list = sealed_pool(&app, &round, &root).await?;
            let rows = pool::rows_of(&list);
            let _one = MAKING.lock().await;
            if !rows.exists() {
                let (list, rows) = (list.clone(), rows.clone());
                let made = blocking(move || {
                    let making = folder::beside(&rows);
                    rows::write(&making, &list, std::iter::repeat(0))?;
                    folder::appear(&making, &rows)
                });
                made.await?.map_err(refused)?;
            }
            Ok::<_, LifecycleError>((list, rows))
        });
        making.await.map_err(refused)??
    };
    blocking(move || pool::find(&list, &rows, &receipt)).await?.map(Some).map_err(refused)
}

/// Two databases that used the same name have other lists.
fn pool_file(folder: &Path, root: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.pool.{}", root.get(..16).unwrap_or_default()))
}

/// A published record as one file.
///
/// # Errors
/// [`LifecycleError`].
pub async fn archive(app: &App, round: &Arc<Round>) -> Result<PathBuf, LifecycleError> {
    Ok(paths::archive(&ensure(app, round).await?))
}

/// What a phone needs to check one entry of a published record, as text; `None` for a receipt that is
/// not in it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn paths(
    app: &App,
    round: &Arc<Round>,
    receipt: Receipt,
) -> Result<Option<String>, LifecycleError> {
    let folder = ensure(app, round).await?;
    let slug = round.rules.round.clone();
    blocking(move || {
        let Some((pool, result)) = paths::find(&folder, &receipt)? else { return Ok(None) };
        let journal = fs::read_to_string(folder.join(record::JOURNAL))?;
        let drawn = journal.lines().last().unwrap_or_default();
        let drawn = drawn.parse::<Logged>().map_err(io::Error::other)?;
        Ok(Some(Paths { round: slug, pool, drawn: Some((result, drawn)) }.text()))
    })
    .await?
    .map_err(|error: io::Error| refused(error))
}

/// A long computation, beside the requests instead of among them.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LifecycleError> {
    tokio::task::spawn_blocking(work).await.map_err(refused)
}
