//! Where a mail went, and whether its entry is still told things there. A mail lies in a mailbox for years: what whoever reads
//! it there asks for, or that it came back, says something of that address, and nothing of another that the entry has
//! been given since.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::{entry, notice};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    content::{CONTACT, Untold},
    vendor::Ready,
};
use crate::{
    app::App,
    domain::contact::{Channel, Contact},
    store,
};

/// Hexadecimal digits: 80 bits.
const DIGITS: usize = 20;

/// How the addresses of some mails are known later, by notice. Of texts nothing is: nobody can answer them.
pub fn digests(app: &App, told: &HashMap<i64, Result<Ready, Untold>>) -> HashMap<i64, String> {
    let mailed = told.iter().filter_map(|(id, told)| Some((*id, &told.as_ref().ok()?.contact)));
    let mailed = mailed.filter(|(_, contact)| contact.channel == Channel::Email);
    mailed.map(|(id, contact)| (id, digest(app, id, contact))).collect()
}

/// Of this notice alone: two of them do not show that they went to one address.
fn digest(app: &App, notice_id: i64, contact: &Contact) -> String {
    let mut digest = app.keys.digest("sent to", &format!("{notice_id}:{}", contact.address));
    digest.truncate(DIGITS);
    digest
}

/// Where an entry is told things, if a mail about it went there and nowhere else.
///
/// # Errors
/// What the database said.
pub async fn still_there(
    app: &App,
    db: &impl ConnectionTrait,
    notice: &notice::Model,
    entry: Option<entry::Model>,
) -> Result<Option<Contact>, DbErr> {
    let Some(entry) = entry else { return Ok(None) };
    let contact = app.keys.people().open::<Contact>(CONTACT, &entry.person_sealed);
    let Some(contact) = contact.filter(|contact| contact.channel == Channel::Email) else { return Ok(None) };
    let (here, sent) = (digest(app, notice.id, &contact), store::mail::list_sent(db, notice.id).await?);
    let went_there = |(at, to): &(DateTime<Utc>, Option<String>)| match to {
        Some(to) => *to == here,
        // Whoever has changed nothing since has not changed that either.
        None => entry.changed_at <= *at,
    };
    Ok(Some(contact).filter(|_| !sent.is_empty() && sent.iter().all(went_there)))
}
