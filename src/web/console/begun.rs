//! Whose time has begun and who have not bought: they could all come at once, above all when a seller stood still.

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Desk;
use crate::{
    app::Round,
    domain::{standing::shifted, status::Turn},
    store::{self, fact::KEPT},
    web::answer::Answer,
};

/// Who has begun and not bought.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    /// All of them.
    pub people: u64,
    /// Those who began within the last hour: the others had time to buy, and some of them never come.
    pub lately: u64,
}

/// Who could come now, all at once: their time has begun and is not over, nobody has said that they bought, and
/// they did not give it back. `None` once nobody can.
pub async fn begun(desk: &Desk, round: &Round) -> Result<Option<Begun>, Answer> {
    let (db, id, now) = (desk.visit.app.db.read(), round.row.id, desk.visit.now);
    let failed = |error| desk.visit.failed(error);
    if now >= round.row.ends_at {
        return Ok(None);
    }
    let drawn = store::assignment::count_unbought(db, id).await.map_err(failed)?;
    let moved = store::offer::count_unbought(db, id).await.map_err(failed)?;
    let turn = |offer: i64, at| shifted(round.turn(at), offer, &round.shifts);
    let is_open = |turn: Turn| turn.starts_at <= now && now < turn.until;
    let (mut people, mut lately) = (0, 0);
    for (offer, at, places) in drawn.into_iter().map(|(at, places)| (0, at, places)).chain(moved) {
        let (turn, places) = (turn(offer, at), u64::try_from(places).unwrap_or_default());
        if is_open(turn) {
            people += places;
            lately += if now < turn.starts_at + TimeDelta::hours(1) { places } else { 0 };
        }
    }
    // Few give back or are found ineligible; where they stand is looked up one by one.
    let said = store::fact::list(db, id, None).await.map_err(failed)?;
    let gone: Vec<String> =
        said.into_iter().filter(|(_, fact)| fact.kind != KEPT).map(|(receipt, _)| receipt).collect();
    let drawn = store::assignment::list_many(db, id, &gone).await.map_err(failed)?;
    let moves = store::offer::list_all_moves(db, id, Some(&gone)).await.map_err(failed)?;
    let gone = drawn.values().filter(|drawn| {
        // The place that was counted above: the last one that it was given.
        let counted = match moves.get(&drawn.receipt) {
            None => drawn.starts_at.map(|at| (0, at)),
            Some(moves) => moves.iter().rev().find_map(|moved| Some((moved.offer, moved.starts_at?))),
        };
        counted.is_some_and(|(offer, at)| is_open(turn(offer, at)))
    });
    Ok(Some(Begun { people: people.saturating_sub(gone.count() as u64), lately }))
}

/// Those who wait come within so many minutes once they can.
const MINUTES: u32 = 30;

/// Who is to be reckoned with from now on: those to come, none before `from`, when the sale goes on; and evenly over
/// half an hour those who began lately.
pub fn coming(
    starts: &[(DateTime<Utc>, u64)],
    lately: u64,
    now: DateTime<Utc>,
    from: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, u64)> {
    let later = |at: DateTime<Utc>| if at < now { at } else { at.max(from) };
    let mut coming: Vec<_> = starts.iter().map(|(at, people)| (later(*at), *people)).collect();
    let by = |minute: u32| lately * u64::from(minute) / u64::from(MINUTES);
    coming.extend(
        (0..MINUTES).map(|minute| (from + TimeDelta::minutes(minute.into()), by(minute + 1) - by(minute))),
    );
    coming
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_since_an_outage_is_in_the_hour_to_come() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let people = |some: &[(DateTime<Utc>, u64)], from: i64, until: i64| -> u64 {
            some.iter().filter(|(when, _)| (at(from)..at(until)).contains(when)).map(|(_, count)| count).sum()
        };
        let starts = [(at(-10), 7), (at(5), 2), (at(20), 3)];
        let now = coming(&starts, 61, at(0), at(0));
        assert_eq!((people(&now, 0, 60), people(&now, 0, 15)), (66, 32));
        // The sale goes on at ten past: nobody comes before, and who begins meanwhile comes then.
        let paused = coming(&starts, 61, at(0), at(10));
        assert_eq!((people(&paused, 0, 10), people(&paused, 10, 11), people(&paused, 0, 60)), (0, 4, 66));
    }
}
