//! Somebody is entered at a counter. One transaction claims the person, counts whoever came for them, notes who of
//! the staff did it, and appends the same act as the resident's own pages would.

use chrono::{DateTime, Utc};
use entities::attended;
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    helped,
    together::{self, Done},
};
use crate::{
    app::{App, Round},
    domain::{
        counter::{Helper, Relation},
        event::{Act, Event, Wanted},
        who::helped::Helped,
    },
    store::{self, access::Access, lease},
};

/// Sealed masks of names open for this purpose.
pub const NAME: &str = "counter name";

/// Who stands at the counter, and by whose hand they are entered.
pub struct Attended<'a> {
    /// Who of the staff.
    pub clerk_id: i64,
    /// From which address.
    pub address: &'a str,
    /// Who, as the clerk has read on their papers.
    pub person: &'a Helped,
    /// The receipt that the identity check gives: that of the resident's own pages.
    pub receipt: String,
    /// The last digits of their phone; empty without one.
    pub tail: String,
    /// Who came for them, if it is another.
    pub helper: Option<&'a Helper>,
    /// The number of the paper form; empty without one.
    pub paper: &'a str,
    /// SHA-256 of what was read out.
    pub consent_digest: String,
    /// The receipt of their household, where its people come together.
    pub household: Option<String>,
    /// The entry of others that they come into.
    pub with: Option<&'a str>,
    /// Whether the clerk was told that there is an entry already, and goes on.
    pub told: bool,
}

/// Why nobody was entered.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Whoever came for them has come for as many as may be.
    #[error("as many as one may come for")]
    Helped,
    /// They were entered at a counter by another phone, address or none.
    #[error("entered at a counter before")]
    Before,
    /// Somebody else was entered at a counter with this address or number.
    #[error("somebody else was entered with this contact")]
    Anothers,
    /// There is an entry that was not made at a counter by this person: their own from the web, or that of whose number it is.
    #[error("there is an entry already")]
    Known,
    /// Somebody else has entered them by name and birth date.
    #[error("entered by somebody else")]
    Taken,
    /// As on the resident's own pages.
    #[error(transparent)]
    Together(#[from] together::Refused),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Together(error.into())
    }
}

/// Enters somebody, or changes what was entered. `wanted` is for one person.
///
/// # Errors
/// [`Refused`].
pub async fn enter(
    app: &App,
    round: &Round,
    attended: Attended<'_>,
    wanted: Wanted,
) -> Result<Done, Refused> {
    let Attended { receipt, person, helper, .. } = &attended;
    let person = round.receipt(&person.person_key()).ok_or(together::Refused::NotOpen)?.to_string();
    let helper_key = helper.map(|helper| helper_key(app, round, &helper.person)).unwrap_or_default();
    let txn = app.db.begin().await?;
    // Always in this order: helper, entry.
    if !helper_key.is_empty() {
        lease::queue(&txn, &format!("helper {helper_key}")).await?;
        let others = store::attended::count_helped(&txn, round.row.id, &helper_key, &person).await?;
        if others >= u64::from(app.config.counter.most_per_helper) {
            return Err(Refused::Helped);
        }
    }
    lease::queue(&txn, &format!("person {} {person}", round.row.id)).await?;
    together::queue(&txn, round, attended.with.unwrap_or(receipt)).await?;
    if find_other(&txn, round, &person, receipt).await?.is_some() {
        return Err(Refused::Before);
    }
    let entry = store::entry::find(&txn, round.row.id, receipt).await?;
    let entered = entry.is_some_and(|entry| entry.withdrawn_at.is_none());
    let theirs = store::attended::list(&txn, round.row.id, std::slice::from_ref(receipt)).await?;
    match theirs.get(receipt.as_str()).map(|row| row.person == person) {
        // A family with one phone: the second is not the first, unless the roster says by name that they are one household.
        Some(false) if entered && !round.knows_names() => return Err(Refused::Anothers),
        // Of a household with one entry the second changes what the first was told: they are asked first.
        Some(false) if entered && !attended.told => return Err(Refused::Known),
        // Of an entry from the web no name is known: whether it is the same person only the clerk can say.
        None if entered && !attended.told => return Err(Refused::Known),
        _ => {}
    }
    if round.who.is_shared() && helped::find_helped(&txn, round, &[&person, receipt]).await?.is_some() {
        return Err(Refused::Taken);
    }
    let now = app.clock.now();
    note(app, round, &txn, &attended, (person, helper_key), now).await?;
    let receipt = attended.receipt.as_str();
    let done = match (attended.with, round.who.is_shared()) {
        (Some(with), _) => together::join_within(app, round, txn, with, receipt, wanted).await?,
        (None, true) => {
            together::enter_within(app, round, txn, receipt, wanted, attended.household.as_deref()).await?
        }
        (None, false) => {
            let event =
                Event { round_id: round.row.id, receipt: receipt.to_owned(), act: Act::Enter(wanted) };
            together::append(app, round, txn, vec![event], receipt, 1).await?
        }
    };
    Ok(done)
}

/// The row of a person who was entered at a counter under another receipt, and did not leave.
///
/// # Errors
/// What the database said.
pub async fn find_other(
    txn: &impl ConnectionTrait,
    round: &Round,
    person: &str,
    receipt: &str,
) -> Result<Option<attended::Model>, DbErr> {
    let before = store::attended::find_person(txn, round.row.id, person).await?;
    let Some(before) = before.filter(|before| before.receipt != receipt) else { return Ok(None) };
    let entry = store::entry::find(txn, round.row.id, &before.receipt).await?;
    let has_left = entry.is_some_and(|entry| entry.withdrawn_at.is_some());
    Ok(Some(before).filter(|_| !has_left))
}

/// The digest by which somebody is found who knows a birth date and the last digits of a phone.
pub fn look_key(app: &App, round: &Round, born: chrono::NaiveDate, tail: &str) -> String {
    app.keys.digest("counter look-up", &format!("{}:{born}:{tail}", round.row.id))
}

fn helper_key(app: &App, round: &Round, helper: &Helped) -> String {
    app.keys.digest("counter helper", &format!("{}:{}", round.row.id, helper.person_key()))
}

/// What is kept of the visit, and who did it.
async fn note(
    app: &App,
    round: &Round,
    txn: &impl ConnectionTrait,
    attended: &Attended<'_>,
    (person, helper_key): (String, String),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let relation = attended.helper.map_or("", |helper| Relation::key(helper.relation));
    let row = attended::Model {
        round_id: round.row.id,
        receipt: attended.receipt.clone(),
        person,
        at: now,
        clerk_id: attended.clerk_id,
        paper: attended.paper.to_owned(),
        name_sealed: app.keys.people().seal(NAME, &attended.person.masked()),
        look_key: look_key(app, round, attended.person.born(), &attended.tail),
        helper_key,
        relation: relation.to_owned(),
        consent_digest: attended.consent_digest.clone(),
    };
    store::attended::settle(txn, row).await?;
    // Not the number of the form: it lies in an archive under a name, and this line outlives the round.
    let reason = match (relation, attended.paper) {
        ("", "") => String::new(),
        ("", _) => "paper".to_owned(),
        (relation, "") => format!("by {relation}, evidence seen"),
        (relation, _) => format!("by {relation}, evidence seen, paper"),
    };
    let (kind, about) = ("attended", attended.receipt.as_str());
    let access =
        Access { clerk_id: Some(attended.clerk_id), kind, about, address: attended.address, reason: &reason };
    store::access::insert(txn, now, access).await
}
