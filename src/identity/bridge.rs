//! The city's own identity system. People are sent there with a nonce; it hands us what it found in a statement that it
//! signs, and is given a ticket, with which the browser comes back: nothing of anybody is in an address.
//!
//! Whoever was sent there by somebody else's nonce comes back with a ticket that is good in no browser: theirs does not
//! know the nonce, and the other's does not have the ticket.

use chrono::{DateTime, TimeDelta, Utc};
use entities::statement;
use public_audit::hex;
use sea_orm::{ActiveValue::Set, DbErr};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::Url;

use super::{
    Door, Person, Refused,
    claims::{Claims, Rule},
};
use crate::{
    app::App,
    config::identity::Bridge as Config,
    secret::{open_statement, random_bytes},
    store::{spent, statement as kept},
};

/// So long one may take there.
const AWAY: TimeDelta = TimeDelta::minutes(15);
/// A statement is good for no longer than this, whatever it says.
const LONGEST: TimeDelta = TimeDelta::minutes(5);
/// Clocks differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(30);
/// What is sealed until the browser comes for it.
const PURPOSE: &str = "identity statement 1";

/// The city's own system.
pub struct Bridge<'a> {
    app: &'a App,
    config: &'a Config,
}

/// What one browser carries with it; in its sealed cookie until it comes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Carried {
    nonce: String,
    until: DateTime<Utc>,
}

/// What a statement says of itself; who it is about stands in its other claims.
#[derive(Deserialize)]
struct About {
    iss: String,
    aud: String,
    nonce: String,
    jti: String,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    claims: Claims,
}

/// Why a statement was not taken: words for the city's system.
#[derive(Debug, thiserror::Error)]
pub enum StatementRefused {
    /// Not signed by a key of ours to know, or not of this kind.
    #[error("signature")]
    Signature,
    /// From another issuer.
    #[error("issuer")]
    Issuer,
    /// For another deployment.
    #[error("audience")]
    Audience,
    /// Too early, too late, or good for longer than five minutes.
    #[error("time")]
    Time,
    /// Not the form of a nonce of ours; whether it is one shows when the browser comes back.
    #[error("nonce")]
    Nonce,
    /// Its `jti` was used before, or the nonce was.
    #[error("used")]
    Used,
    /// It does not say who it is, or says it by a resident registration number.
    #[error("person")]
    Person,
    /// What the database said.
    #[error("busy")]
    Database(#[from] DbErr),
}

impl<'a> Bridge<'a> {
    /// The door, if it is set up.
    pub fn of(app: &'a App) -> Option<Self> {
        let config = app.config.identity.bridge.as_ref()?;
        Some(Self { app, config })
    }

    /// Where a browser is to go, and what it must remember.
    ///
    /// # Errors
    /// [`Refused::Silent`]: its address cannot be read.
    pub fn ask(&self, lang: &str, now: DateTime<Utc>) -> Result<(String, Carried), Refused> {
        let nonce = hex::encode(&random_bytes::<32>());
        let mut url = Url::parse(&self.config.url).map_err(|_| Refused::Silent)?;
        url.query_pairs_mut().append_pair("nonce", &nonce).append_pair("lang", lang);
        Ok((url.into(), Carried { nonce, until: now + AWAY }))
    }

    /// Takes a statement, for the one browser that knows its nonce. Returns the ticket for it.
    ///
    /// # Errors
    /// [`StatementRefused`].
    pub async fn take(&self, token: &str, now: DateTime<Utc>) -> Result<String, StatementRefused> {
        let about: About = open_statement(&self.config.keys, token).ok_or(StatementRefused::Signature)?;
        if about.iss != self.config.issuer {
            return Err(StatementRefused::Issuer);
        }
        if about.aud != self.app.config.public_url {
            return Err(StatementRefused::Audience);
        }
        let at = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(StatementRefused::Time);
        let (from, until) = (at(about.iat)?, at(about.exp)?);
        if now + SKEW < from || until + SKEW <= now || until <= from || until - from > LONGEST {
            return Err(StatementRefused::Time);
        }
        if about.nonce.len() != 64 || !about.nonce.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(StatementRefused::Nonce);
        }
        let person = self.rule().person(&about.claims, &self.app.config);
        let person = person.map_err(|_| StatementRefused::Person)?;
        let jti = self.app.keys.digest("statement", &about.jti);
        let nonce = self.app.keys.digest("statement nonce", &about.nonce);
        if about.jti.is_empty()
            || !spent::take(&self.app.db, &jti, until + SKEW + SKEW).await?
            || !spent::take(&self.app.db, &nonce, now + AWAY).await?
        {
            return Err(StatementRefused::Used);
        }
        let ticket = hex::encode(&random_bytes::<32>());
        let row = statement::ActiveModel {
            ticket_key: Set(self.ticket_key(&ticket)),
            person_sealed: Set(self.app.keys.people().seal(PURPOSE, &(about.nonce, person))),
            // The browser is on its way back.
            until_at: Set(now + LONGEST),
        };
        kept::keep(&self.app.db, row).await?;
        Ok(ticket)
    }

    fn ticket_key(&self, ticket: &str) -> String {
        self.app.keys.digest("statement ticket", ticket)
    }

    fn rule(&self) -> Rule<'_> {
        let Config { issuer, claim, vouches_for_names, .. } = self.config;
        Rule { issuer, claim, vouches_for_names: *vouches_for_names }
    }
}

impl Door for Bridge<'_> {
    type Evidence = (Carried, String);

    async fn admit(&self, (left, ticket): Self::Evidence, now: DateTime<Utc>) -> Result<Person, Refused> {
        let sealed = kept::give(&self.app.db, &self.ticket_key(&ticket), now).await?.ok_or(Refused::Spent)?;
        let said: Option<(String, Person)> = self.app.keys.people().open(PURPOSE, &sealed);
        let (nonce, person) = said.ok_or(Refused::Unproven("a statement that cannot be read"))?;
        let own = bool::from(left.nonce.as_bytes().ct_eq(nonce.as_bytes()));
        if own && now < left.until { Ok(person) } else { Err(Refused::Spent) }
    }
}
