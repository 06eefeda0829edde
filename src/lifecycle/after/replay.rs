//! What happened after the draw, computed again from what was published: never from what pages show.

use entities::{moved, shift};
use public_audit::{
    Digest, Instant,
    after::{self, Course, FactKind, Offer},
    journal::{Act, Event},
    result::Place,
};

use crate::{
    app::{App, Round, instant, utc},
    domain::standing::Outcome,
    lifecycle::{LifecycleError, refused, seal},
    store,
};

/// The places of a round after everything that is in the journal.
pub struct Replay {
    /// As they are now.
    pub course: Course,
    /// Of the draw.
    pub seed: Digest,
    /// The events after the draw that it consists of, with their places in the journal.
    pub events: Vec<(u64, Event)>,
    /// The offers among them.
    pub offers: Vec<Offer>,
}

/// The events that move people after the draw.
pub const KINDS: [&str; 3] = ["offered", "shifted", "extended"];

/// Replays a drawn round.
///
/// # Errors
/// [`LifecycleError`]; refused when the database no longer holds what was published.
pub async fn replay(app: &App, round: &Round) -> Result<Replay, LifecycleError> {
    let (db, round_id) = (app.db.read(), round.row.id);
    let seed = round.row.draw_seed.as_deref().and_then(|seed| seed.parse().ok());
    let seed: Digest = seed.ok_or_else(|| refused("the round is not drawn"))?;
    let mut events = Vec::new();
    for row in store::journal::list_kinds(db, round_id, &KINDS).await? {
        events
            .push((u64::try_from(row.index).map_err(refused)?, row.line.parse::<Event>().map_err(refused)?));
    }
    let blocks: Vec<String> =
        store::offer::list(db, round_id).await?.into_iter().map(|offer| offer.text).collect();
    let shifts = store::shift::list(db, round_id).await?;
    let pool = seal::pool(db, round).await?;
    let rules = round.rules.clone();
    let replayed = tokio::task::spawn_blocking(move || {
        let mut course = Course::new(&rules, &pool, &seed).map_err(refused)?;
        let (mut blocks, mut shifts) = (blocks.into_iter(), shifts.into_iter());
        let mut offers = Vec::new();
        for (_, event) in &events {
            match &event.act {
                Act::Shifted { from, seconds, reason } => {
                    let kept = shifts.next().ok_or_else(changed)?;
                    if kept.until_at.is_some() || !is(&kept, *from, *seconds, reason, offers.len()) {
                        return Err(changed());
                    }
                    course.shift(*from, *seconds);
                }
                Act::Extended { from, until, seconds, reason } => {
                    let kept = shifts.next().ok_or_else(changed)?;
                    let same = kept.until_at.map(instant) == Some(*until);
                    if !same || !is(&kept, *from, *seconds, reason, offers.len()) {
                        return Err(changed());
                    }
                    course.extend(*from, *until, *seconds);
                }
                Act::Offered { digest, .. } => {
                    let block = blocks.next().ok_or_else(changed)?;
                    let published = Offer::parse(&block).map_err(refused)?;
                    let computed = course.offer(&published.facts).map_err(refused)?;
                    if computed != published || Digest::of(&block) != *digest {
                        return Err(changed());
                    }
                    offers.push(published);
                }
                _ => {}
            }
        }
        match (blocks.next(), shifts.next()) {
            (None, None) => Ok(Replay { course, seed, events, offers }),
            _ => Err(changed()),
        }
    });
    replayed.await.map_err(refused)?
}

/// Whether a shift that is kept is the one of an event.
fn is(kept: &shift::Model, from: Instant, seconds: u64, reason: &str, offers: usize) -> bool {
    instant(kept.from_at) == from
        && u64::try_from(kept.seconds) == Ok(seconds)
        && kept.reason == reason
        && usize::try_from(kept.offers) == Ok(offers)
}

fn changed() -> LifecycleError {
    refused(
        "the database no longer holds what was offered and shifted: restore it, nothing is made from this",
    )
}

/// What an offer did to whom, as it is kept: its moves, and those who left with it.
pub fn rows(round_id: i64, offer: &Offer) -> Vec<moved::Model> {
    let number = i64::try_from(offer.number).unwrap_or(i64::MAX);
    let row = |receipt: String, outcome: Outcome| moved::Model {
        round_id,
        receipt,
        offer: number,
        outcome: outcome.key().to_owned(),
        slot: None,
        starts_at: None,
        amount: 0,
    };
    let placed = |receipt: String, outcome, place: &Place| moved::Model {
        slot: Some(place.slot.clone()),
        starts_at: Some(utc(place.start_at)),
        amount: i64::try_from(place.amount).unwrap_or(i64::MAX),
        ..row(receipt, outcome)
    };
    let left = offer.facts.iter().filter_map(|fact| match fact.kind {
        FactKind::Missed => None,
        FactKind::Returned => Some(row(fact.receipt.to_string(), Outcome::Returned)),
        FactKind::Ineligible => Some(row(fact.receipt.to_string(), Outcome::Ineligible)),
    });
    let moves = offer.moves.iter().map(|change| {
        let receipt = change.receipt.to_string();
        match &change.outcome {
            after::Outcome::Lapsed => row(receipt, Outcome::Lapsed),
            after::Outcome::CaughtUp(place) => placed(receipt, Outcome::CaughtUp, place),
            after::Outcome::Assigned(place) => placed(receipt, Outcome::Assigned, place),
        }
    });
    left.chain(moves).collect()
}
