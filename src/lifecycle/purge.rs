//! Purge: when a round is over and its retention has passed, who the entrants were is erased. The
//! record stays, and can no longer be linked to anybody.

use chrono::{DateTime, Utc};
use entities::round::{ActiveModel, Model};
use public_audit::{Rules, journal::Act};
use sea_orm::ActiveValue::Set;

use super::{LifecycleError, log, misses, refused, rosters, seal::signer};
use crate::{
    app::{App, erases_at, instant},
    store::{
        attended, certificate, entry, erase, handover, journal, member, reservation,
        round::{self, Step},
        webhook,
    },
};

/// Erases the people of a round that ended so long ago as its draft said.
///
/// Returns whether this call did it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn purge(app: &App, row: &Model, now: DateTime<Utc>) -> Result<bool, LifecycleError> {
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
        let people = entry::erase_people(&txn, row.id).await?;
        let erased = [
            ("entry", people),
            ("member", member::erase(&txn, row.id).await?),
            ("attended", attended::erase(&txn, row.id).await?),
            // Sellers know people by these.
            ("handover", handover::erase(&txn, row.id).await?),
            ("reservation", reservation::erase_references(&txn, row.id).await?),
            ("webhook", webhook::erase(&txn, row.id).await?),
            // Vendors of messages, by these.
            ("attempt", erase::attempts(&txn, row.id).await?),
            ("access", erase::reasons(&txn, row.id, &row.slug).await?),
            ("guess", erase::guesses(&txn, row.id).await?),
            ("dead_address", erase::dead_addresses(&txn, needed_from).await?),
        ];
        if let Some(round) = app.rounds.find(&row.slug).await? {
            misses::expire(app, &txn, &round).await?;
        }
        let marked = rosters::discard_of(&txn, row.id).await?;
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
    (erased, marked): (&[(&str, u64)], u64),
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
