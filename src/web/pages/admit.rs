//! What follows when a door has let somebody in, whichever it was.

use super::identity::next;
use crate::{
    app::Round,
    domain::contact::{Channel, Contact},
    identity::Person,
    notify::{bounce, content::CONTACT},
    secret::random_id,
    store::{self, mail::Cause},
    web::{
        answer::Answer,
        view::Purpose,
        visit::Visit,
        visitor::{Consented, Proven, Visitor},
    },
};

/// Somebody is known here from now on, in a session with a name of its own.
///
/// # Errors
/// The answer to give instead.
pub async fn admit(
    visit: &Visit,
    round: &Round,
    mut visitor: Visitor,
    person: Person,
    (purpose, digest): (Purpose, String),
) -> Result<Answer, Answer> {
    let slug = &round.row.slug;
    visitor.pending = None;
    // How long the last person at this browser asked to be known is theirs.
    visitor.stays_until = None;
    // Who could have put their own cookie into this browser knows nothing of it from here.
    visitor.id = random_id();
    let consented = (purpose != Purpose::My).then(|| Consented { slug: slug.clone(), digest });
    let mut proven = Proven { person, at: visit.now, consented, listed: None };
    remember(visit, round, &mut proven).await?;
    visitor.proven = Some(proven);
    Ok(visit.with(&visitor, visit.go(&next(slug, purpose))))
}

/// Whoever has entered before is told things where they were: a door that knows people and no address of theirs would
/// have to ask each time.
///
/// # Errors
/// The answer to give instead.
pub async fn remember(visit: &Visit, round: &Round, proven: &mut Proven) -> Result<(), Answer> {
    if proven.person.contact.is_some() || (round.roster.is_some() && proven.listed(round).is_none()) {
        return Ok(());
    }
    let Some(receipt) = round.receipt(proven.person_key(round)) else { return Ok(()) };
    let entry = store::entry::find(visit.app.db.read(), round.row.id, &receipt.to_string()).await;
    let entry = entry.map_err(|error| visit.failed(error))?;
    proven.person.contact =
        entry.and_then(|entry| visit.app.keys.people().open::<Contact>(CONTACT, &entry.person_sealed));
    Ok(())
}

/// Mail of an entry goes again to an address whose owner has typed what was sent there. Where a receipt comes from something
/// else than that address, a roster or another door, whose entry it is shows only after.
///
/// # Errors
/// The answer to give instead.
pub async fn revive(visit: &Visit, round: &Round, proven: &Proven) -> Result<(), Answer> {
    let (app, failed) = (&visit.app, |error| visit.failed(error));
    let contact = proven.person.contact.as_ref().filter(|contact| contact.channel == Channel::Email);
    let receipt = round.receipt(proven.person_key(round)).map(|receipt| receipt.to_string());
    let (Some(contact), Some(receipt)) = (contact, receipt) else { return Ok(()) };
    let (db, round_id) = (app.db.read(), round.row.id);
    let unmailed = store::mail::find_unmailed(db, round_id, &receipt).await.map_err(failed)?;
    if unmailed.is_none_or(|row| row.cause != Cause::Bounced.key()) {
        return Ok(());
    }
    let entry = store::entry::find(db, round_id, &receipt).await.map_err(failed)?;
    let told = entry.and_then(|entry| app.keys.people().open::<Contact>(CONTACT, &entry.person_sealed));
    // Who said the address is not enough: what is sent there must arrive.
    let dead = store::mail::list_dead(db, &[bounce::address_key(app, contact)]).await.map_err(failed)?;
    if told.as_ref() == Some(contact) && dead.is_empty() {
        let txn = app.db.begin().await.map_err(failed)?;
        store::mail::remove_bounced(&txn, round_id, &receipt).await.map_err(failed)?;
        txn.commit().await.map_err(failed)?;
    }
    Ok(())
}

/// Where somebody is told things; whoever has not said yet is asked first.
///
/// # Errors
/// The answer to give instead.
pub fn told_at(visit: &Visit, round: &Round, proven: &Proven, purpose: Purpose) -> Result<Contact, Answer> {
    proven.person.contact.clone().ok_or_else(|| {
        visit.go(&format!("/rounds/{}/enter?address=yes&purpose={}", round.row.slug, purpose.key()))
    })
}
