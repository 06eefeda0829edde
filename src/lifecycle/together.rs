//! Several people in one entry: by link code, by household, or entered by somebody else.
//!
//! In rounds that allow it each act is acknowledged by one transaction of its own: it claims the people
//! (one row a person, so that nobody is in two entries) and appends to the inbox what the entry has become,
//! people counted. Whoever changes the same entry waits in its queue, so that the inbox has its states in
//! the order in which they were acknowledged. The fold knows nothing of all this.

use chrono::{DateTime, Utc};
use entities::member::ActiveModel;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};

use crate::{
    app::{App, Round},
    domain::{
        event::{Act, Wanted},
        who::{is_entitling, value_in},
    },
    store::member,
};

mod link;
mod whole;

pub use link::{code, join, opened};
pub(super) use whole::{append, finish, queue_all, queued, row, wanted_of, whole};
use whole::{event, queue};

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

fn json(wanted: &Wanted) -> String {
    serde_json::to_string(wanted).unwrap_or_default()
}
