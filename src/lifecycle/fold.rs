//! Fold: what was acknowledged becomes entries, and doubles settle.
//!
//! The inbox rows are locked, applied and removed in one transaction: two instances folding at
//! once take turns, and after a crash the rows are still there. Within a round the last act of a
//! person counts.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt::Display,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entities::{entry, inbox, notice};
use public_audit::{Digest, merkle};
use sea_orm::DbErr;

use super::{
    folded::{Folded, entered},
    readdressed, seal,
};
use crate::{
    app::{App, Round},
    clock::{self, Clock},
    domain::{
        event::{Act, Event, Wanted},
        spread,
    },
    store::{self, inbox as inbox_store},
};

/// Events of one transaction, and of one while a crowd is entering: on SQLite the crowd waits
/// meanwhile, for there is one writer.
const EVENTS: usize = 4_096;
const EVENTS_IN_A_CROWD: usize = 256;
/// Rows read for so many events: a row under load holds more, a lonely one holds one.
const EVENTS_A_ROW: usize = 16;
const MOST_ROWS: usize = 64;
/// So many new events a second, between two looks, are a crowd.
const CROWD: f64 = 500.0;
/// Between two transactions while a crowd is entering: so many times as long as the last one took, and this long at
/// least and at most. To fold costs more than to enter, and nobody waits for it: what was acknowledged is safe, and
/// whoever entered sees it from their cookie.
const REST: u32 = 15;
const BREATH: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(1);
/// A crowd that stays is no minute of its own any more: what is older than this is folded as fast as one may beside it.
const PATIENCE: TimeDelta = TimeDelta::minutes(1);

/// Folds until the inbox was seen empty. Returns how many events were applied.
///
/// # Errors
/// What the database said; nothing of the failed part was applied.
pub async fn fold(app: &App) -> Result<usize, DbErr> {
    let mut events = 0;
    let (mut most, mut seen, mut looked) = (EVENTS_IN_A_CROWD, app.inbox.appended(), clock::wall());
    while !inbox_store::is_empty(app.db.read()).await? {
        // Nothing at all, when another instance had the rows: it is asked again whether they are
        // gone, since a round is sealed on the word that nothing is left.
        let began = clock::wall();
        let (folded, oldest) = fold_some(app, most).await?;
        events += folded;
        let before = std::mem::replace(&mut seen, app.inbox.appended());
        let since = std::mem::replace(&mut looked, clock::wall());
        #[allow(clippy::cast_precision_loss, reason = "events of a second")]
        let crowded = (seen - before) as f64 > CROWD * real(since).as_secs_f64();
        most = if crowded { EVENTS_IN_A_CROWD } else { EVENTS };
        if crowded {
            let is_late = oldest.is_some_and(|oldest| app.clock.now() - oldest > PATIENCE);
            let rest = if is_late { BREATH } else { (real(began) * REST).clamp(BREATH, LONGEST) };
            Clock::pause(rest).await;
        }
    }
    Ok(events)
}

/// How long ago that was, in real time.
fn real(since: DateTime<Utc>) -> Duration {
    (clock::wall() - since).to_std().unwrap_or_default()
}

/// Folds whole rows of at most `most` events together, or one row. Returns how many events that were, and since when
/// the oldest had waited.
async fn fold_some(app: &App, most: usize) -> Result<(usize, Option<DateTime<Utc>>), DbErr> {
    let txn = app.db.begin().await?;
    let rows = inbox_store::lock_oldest(&txn, (most / EVENTS_A_ROW).min(MOST_ROWS) as u64).await?;
    let mut events: Vec<(&inbox::Model, Event)> = Vec::with_capacity(most);
    let mut taken = Vec::with_capacity(rows.len());
    for row in &rows {
        let of_row = parse(row)?;
        if !taken.is_empty() && events.len() + of_row.len() > most {
            break;
        }
        events.extend(of_row.into_iter().map(|event| (row, event)));
        taken.push(row.id);
    }
    let rounds = app.rounds.list().await?;
    let mut entries = load(&txn, &rounds, &events).await?;
    let mut changes: BTreeMap<i64, String> = BTreeMap::new();
    for (row, event) in &events {
        let key = (event.round_id, event.receipt.clone());
        let folded = entries.entry(key).or_default();
        let mut note = |sign: char, leaf: Option<Digest>| {
            let noted = changes.entry(event.round_id).or_default();
            noted.push_str(&change(sign, leaf));
        };
        // Each state is noted, also one in between or overtaken: somebody may hold a receipt for it.
        if let Some(past) = folded.overtaken(row, event) {
            let past = leaf(&rounds, &past)?.filter(|past| Some(*past) != folded.leaf);
            note('+', past);
            note('-', past);
            continue;
        }
        let applied = as_seen(&rounds, folded.entry.as_ref(), event);
        if let (Cow::Owned(_), Act::Enter(sent)) = (&applied, &event.act) {
            // As above: whoever sent it may hold a receipt for what they sent.
            let past = leaf(&rounds, &entered(event, sent, row))?.filter(|past| Some(*past) != folded.leaf);
            note('+', past);
            note('-', past);
        }
        folded.apply(&app.keys, row, &applied);
        let leaf = folded.entry.as_ref().map_or(Ok(None), |entry| leaf(&rounds, entry))?;
        if leaf != folded.leaf {
            note('-', folded.leaf);
            note('+', leaf);
            folded.leaf = leaf;
        }
    }
    let mut fresh = Vec::new();
    let mut notices = Vec::new();
    let mut outdated: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for folded in entries.into_values().filter(|folded| folded.changed || folded.other_door) {
        let Some(entry) = folded.entry else { continue };
        // The same once more, by another door: there is nothing to tell.
        if !folded.changed {
            store::entry::update(&txn, entry).await?;
            continue;
        }
        // Whoever has no address holds a slip from the counter.
        if !entry.channel.is_empty() {
            notices.push(told(&entry));
        }
        let has_left = folded.formers.first().is_some_and(|first| !first.is_back(&app.keys, &entry));
        if !folded.formers.is_empty() {
            notices.extend(readdressed::told(app, &txn, &entry, folded.formers).await?);
        }
        if folded.known {
            outdated.entry(entry.round_id).or_default().push(entry.receipt.clone());
            let (round_id, receipt, channel) = (entry.round_id, entry.receipt.clone(), entry.channel.clone());
            store::entry::update(&txn, entry).await?;
            if has_left {
                // After its row is held: whoever ends mail to the address before has done so, or sees that it is left.
                store::mail::forget_unmailed(&txn, round_id, &receipt, &channel).await?;
            }
        } else {
            fresh.push(entry);
        }
    }
    store::entry::insert_all(&txn, fresh).await?;
    for (round_id, receipts) in outdated {
        store::notice::supersede(&txn, round_id, &receipts, app.clock.now()).await?;
    }
    store::notice::insert_all(&txn, notices.into_iter()).await?;
    for (round_id, leaves) in changes {
        store::batch::note(&txn, round_id, app.clock.now(), leaves).await?;
    }
    inbox_store::remove(&txn, taken).await?;
    txn.commit().await?;
    app.outbox.notify_waiters();
    Ok((events.len(), rows.first().map(|row| row.written_at)))
}

/// A line that cannot be read was acknowledged all the same, perhaps by a newer version of this
/// program: everything waits, nothing is dropped, and no round is sealed over it.
fn parse(row: &inbox::Model) -> Result<Vec<Event>, DbErr> {
    let unreadable =
        |error| DbErr::Custom(format!("inbox row {} holds an event of another version: {error}", row.id));
    row.events.lines().map(|line| serde_json::from_str(line).map_err(unreadable)).collect()
}

/// An act as it is applied: of what only a counter says, whoever sends answers of before takes nothing away, and adds
/// nothing to it.
fn as_seen<'e>(rounds: &[Arc<Round>], entry: Option<&entry::Model>, event: &'e Event) -> Cow<'e, Event> {
    let round = rounds.iter().find(|round| round.row.id == event.round_id && round.who.has_seen());
    let (Some(round), Some(entry), Act::Enter(wanted)) = (round, entry, &event.act) else {
        return Cow::Borrowed(event);
    };
    // What stands in the entry of others was said of them.
    if wanted.attended || wanted.lead.is_some() || entry.lead.is_some() {
        return Cow::Borrowed(event);
    }
    let fields = round.who.with_seen(&wanted.fields, Some(&entry.fields));
    if fields == wanted.fields {
        return Cow::Borrowed(event);
    }
    let act = Act::Enter(Wanted { fields, ..wanted.clone() });
    Cow::Owned(Event { act, ..event.clone() })
}

type Key = (i64, String);

async fn load(
    txn: &impl sea_orm::ConnectionTrait,
    rounds: &[Arc<Round>],
    events: &[(&inbox::Model, Event)],
) -> Result<HashMap<Key, Folded>, DbErr> {
    let mut receipts: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (_, event) in events {
        receipts.entry(event.round_id).or_default().push(event.receipt.clone());
    }
    let mut loaded = HashMap::with_capacity(events.len());
    for (round_id, receipts) in receipts {
        for (receipt, entry) in store::entry::list(txn, round_id, &receipts).await? {
            let leaf = leaf(rounds, &entry)?;
            loaded.insert(
                (round_id, receipt),
                Folded { entry: Some(entry), known: true, leaf, ..Folded::default() },
            );
        }
    }
    Ok(loaded)
}

/// A change of the pool-to-be as it is noted: one line, or nothing.
pub fn change(sign: char, leaf: Option<Digest>) -> String {
    leaf.map(|leaf| format!("{sign}{leaf}\n")).unwrap_or_default()
}

/// What an entry is in the tree of its pool, if it takes part.
fn leaf(rounds: &[Arc<Round>], entry: &entry::Model) -> Result<Option<Digest>, DbErr> {
    let round = rounds.iter().find(|round| round.row.id == entry.round_id);
    let unknown = || DbErr::Custom(format!("entry {}: of a round that nobody knows", entry.receipt));
    leaf_in(round.ok_or_else(unknown)?, entry)
}

/// What an entry of this round is in the tree of its pool, if it takes part.
///
/// # Errors
/// When it has no line under the rules.
pub fn leaf_in(round: &Round, entry: &entry::Model) -> Result<Option<Digest>, DbErr> {
    if entry.withdrawn_at.is_some() || entry.lead.is_some() {
        return Ok(None);
    }
    let unreadable = |error: &dyn Display| DbErr::Custom(format!("entry {}: {error}", entry.receipt));
    let (wish, fields) = (entry.wish.clone(), entry.fields.clone());
    let pool_row = (entry.receipt.clone(), entry.seats, entry.want, entry.weight, wish, fields);
    let line = seal::pool_entry(&pool_row).map_err(|error| unreadable(&error))?.line(&round.rules);
    line.map(|line| Some(merkle::leaf(line.as_bytes()))).map_err(|error| unreadable(&error))
}

/// The notice of what was done: in the same transaction as its cause.
fn told(entry: &entry::Model) -> notice::ActiveModel {
    let reason = if entry.withdrawn_at.is_some() { "withdrawn" } else { "entered" };
    let send_at = spread::awake(entry.changed_at);
    store::notice::planned(
        entry.round_id,
        &entry.receipt,
        reason,
        entry.version,
        &entry.channel,
        send_at,
        DEADLINE,
    )
}

/// A confirmation that is three days late only worries people.
const DEADLINE: TimeDelta = TimeDelta::days(3);
