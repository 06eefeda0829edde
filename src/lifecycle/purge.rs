//! Purge: when a round is over and its retention has passed, who the entrants were is erased. The
//! record stays, and can no longer be linked to anybody.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{Rules, journal::Act};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};

use super::{LifecycleError, log, misses, refused, rosters, seal::signer};
use crate::{
    app::{App, erases_at, instant},
    store::{
        attended, certificate,
        erase::{self, Part},
        erasing::{self, Erased},
        handover, journal, member, readdressed, reservation,
        round::{self, Step},
        webhook,
    },
};

/// People of one transaction, and transactions at one go: nobody who writes waits long, and no other round waits for this
/// one.
const PEOPLE: u64 = 2_000;
const PARTS: usize = 10;

/// Erases the people of a round that ended so long ago as its draft said; of a large one some at a time, the last with
/// the certificate.
///
/// Returns whether this call ended it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn purge(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    for _ in 0..PARTS {
        if !erase_some(app, row, PEOPLE).await? {
            return end(app, row, now).await;
        }
    }
    Ok(false)
}

/// Erases so many people who are left, unless there are fewer. Whether it did.
///
/// # Errors
/// What the database said.
pub async fn erase_some(app: &App, row: &Model, people: u64) -> Result<bool, DbErr> {
    let (after, mut erased) = erasing::find(app.db.read(), row.id).await?;
    let Some(upto) = erase::find_ahead(app.db.read(), row.id, &after, people).await? else {
        return Ok(false);
    };
    let txn = app.db.begin().await?;
    erase_part(&txn, row, Part { after: &after, upto: Some(&upto) }, &mut erased).await?;
    // Two instances do not count the same people twice.
    if erasing::settle(&txn, row.id, &after, &upto, &erased).await? {
        txn.commit().await?;
    }
    Ok(true)
}

/// What grows with the people of a round.
async fn erase_part(
    txn: &DatabaseTransaction,
    row: &Model,
    part: Part<'_>,
    erased: &mut Erased,
) -> Result<(), DbErr> {
    for (table, rows) in [
        ("entry", erase::entries(txn, row.id, part).await?),
        ("member", member::erase(txn, row.id, part).await?),
        ("attended", attended::erase(txn, row.id, part).await?),
        ("readdressed", readdressed::erase(txn, row.id, part).await?),
        // Sellers know people by these.
        ("handover", handover::erase(txn, row.id, part).await?),
        ("reservation", reservation::erase_references(txn, row.id, part).await?),
        ("webhook", webhook::erase(txn, row.id, part).await?),
        // Vendors of messages, by these.
        ("attempt", erase::attempts(txn, row.id, part).await?),
    ] {
        *erased.entry(table.to_owned()).or_default() += rows;
    }
    Ok(())
}

/// Erases who is left and what is not about one person, and signs for all.
async fn end(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
    let txn = app.db.begin().await?;
    let change = ActiveModel {
        purged_at: Set(Some(now)),
        round_key_sealed: Set(String::new()),
        organiser_seed_sealed: Set(String::new()),
        ..Default::default()
    };
    let done = round::settle(&txn, row.id, Step::Purge, change).await?;
    if done {
        // What a round that goes on has learnt about addresses is needed until it is over.
        let rounds = round::list(&txn).await?;
        let going_on = rounds.iter().filter(|other| other.id != row.id && other.purged_at.is_none());
        let needed_from = going_on.map(|other| other.announced_at).min().unwrap_or(now);
        let (after, mut erased) = erasing::find(&txn, row.id).await?;
        erase_part(&txn, row, Part { after: &after, upto: None }, &mut erased).await?;
        // Whoever asked for a code meanwhile was told by a vendor, too.
        let late = erase::attempts(&txn, row.id, Part { after: "", upto: None }).await?;
        *erased.entry("attempt".to_owned()).or_default() += late;
        for (table, rows) in [
            ("access", erase::reasons(&txn, row.id, &row.slug).await?),
            ("proposal", erase::words(&txn, row.id).await?),
            ("guess", erase::guesses(&txn, row.id).await?),
            ("ticked", erase::ticked(&txn, row.id).await?),
            ("dead_address", erase::dead_addresses(&txn, needed_from).await?),
        ] {
            erased.insert(table.to_owned(), rows);
        }
        if let Some(round) = app.rounds.find(&row.slug).await? {
            misses::expire(app, &txn, &round).await?;
        }
        let marked = rosters::discard_of(&txn, row.id).await?;
        let people = erased.get("entry").copied().unwrap_or_default();
        log(&txn, row, now, Act::Erased { people }, "").await?;
        let last = journal::find_last(&txn, row.id).await?;
        match last.as_ref().map(|last| signed(app, row, now, (&erased, marked), last)) {
            Some(Ok(note)) => certificate::insert(&txn, row.id, note, now).await?,
            // Nobody is kept for want of a paper that says that they are not.
            unsigned => {
                tracing::error!(round = row.slug, ?unsigned, "erased, and there is no certificate of it")
            }
        }
        txn.commit().await?;
    }
    Ok(done)
}

/// The certificate: in which tables something was erased, in how many rows, by which date it was to be, and where the
/// journal says so.
fn signed(
    app: &App,
    row: &Model,
    now: DateTime<Utc>,
    (erased, marked): (&Erased, u64),
    last: &entities::journal::Model,
) -> Result<String, LifecycleError> {
    let rules = Rules::parse(row.rules.as_bytes()).map_err(refused)?;
    let mut text = format!(
        "jebi-erased-1\n{}\nended {}\nkept-days {}\ndue {}\nerased {}\njournal {}\n{}\n",
        row.slug,
        instant(row.ends_at),
        row.retention_days,
        instant(erases_at(row)),
        instant(now),
        last.index,
        last.line,
    );
    for (table, rows) in erased {
        text.push_str(&format!("table {table} {rows}\n"));
    }
    // A list of a million takes some minutes, in which nobody is kept waiting.
    if marked > 0 {
        text.push_str(&format!("in-the-next-hour roster_member {marked}\n"));
    }
    text.push_str("secret round-key\nsecret organiser-seed\n");
    signer(app, &rules)?.sign(&text).map_err(refused)
}
