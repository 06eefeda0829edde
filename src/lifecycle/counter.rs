//! Somebody is entered at a counter. One transaction claims the person, counts whoever came for them, notes who of
//! the staff did it, and appends the same act as the resident's own pages would.

use chrono::{DateTime, Utc};
use entities::{attended, entry};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    helped::{self, By},
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
    /// Whether it is shown that an entry from the web is theirs: by a code that was typed here, by a roster that knows them by
    /// name, or, for a form of paper, on the clerk's word.
    pub proven: bool,
    /// Whether their papers were seen, and they leave the entry of whoever has entered them by name and birth date.
    pub take_out: bool,
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
    /// There is an entry from the web, and nothing shows whose it is.
    #[error("an entry from the web, and no code")]
    Unproven,
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
    let theirs = [person.as_str(), receipt.as_str()];
    // Out of whose entries they are taken is looked up before: queues are taken in one order.
    let others = match attended.take_out && round.who.is_shared() {
        true => helped::list_helped(app.db.read(), round, &theirs).await?,
        false => Vec::new(),
    };
    let at = app.clock.now();
    let txn = app.db.begin().await?;
    // Always in this order: helper, person, entries.
    if !helper_key.is_empty() {
        lease::queue(&txn, &format!("helper {helper_key}")).await?;
        let others = store::attended::count_helped(&txn, round.row.id, &helper_key, &person).await?;
        if others >= u64::from(app.config.counter.most_per_helper) {
            return Err(Refused::Helped);
        }
    }
    lease::queue(&txn, &format!("person {} {person}", round.row.id)).await?;
    let mut entries: Vec<&str> = others.iter().map(|row| row.entry.as_str()).collect();
    entries.push(attended.with.unwrap_or(receipt));
    together::queue_all(&txn, round, entries).await?;
    if find_other(&txn, round, &person, receipt).await?.is_some() {
        return Err(Refused::Before);
    }
    let entry = store::entry::find(&txn, round.row.id, receipt).await?;
    let entered = entry.as_ref().is_some_and(|entry| entry.withdrawn_at.is_none());
    let mut noted = store::attended::list(&txn, round.row.id, std::slice::from_ref(receipt)).await?;
    let noted = noted.remove(receipt.as_str());
    let stands = match (&entry, &noted) {
        (Some(entry), Some(noted)) => is_of_counter(&txn, round, entry, noted).await?,
        _ => true,
    };
    let noted = noted.filter(|_| stands);
    // On paper nobody is there to read a code: it goes on the clerk's word, and that can be found in the log.
    let on_word = entered && noted.is_none() && !attended.paper.is_empty() && !round.knows_names();
    match noted.map(|row| row.person == person) {
        // A family with one phone: the second is not the first, unless the roster says by name that they are one household.
        Some(false) if entered && !round.knows_names() => return Err(Refused::Anothers),
        // Of a household with one entry the second changes what the first was told: they are asked first.
        Some(false) if entered && !attended.told => return Err(Refused::Known),
        // A number can be said by anybody.
        None if entered && !attended.proven => return Err(Refused::Unproven),
        // Of an entry from the web no name is known: whether it is the same person only the clerk can say.
        None if entered && !attended.told => return Err(Refused::Known),
        _ => {}
    }
    if round.who.is_shared() {
        let by = By { clerk_id: attended.clerk_id, address: attended.address };
        match helped::let_go(app, round, (&txn, at), &others, by).await {
            // Taken into another entry a moment ago.
            Err(together::Refused::Elsewhere) => return Err(Refused::Taken),
            done => done?,
        }
        if helped::find_helped(&txn, round, &theirs).await?.is_some() {
            return Err(Refused::Taken);
        }
    }
    note(app, round, &txn, (&attended, on_word), (person, helper_key), at).await?;
    let receipt = attended.receipt.as_str();
    let done = match (attended.with, round.who.is_shared()) {
        (Some(with), _) => together::join_within(app, round, (txn, at), with, receipt, wanted).await?,
        (None, true) => {
            together::enter_within(app, round, (txn, at), receipt, wanted, attended.household.as_deref())
                .await?
        }
        (None, false) => {
            let event =
                Event { round_id: round.row.id, receipt: receipt.to_owned(), act: Act::Enter(wanted) };
            together::append(app, round, (txn, at), vec![event], receipt, 1).await?
        }
    };
    app.inbox.knock(others.len() as u64);
    Ok(done)
}

/// Whether what a counter has noted is of the entry as it stands: whoever has entered anew on the web since, changed it
/// there or said the same there once more has read a code, and may be another than whom the counter saw.
///
/// # Errors
/// What the database said.
pub async fn is_of_counter(
    db: &impl ConnectionTrait,
    round: &Round,
    entry: &entry::Model,
    noted: &attended::Model,
) -> Result<bool, DbErr> {
    if entry.withdrawn_at.is_some() {
        return Ok(true);
    }
    if round.who.is_shared() {
        // Others come and go, and the entry changes with them: what its opener said last is kept beside it.
        match together::wanted_of(db, round, &entry.receipt).await {
            Ok(wanted) => return Ok(wanted.attended),
            Err(together::Refused::Database(error)) => return Err(error),
            Err(_) => {}
        }
    }
    // What was noted after all that is folded is acknowledged, and will stand so.
    Ok(entry.attended || entry.changed_at <= noted.at)
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
    // Whoever answers to that number may have made the entry theirs since, on the web.
    let has_left = match store::entry::find(txn, round.row.id, &before.receipt).await? {
        Some(entry) => entry.withdrawn_at.is_some() || !is_of_counter(txn, round, &entry, &before).await?,
        None => false,
    };
    Ok(Some(before).filter(|_| !has_left))
}

/// The digest by which somebody is found who knows a birth date and the last digits of a phone.
pub fn look_key(app: &App, round: &Round, born: chrono::NaiveDate, tail: &str) -> String {
    app.keys.digest("counter look-up", &format!("{}:{born}:{tail}", round.row.id))
}

fn helper_key(app: &App, round: &Round, helper: &Helped) -> String {
    app.keys.digest("counter helper", &format!("{}:{}", round.row.id, helper.person_key()))
}

/// What is kept of the visit, and who did it; `on_word`: that it changed an entry from the web without a code.
async fn note(
    app: &App,
    round: &Round,
    txn: &impl ConnectionTrait,
    (attended, on_word): (&Attended<'_>, bool),
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
    let reason = if on_word { format!("{reason}, an entry from the web changed by it") } else { reason };
    let (kind, about) = ("attended", attended.receipt.as_str());
    let access =
        Access { clerk_id: Some(attended.clerk_id), kind, about, address: attended.address, reason: &reason };
    store::access::insert(txn, now, access).await
}
