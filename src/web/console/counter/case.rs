//! Who stands at the counter right now, kept in the clerk's own browser: sealed, for this clerk alone, and gone with
//! the next person. Of somebody who goes away in the middle nothing is ever stored.

use axum::http::HeaderMap;
use entities::entry;
use serde::{Deserialize, Serialize};

use super::super::desk::{Desk, cookie_of, with_cookie};
use crate::{
    app::{App, Round},
    domain::{contact::Contact, counter::Helper, who::helped::Helped},
    identity::{Listed, Person, person_key},
    web::{answer::Answer, pages::mine::MyEntry},
};

const PURPOSE: &str = "counter 1";
const COOKIE: &str = "counter";

/// What the browser of a counter remembers.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Whose browser it is.
    pub clerk: i64,
    /// Of which round.
    pub slug: String,
    /// Whoever is being entered.
    pub case: Option<Case>,
    /// Whose slip is shown.
    pub shown: Option<Shown>,
    /// The entry that the next person comes into.
    pub with: Option<String>,
    /// The paper form that was entered last, and its receipt.
    pub paper: Option<(String, String)>,
    /// The receipt that was found, alone, by what a counter has noted of its owner, or by the name on their papers.
    #[serde(default)]
    pub found: Vec<String>,
}

/// Answers that were given and not yet sent off.
#[derive(Clone, Serialize, Deserialize)]
pub struct Case {
    /// Who, as the clerk has read it on their papers.
    pub person: Helped,
    /// Where they are told things; `None`: on paper.
    pub contact: Option<Contact>,
    /// In which language.
    pub lang: String,
    /// What the roster says of them.
    pub listed: Option<Listed>,
    /// Cohort and reserve fields, as an entry keeps them.
    pub fields: String,
    /// Won for each person.
    pub want: u64,
    /// As in the pool line.
    pub wish: String,
    /// Earlier misses are to be remembered and counted.
    pub remember: bool,
    /// Who came for them.
    pub helper: Option<Helper>,
    /// The number of the paper form; empty without one.
    pub paper: String,
    /// The entry of others that they come into.
    pub with: Option<String>,
    /// SHA-256 of what was read out.
    pub consent_digest: String,
}

/// Whose slip is shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct Shown {
    /// Their own receipt, also in the entry of others.
    pub receipt: String,
    /// What was acknowledged a moment ago, until it is folded.
    pub entry: Option<MyEntry>,
    /// Whether it was.
    pub fresh: bool,
    /// Whether more than a receipt has shown that it is theirs: receipts are public.
    #[serde(default)]
    pub shown: bool,
    /// Whether that was a code, typed here.
    #[serde(default)]
    pub by_code: bool,
    /// The code that was sent to where they are told things, until it is typed.
    #[serde(default)]
    pub code: Option<SentCode>,
    /// What the page had shown whose button entered them: pressed twice, it leads here.
    #[serde(default)]
    pub of: String,
}

/// A code on its way.
#[derive(Clone, Serialize, Deserialize)]
pub struct SentCode {
    /// Its row.
    pub id: String,
    /// How many digits it has.
    pub digits: u8,
    /// Where it went.
    pub contact: Contact,
}

impl Shown {
    /// A slip of somebody, and whether it is shown to be theirs who stand there.
    pub fn of(receipt: String, shown: bool) -> Self {
        Self { receipt, entry: None, fresh: false, shown, by_code: false, code: None, of: String::new() }
    }
}

impl Case {
    /// What the clerk's check found.
    pub fn checked(&self) -> Person {
        Person::by_papers(&self.person, self.contact.clone())
    }

    /// The receipt in a round; `None` once it is erased.
    pub fn receipt(&self, round: &Round) -> Option<String> {
        let person = self.checked();
        let key = person_key(round, self.listed.as_ref(), person.key());
        round.receipt(key).map(|receipt| receipt.to_string())
    }

    /// What a page shows of it, and of their entry if there is one: with this the button of that page says what it enters.
    pub fn seen(&self, app: &App, entry: Option<&entry::Model>) -> String {
        self.seen_at(app, entry.map_or(0, |entry| entry.version))
    }

    /// The same, when the entry was told something for the so manyth time.
    pub fn seen_at(&self, app: &App, version: i32) -> String {
        let case = serde_json::to_string(self).unwrap_or_default();
        app.keys.digest("counter case", &format!("{version}:{case}"))
    }

    /// The last digits of the phone.
    pub fn tail(&self) -> String {
        let phone =
            self.contact.as_ref().filter(|contact| contact.channel == crate::domain::contact::Channel::Sms);
        phone.map(|phone| crate::domain::counter::tail(&phone.address)).unwrap_or_default()
    }
}

impl Kept {
    /// What this browser remembers of this round; nothing of what another clerk or another round left.
    pub fn of(desk: &Desk, headers: &HeaderMap, round: &Round) -> Self {
        let app = &desk.visit.app;
        let sealed = cookie_of(app, headers, COOKIE);
        let kept: Option<Self> = sealed.and_then(|sealed| app.keys.cookies().open(PURPOSE, &sealed));
        let mine = |kept: &Self| kept.clerk == desk.signed.person.id && kept.slug == round.row.slug;
        kept.filter(mine).unwrap_or_else(|| Self::new(desk, round))
    }

    /// Nobody.
    pub fn new(desk: &Desk, round: &Round) -> Self {
        Self { clerk: desk.signed.person.id, slug: round.row.slug.clone(), ..Self::default() }
    }

    /// Whether whoever stands there has typed a code that shows that this entry is theirs.
    pub fn is_proven(&self, receipt: Option<&str>) -> bool {
        let of = |shown: &Shown| shown.shown && shown.by_code && receipt == Some(shown.receipt.as_str());
        self.shown.as_ref().is_some_and(of)
    }

    /// Gives it to the browser with an answer.
    pub fn with(&self, desk: &Desk, answer: Answer) -> Answer {
        let app = &desk.visit.app;
        with_cookie(app, answer, COOKIE, &app.keys.cookies().seal(PURPOSE, self), None)
    }
}
