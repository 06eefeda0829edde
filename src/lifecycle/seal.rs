//! Seal: the pool is fixed and signed before chance exists.

use std::{
    io::{self, BufReader, Read},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{
    Digest, Entry, Pool, Rules,
    draw::{self, Crowded},
    journal::Act,
    note::Signer,
    seal::{PulseToCome, Seal},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{LifecycleError, batch, cells, log, refused, tell};
use crate::{
    app::{App, Round, instant},
    domain::who::pairs,
    store::{
        self, entry, lease,
        round::{self, Step},
        telling,
    },
};

/// Seals a closed round. The inbox was folded after the close, so what is sealed is everything
/// that was ever acknowledged.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`]; refused when the slots cannot take everybody, or when the pulse is out:
/// whoever knows it could choose the pool, and every verifier would say so.
pub async fn seal(app: &App, row: Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let read = read(app, row, now).await?;
    // To read it may have taken long, and what is stamped must be true.
    keep(app, read, app.clock.now()).await
}

/// A pool that was read, and is sealed if nothing has changed it since.
pub struct ToSeal {
    round: Round,
    pool: Pool,
    batches: u64,
}

/// Reads what would be sealed: of a large pool it takes a while, in which nobody waits.
///
/// # Errors
/// [`LifecycleError`], as [`seal`].
pub async fn read(app: &App, row: Model, now: DateTime<Utc>) -> Result<ToSeal, LifecycleError> {
    if now >= row.pulse_at {
        return Err(refused(
            "the pulse is out: a pool can no longer be sealed, void the round and announce another",
        ));
    }
    let round =
        Round::open(&app.keys, row).ok_or_else(|| refused("the key file does not open this round"))?;
    cells::merge(app, &round, now).await?;
    // Closed and folded: nothing can change any more, and the last changes are published first.
    batch::publish(app, &round, app.clock.now()).await?;
    let batches = store::batch::count(app.db.read(), round.row.id).await?;
    let pool = pool(app.db.read(), &round).await?;
    if let Some(crowded) = draw::crowded(&round.rules, &pool).first() {
        return Err(refused(too_many(crowded)));
    }
    if let Some(claim) = draw::claims(&round.rules, &pool).iter().find(|claim| claim.is_overdrawn()) {
        return Err(refused(format!(
            "the fund `{}` has {} won and would have to pay {} for {} people. The round cannot be sealed: void it, \
             and announce it with more money or less for each person",
            claim.fund, claim.budget, claim.amount, claim.seats
        )));
    }
    batch::check(app.db.read(), &round, &pool).await?;
    Ok(ToSeal { round, pool, batches })
}

/// Seals what was read; `false` if it is another by now, or somebody was faster.
///
/// # Errors
/// [`LifecycleError`], as [`seal`].
pub async fn keep(app: &App, read: ToSeal, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let ToSeal { round, pool, batches } = read;
    let seal = Seal {
        round: round.rules.round.clone(),
        version: 1,
        rules_digest: Digest::of(&round.row.rules),
        count: pool.count() as u64,
        pool_digest: pool.digest(),
        root: pool.root(),
        sealed_at: instant(now),
        pulse: PulseToCome::of(&round.rules),
    };
    let signer = signer(app, &round.rules)?;
    let signed = seal.sign(&signer).map_err(refused)?;
    let digest = Digest::of(&signed);

    let tells = app.config.mail.as_ref().is_some_and(|mail| mail.send_seal);
    let txn = app.db.begin().await?;
    let change = ActiveModel {
        sealed_at: Set(Some(now)),
        entrant_count: Set(Some(pool.count() as i64)),
        pool_root: Set(Some(seal.root.to_string())),
        seal: Set(Some(signed)),
        ..Default::default()
    };
    let done = round::settle(&txn, round.row.id, Step::Seal, change).await?;
    if done {
        // Somebody was struck while it was read: it is read again.
        lease::queue(&txn, "journal").await?;
        if store::batch::count(&txn, round.row.id).await? != batches {
            return Ok(false);
        }
        if app.clock.now() >= round.row.pulse_at {
            return Err(refused("the pulse came out while the pool was being sealed: nothing is sealed"));
        }
        if tells {
            telling::insert(&txn, round.row.id, tell::SEALED, now).await?;
        }
        let act = Act::Sealed { version: 1, entries: seal.count, root: seal.root, seal: digest };
        log(&txn, &round.row, now, act, "").await?;
        txn.commit().await?;
        if tells {
            drop(pool);
            tell::sealed(app, &round, now).await?;
        }
    }
    Ok(done)
}

/// Why a pool with more people than seats cannot be sealed.
fn too_many(crowded: &Crowded) -> String {
    let (seats, capacity) = (crowded.seats, crowded.capacity);
    match &crowded.cohort {
        Some(cohort) => format!(
            "{seats} people are in the cohort `{cohort}`, whose slots can take {capacity}: {} too many. The round \
             cannot be sealed: void it, and announce it with more hours or seats for this cohort",
            seats.saturating_sub(capacity)
        ),
        None => format!(
            "{seats} people are in no cohort, so that no slot is theirs. The round cannot be sealed: void it, and \
             announce it with an opening for everybody who can enter"
        ),
    }
}

/// The signer under the name that the rules were announced with.
///
/// # Errors
/// When that is no name to sign in.
pub fn signer(app: &App, rules: &Rules) -> Result<Arc<Signer>, LifecycleError> {
    // Rules with a key that is none are not announced: its name is what stands before the first plus.
    let name = rules.signing_key.split('+').next().unwrap_or_default();
    app.keys.signer(name).map_err(refused)
}

/// The pool as it stands in the database.
///
/// # Errors
/// [`LifecycleError`].
pub async fn pool(db: &impl ConnectionTrait, round: &Round) -> Result<Pool, LifecycleError> {
    // Lines go to the reader as they come: the pool itself keeps 32 bytes of each.
    let (lines, source) = tokio::sync::mpsc::channel::<Vec<u8>>(2);
    let rules = round.rules.clone();
    let reading = tokio::task::spawn_blocking(move || Pool::read(&rules, BufReader::new(Lines::new(source))));
    let mut last = String::new();
    loop {
        let page = entry::list_pool_after(db, round.row.id, &last).await?;
        let mut text = String::new();
        for row in &page {
            text.push_str(&pool_entry(row)?.line(&round.rules).map_err(refused)?);
            text.push('\n');
        }
        // Nobody listens any more: it has found something wrong, and says what.
        if !text.is_empty() && lines.send(text.into_bytes()).await.is_err() {
            break;
        }
        match page.last() {
            Some(row) if page.len() as u64 == entry::PAGE => last.clone_from(&row.0),
            _ => break,
        }
    }
    drop(lines);
    reading.await.map_err(refused)?.map_err(refused)
}

/// Pages of lines as something to read.
struct Lines {
    source: tokio::sync::mpsc::Receiver<Vec<u8>>,
    page: io::Cursor<Vec<u8>>,
}

impl Lines {
    fn new(source: tokio::sync::mpsc::Receiver<Vec<u8>>) -> Self {
        Self { source, page: io::Cursor::default() }
    }
}

impl Read for Lines {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.page.read(to)? {
                0 => match self.source.blocking_recv() {
                    Some(page) => self.page = io::Cursor::new(page),
                    None => return Ok(0),
                },
                read => return Ok(read),
            }
        }
    }
}

/// One line of it.
///
/// # Errors
/// [`LifecycleError`].
pub fn pool_entry(row: &entry::PoolRow) -> Result<Entry, LifecycleError> {
    let (receipt, seats, want, weight, wish, fields) = row;
    Ok(Entry {
        receipt: receipt.parse().map_err(refused)?,
        seats: u32::try_from(*seats).map_err(refused)?,
        want: u64::try_from(*want).map_err(refused)?,
        weight: u32::try_from(*weight).map_err(refused)?,
        wish: wish.clone(),
        others: pairs(fields).map(|(_, value)| value.to_owned()).collect(),
    })
}
