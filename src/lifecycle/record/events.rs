//! Everything the journal says of a round, also what came after its draw: each event with its path to one signed
//! checkpoint, which ends with the last of them. The same whenever it is asked for, until something more happens.

use public_audit::journal::{Event, Excerpt, Logged};

use crate::{
    app::{App, Round},
    lifecycle::{LifecycleError, checkpoint, refused},
    store,
};

/// The events as a journal excerpt, and the checkpoint they lie under.
///
/// # Errors
/// [`LifecycleError`].
pub async fn events(app: &App, round: &Round) -> Result<(String, String), LifecycleError> {
    let mut rows = Vec::new();
    for row in store::journal::list(app.db.read(), round.row.id).await? {
        let event: Event = row.line.parse().map_err(refused)?;
        rows.push((u64::try_from(row.index).map_err(refused)?, event));
    }
    let last = rows.last().ok_or_else(|| refused("the journal knows nothing of this round"))?.0;
    let size = usize::try_from(last).map_err(refused)? + 1;
    let (_, signed) = checkpoint::at(app, size).await?;
    let events = app.tree.with(|tree| {
        let logged = |(index, event): (u64, Event)| {
            Some(Logged { index, path: tree.path(index, size as u64)?, event })
        };
        rows.into_iter().map(logged).collect::<Option<Vec<Logged>>>()
    });
    let events = events.ok_or_else(|| refused("the journal is shorter than it was"))?;
    Ok((Excerpt { events }.text(), signed))
}
