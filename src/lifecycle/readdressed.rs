//! Whoever is told things about an entry is told, once, that from now on somebody else is. Without it an entry could be
//! taken over in silence: by another of a household that has one entry, at a counter, on a form of paper.
//!
//! Every way to change an address ends in the fold, so this is asked there and nowhere else, in the transaction that
//! changes it.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entities::{entry, notice, readdressed};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    app::App,
    domain::{
        contact::{CONTACT, Channel, Contact},
        spread,
    },
    secret::Keys,
    store::{
        self, counts,
        readdressed::{READDRESSED, is_open},
    },
};

/// An address that stood for less than this, and to which nothing was handed, was a slip of the pen: whoever is there
/// never heard of the entry, and would first hear of it that it is no longer theirs. One that stood for longer is told
/// even if nothing has left yet. At night nothing leaves, and an entry of the evening must not change hands by morning
/// without a word.
const SLIP: TimeDelta = TimeDelta::minutes(2);

/// One address is told so often in a day; what is beyond waits for the next, and is not lost. Not of the budget of codes: any
/// stranger can use that up, and would so keep this from whoever it is to warn. This one is used by changes alone.
const MOST_A_DAY: i64 = 3;
const DAY: TimeDelta = TimeDelta::hours(24);

/// Whoever took an entry over can be stopped as long as it has not bought.
const DEADLINE: TimeDelta = TimeDelta::days(7);

/// Where an entry was told things before an act.
pub struct Former {
    sealed: String,
    lang: String,
    /// When this became the address; `None`: it was before this fold.
    since: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
    version: i32,
}

impl Former {
    /// As it is now.
    pub fn of(entry: &entry::Model, since: Option<DateTime<Utc>>) -> Self {
        let (sealed, lang) = (entry.person_sealed.clone(), entry.lang.clone());
        Self { sealed, lang, since, at: entry.changed_at, version: entry.version }
    }

    /// After the act, if that changed where the entry is told things. Sealed twice, an address looks like two.
    pub fn left(self, keys: &Keys, entry: &entry::Model) -> Option<Self> {
        let before = open(keys, &self.sealed)?;
        let is_other = open(keys, &entry.person_sealed) != Some(before);
        is_other.then_some(Self { at: entry.changed_at, version: entry.version, ..self })
    }

    /// Whether the entry is told things there again.
    pub fn is_back(&self, keys: &Keys, entry: &entry::Model) -> bool {
        open(keys, &self.sealed) == open(keys, &entry.person_sealed)
    }
}

fn open(keys: &Keys, sealed: &str) -> Option<Contact> {
    keys.people().open(CONTACT, sealed)
}

/// Keeps the addresses that an entry has left until they have been told so. Returns the notices.
///
/// # Errors
/// What the database said.
pub async fn told(
    app: &App,
    txn: &impl ConnectionTrait,
    entry: &entry::Model,
    formers: Vec<Former>,
) -> Result<Vec<notice::ActiveModel>, DbErr> {
    let (round_id, receipt) = (entry.round_id, entry.receipt.as_str());
    let heard = store::readdressed::list_notices(txn, round_id, receipt).await?;
    let kept = store::readdressed::list(txn, round_id, std::slice::from_ref(&entry.receipt)).await?;
    // Whoever waits to be told, or is told things again, is not told twice how often it went back and forth.
    let waits = |row: &&readdressed::Model| {
        heard.iter().any(|one| one.reason == READDRESSED && one.version == row.version && is_open(one))
    };
    let waiting = kept.iter().filter(waits).map(|row| row.address_sealed.as_str());
    let mut settled: Vec<Contact> = waiting
        .chain(std::iter::once(entry.person_sealed.as_str()))
        .filter_map(|sealed| open(&app.keys, sealed))
        .collect();
    let mut notices = Vec::new();
    for former in formers {
        let Some(contact) = open(&app.keys, &former.sealed) else { continue };
        if settled.contains(&contact) || is_slip(entry, &former, &heard, &kept) {
            continue;
        }
        // Asked now, and not when it leaves: what whoever is told from now on wants does not silence this.
        if contact.channel == Channel::Email
            && store::mail::find_unmailed(txn, round_id, receipt).await?.is_some()
        {
            continue;
        }
        let (channel, send_at) = (contact.channel.key(), room(app, txn, &contact, former.at).await?);
        notices.push(store::notice::planned(
            round_id,
            receipt,
            READDRESSED,
            former.version,
            channel,
            send_at,
            DEADLINE,
        ));
        let row = readdressed::Model {
            round_id,
            receipt: receipt.to_owned(),
            version: former.version,
            at: former.at,
            address_sealed: former.sealed,
            lang: former.lang,
        };
        store::readdressed::insert(txn, row).await?;
        settled.push(contact);
    }
    Ok(notices)
}

/// Whether an address was there for a moment only and was never told anything.
fn is_slip(
    entry: &entry::Model,
    former: &Former,
    heard: &[notice::Model],
    kept: &[readdressed::Model],
) -> bool {
    let since = match former.since {
        Some(since) => since,
        None => {
            // It has been there at least since an address before it was told.
            let of_last = heard.iter().filter(|one| one.reason == READDRESSED);
            let last = of_last.max_by_key(|one| one.version);
            let from = last.map_or(0, |last| last.version);
            // Given back by a sender or refused for now, it may have arrived all the same.
            if heard.iter().any(|one| one.reason != READDRESSED && one.version >= from && one.claim > 0) {
                return false;
            }
            last.map_or(entry.entered_at, |last| {
                let row = kept.iter().find(|row| row.version == last.version);
                row.map_or(last.planned_at, |row| row.at)
            })
        }
    };
    former.at - since < SLIP
}

/// When there is room to tell an address, and takes it.
async fn room(
    app: &App,
    txn: &impl ConnectionTrait,
    contact: &Contact,
    at: DateTime<Utc>,
) -> Result<DateTime<Utc>, DbErr> {
    let hour = |at: DateTime<Utc>| at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at);
    let what = format!("readdressed {}", app.keys.digest("readdressed", &contact.address));
    let now = app.clock.now();
    let is_full = counts::count_since(txn, &what, hour(now) - DAY).await? >= MOST_A_DAY;
    let send_at = spread::awake(if is_full { now + DAY } else { at });
    counts::add(txn, &what, hour(send_at.max(now)), i64::MAX).await?;
    Ok(send_at)
}
