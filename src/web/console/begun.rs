//! Whose time has begun and who have not bought: they could all come at once, above all when a seller stood still.

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Desk;
use crate::{
    app::Round,
    domain::{standing::shifted, status::Turn},
    store,
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
    Ok(Some(Begun { people, lately }))
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
