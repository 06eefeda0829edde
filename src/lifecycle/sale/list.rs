//! The allow-list of an hour: who may buy, from when until when, how much. For sellers that can read a file and no
//! more. With it comes its digest, signed.

use std::{collections::HashMap, io, path::Path};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::Digest;
use serde::{Deserialize, Serialize};

use super::told::instant;
use crate::{
    app::{App, Round},
    domain::{
        draft::Terms,
        pass::{self, Said, Verdict},
        standing::Outcome,
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
        let facts = store::fact::list(db, id, None).await?;
        let extended = reservation::list_extended(db, id).await?;
        let bought: std::collections::HashSet<String> =
            store::bought::list_receipts(db, id).await?.into_iter().collect();
        let mut moves = store::offer::list_all_moves(db, id, None).await?;
        let people: HashMap<String, i32> = match round.who.is_shared() {
            true => store::entry::list_seats(db, id).await?,
            false => HashMap::new(),
        };
        for drawn in store::assignment::list_by_rank(db, id).await? {
            let moved = moves.remove(&drawn.receipt).unwrap_or_default();
            if bought.contains(&drawn.receipt) || (drawn.starts_at.is_none() && moved.is_empty()) {
                continue;
            }
            let standing = round.standing(&store::offer::steps(&drawn, &moved));
            let ended = facts.get(&drawn.receipt).and_then(|fact| match fact.kind.as_str() {
                RETURNED => Some(Outcome::Returned),
                INELIGIBLE => Some(Outcome::Ineligible),
                _ => None,
            });
            let said = Said { bought: None, ended, extended_until: extended.get(&drawn.receipt).copied() };
            // Whoever has a time at the hour's begin or later is on it, up to two hours ahead.
            let window = match pass::verdict(standing, &said, hour) {
                Verdict::Valid(window) | Verdict::NotYet(window) if window.from < hour + HOURS => window,
                _ => continue,
            };
            let people = people.get(&drawn.receipt).copied().unwrap_or(1);
            let (from, until) = (instant(window.from), instant(window.until));
            rows.push(format!("{},{from},{until},{},{people}\n", drawn.receipt, window.amount));
        }
    }
    rows.sort_unstable();
    let csv = format!("receipt,from,until,amount,people\n{}", rows.concat());
    let claims = ListClaims {
        iss: app.config.public_url.clone(),
        aud: seller.name.clone(),
        round: round.row.slug.clone(),
        nbf: hour.timestamp(),
        exp: (hour + HOURS).timestamp(),
        rows: rows.len(),
        sha256: Digest::of(&csv).to_string(),
    };
    let token = app.pass_keys.sign(TokenKind::List, &claims);
    let name = format!("{}-{}", round.row.slug, hour.with_timezone(&Seoul).format("%Y%m%dT%H"));
    Ok(AllowList { csv, token, name })
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
        for seller in round.sellers.iter().filter(|terms| terms.level >= 2) {
            let key = format!("{} {}", round.row.slug, seller.name);
            let version = (hour_of(now), round.shifts.len(), round.offers.len());
            if app.lists.is_written(&key, version) {
                continue;
            }
            match written_one(app, &round, seller, now).await {
                Ok(()) => {
                    app.lists.note(key, version);
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
