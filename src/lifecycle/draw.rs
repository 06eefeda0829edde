//! Draw: the same function that every citizen can run, and its result written down.

use chrono::{DateTime, Utc};
use entities::{
    assignment,
    round::{ActiveModel, Model},
};
use public_audit::{
    Digest,
    draw::{Drawn, Outcome},
    journal::Act,
    merkle,
    record::Pulse,
    result,
    seed::SeedInput,
};
use sea_orm::ActiveValue::Set;
use sha2::{Digest as _, Sha256};

use super::{LifecycleError, guard, log, misses, refused, seal, tell};
use crate::{
    app::{App, Round, utc},
    domain::bias,
    store::{
        assignment as assignments, miss,
        round::{self, Step},
        telling,
    },
};

/// Places of one transaction: a fraction of a second on SQLite, where everybody else who writes waits.
const SOME: usize = 10_000;

/// Draws a revealed round whose pulse is known.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`]; refused when the database no longer holds the pool that was sealed.
pub async fn draw(app: &App, row: Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let round = Round::open(&app.keys, row.clone())
        .ok_or_else(|| refused("the key file does not open this round"))?;
    let pulse = round.row.pulse.as_deref().ok_or_else(|| refused("the pulse is not known"))?;
    let pulse = Pulse::parse(pulse).map_err(refused)?;
    // The guard looks at everybody by themselves: better while the draw does not hold all of them in memory.
    let draw_seed = seed_input(&round, &pulse)?.draw_seed();
    let tests = guard::table(app.db.read(), &round, &draw_seed).await?;
    let (round, drawn) = compute(app, round, &pulse).await?;
    let (text, root) = digests(&round, &drawn);
    let held = !bias::is_fair(&tests);
    let missed = misses::of_draw(app.db.read(), &round, &drawn).await?;
    write_down(app, &round, &drawn).await?;

    let txn = app.db.begin().await?;
    let change = ActiveModel {
        drawn_at: Set(Some(now)),
        draw_seed: Set(Some(draw_seed.to_string())),
        result_digest: Set(Some(text.to_string())),
        held_at: Set(held.then_some(now)),
        ..Default::default()
    };
    let done = round::settle(&txn, round.row.id, Step::Draw, change).await?;
    if done {
        if !held {
            telling::insert(&txn, round.row.id, tell::RESULT, now).await?;
        }
        miss::insert_all(&txn, &round.who.program, round.row.number, missed).await?;
        let act = Act::Drawn { seed: draw_seed, result: text, root };
        log(&txn, &round.row, now, act, "").await?;
        if held {
            let round = round.row.slug.as_str();
            tracing::error!(round, "the bias guard holds the result: see bias.txt, then `jebi release`");
            let reason = "the lots are not independent of how people entered".to_owned();
            log(&txn, &row, now, Act::Held { reason }, "").await?;
        }
        txn.commit().await?;
        if !held {
            tell::results(app, &round, &drawn, now).await?;
        }
    }
    Ok(done)
}

/// Writes the places, some at a time: nobody reads them before the draw is settled, and in between others write.
/// Whoever is killed here writes the same when it begins again.
///
/// # Errors
/// What the database said.
pub async fn write_down(app: &App, round: &Round, drawn: &Drawn) -> Result<(), LifecycleError> {
    let mut rows = rows(round, drawn).peekable();
    while rows.peek().is_some() {
        let txn = app.db.begin().await?;
        assignments::insert_some(&txn, rows.by_ref().take(SOME)).await?;
        txn.commit().await?;
    }
    Ok(())
}

/// The digest of `result.txt` and the root of its lines, without the text.
pub fn digests(round: &Round, drawn: &Drawn) -> (Digest, Digest) {
    let (mut sum, mut tree, mut line) = (Sha256::new(), merkle::Builder::new(), String::new());
    for row in drawn.rows() {
        line.clear();
        result::write_line(&round.rules, &row, &mut line);
        tree.push_line(line.as_bytes());
        line.push('\n');
        sum.update(line.as_bytes());
    }
    (Digest(sum.finalize().into()), tree.root())
}

/// The draw of a sealed and revealed round with its pulse.
///
/// # Errors
/// [`LifecycleError`]; refused when the database no longer holds the pool that was sealed.
pub async fn compute(app: &App, round: Round, pulse: &Pulse) -> Result<(Round, Drawn), LifecycleError> {
    let pool = seal::pool(app.db.read(), &round).await?;
    let input = seed_input(&round, pulse)?;
    if pool.root() != input.root {
        return Err(refused(
            "the entries are not those that were sealed: restore the database, nothing is drawn from these",
        ));
    }
    let seed = input.draw_seed();
    // Beside the requests, and before any transaction begins: other writers wait for the writing only.
    tokio::task::spawn_blocking(move || {
        let drawn = public_audit::draw(&round.rules, &pool, &seed);
        drawn.map(|drawn| (round, drawn))
    })
    .await
    .map_err(refused)?
    .map_err(refused)
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
    drawn.rows().map(|row| {
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
