//! Finding one person among those of a round: by what they can say at a counter or on the telephone.

use std::sync::Arc;

use entities::entry;
use public_audit::hex;
use sea_orm::DbErr;
use tokio::task::spawn_blocking;

use crate::{
    app::{App, Round, key_in, member_key},
    domain::{
        contact::{Channel, Contact},
        roster::{MemberKey, birth, name_key},
    },
    notify::content::CONTACT,
    store,
};

/// What is known of somebody.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// The public code.
    Receipt(String),
    /// The whole address or number.
    Contact(Contact),
    /// The last four digits of a number.
    Tail(String),
    /// Name and birth date, as the roster has them.
    Member(MemberKey),
}

impl Asked {
    /// What is meant by something typed, and a name and birth date beside it.
    pub fn read(typed: &str, name: &str, born: &str) -> Option<Self> {
        let (typed, name) = (typed.trim(), name.trim());
        if typed.is_empty() {
            let birth = birth::parse(born.trim()).filter(|_| !name.is_empty())?;
            return Some(Self::Member(name_key(name, birth)));
        }
        let receipt: Result<public_audit::Receipt, _> = typed.to_ascii_lowercase().parse();
        if let Ok(receipt) = receipt {
            return Some(Self::Receipt(receipt.to_string()));
        }
        if typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Tail(typed.to_owned()));
        }
        let channel = if typed.contains('@') { Channel::Email } else { Channel::Sms };
        Contact::parse(channel, typed).ok().map(Self::Contact)
    }

    /// How it was asked, for the log: never what.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Receipt(_) => "receipt",
            Self::Contact(_) => "address",
            Self::Tail(_) => "tail",
            Self::Member(_) => "birth",
        }
    }
}

/// Somebody.
#[derive(Debug)]
pub struct Found {
    /// Their entry.
    pub entry: entry::Model,
    /// Where they are told things; `None` once that is erased, or if it is unknown.
    pub contact: Option<Contact>,
}

/// Why nobody was looked for.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// What the database said.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// So many addresses would have to be opened one by one.
    #[error("too many addresses would have to be opened")]
    TooMany,
    /// A search ended early.
    #[error("{0}")]
    Failed(String),
}

/// More are nobody in particular.
pub const MOST: usize = 20;

/// Addresses that a search opens, at most: two seconds' work of one core.
pub const OPENED: usize = 200_000;

/// One search that opens addresses at a time: others wait, and every other page goes on.
static OPENING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Those of a round whom this is said of, at most one more than [`MOST`].
///
/// # Errors
/// [`FindError`].
pub async fn find(app: &App, round: &Round, asked: &Asked) -> Result<Vec<Found>, FindError> {
    find_within(app, round, asked, OPENED).await
}

/// The same, opening at most so many addresses.
///
/// # Errors
/// [`FindError`].
pub async fn find_within(
    app: &App,
    round: &Round,
    asked: &Asked,
    most: usize,
) -> Result<Vec<Found>, FindError> {
    match asked {
        Asked::Receipt(receipt) => by_receipt(app, round, receipt).await,
        Asked::Contact(contact) if round.roster.is_none() => match round.receipt(&contact.person_key()) {
            Some(receipt) => by_receipt(app, round, &receipt.to_string()).await,
            None => Ok(Vec::new()),
        },
        // Who is on a roster is not known by their address.
        Asked::Contact(contact) => {
            let address = contact.address.clone();
            by_contact(app, round, contact.channel, Arc::new(move |other| other == address), most).await
        }
        Asked::Tail(tail) => {
            let tail = tail.clone();
            by_contact(app, round, Channel::Sms, Arc::new(move |other| other.ends_with(&tail)), most).await
        }
        Asked::Member(known_by) => {
            let current = round.roster.as_ref().and_then(|used| used.current.as_ref());
            let Some((roster_id, _)) = current else { return Ok(Vec::new()) };
            let key = hex::encode(&member_key(&app.keys, known_by));
            let member = store::roster::find_member(app.db.read(), *roster_id, &key).await?;
            match member.and_then(|member| round.receipt(&key_in(round, &member))) {
                Some(receipt) => by_receipt(app, round, &receipt.to_string()).await,
                None => Ok(Vec::new()),
            }
        }
    }
}

async fn by_receipt(app: &App, round: &Round, receipt: &str) -> Result<Vec<Found>, FindError> {
    let entry = store::entry::find(app.db.read(), round.row.id, receipt).await?;
    Ok(entry.into_iter().map(|entry| Found { contact: open(app, &entry.person_sealed), entry }).collect())
}

/// Whether an address is the one that is looked for.
type IsIt = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Addresses are sealed, so that a stolen database tells none: each is opened and looked at, beside the requests. Not
/// even a keyed digest of four digits stands in the database: with the key there are ten thousand to try.
async fn by_contact(
    app: &App,
    round: &Round,
    channel: Channel,
    is: IsIt,
    most: usize,
) -> Result<Vec<Found>, FindError> {
    let _one = OPENING.lock().await;
    let (db, mut found, mut last, mut opened) = (app.db.read(), Vec::new(), String::new(), 0);
    loop {
        let page = store::entry::list_people_after(db, round.row.id, channel.key(), &last).await?;
        let Some((receipt, _)) = page.last() else { break };
        last = receipt.clone();
        opened += page.len();
        if opened > most {
            return Err(FindError::TooMany);
        }
        let (here, is) = (app.clone(), is.clone());
        let some = spawn_blocking(move || {
            let ours = page
                .into_iter()
                .filter(|(_, sealed)| open(&here, sealed).is_some_and(|one| is(&one.address)));
            ours.map(|(receipt, _)| receipt).collect::<Vec<_>>()
        });
        found.extend(some.await.map_err(|error| FindError::Failed(error.to_string()))?);
        if found.len() > MOST {
            found.truncate(MOST + 1);
            break;
        }
    }
    let mut entries: Vec<entry::Model> =
        store::entry::list(db, round.row.id, &found).await?.into_values().collect();
    entries.sort_by(|one, other| one.receipt.cmp(&other.receipt));
    Ok(entries.into_iter().map(|entry| Found { contact: open(app, &entry.person_sealed), entry }).collect())
}

fn open(app: &App, sealed: &str) -> Option<Contact> {
    app.keys.people().open::<Contact>(CONTACT, sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_says_what_is_meant() {
        let kind = |typed, name, born| Asked::read(typed, name, born).map(|asked| asked.key());
        assert_eq!(kind(" FAMX-6k54-dc9p-a7yz", "", ""), Some("receipt"));
        assert_eq!(kind("5678", "", ""), Some("tail"));
        assert_eq!(kind("010-1234-5678", "", ""), Some("address"));
        assert_eq!(kind("Minji@Example.org", "", ""), Some("address"));
        assert_eq!(kind("", "김민지", "1990-01-02"), Some("birth"));
        for (typed, name, born) in [("", "", ""), ("", "김민지", ""), ("", "", "1990-01-02"), ("567", "", "")]
        {
            assert_eq!(kind(typed, name, born), None, "{typed}{name}{born}");
        }
        // Nobody finds anybody by a number that nobody may keep.
        assert_eq!(kind("900102-2345678", "", ""), None);
    }
}
