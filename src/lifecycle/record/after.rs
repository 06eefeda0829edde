//! What happened after the draw, as three files beside the record: they grow with each offer and shift, where the
//! record never changes. Each state of them is a folder that appears whole and is computed from the record
//! and the journal before anybody sees it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use public_audit::{
    after::Offer,
    journal::{Excerpt, Logged},
    record::{AFTER_CHECKPOINT, AFTER_JOURNAL, OFFERS},
};

use super::{
    alone::alone,
    blocking, ensure as ensure_record,
    folder::{self, Folders, Making},
};
use crate::{
    app::{App, Round},
    lifecycle::{
        LifecycleError,
        after::replay::{self, Replay},
        checkpoint, refused,
    },
    store,
};

/// The folder with the three files as they are now; `None` where nothing has happened after the draw. With the
/// database away it is the latest that was made.
///
/// # Errors
/// [`LifecycleError`]; refused when what the database gives is not what was published.
pub async fn ensure(app: &App, round: &Arc<Round>) -> Result<Option<PathBuf>, LifecycleError> {
    let record = ensure_record(app, round).await?;
    let all = beside(&record);
    let events = store::journal::list_kinds(app.db.read(), round.row.id, &replay::KINDS).await;
    let events = match events {
        Ok(events) => events,
        Err(error) => return latest(&all).map(Some).ok_or(error.into()),
    };
    let Some(last) = events.last() else { return Ok(None) };
    // Two databases that used the same name have other events.
    let named = public_audit::Digest::of(&last.line).to_string();
    let folder = all.join(format!("{:06}-{}", events.len(), named.get(..16).unwrap_or_default()));
    if folder.exists() {
        return Ok(Some(folder));
    }
    let (app, round) = (app.clone(), round.clone());
    // A task of its own, as for the record: who asked may hang up.
    let making = tokio::spawn(async move {
        let _alone = alone(&record).await?;
        if !folder.exists() {
            make(&app, &round, record, &folder).await?;
        }
        Ok(Some(folder))
    });
    making.await.map_err(refused)?
}

/// Computes what was published of a round after its draw again, as for a start after a restore: from the files
/// as they lie there, and against the database.
///
/// # Errors
/// [`LifecycleError`]; refused when it is not what was published.
pub async fn check(app: &App, round: &Arc<Round>) -> Result<(), LifecycleError> {
    loop {
        let Some(folder) = ensure(app, round).await? else { return Ok(()) };
        let checked = check_in(app, round, &folder).await;
        // What happened meanwhile is in another folder, and is no fault of this one.
        if checked.is_ok() || ensure(app, round).await?.as_ref() == Some(&folder) {
            return checked;
        }
    }
}

async fn check_in(app: &App, round: &Arc<Round>, folder: &Path) -> Result<(), LifecycleError> {
    let record = ensure_record(app, round).await?;
    for (name, bytes) in files(app, round).await? {
        if fs::read(folder.join(&name)).ok() != Some(bytes) {
            return Err(refused(format!("{name} is not what the journal says: {}", folder.display())));
        }
    }
    verified(Folders(vec![record, folder.to_owned()])).await
}

/// Makes the three files in `to`, of a record that is there. Only for who is alone.
async fn make(app: &App, round: &Round, record: PathBuf, to: &Path) -> Result<(), LifecycleError> {
    let made = files(app, round).await?;
    let failed = |error: std::io::Error| refused(format!("{}: {error}", to.display()));
    let making = Making::beside(to);
    let written = making.path().to_owned();
    let written = blocking(move || {
        fs::create_dir_all(&written)?;
        made.iter().try_for_each(|(name, bytes)| folder::write(&written.join(name), bytes).map(drop))
    });
    written.await?.map_err(failed)?;
    // The citizen's verifier has the last word, before any citizen runs it.
    verified(Folders(vec![record, making.path().to_owned()])).await?;
    making.appear(to).map_err(failed)
}

/// The three files, computed from the journal and what it holds the digests of.
async fn files(app: &App, round: &Round) -> Result<BTreeMap<String, Vec<u8>>, LifecycleError> {
    let Replay { events, offers, .. } = replay::replay(app, round).await?;
    same_places(app, round, &offers).await?;
    let last = events.last().ok_or_else(|| refused("nothing happened after the draw"))?.0;
    let size = usize::try_from(last).map_err(refused)? + 1;
    let (_, signed) = checkpoint::at(app, size).await?;
    let logged = app.tree.with(|tree| {
        let path = |index: u64| tree.path(index, size as u64);
        let logged =
            events.into_iter().map(|(index, event)| Some(Logged { index, path: path(index)?, event }));
        logged.collect::<Option<Vec<Logged>>>()
    });
    let events = logged.ok_or_else(|| refused("the journal is shorter than it was"))?;
    let offers: String = offers.iter().map(Offer::to_text).collect();
    let files = [(OFFERS, offers), (AFTER_JOURNAL, Excerpt { events }.text()), (AFTER_CHECKPOINT, signed)];
    Ok(files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect())
}

/// What people are shown and told comes from rows: they must say what was published.
async fn same_places(app: &App, round: &Round, offers: &[Offer]) -> Result<(), LifecycleError> {
    let mut kept = store::offer::list_all_moves(app.db.read(), round.row.id, None).await?;
    let mut count: usize = kept.values().map(Vec::len).sum();
    for row in offers.iter().flat_map(|offer| replay::rows(round.row.id, offer)) {
        let same = kept.get_mut(&row.receipt).is_some_and(|rows| rows.contains(&row));
        if !same {
            return Err(refused(
                "the database no longer holds what was offered: restore it, nothing is published",
            ));
        }
        count -= 1;
    }
    match count {
        0 => Ok(()),
        _ => Err(refused("the database holds more than was offered: restore it, nothing is published")),
    }
}

async fn verified(files: Folders) -> Result<(), LifecycleError> {
    let report = blocking(move || public_audit::verify::verify(&files)).await?.map_err(refused)?;
    match report.matches {
        true => Ok(()),
        false => Err(refused(format!(
            "what happened after the draw is not published, it does not verify: {report}"
        ))),
    }
}

/// The latest that was made. What is only being made, or was when somebody was killed, is nobody's to see.
fn latest(all: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(all).ok()?.filter_map(|folder| Some(folder.ok()?.path()));
    folders.filter(|folder| !folder::is_half(folder)).max()
}

fn beside(record: &Path) -> PathBuf {
    record.with_file_name(format!(".{}.after", record.file_name().unwrap_or_default().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_half_made_is_never_the_latest() {
        let all = tempfile::tempdir().unwrap();
        let half = Making::beside(&all.path().join("000002-cd"));
        fs::create_dir(half.path()).unwrap();
        assert_eq!(latest(all.path()), None);
        fs::create_dir(all.path().join("000001-ab")).unwrap();
        assert_eq!(latest(all.path()), Some(all.path().join("000001-ab")));
    }
}
