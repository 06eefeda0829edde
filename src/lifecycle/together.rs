//! Several people in one entry: by link code, by household, or entered by somebody else.
//!
//! In rounds that allow it each act is acknowledged by one transaction of its own: it claims the people
//! (one row a person, so that nobody is in two entries) and appends to the inbox what the entry has become,
//! people counted. Whoever changes the same entry waits in its queue, so that the inbox has its states in
//! the order in which they were acknowledged. The fold knows nothing of all this.

use chrono::{DateTime, Utc};
use entities::member::{ActiveModel, Model};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr};

use crate::{
    app::{App, Round},
    domain::{
        event::{Act, Event, Wanted},
        who::{is_entitling, value_in},
    },
    secret::random_bytes,
    store::{inbox, lease, member},
};

/// Sealed link codes open for this purpose.
const CODE: &str = "link code";
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The round does not take entries at this instant.
    #[error("the round is not open")]
    NotOpen,
    /// There is no entry to change.
    #[error("there is no entry")]
    NoEntry,
    /// The person is in another entry.
    #[error("in another entry")]
    Elsewhere,
    /// The person has an entry of their own.
    #[error("has an own entry")]
    Own,
    /// As many as the rules allow are in it.
    #[error("as many as may be")]
    Full,
    /// No entry has this code.
    #[error("no such code")]
    NoCode,
    /// Too many codes or names were tried.
    #[error("too many tries")]
    TooMany,
    /// Places or money of the others are not for this person.
    #[error("other answers than the others")]
    Others,
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What was acknowledged.
#[derive(Clone, Debug)]
pub struct Done {
    /// The instant it counts at.
    pub at: DateTime<Utc>,
    /// The receipt of the entry.
    pub entry: String,
    /// People in it.
    pub seats: u32,
}

/// A transaction, and when whoever waits for it came: that decides whether they were in time, as it does for the inbox.
pub(super) type Begun = (DatabaseTransaction, DateTime<Utc>);

/// Enters, or changes what was entered. `wanted` is for one person; `household` is the receipt of the
/// household where its people come together.
///
/// # Errors
/// [`Refused`].
pub async fn enter(
    app: &App,
    round: &Round,
    receipt: &str,
    wanted: Wanted,
    household: Option<&str>,
) -> Result<Done, Refused> {
    let begun = queued(app, round, receipt).await?;
    enter_within(app, round, begun, receipt, wanted, household).await
}

/// The same, in a transaction that is in the entry's queue; it is committed.
///
/// # Errors
/// [`Refused`].
pub(super) async fn enter_within(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    receipt: &str,
    wanted: Wanted,
    household: Option<&str>,
) -> Result<Done, Refused> {
    let now = app.clock.now();
    let row = member::claim(&txn, row(round, receipt, receipt, "own", now)).await?;
    if row.kind != "own" {
        // Whoever of a household comes again has their seat in its entry already.
        let place = match household {
            Some(household) => member::find(&txn, round.row.id, household).await?,
            None => None,
        };
        let place = place.filter(|place| row.kind == "joined" && place.entry == row.entry);
        let place = place.ok_or(Refused::Elsewhere)?;
        queue(&txn, round, &place.entry).await?;
        return seated(app, round, (txn, at), &place.entry, receipt, wanted, u32::MAX).await;
    }
    if let Some(household) = household {
        let place = member::claim(&txn, self::row(round, household, receipt, "household", now)).await?;
        if place.entry != receipt {
            // Somebody of the household was first: this is a seat in their entry.
            member::remove(&txn, round.row.id, receipt).await?;
            queue(&txn, round, &place.entry).await?;
            return seated(app, round, (txn, at), &place.entry, receipt, wanted, u32::MAX).await;
        }
    }
    let change = ActiveModel { wanted: Set(json(&wanted)), ..Default::default() };
    member::update(&txn, round.row.id, receipt, change).await?;
    finish(app, round, (txn, at), receipt, &wanted, Vec::new()).await
}

/// Leaves: a member the entry they are in, whoever opened it the round, and with them everybody in it.
///
/// # Errors
/// [`Refused`].
pub async fn withdraw(app: &App, round: &Round, receipt: &str) -> Result<Done, Refused> {
    let known = member::find(app.db.read(), round.row.id, receipt).await?.ok_or(Refused::NoEntry)?;
    let (txn, at) = queued(app, round, &known.entry).await?;
    let standing = member::find(&txn, round.row.id, receipt).await?;
    let row = standing.filter(|row| row.entry == known.entry).ok_or(Refused::NoEntry)?;
    let gone = |receipt: &str| event(round, receipt, Act::Withdraw);
    if row.kind == "own" {
        let all = member::list(&txn, round.row.id, receipt).await?;
        member::remove_all(&txn, round.row.id, receipt).await?;
        let joined = all.iter().filter(|row| row.kind == "joined").map(|row| gone(&row.receipt));
        let events = std::iter::once(gone(receipt)).chain(joined).collect();
        return append(app, round, (txn, at), events, receipt, 0).await;
    }
    member::remove(&txn, round.row.id, receipt).await?;
    let wanted = wanted_of(&txn, round, &row.entry).await?;
    finish(app, round, (txn, at), &row.entry, &wanted, vec![gone(receipt)]).await
}

/// The link code of an entry, made at the first asking.
///
/// # Errors
/// [`Refused`].
pub async fn code(app: &App, round: &Round, receipt: &str) -> Result<String, Refused> {
    let (txn, _) = queued(app, round, receipt).await?;
    let row = member::find(&txn, round.row.id, receipt).await?.filter(|row| row.kind == "own");
    let row = row.ok_or(Refused::NoEntry)?;
    if let Some(code) = opened(app, &row) {
        return Ok(code);
    }
    let number = random_bytes::<5>().into_iter().fold(0_u64, |number, byte| (number << 8) | u64::from(byte));
    let letter = |at: u32| LETTERS.get(((number >> (5 * at)) & 31) as usize).copied().map_or('0', char::from);
    let code: String = (0..8).map(letter).collect();
    let change = ActiveModel {
        code_key: Set(Some(code_key(app, round, &code))),
        code_sealed: Set(app.keys.people().seal(CODE, &code)),
        ..Default::default()
    };
    member::update(&txn, round.row.id, receipt, change).await?;
    txn.commit().await?;
    Ok(code)
}

/// The link code of a row, if one was made.
pub fn opened(app: &App, row: &Model) -> Option<String> {
    app.keys.people().open(CODE, &row.code_sealed)
}

/// Joins the entry that a code opens. Tries are counted, right or wrong.
///
/// # Errors
/// [`Refused`].
pub async fn join(
    app: &App,
    round: &Round,
    receipt: &str,
    typed: &str,
    wanted: Wanted,
) -> Result<Done, Refused> {
    let now = app.clock.now();
    let counting = app.db.begin().await?;
    let may = member::count_try(&counting, round.row.id, receipt, now).await?;
    counting.commit().await?;
    if !may {
        return Err(Refused::TooMany);
    }
    let key = code_key(app, round, &plain(typed));
    let found = member::find_by_code(app.db.read(), &key).await?;
    let found = found.filter(|row| row.round_id == round.row.id).ok_or(Refused::NoCode)?;
    if found.receipt == receipt {
        return Err(Refused::Own);
    }
    let begun = queued(app, round, &found.entry).await?;
    join_within(app, round, begun, &found.entry, receipt, wanted).await
}

/// Joins an entry whose queue the transaction is in; it is committed.
///
/// # Errors
/// [`Refused`].
pub(super) async fn join_within(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    entry: &str,
    receipt: &str,
    wanted: Wanted,
) -> Result<Done, Refused> {
    let lead = wanted_of(&txn, round, entry).await.map_err(|refused| match refused {
        // Withdrawn a moment ago.
        Refused::NoEntry => Refused::NoCode,
        refused => refused,
    })?;
    let alike = |field: &str| value_in(&lead.fields, field) == value_in(&wanted.fields, field);
    if !round.rules.other_fields().filter(|field| is_entitling(&round.rules, field)).all(alike) {
        return Err(Refused::Others);
    }
    seated(app, round, (txn, at), entry, receipt, wanted, round.who.joint_most).await
}

/// Gives `receipt` a seat in an entry whose queue the transaction is in.
async fn seated(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    entry: &str,
    receipt: &str,
    wanted: Wanted,
    most: u32,
) -> Result<Done, Refused> {
    let now = app.clock.now();
    let there = member::claim(&txn, row(round, receipt, entry, "joined", now)).await?;
    if there.entry != entry {
        return Err(if there.kind == "own" { Refused::Own } else { Refused::Elsewhere });
    }
    let all = member::list(&txn, round.row.id, entry).await?;
    let joint = all.iter().filter(|row| matches!(row.kind.as_str(), "own" | "joined")).count();
    if joint > most as usize {
        return Err(Refused::Full);
    }
    let lead = wanted_of(&txn, round, entry).await?;
    let member = Wanted {
        want: lead.want,
        wish: lead.wish.clone(),
        fields: lead.fields.clone(),
        weight: lead.weight,
        lead: Some(entry.to_owned()),
        miss_key: String::new(),
        ..wanted
    };
    let joins = event(round, receipt, Act::Enter(member));
    finish(app, round, (txn, at), entry, &lead, vec![joins]).await
}

/// Appends what an entry has become, people counted, after `others`, and commits.
pub(super) async fn finish(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    entry: &str,
    wanted: &Wanted,
    mut events: Vec<Event>,
) -> Result<Done, Refused> {
    let (whole, seats) = whole(&txn, round, entry, wanted).await?;
    events.push(whole);
    append(app, round, (txn, at), events, entry, seats).await
}

/// What an entry has become, people counted, and how many they are.
pub(super) async fn whole(
    txn: &impl ConnectionTrait,
    round: &Round,
    entry: &str,
    wanted: &Wanted,
) -> Result<(Event, i32), Refused> {
    let all = member::list(txn, round.row.id, entry).await?;
    let seats = all.iter().filter(|row| row.kind != "household").count();
    let seats = i32::try_from(seats).unwrap_or(i32::MAX);
    if u32::try_from(seats).is_ok_and(|seats| seats > public_audit::rules::MAX_SEATS) {
        return Err(Refused::Full);
    }
    let whole = Wanted { seats, want: wanted.want.saturating_mul(i64::from(seats)), ..wanted.clone() };
    Ok((event(round, entry, Act::Enter(whole)), seats))
}

pub(super) async fn append(
    app: &App,
    round: &Round,
    (txn, at): Begun,
    events: Vec<Event>,
    entry: &str,
    seats: i32,
) -> Result<Done, Refused> {
    // After every claim: of two acts on one person the later has the later row, also in the inbox.
    if !inbox::append_within(&txn, at, round.row.id, &events).await? {
        return Err(Refused::NotOpen);
    }
    txn.commit().await?;
    app.inbox.knock(events.len() as u64);
    Ok(Done { at, entry: entry.to_owned(), seats: u32::try_from(seats).unwrap_or_default() })
}

pub(super) async fn queued(app: &App, round: &Round, entry: &str) -> Result<Begun, Refused> {
    let at = app.clock.now();
    let txn = app.db.begin().await?;
    queue(&txn, round, entry).await?;
    Ok((txn, at))
}

pub(super) async fn queue(txn: &impl ConnectionTrait, round: &Round, entry: &str) -> Result<(), DbErr> {
    lease::queue(txn, &format!("entry {} {entry}", round.row.id)).await
}

/// The queues of several entries, always in one order: nobody waits for whoever waits for them.
pub(super) async fn queue_all(
    txn: &impl ConnectionTrait,
    round: &Round,
    mut entries: Vec<&str>,
) -> Result<(), DbErr> {
    entries.sort_unstable();
    entries.dedup();
    for entry in entries {
        queue(txn, round, entry).await?;
    }
    Ok(())
}

/// What whoever opened an entry asked for, for one person.
pub(super) async fn wanted_of(
    txn: &impl ConnectionTrait,
    round: &Round,
    entry: &str,
) -> Result<Wanted, Refused> {
    let row = member::find(txn, round.row.id, entry).await?.filter(|row| row.kind == "own");
    serde_json::from_str(&row.ok_or(Refused::NoEntry)?.wanted).map_err(|_| Refused::NoEntry)
}

pub(super) fn row(round: &Round, receipt: &str, entry: &str, kind: &str, at: DateTime<Utc>) -> Model {
    Model {
        round_id: round.row.id,
        receipt: receipt.to_owned(),
        entry: entry.to_owned(),
        kind: kind.to_owned(),
        at,
        wanted: String::new(),
        code_key: None,
        code_sealed: String::new(),
    }
}

fn event(round: &Round, receipt: &str, act: Act) -> Event {
    Event { round_id: round.row.id, receipt: receipt.to_owned(), act }
}

fn json(wanted: &Wanted) -> String {
    serde_json::to_string(wanted).unwrap_or_default()
}

fn code_key(app: &App, round: &Round, code: &str) -> String {
    app.keys.digest("link code", &format!("{}:{code}", round.row.id))
}

/// A code as people type it: any case, with or without a dash, with the letters that look like digits.
fn plain(typed: &str) -> String {
    let letter = |c: char| match c.to_ascii_lowercase() {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    typed.chars().take(40).filter_map(letter).collect()
}
