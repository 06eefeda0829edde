//! Draw: the same function that every citizen can run, and its result written down.

use chrono::{DateTime, Utc};
use entities::{
    assignment,
    round::{ActiveModel, Model},
};
use public_audit::{
    Digest,
    draw::{Drawn, Outcome},
    record::Pulse,
    result,
    seed::SeedInput,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{LifecycleError, refused, results, seal};
use crate::{
    app::{App, Round, utc},
    store::{
        assignment as assignments, journal, notice,
        round::{self, Step},
    },
};

/// Draws a revealed round whose pulse is known.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`]; refused when the database no longer holds the pool that was sealed.
pub async fn draw(app: &App, row: Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let round =
        Round::open(&app.keys, row).ok_or_else(|| refused("the key file does not open this round"))?;
    let pulse = round.row.pulse.as_deref().ok_or_else(|| refused("the pulse is not known"))?;
    let pulse = Pulse::parse(pulse).map_err(refused)?;
    let pool = seal::pool(app.db.read(), &round).await?;
    let input = seed_input(&round, &pulse)?;
    if pool.root() != input.root {
        return Err(refused(
            "the entries are not those that were sealed: restore the database, nothing is drawn from these",
        ));
    }
    let draw_seed = input.draw_seed();
    // Computed before the transaction begins: other writers wait for the writing only.
    let (round, drawn) = tokio::task::spawn_blocking(move || {
        let drawn = public_audit::draw(&round.rules, &pool, &draw_seed);
        drawn.map(|drawn| (round, drawn))
    })
    .await
    .map_err(refused)?
    .map_err(refused)?;
    let text = result::text(&round.rules, &drawn);
    let notices = results::notices(app.db.read(), &round, &drawn, now).await?;

    let txn = app.db.begin().await?;
    let change = ActiveModel {
        drawn_at: Set(Some(now)),
        draw_seed: Set(Some(draw_seed.to_string())),
        result_digest: Set(Some(Digest::of(&text).to_string())),
        ..Default::default()
    };
    let done = round::settle(&txn, round.row.id, Step::Draw, change).await?;
    if done {
        assignments::insert_all(&txn, rows(&round, &drawn)).await?;
        notice::insert_all(&txn, notices.into_iter()).await?;
        let body = json!({
            "draw_seed": draw_seed.to_string(), "result": Digest::of(&text).to_string(),
            "root": result::root(&round.rules, &drawn).to_string(),
        });
        journal::insert(&txn, round.row.id, now, "draw", body.to_string()).await?;
        txn.commit().await?;
    }
    Ok(done)
}

/// What the draw seed is the digest of (protocol §4).
///
/// # Errors
/// When the round is not sealed and revealed.
pub fn seed_input(round: &Round, pulse: &Pulse) -> Result<SeedInput, LifecycleError> {
    let digest = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    Ok(SeedInput {
        round: round.rules.round.clone(),
        rules_digest: Digest::of(&round.row.rules),
        root: digest(&round.row.pool_root).ok_or_else(|| refused("the round is not sealed"))?,
        organiser_seed: digest(&round.row.organiser_seed)
            .ok_or_else(|| refused("the seed is not revealed"))?,
        dice: None,
        pulse: pulse.value(),
    })
}

/// The places as they are kept.
pub fn rows(round: &Round, drawn: &Drawn) -> impl Iterator<Item = assignment::Model> {
    drawn.rows.iter().map(|row| {
        let slot = row.assignment.and_then(|place| round.rules.slots.get(place.slot as usize));
        assignment::Model {
            round_id: round.row.id,
            receipt: row.receipt.to_string(),
            rank: i64::from(row.rank),
            outcome: match row.outcome() {
                Outcome::Assigned => "assigned".to_owned(),
                Outcome::Waitlisted => "waitlisted".to_owned(),
            },
            slot: slot.map(|slot| slot.name.clone()),
            starts_at: row.assignment.map(|place| utc(place.start_at)),
            amount: row.assignment.map_or(0, |place| i64::try_from(place.amount).unwrap_or_default()),
        }
    })
}
