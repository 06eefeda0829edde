//! Whose an entry is: a receipt is public, so nothing is taken back, and nobody added, on it alone.

use chrono_tz::Asia::Seoul;
use entities::attended;

use super::{super::desk::Desk, case::Shown};
use crate::{
    app::Round,
    domain::{
        contact::{Channel, Contact},
        counter::tail,
        roster::birth,
        who::helped::Helped,
    },
    lifecycle::counter::{is_of_counter, look_key},
    notify::content::CONTACT,
    store,
    web::answer::Answer,
};

/// How somebody shows that an entry is theirs.
pub enum Whose {
    /// They have.
    Shown,
    /// A counter has entered them: by what it noted, and by the name on their papers, which it has masked. `many`: others
    /// have the same birth date and digits, and the name has to be typed as well.
    Noted { row: Box<attended::Model>, told: Option<Contact>, many: bool },
    /// No counter has: of an entry from the web no name is kept, so papers show nothing, and a number may be anybody's to
    /// say. They read a code where they are told things.
    Code(Contact),
    /// Neither: no counter has entered them, and they are told nothing anywhere.
    Nobody,
}

/// How whoever brings a slip shows that it is theirs.
///
/// # Errors
/// The answer to give instead.
pub async fn whose(desk: &Desk, round: &Round, shown: &Shown) -> Result<Whose, Answer> {
    if shown.shown && (shown.by_code || round.knows_names()) {
        return Ok(Whose::Shown);
    }
    let (app, failed) = (&desk.visit.app, |error| desk.visit.failed(error));
    let (db, receipts) = (app.db.read(), [shown.receipt.clone()]);
    let entry = store::entry::find(db, round.row.id, &shown.receipt).await.map_err(failed)?;
    let told =
        entry.as_ref().and_then(|entry| app.keys.people().open::<Contact>(CONTACT, &entry.person_sealed));
    let noted = store::attended::list(db, round.row.id, &receipts).await.map_err(failed)?;
    let row = noted.into_values().next();
    let stands = match (&entry, &row) {
        (Some(entry), Some(row)) => is_of_counter(db, round, entry, row).await.map_err(failed)?,
        _ => true,
    };
    let Some(row) = row.filter(|_| stands) else {
        return Ok(told.map_or(Whose::Nobody, Whose::Code));
    };
    // What a counter had noted has shown it, and the entry has not become another's since.
    if shown.shown {
        return Ok(Whose::Shown);
    }
    let alike = store::attended::list_by_look(db, round.row.id, &row.look_key).await.map_err(failed)?;
    Ok(Whose::Noted { row: Box::new(row), told, many: alike.len() > 1 })
}

/// What was typed of somebody, as their papers and they themselves say it.
pub struct Said<'s> {
    /// The birth date.
    pub born: &'s str,
    /// The last digits of the phone, or all of it, or the address; empty for whoever has none.
    pub contact: &'s str,
    /// The name; needed where several are alike.
    pub name: &'s str,
}

/// Whether that is whom a counter has noted.
pub fn is_noted(desk: &Desk, round: &Round, whose: &Whose, said: &Said<'_>) -> bool {
    let Whose::Noted { row, told, many } = whose else { return false };
    let Some(born) = birth::parse(said.born.trim()) else { return false };
    let key = |tail: &str| look_key(&desk.visit.app, round, born, tail);
    // Whoever was entered with a mail address was noted without digits.
    let typed = [Channel::Sms, Channel::Email].map(|channel| Contact::parse(channel, said.contact).ok());
    let is_told = told.is_some() && typed.into_iter().any(|typed| typed == *told);
    if key(&tail(said.contact)) != row.look_key && !(is_told && key("") == row.look_key) {
        return false;
    }
    let today = desk.visit.now.with_timezone(&Seoul).date_naive();
    let person = || Helped::parse(said.name, said.born, today).ok();
    let named = || person().and_then(|person| round.receipt(&person.person_key()));
    !many || named().is_some_and(|receipt| receipt.to_string() == row.person)
}
