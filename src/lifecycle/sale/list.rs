//! The allow-list of an hour: who may buy, from when until when, how much. For sellers that can read a file and no
//! more. With it comes its digest, signed.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
    sync::Arc,
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use entities::assignment;
use public_audit::Digest;
use serde::{Deserialize, Serialize};

use super::told::instant;
use crate::{
    app::{App, Placed, Round, Written},
    domain::{
        draft::Terms,
        pass::{self, Said, Verdict, Window},
        standing::{Outcome, Standing},
        state::State,
    },
    lifecycle::{LifecycleError, refused},
    secret::{TokenKind, random_id},
    store::{
        self,
        fact::{INELIGIBLE, RETURNED},
        reservation,
    },
};

/// A list holds whoever may buy in its hour or in the next one: who fetches it late, or a little early, misses
/// nobody. `from` is to be heeded all the same.
const HOURS: TimeDelta = TimeDelta::hours(2);

/// A list, and what proves that it is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowList {
    /// `receipt,from,until,amount,people` and a line for each, by receipt.
    pub csv: String,
    /// Its claims, signed.
    pub token: String,
    /// `SLUG-20261128T09`, Korean time.
    pub name: String,
}

/// What is signed of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListClaims {
    /// Whose site it is from.
    pub iss: String,
    /// The seller.
    pub aud: String,
    /// The round.
    pub round: String,
    /// When it was made, in seconds since 1970: a seller whose clock is wrong can see it. Not `iat`: libraries refuse
    /// that of a clock that is ahead of their own.
    pub at: i64,
    /// When the hour begins, in seconds since 1970.
    pub nbf: i64,
    /// Until when the list is to be used.
    pub exp: i64,
    /// People lines.
    pub rows: usize,
    /// Of the file, in hex.
    pub sha256: String,
}

/// The hour that an instant lies in. Korea's hours are the world's.
pub fn hour_of(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now)
}

/// The list of a seller for the hour of `now`, with everything that is known by now.
///
/// # Errors
/// [`LifecycleError`].
pub async fn list(
    app: &App,
    round: &Round,
    seller: &Terms,
    now: DateTime<Utc>,
) -> Result<AllowList, LifecycleError> {
    let (db, id, hour) = (app.db.read(), round.row.id, hour_of(now));
    let mut rows: Vec<String> = Vec::new();
    if round.is_buyable(now) {
        let extended = reservation::list_extended(db, id).await?;
        let placed = placed(app, round, hour, &extended).await?;
        let receipts: Vec<String> = placed.iter().map(|one| one.receipt.clone()).collect();
        let facts = store::fact::list(db, id, Some(&receipts)).await?;
        let bought = store::bought::list(db, id, &receipts).await?;
        for Placed { receipt, standing, people } in placed.iter() {
            if bought.contains_key(receipt) {
                continue;
            }
            let ended = facts.get(receipt).and_then(|fact| match fact.kind.as_str() {
                RETURNED => Some(Outcome::Returned),
                INELIGIBLE => Some(Outcome::Ineligible),
                _ => None,
            });
            let extended_until = extended.get(receipt).copied();
            let said = Said { bought: None, ended, extended_until, paused_until: round.paused_until(now) };
            let Some(window) = on_it(*standing, &said, hour) else { continue };
            let (from, until) = (instant(window.from), instant(window.until));
            rows.push(format!("{receipt},{from},{until},{},{people}\n", window.amount));
        }
    }
    rows.sort_unstable();
    let csv = format!("receipt,from,until,amount,people\n{}", rows.concat());
    let claims = ListClaims {
        iss: app.config.public_url.clone(),
        aud: seller.name.clone(),
        round: round.row.slug.clone(),
        at: now.timestamp(),
        nbf: hour.timestamp(),
        exp: (hour + HOURS).timestamp(),
        rows: rows.len(),
        sha256: Digest::of(&csv).to_string(),
    };
    let token = app.pass_keys.sign(TokenKind::List, &claims);
    let name = format!("{}-{}", round.row.slug, hour.with_timezone(&Seoul).format("%Y%m%dT%H"));
    Ok(AllowList { csv, token, name })
}

/// Whoever has a time at the hour's begin or later is on it, up to two hours ahead.
fn on_it(standing: Standing, said: &Said, hour: DateTime<Utc>) -> Option<Window> {
    match pass::verdict(standing, said, hour) {
        Verdict::Valid(window) | Verdict::NotYet(window) if window.from < hour + HOURS => Some(window),
        _ => None,
    }
}

/// Those whose hour it is by the draw, offers and shifts, read once for each version of these; and those whose time was
/// over and is longer because a payment failed.
async fn placed(
    app: &App,
    round: &Round,
    hour: DateTime<Utc>,
    extended: &HashMap<String, DateTime<Utc>>,
) -> Result<Vec<Placed>, LifecycleError> {
    let (id, version) = (round.row.id, (hour, round.shifts.len(), round.offers.len()));
    let own = match app.hours.find(id, version) {
        Some(own) => own,
        None => {
            let own = Arc::new(own_hour(app, round, hour).await?);
            app.hours.note(id, version, own.clone());
            own
        }
    };
    let mut placed = own.as_ref().clone();
    let known: HashSet<&str> = own.iter().map(|one| one.receipt.as_str()).collect();
    let late = extended.iter().filter(|(receipt, until)| **until > hour && !known.contains(receipt.as_str()));
    let late: Vec<String> = late.map(|(receipt, _)| receipt.clone()).collect();
    if !late.is_empty() {
        let drawn = store::assignment::list_many(app.db.read(), id, &late).await?;
        placed.extend(standing(app, round, drawn.into_values().collect()).await?);
    }
    Ok(placed)
}

/// The whole result, a page at a time: who has a time in this hour or the next.
async fn own_hour(app: &App, round: &Round, hour: DateTime<Utc>) -> Result<Vec<Placed>, LifecycleError> {
    let (mut own, mut last) = (Vec::new(), 0);
    loop {
        let page = store::assignment::list_after(app.db.read(), round.row.id, last).await?;
        let Some(until) = page.last().map(|drawn| drawn.rank) else { return Ok(own) };
        let some = standing(app, round, page).await?;
        own.extend(some.into_iter().filter(|one| on_it(one.standing, &Said::default(), hour).is_some()));
        last = until;
    }
}

/// Where some entries stand, and how many people are in them.
async fn standing(
    app: &App,
    round: &Round,
    drawn: Vec<assignment::Model>,
) -> Result<Vec<Placed>, LifecycleError> {
    let (db, id) = (app.db.read(), round.row.id);
    let receipts: Vec<String> = drawn.iter().map(|drawn| drawn.receipt.clone()).collect();
    let mut moves = match round.offers.is_empty() {
        true => HashMap::new(),
        false => store::offer::list_all_moves(db, id, Some(&receipts)).await?,
    };
    let entries = match round.who.is_shared() {
        true => store::entry::list(db, id, &receipts).await?,
        false => HashMap::new(),
    };
    let place = |drawn: assignment::Model| {
        let moved = moves.remove(&drawn.receipt).unwrap_or_default();
        let standing = round.standing(&store::offer::steps(&drawn, &moved));
        let people = entries.get(&drawn.receipt).map_or(1, |entry| entry.seats);
        Placed { receipt: drawn.receipt, standing, people }
    };
    Ok(drawn.into_iter().map(place).collect())
}

/// Writes the lists of this hour where they are not, or where something has been moved since they were written.
/// Returns how many were written.
///
/// # Errors
/// [`LifecycleError`].
pub async fn write_due(app: &App, now: DateTime<Utc>) -> Result<usize, LifecycleError> {
    let (mut written, mut failed) = (0, Ok(()));
    for round in app.rounds.list().await? {
        // An hour before the first time the first list is there.
        let serving = [now, now + TimeDelta::hours(1)].map(|at| round.state(at)).contains(&State::Serving);
        if !serving || !round.is_published(now) {
            continue;
        }
        let sellers: Vec<&Terms> = round.sellers.iter().filter(|terms| terms.level >= 2).collect();
        if sellers.is_empty() {
            continue;
        }
        let (db, id) = (app.db.read(), round.row.id);
        // Asked before the list is made: what is said meanwhile makes the next one.
        let state = Written {
            of: (hour_of(now), round.shifts.len(), round.offers.len()),
            facts: store::fact::count(db, id).await?,
            extended: reservation::find_last_extension(db, id).await?,
            paused_until: round.paused_until(now),
            // Twice what was taken back, so that one more and one back is not the same as before.
            bought: store::bought::count(db, id).await? + 2 * store::taken_back::count(db, id).await?,
        };
        for seller in sellers {
            let key = format!("{} {}", round.row.slug, seller.name);
            if app.lists.is_written(&key, &state, now) {
                continue;
            }
            match written_one(app, &round, seller, now).await {
                Ok(()) => {
                    app.lists.note(key, state, now);
                    written += 1;
                }
                // One folder that is full or gone keeps nobody else's list back.
                Err(error) => failed = Err(error),
            }
        }
    }
    failed.map(|()| written)
}

async fn written_one(
    app: &App,
    round: &Round,
    seller: &Terms,
    now: DateTime<Utc>,
) -> Result<(), LifecycleError> {
    let list = list(app, round, seller, now).await?;
    let (folder, slug) = (app.config.allow_list_path().join(&seller.name), round.row.slug.clone());
    let done = tokio::task::spawn_blocking(move || keep(&folder, &slug, &list));
    done.await.map_err(refused)?.map_err(refused)
}

/// Whole or not at all: a seller may be fetching. The list under the hour's name, and again as the latest.
fn keep(folder: &Path, slug: &str, list: &AllowList) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for name in [list.name.as_str(), slug] {
        for (ending, text) in [("csv", &list.csv), ("jwt", &list.token)] {
            let path = folder.join(format!("{name}.{ending}"));
            // Of its own name: another instance may be writing the same list.
            let new = folder.join(format!(".{name}.{ending}.{}", random_id()));
            std::fs::write(&new, text)?;
            std::fs::rename(&new, &path)?;
        }
    }
    Ok(())
}
