//! A person, as a door has shown them, and what their receipt comes from.

use std::collections::BTreeMap;

use public_audit::{Digest, hex};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::{
    app::{self, App, Round, listed_fields, member_key, shared_key},
    domain::{
        contact::Contact,
        roster::{MemberKey, name_key},
        who::{Household, helped::Helped},
    },
    notify::content::CONTACT,
    store,
};

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What the door knows them by: their receipt comes from it where a round has no roster.
    key: String,
    /// Where they are told things; theirs, as a door has shown. `None` until they have said where.
    pub contact: Option<Contact>,
    /// Name and birth date as rosters know them, where the door vouches for both.
    named: Option<String>,
}

impl Person {
    /// Whoever reads what is sent to an address.
    pub fn by_contact(contact: Contact) -> Self {
        Self { key: contact.person_key(), contact: Some(contact), named: None }
    }

    /// Whoever showed their papers to a clerk: known by their address, as on the pages of residents, else by what the
    /// papers say.
    pub fn by_papers(papers: &Helped, contact: Option<Contact>) -> Self {
        let key = contact.as_ref().map_or_else(|| papers.person_key(), Contact::person_key);
        Self { key, contact, named: None }
    }

    /// Whoever somebody says it is whom we believe.
    pub fn by_claims(key: String, contact: Option<Contact>, named: Option<String>) -> Self {
        Self { key, contact, named }
    }

    /// Name and birth date as rosters know them, where the door vouches for both.
    pub fn named(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// What the door knows them by.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Tells them apart in a browser, and says nothing of them.
    pub fn mark(&self) -> String {
        Digest::of(&self.key).to_string()[..16].to_owned()
    }

    /// Their address with most of it hidden; empty without one.
    pub fn masked(&self) -> String {
        self.contact.as_ref().map(Contact::masked).unwrap_or_default()
    }
}

/// Somebody as a roster knows them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listed {
    /// Of which round.
    pub slug: String,
    /// Who it is.
    pub person_key: String,
    /// Which household they belong to, if the roster says so.
    pub household_key: Option<String>,
    /// What it says of them, by field.
    pub fields: BTreeMap<String, String>,
    /// Whether it holds the very address that was proven: then nobody else can have said the name.
    #[serde(default)]
    pub by_address: bool,
}

/// Whoever the roster of a round knows by this. One read of the roster's key.
///
/// # Errors
/// What the database said.
pub async fn find_listed(app: &App, round: &Round, known_by: &MemberKey) -> Result<Option<Listed>, DbErr> {
    let Some((roster_id, _)) = round.roster.as_ref().and_then(|used| used.current.as_ref()) else {
        return Ok(None);
    };
    let key = hex::encode(&member_key(&app.keys, known_by));
    let found = store::roster::find_member(app.db.read(), *roster_id, &key).await?;
    Ok(found.map(|member| Listed {
        slug: round.row.slug.clone(),
        household_key: shared_key(&member),
        fields: listed_fields(round, &member.fields),
        by_address: false,
        person_key: app::person_key(&member),
    }))
}

/// Whoever a roster knows by name and birth date, if somebody may act for them. Neighbours know these too: where an address
/// of theirs is known, from the roster or from their entry, it must be the one that was proven. For whoever has entered
/// without one there is the counter.
///
/// # Errors
/// What the database said.
pub async fn may_act(
    app: &App,
    round: &Round,
    known_by: &MemberKey,
    listed: Listed,
    person: &Person,
) -> Result<Option<Listed>, DbErr> {
    if person.named().is_some() {
        return Ok(Some(listed));
    }
    let open = |sealed: &str| app.keys.people().open::<Contact>(CONTACT, sealed);
    let db = app.db.read();
    let member = match round.roster.as_ref().and_then(|used| used.current.as_ref()) {
        Some((id, _)) => {
            store::roster::find_member(db, *id, &hex::encode(&member_key(&app.keys, known_by))).await?
        }
        None => None,
    };
    let of_member = member.and_then(|member| open(&member.contact_sealed));
    if of_member.is_some() && of_member == person.contact {
        return Ok(Some(Listed { by_address: true, ..listed }));
    }
    let theirs = is_theirs(app, round, &listed, person).await?;
    // An address that the roster holds and that is not theirs keeps them out, unless they have entered with their own.
    let may = theirs.unwrap_or(of_member.is_none());
    Ok(Some(listed).filter(|_| may))
}

/// Whether the entry of whom a roster knows by name is that of whoever named them: the one that is told where they are. It
/// may have come into being since they did. `None`: there is none.
///
/// # Errors
/// What the database said.
pub async fn is_theirs(
    app: &App,
    round: &Round,
    listed: &Listed,
    person: &Person,
) -> Result<Option<bool>, DbErr> {
    let Some(receipt) = round.receipt(person_key(round, Some(listed), person.key())) else { return Ok(None) };
    let entry = store::entry::find(app.db.read(), round.row.id, &receipt.to_string()).await?;
    let told = |sealed: &str| app.keys.people().open::<Contact>(CONTACT, sealed);
    Ok(entry
        .map(|entry| told(&entry.person_sealed).is_some_and(|told| person.contact.as_ref() == Some(&told))))
}

/// What the receipt of somebody comes from whom another enters: by a roster of names who it says they are, so that they are
/// in one entry however they came into it. `None`: it does not know them, and nobody else can be entered.
///
/// # Errors
/// What the database said.
pub async fn helped_key(app: &App, round: &Round, helped: &Helped) -> Result<Option<String>, DbErr> {
    if !round.knows_names() {
        return Ok(Some(helped.person_key()));
    }
    let listed = find_listed(app, round, &name_key(helped.name(), helped.born())).await?;
    Ok(listed.map(|listed| person_key(round, Some(&listed), "").to_owned()))
}

/// What the receipt of somebody comes from, through whichever door they came: who the roster says they are, or what
/// the door knows them by.
pub fn person_key<'k>(round: &Round, listed: Option<&'k Listed>, known_by: &'k str) -> &'k str {
    let Some(listed) = listed else { return known_by };
    let one = round.who.household == Household::One;
    listed.household_key.as_deref().filter(|_| one).unwrap_or(&listed.person_key)
}
