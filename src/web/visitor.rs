//! Who is looking, kept with themselves: a cookie that only we can read and write.
//!
//! A half-finished entry lives here, sealed, until it is acknowledged: it survives a phone call, a
//! restart and a change of instance, and of somebody who never finishes nothing is ever stored. It
//! proves an identity check; tries at that check are counted in the database, where a copied
//! cookie cannot undo them.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Round},
    domain::contact::Contact,
    identity::{Asked, Carried, Listed, Person, person_key},
    secret::random_id,
};

/// How long an identity check holds, and for how much longer each time somebody asks for it.
const PROOF: TimeDelta = TimeDelta::hours(2);
/// How long it can hold in all: ten times more, and then somebody may have left the device.
const LONGEST: TimeDelta = TimeDelta::hours(22);
/// How long somebody's own page goes on answering what they looked up.
const ANSWERED: TimeDelta = TimeDelta::minutes(10);
/// Cookies are sealed for this purpose; a new layout gets a new one.
const PURPOSE: &str = "visitor 4";

/// A visitor, as their cookie says. Its names are short because it is sent with every request, sealed and opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visitor {
    /// Random: what form tokens are bound to.
    #[serde(rename = "i")]
    pub id: String,
    /// A one-time code is on its way.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// They are at a door that is elsewhere.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Away>,
    /// The identity check that was passed.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub proven: Option<Proven>,
    /// Answers given and not yet sent off.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// What was acknowledged last: shown until the database has folded it.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// Until when the identity check was asked to hold.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub stays_until: Option<DateTime<Utc>>,
    /// What they looked up last.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub looked_up: Option<LookedUp>,
}

/// What somebody looked up. The form that asks leads to a page that answers; between the two it stands in no address, where
/// logs and the next reader would find it, and in no memory of ours, but with themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LookedUp {
    /// The page that answers.
    #[serde(rename = "p")]
    pub page: String,
    /// What was typed.
    #[serde(rename = "t")]
    pub typed: String,
    /// Until when it is answered.
    #[serde(rename = "u")]
    pub until: DateTime<Utc>,
}

/// A one-time code on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    /// For which round.
    #[serde(default)]
    pub slug: String,
    /// Its row.
    pub code_id: String,
    /// Where it was sent.
    pub contact: Contact,
    /// What the visitor wants to do then: `enter` or `my`.
    pub purpose: String,
    /// How many digits it has.
    pub digits: u8,
    /// Whether it was asked for a second time.
    pub again: bool,
    /// The digest of what was agreed to with it; empty where nothing was asked.
    pub consent_digest: String,
    /// Whether it only shows where somebody is told things, whom another door has let in.
    pub adds: bool,
    /// Until when it is good.
    #[serde(default)]
    pub until: DateTime<Utc>,
    /// How many tries are left, as was said last.
    #[serde(default)]
    pub left: u64,
}

/// Somebody who is at a door that is elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Away {
    /// Which, and what they must come back with.
    pub place: Place,
    /// Where they are sent.
    #[serde(default)]
    pub href: String,
    /// The round they come for; empty for staff.
    pub slug: String,
    /// What they want to do then.
    pub purpose: String,
    /// The digest of what they agreed to before they left; empty where nothing was asked.
    pub consent_digest: String,
}

/// A door that is elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Place {
    /// The identity provider of residents.
    Oidc(Asked),
    /// The city's own system.
    Bridge(Carried),
    /// The identity provider of staff.
    Staff(Asked),
}

/// A passed identity check.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proven {
    /// Who.
    #[serde(rename = "p")]
    pub person: Person,
    /// When.
    #[serde(rename = "a")]
    pub at: DateTime<Utc>,
    /// What was agreed to; looking at one's entry needs nothing.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub consented: Option<Consented>,
    /// What the roster of a round says of the person, if it was asked.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<Listed>,
}

/// What somebody agreed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Consented {
    /// For which round.
    #[serde(rename = "s")]
    pub slug: String,
    /// The digest of the words.
    #[serde(rename = "d")]
    pub digest: String,
}

impl Proven {
    /// What the roster of a round says of the person.
    pub fn listed(&self, round: &Round) -> Option<&Listed> {
        self.listed.as_ref().filter(|listed| listed.slug == round.row.slug)
    }

    /// The digest of what was agreed to for a round, if it was.
    pub fn consented(&self, slug: &str) -> Option<&str> {
        self.consented
            .as_ref()
            .filter(|consented| consented.slug == slug)
            .map(|consented| consented.digest.as_str())
    }

    /// What the receipt in a round comes from: the same for everybody who shares one entry there.
    pub fn person_key(&self, round: &Round) -> &str {
        person_key(round, self.listed(round), self.person.key())
    }
}

/// Answers given so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Of which round.
    #[serde(rename = "s")]
    pub slug: String,
    /// Whose: the next person at this device does not send them off.
    #[serde(rename = "b")]
    pub by: String,
    /// Cohort and reserve fields, as an entry keeps them.
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub fields: String,
    /// Won for each person; `None` until it is answered.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub want: Option<u64>,
    /// As in the pool line.
    #[serde(rename = "p")]
    pub wish: String,
    /// Lots.
    #[serde(rename = "x")]
    pub weight: u32,
    /// How often they drew in vain lately, which gives the lots.
    #[serde(rename = "m")]
    pub misses: u32,
    /// Under which pseudonym a miss is to be remembered; empty for none.
    #[serde(rename = "k", default, skip_serializing_if = "String::is_empty")]
    pub miss_key: String,
}

impl Draft {
    /// Nothing answered yet.
    pub fn new(slug: String, by: String) -> Self {
        let (fields, wish, miss_key) = (String::new(), "any".to_owned(), String::new());
        Self { slug, by, fields, want: None, wish, weight: 1, misses: 0, miss_key }
    }
}

/// What was acknowledged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// In which round.
    #[serde(rename = "s")]
    pub slug: String,
    /// Of which entry.
    #[serde(rename = "r")]
    pub receipt: String,
    /// When it counts from.
    #[serde(rename = "a")]
    pub at: DateTime<Utc>,
    /// What was asked for: won in all, and the wish as in the pool line.
    #[serde(rename = "w")]
    pub want: u64,
    /// See `want`.
    #[serde(rename = "p")]
    pub wish: String,
    /// Cohort and reserve fields, as an entry keeps them.
    #[serde(rename = "f", default, skip_serializing_if = "String::is_empty")]
    pub fields: String,
    /// People.
    #[serde(rename = "n")]
    pub seats: u32,
    /// Lots.
    #[serde(rename = "x")]
    pub weight: u32,
    /// Under which pseudonym a miss is remembered; empty for none.
    #[serde(rename = "m", default, skip_serializing_if = "String::is_empty")]
    pub miss_key: String,
    /// The receipt of the entry that the person is a member of, if it is another's.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Whether it was a withdrawal.
    #[serde(rename = "o", default, skip_serializing_if = "is_not")]
    pub withdrawn: bool,
    /// Not shown yet: the next page says that it was recorded.
    #[serde(rename = "h", default, skip_serializing_if = "is_not")]
    pub fresh: bool,
}

impl Visitor {
    /// Somebody new, with an id of their own.
    #[allow(clippy::new_without_default, reason = "two new visitors differ; defaults do not")]
    pub fn new() -> Self {
        let (pending, away, proven, draft, kept) = (None, None, None, None, None);
        Self { id: random_id(), pending, away, proven, draft, kept, stays_until: None, looked_up: None }
    }

    /// The visitor of a request; `None` without our cookie, or with one that is not ours any more.
    pub fn of(app: &App, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Self> {
        let mut visitor: Self = app.keys.cookies().open(PURPOSE, cookie(headers, name(app))?)?;
        if visitor.known_until().is_none_or(|until| now >= until) {
            visitor.proven = None;
        }
        visitor.looked_up = visitor.looked_up.filter(|looked_up| now < looked_up.until);
        Some(visitor)
    }

    /// Until when the identity check that was passed holds.
    pub fn known_until(&self) -> Option<DateTime<Utc>> {
        let at = self.proven.as_ref()?.at;
        let until = self.stays_until.unwrap_or(at).max(at + PROOF);
        Some(until.min(at + LONGEST))
    }

    /// Looks something up on a page; nothing typed is nothing looked up.
    pub fn look_up(&mut self, page: &str, typed: String, now: DateTime<Utc>) {
        let until = now + ANSWERED;
        self.looked_up = (!typed.is_empty()).then(|| LookedUp { page: page.to_owned(), typed, until });
    }

    /// What was looked up on this page.
    pub fn looked_up(&self, page: &str) -> Option<&str> {
        self.looked_up
            .as_ref()
            .filter(|looked_up| looked_up.page == page)
            .map(|looked_up| looked_up.typed.as_str())
    }

    /// Lets it hold for longer.
    pub fn stay(&mut self, now: DateTime<Utc>) {
        self.stays_until = self.stays_until.max(Some(now + PROOF));
    }

    /// Lets it hold until then, for a page that waits for it. Whether that is news.
    pub fn wait(&mut self, until: DateTime<Utc>) -> bool {
        let longer = self.known_until().is_some_and(|known| known < until);
        if longer {
            self.stays_until = Some(until);
        }
        longer
    }

    /// The header that gives the visitor their cookie back. `Lax`: it is sent when they come from
    /// a bookmark, never with a form of another site.
    pub fn header(&self, app: &App) -> Option<HeaderValue> {
        let mut text = String::with_capacity(USUAL);
        text.push_str(name(app));
        text.push('=');
        app.keys.cookies().seal_onto(&mut text, PURPOSE, self);
        text.push_str("; HttpOnly; SameSite=Lax");
        text.push_str(if app.config.is_https() { "; Secure; Path=/" } else { "; Path=/" });
        HeaderValue::try_from(text).ok()
    }
}

/// Most cookies are shorter.
const USUAL: usize = 1_024;

fn is_not(yes: &bool) -> bool {
    !yes
}

/// With TLS the browser itself holds the cookie to this one host.
fn name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-jebi" } else { "jebi" }
}

/// The value of the first cookie of this name in a request.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(named, _)| named.trim() == name).map(|(_, value)| value.trim())
}
