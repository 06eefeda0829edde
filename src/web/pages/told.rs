//! Where somebody is told of their entry, as their own page shows it: masked, and nobody else's.

use super::mine::MyEntry;
use crate::{
    app::Round,
    domain::{contact::Contact, who::Household},
    notify::content::CONTACT,
    web::{view::ToldAt, visit::Visit},
};

/// What an entry says of it.
#[derive(Clone, Debug, Default)]
pub enum Told {
    /// It was acknowledged a moment ago: where they have just shown that they are.
    #[default]
    Here,
    /// On paper.
    Paper,
    /// Sealed; empty once it is erased.
    Sealed(String),
}

impl Told {
    /// Of a row.
    pub fn of(channel: &str, person_sealed: String) -> Self {
        if channel.is_empty() { Self::Paper } else { Self::Sealed(person_sealed) }
    }
}

/// For the page. Where a household has one entry, it may be another of it who is told: their address is not shown.
pub fn told(visit: &Visit, round: &Round, mine: &MyEntry) -> Option<ToldAt> {
    let own = visit.proven().and_then(|proven| proven.person.contact.as_ref());
    let contact = match &mine.told {
        Told::Paper => return Some(ToldAt::Paper),
        Told::Here => own.cloned(),
        Told::Sealed(sealed) => visit.app.keys.people().open::<Contact>(CONTACT, sealed),
    };
    let is_theirs = |contact: &Contact| round.who.household != Household::One || own == Some(contact);
    contact.filter(is_theirs).map(|contact| ToldAt::Contact(contact.masked()))
}
