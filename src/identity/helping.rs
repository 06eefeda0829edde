//! People whom another enters by name and birth date: neighbours know these too. Whoever enters somebody is told whether
//! that person is in another entry, since a family has to know; so tries are counted, and what is told is told seldom.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    helped_key,
    misuse::{DAY, hour, is_flood, trickles},
    network::caller_key,
};
use crate::{
    app::{App, Round},
    domain::who::helped::Helped,
    lifecycle::{helped, together::Refused},
    store::{counts, member},
};

/// So often in 24 hours somebody reads that a person cannot be entered; then nobody more is looked for until the next day.
const REFUSED: i64 = 5;

/// Whoever enters others, and from where.
pub struct Tries<'a> {
    /// The service.
    pub app: &'a App,
    /// The round.
    pub round: &'a Round,
    /// The receipt of their entry.
    pub receipt: &'a str,
    /// The address they ask from; empty where nobody knows.
    pub caller: &'a str,
}

impl Tries<'_> {
    /// Enters somebody, if there may be a try.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn add(&self, person: &Helped, now: DateTime<Utc>) -> Result<(), Refused> {
        self.may(now).await?;
        let key = helped_key(self.app, self.round, person).await?;
        let done = helped::help(self.app, self.round, self.receipt, person, key.as_deref()).await;
        let what = match done {
            Ok(_) => helped_from,
            Err(Refused::Elsewhere) => refused_from,
            Err(other) => return Err(other),
        };
        let txn = self.app.db.begin().await?;
        let network = caller_key(self.app, self.caller);
        if !network.is_empty() {
            counts::add(&txn, &what(&network), hour(now), i64::MAX).await?;
        }
        if done.is_err() {
            counts::add(&txn, &self.refused(), hour(now), i64::MAX).await?;
        }
        txn.commit().await?;
        done.map(drop)
    }

    /// Takes somebody out again, if there may be a try: in and out again is how one would look. Whoever may look for nobody
    /// more still puts right whom they entered by mistake.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn remove(&self, person: &str, now: DateTime<Utc>) -> Result<(), Refused> {
        let txn = self.app.db.begin().await?;
        let may = member::count_try(&txn, self.round.row.id, self.receipt, now).await?;
        txn.commit().await?;
        if !may {
            return Err(Refused::TooMany);
        }
        helped::unhelp(self.app, self.round, self.receipt, person).await.map(drop)
    }

    /// Counts a try before it is looked at: many at once are still many.
    async fn may(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        let txn = self.app.db.begin().await?;
        let may = member::count_try(&txn, self.round.row.id, self.receipt, now).await?
            && counts::count_since(&txn, &self.refused(), hour(now) - DAY).await? < REFUSED
            && self.may_network(&txn, now).await?;
        txn.commit().await?;
        if may { Ok(()) } else { Err(Refused::TooMany) }
    }

    /// A network from which more people are refused than entered has a few tries a minute, as with codes.
    async fn may_network(&self, txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
        let network = caller_key(self.app, self.caller);
        if network.is_empty() {
            return Ok(true);
        }
        let (refused, helped) = (refused_from(&network), helped_from(&network));
        let counted = counts::list(txn, &[&refused, &helped], hour(now)).await?;
        let [refused, helped] = [refused, helped].map(|what| counted.get(&what).copied().unwrap_or(0));
        if !is_flood(refused, helped, self.app.config.codes.untyped_per_caller) {
            return Ok(true);
        }
        trickles(txn, &format!("helping {network}"), now).await
    }

    fn refused(&self) -> String {
        let who = format!("{}:{}", self.round.row.id, self.receipt);
        format!("helped refused {}", self.app.keys.digest("helped refused", &who))
    }
}

fn refused_from(network: &str) -> String {
    format!("helped refused from {network}")
}

fn helped_from(network: &str) -> String {
    format!("helped from {network}")
}
