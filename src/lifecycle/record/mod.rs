//! The record as files. Every instance can make them from the database, byte for byte alike; they
//! are made once, in a folder that appears whole, and served from there even when the database is
//! away.

pub mod after;
mod alone;
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

use self::{alone::alone, folder::Making, pool::InPool};
use super::{LifecycleError, refused, seal};
use crate::app::{App, Round};

/// The bias guard's table: no part of the protocol, and listed in the manifest.
pub const BIAS: &str = "bias.txt";

/// The folder of a drawn round's record, made if it is not there yet.
///
/// # Errors
/// [`LifecycleError`]; refused when what the database gives is not what was published.
pub async fn ensure(app: &App, round: &Arc<Round>) -> Result<PathBuf, LifecycleError> {
    let folder = app.record_dir(round.rules.round.as_str());
    if is_there(app, round) {
        return Ok(folder);
    }
    let (app, round) = (app.clone(), round.clone());
    // A task of its own: who asked may hang up, the record is made all the same.
    let making = tokio::spawn(async move {
        let _alone = alone(&folder).await?;
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

/// Whether this instance has all files of a round's record.
pub fn is_there(app: &App, round: &Round) -> bool {
    let folder = app.record_dir(round.rules.round.as_str());
    is_of(&folder, round) && paths::is_there(&folder)
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
pub async fn early(app: &App, round: &Arc<Round>, name: &str) -> Result<Option<Early>, LifecycleError> {
    match (name, &round.row.seal, &round.row.pool_root) {
        (record::RULES, ..) => Ok(Some(Early::Text(round.row.rules.clone()))),
        (record::SEAL, Some(seal), _) => Ok(Some(Early::Text(seal.clone()))),
        (record::POOL, Some(_), Some(root)) => {
            let folder = app.record_dir(round.rules.round.as_str());
            let list = match is_of(&folder, round) {
                true => folder.join(record::POOL),
                false => sealed_pool(app, round, root).await?.0,
            };
            Ok(Some(Early::File(list)))
        }
        _ => Ok(None),
    }
}

/// The sealed list as a file, and where each of its lines begins: made when they are asked for first, and used until they
/// are in the record.
async fn sealed_pool(
    app: &App,
    round: &Arc<Round>,
    root: &str,
) -> Result<(PathBuf, PathBuf), LifecycleError> {
    let list = pool_file(&app.record_dir(round.rules.round.as_str()), root);
    let rows = pool::rows_of(&list);
    // Before anybody is waited for, who may be making the record of millions.
    if list.exists() && rows.exists() {
        return Ok((list, rows));
    }
    let (app, round, root) = (app.clone(), round.clone(), root.to_owned());
    // A task of its own: who asked first may hang up, the next one finds it made.
    let making = tokio::spawn(async move {
        let _alone = alone(&list).await?;
        if !list.exists() {
            write_list(&app, &round, &root, &list).await?;
        }
        if !rows.exists() {
            let (list, rows) = (list.clone(), rows.clone());
            let made = blocking(move || {
                let making = Making::beside(&rows);
                rows::write(making.path(), &list, std::iter::repeat(0))?;
                making.appear(&rows)
            });
            made.await?.map_err(refused)?;
        }
        Ok((list, rows))
    });
    making.await.map_err(refused)?
}

async fn write_list(app: &App, round: &Round, root: &str, to: &Path) -> Result<(), LifecycleError> {
    let pool = seal::pool(app.db.read(), round).await?;
    if pool.root().to_string() != root {
        return Err(refused("the entries are not those that were sealed: restore the database"));
    }
    let to = to.to_owned();
    let named = to.display().to_string();
    let written = blocking(move || {
        let making = Making::beside(&to);
        folder::write_lines(making.path(), (0..pool.count()).filter_map(|index| pool.line(index)))?;
        making.appear(&to)
    });
    written.await?.map_err(|error| refused(format!("{named}: {error}")))
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
    let folder = app.record_dir(round.rules.round.as_str());
    let (list, rows) = match round.is_published(now) || is_of(&folder, round) {
        true => {
            let folder = ensure(app, round).await?;
            (folder.join(record::POOL), paths::pool_rows(&folder))
        }
        false => sealed_pool(app, round, &root).await?,
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
