//! Telling people what became of their places: those whose time comes first hear first, as many in a minute as
//! when results are told, each until their own place ends.

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use public_audit::{Digest, Receipt, lot::Urn};
use sea_orm::ConnectionTrait;

use crate::{
    app::Round,
    lifecycle::{
        LifecycleError, refused,
        results::{Joined, people_of},
        telling::{Hearer, minutes_of, planned_over},
    },
    store::entry,
};

/// What one entry is told.
#[derive(Clone, Debug)]
pub struct Item {
    /// Whom: the entry, or somebody who is in it.
    pub receipt: String,
    /// The notice's reason and version.
    pub what: (&'static str, i64),
    /// When the time it is about begins; those without one hear among the others.
    pub starts_at: Option<DateTime<Utc>>,
    /// From when on it would be pointless.
    pub pointless: DateTime<Utc>,
}

impl Item {
    /// The same for everybody who is in the entry.
    pub fn for_all(self, joined: &Joined) -> Vec<Self> {
        let people = people_of(joined, &self.receipt).into_iter();
        people.map(|receipt| Self { receipt, ..self.clone() }).collect()
    }
}

/// The notices, spread from `now` on.
pub async fn notices(
    db: &impl ConnectionTrait,
    round: &Round,
    seed: &Digest,
    items: Vec<Item>,
    now: DateTime<Utc>,
) -> Result<Vec<notice::ActiveModel>, LifecycleError> {
    let receipts: Vec<String> = items.iter().map(|item| item.receipt.clone()).collect();
    let known = entry::list_hearers(db, round.row.id, &receipts).await?;
    let urn = Urn::new(seed);
    let mut hearers = Vec::with_capacity(items.len());
    for item in in_order_of_hearing(items) {
        let Some((channel, weight)) = known.get(&item.receipt) else { continue };
        let receipt: Receipt = item.receipt.parse().map_err(refused)?;
        let (_, jitter) = urn.lot_and_jitter(&receipt, u32::try_from(*weight).map_err(refused)?);
        hearers.push(Hearer {
            receipt: item.receipt,
            channel: channel.clone(),
            what: item.what,
            jitter: TimeDelta::seconds(i64::from(jitter)),
            pointless: item.pointless,
        });
    }
    let minutes = minutes_of(round, hearers.len(), now);
    let count = hearers.len();
    Ok(planned_over(round.row.id, count, hearers.into_iter().map(Some), minutes).collect())
}

/// By start, and those without one dealt evenly among them.
fn in_order_of_hearing(items: Vec<Item>) -> impl Iterator<Item = Item> {
    let all = items.len();
    let (mut timed, rest): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|item| item.starts_at.is_some());
    timed.sort_by_key(|item| item.starts_at);
    let others = rest.len();
    let (mut timed, mut rest) = (timed.into_iter(), rest.into_iter());
    (0..all).filter_map(move |place| {
        let other = (place + 1) * others / all > place * others / all;
        if other { rest.next() } else { timed.next() }
    })
}
