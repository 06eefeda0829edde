//! An extension during which nobody can buy, computed and not done.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::round::Model;

use super::{Shifting, checked, shift_of};
use crate::{
    app::{App, utc},
    domain::standing::{Shift, shifted, shifted_by},
    lifecycle::{
        LifecycleError,
        after::{extended::extended, late::Late},
        refused,
    },
    store,
};

/// An extension during which nobody can buy.
pub(in crate::lifecycle::after) struct Still {
    pub shifting: Shifting,
    /// How many can buy when it begins.
    pub open: u64,
    /// How many begin while it lasts.
    pub soon: u64,
    pub late: Option<Late>,
}

/// An extension during which nobody can buy, whatever the size of the round: whom it concerns is counted in the
/// database, and told by the pages.
pub(in crate::lifecycle::after) async fn standing_still(
    app: &App,
    row: &Model,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    seconds: u64,
    reason: &str,
) -> Result<Still, LifecycleError> {
    let (round, known) = checked(app, row, from, seconds, reason).await?;
    let db = app.db.read();
    let shift =
        Shift { closed_until: Some(until), ..shift_of(&known, (from, Some(until)), seconds, reason)? };
    let drawn = store::assignment::count_unbought(db, row.id).await?;
    let moved = store::offer::count_unbought(db, row.id).await?;
    let mut counted: HashMap<(i64, DateTime<Utc>), u64> = HashMap::new();
    for (offer, at, places) in drawn.into_iter().map(|(at, places)| (0, at, places)).chain(moved) {
        *counted.entry((offer, at)).or_default() += u64::try_from(places).unwrap_or_default();
    }
    let (mut open, mut soon, mut late, mut ends_at) = (0, 0, None, round.row.ends_at);
    let offers = round.rules.after.iter().flat_map(|after| after.offers_at.iter().map(|at| utc(*at)));
    let made = usize::try_from(known.offers).map_err(refused)?;
    let offers: Vec<DateTime<Utc>> = offers.skip(made).collect();
    // Few are extended: each is looked at by itself, and is in no count beside.
    for (offer, at, extended) in extended(db, &round, from).await? {
        if let Some(places) = counted.get_mut(&(offer, at)) {
            *places = places.saturating_sub(1);
        }
        let turn = shifted(round.turn(at), offer, &round.shifts);
        let then = shifted_by(turn, &shift);
        *(if turn.starts_at <= from { &mut open } else { &mut soon }) += 1;
        // They are waited for until the later of their own time and what they were given, and both may be longer by it.
        let until = [turn.until.max(extended), then.until.max(extended + shift.by)];
        late = Late::and(late, &offers, until, 1);
        ends_at = ends_at.max(then.until);
    }
    for ((offer, at), places) in counted {
        let turn = shifted(round.turn(at), offer, &round.shifts);
        let then = shifted_by(turn, &shift);
        if then != turn && places > 0 {
            *(if turn.starts_at <= from { &mut open } else { &mut soon }) += places;
            late = Late::and(late, &offers, [turn.until, then.until], places);
            ends_at = ends_at.max(then.until);
        }
    }
    let number = i64::try_from(known.shifts + 1).map_err(refused)?;
    Ok(Still {
        shifting: Shifting { shift, number, known, concerned: Vec::new(), ends_at },
        open,
        soon,
        late,
    })
}
