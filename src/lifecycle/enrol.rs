//! Enrol: where a round serves everybody on a roster, each member becomes an entry without doing
//! anything. In batches, each with the place it has come to in one transaction: killed anywhere, the
//! next goes on there, and nobody is entered twice.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use entities::{entry, roster_member, round_roster};

use super::{LifecycleError, fold, refused};
use crate::{
    app::{App, Round, key_in, listed_fields},
    domain::who::{answers::Given, joined},
    store::{self, lease, roster, round_roster as used},
};

/// Members of one transaction.
const ROWS: u64 = 4_096;
/// Longer than any batch; then compare-and-swap still lets only one count.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Enrols the next members of every round for which they are due. Returns how many were looked at;
/// zero when nothing is left to do.
///
/// # Errors
/// [`LifecycleError`].
pub async fn enrol_some(app: &App, now: DateTime<Utc>) -> Result<u64, LifecycleError> {
    let due = used::list_due(app.db.read(), now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let rounds = app.rounds.list().await?;
    let live = |row: &round_roster::Model| {
        let round = rounds.iter().find(|round| round.row.id == row.round_id)?;
        let open = round.row.voided_at.is_none() && round.row.sealed_at.is_none();
        open.then(|| round.clone())
    };
    let due: Vec<_> = due.into_iter().filter_map(|row| Some((live(&row)?, row))).collect();
    if due.is_empty() || !lease::take(&app.db, "enrol", &app.instance, now, LEASE).await? {
        return Ok(0);
    }
    let (mut seen, mut wrong) = (0, None);
    for (round, row) in due {
        // What is wrong with one round keeps nobody of another from being enrolled.
        match batch(app, &round, row, now).await {
            Ok(some) => seen += some,
            Err(error) => wrong = Some(error),
        }
    }
    match wrong {
        Some(wrong) if seen == 0 => Err(wrong),
        _ => Ok(seen),
    }
}

/// Whether all members of a round are enrolled, if any are to be: before that it cannot be sealed.
///
/// # Errors
/// [`LifecycleError`].
pub async fn is_done(app: &App, round_id: i64) -> Result<bool, LifecycleError> {
    let row = used::find(app.db.read(), round_id).await?;
    Ok(row.is_none_or(|row| row.serves != "roster" || row.enrolled_at.is_some()))
}

async fn batch(
    app: &App,
    round: &Round,
    row: round_roster::Model,
    now: DateTime<Utc>,
) -> Result<u64, LifecycleError> {
    let roster_id = match row.roster_id {
        Some(id) => id,
        None => {
            let current = roster::find(app.db.read(), &row.name, "current").await?;
            let unknown =
                || refused(format!("the roster `{}` is not there: nobody can be enrolled", row.name));
            let id = current.ok_or_else(unknown)?.id;
            let txn = app.db.begin().await?;
            used::fix(&txn, row.round_id, id).await?;
            txn.commit().await?;
            // Whichever was said first counts; it is read at the next knock.
            return Ok(1);
        }
    };
    let members = roster::list_members(app.db.read(), roster_id, &row.cursor, ROWS).await?;
    let (entries, unlisted) = entries(round, &members, now)?;
    let receipts: Vec<String> = entries.iter().map(|entry| entry.receipt.clone()).collect();

    let txn = app.db.begin().await?;
    // Who came by themselves before has said what they want: that stands, also a withdrawal.
    let mut known: HashSet<String> =
        store::entry::list(&txn, round.row.id, &receipts).await?.into_keys().collect();
    let mut fresh = Vec::with_capacity(entries.len());
    let mut leaves = String::new();
    for entry in entries {
        // Of a household that shares one entry, the first makes it.
        if known.insert(entry.receipt.clone()) {
            leaves.push_str(&fold::change('+', fold::leaf_in(round, &entry)?));
            fresh.push(entry);
        }
    }
    let to = members.last().map_or(row.cursor.as_str(), |last| last.person_key.as_str());
    let ended = ((members.len() as u64) < ROWS).then_some(now);
    let enrolled = i64::try_from(fresh.len()).unwrap_or_default();
    if !used::advance(&txn, row.round_id, (&row.cursor, to), enrolled, ended).await? {
        return Ok(0);
    }
    store::entry::insert_all(&txn, fresh).await?;
    if !leaves.is_empty() {
        store::batch::note(&txn, round.row.id, now, leaves).await?;
    }
    txn.commit().await?;
    let slug = round.row.slug.as_str();
    if unlisted > 0 {
        tracing::warn!(
            round = slug,
            people = unlisted,
            "the roster lacks a field for some: they have no entry"
        );
    }
    if ended.is_some() {
        tracing::info!(
            round = slug,
            entries = row.enrolled + enrolled,
            "everybody on the roster is enrolled"
        );
    }
    Ok((members.len() as u64).max(1))
}

/// An entry for each member, and for how many the roster does not say what the rules need to know.
fn entries(
    round: &Round,
    members: &[roster_member::Model],
    now: DateTime<Utc>,
) -> Result<(Vec<entry::Model>, usize), LifecycleError> {
    let want = i64::try_from(round.rules.goods.cap).unwrap_or(i64::MAX);
    let year = round.row.closes_at.with_timezone(&Seoul).year();
    let mut entries = Vec::with_capacity(members.len());
    let mut unlisted = 0;
    for member in members {
        let listed = listed_fields(round, &member.fields);
        let given = Given { typed: &|_| String::new(), listed: &listed, before: "", year, counter: false };
        let Ok(values) = round.who.answers(&given) else {
            unlisted += 1;
            continue;
        };
        let receipt = round.receipt(&key_in(round, member)).ok_or_else(|| refused("the round is erased"))?;
        entries.push(entry::Model {
            round_id: round.row.id,
            receipt: receipt.to_string(),
            seats: 1,
            want,
            weight: 1,
            wish: "any".to_owned(),
            fields: joined(&round.who.fields, &values),
            person_sealed: member.contact_sealed.clone(),
            channel: member.channel.clone(),
            lang: member.lang.clone(),
            entered_at: now,
            changed_at: now,
            withdrawn_at: None,
            version: 1,
            // Whatever they say themselves comes later.
            inbox_id: 0,
            lead: None,
            miss_key: String::new(),
            consent_digest: String::new(),
            attended: false,
        });
    }
    Ok((entries, unlisted))
}
