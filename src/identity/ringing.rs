//! How often one address is sent codes: a stranger neither rings somebody's telephone all day nor uses up what its owner
//! needs.
//!
//! What counts is a code that nobody typed, for whoever types one has it in their hands and wanted it: ten sign-ins in a day
//! shut nobody out before their own minute. Of these one network has a part only, in an hour and in a day, so that one
//! stranger is never enough. What was typed counts against a second, wider limit. Without it whoever owns a number could
//! have texts sent to it for ever, each of them typed and none of them suspicious: some are paid for every text that arrives.

use chrono::{DateTime, TimeDelta, Utc};
use entities::code;
use sea_orm::{ConnectionTrait, DbErr};

use super::misuse::{DAY, hour};
use crate::{
    config::Codes,
    store::{self, code::list_untyped, counts},
};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// An address that is to be sent a code, and the network that asks for it; both as they are kept.
pub struct Ring<'a> {
    /// The address.
    pub address_key: &'a str,
    /// The network; empty where nobody knows.
    pub caller_key: &'a str,
}

impl Ring<'_> {
    /// Since when one more may be sent, if not now. Whoever sends to the same address waits in the caller's queue.
    ///
    /// # Errors
    /// What the database said.
    pub async fn full_until(
        &self,
        txn: &impl ConnectionTrait,
        codes: &Codes,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, DbErr> {
        let untyped = list_untyped(txn, self.address_key, now - HOUR).await?;
        let of_hour: Vec<_> = untyped.iter().map(|(at, _)| (*at, 1)).collect();
        let theirs = untyped.iter().filter(|(_, caller)| caller == self.caller_key);
        let theirs_of_hour: Vec<_> = theirs.map(|(at, _)| (*at, 1)).collect();
        let [sent, typed, theirs] = self.counted();
        let rows = counts::list_since(txn, &[&sent, &typed, &theirs], hour(now) - DAY).await?;
        let of_day = |what: &str| -> Vec<_> {
            rows.iter().filter(|row| row.what == what).map(|row| (row.from_at, row.count)).collect()
        };
        let per_day = codes.per_contact_per_day;
        let mut full = vec![
            full_until(&of_hour, codes.per_contact_per_hour, HOUR),
            full_until(&of_day(&sent), per_day, DAY),
            full_until(&of_day(&typed), codes.typed_per_contact_per_day, DAY),
        ];
        if !self.caller_key.is_empty() {
            full.push(full_until(&theirs_of_hour, codes.per_caller_per_contact, HOUR));
            full.push(full_until(&of_day(&theirs), (per_day / 2).max(1), DAY));
        }
        Ok(full.into_iter().flatten().max())
    }

    /// One was sent. Codes themselves are forgotten sooner than a day.
    ///
    /// # Errors
    /// What the database said.
    pub async fn count(&self, txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
        let [sent, _, theirs] = self.counted();
        counts::add(txn, &sent, hour(now), i64::MAX).await?;
        if !self.caller_key.is_empty() {
            counts::add(txn, &theirs, hour(now), i64::MAX).await?;
        }
        Ok(())
    }

    /// What is counted: codes to the address that nobody typed, those that somebody did, and of the former this network's.
    fn counted(&self) -> [String; 3] {
        let Self { address_key, caller_key } = self;
        [
            format!("codes to {address_key}"),
            format!("typed at {address_key}"),
            format!("codes to {address_key} from {caller_key}"),
        ]
    }
}

/// A code was typed: it does not count any more where those do that nobody types.
///
/// # Errors
/// What the database said.
pub async fn settle_typed(txn: &impl ConnectionTrait, code: &code::Model) -> Result<(), DbErr> {
    let ring = Ring { address_key: &code.address_key, caller_key: &code.caller_key };
    let [sent, typed, theirs] = ring.counted();
    store::lease::queue(txn, ring.address_key).await?;
    counts::take_back(txn, &[&sent, &theirs], hour(code.made_at)).await?;
    // What is left of a town that signs in is one row for each, as before.
    counts::remove_none(txn, &[&sent, &theirs], hour(code.made_at)).await?;
    counts::add(txn, &typed, hour(code.made_at), i64::MAX).await.map(drop)
}

/// Since when fewer than `most` count, if not now, where each counts for so long. They are given the oldest first.
fn full_until(counted: &[(DateTime<Utc>, i64)], most: u32, each: TimeDelta) -> Option<DateTime<Utc>> {
    let mut left: i64 = counted.iter().map(|(_, count)| count).sum();
    let mut until = None;
    for (at, count) in counted {
        if left < i64::from(most) {
            break;
        }
        left -= count;
        until = Some(*at + each);
    }
    until
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_until_enough_of_the_oldest_count_no_more() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let counted = [(at(0), 2), (at(10), 1), (at(20), 3)];
        let until = |most| full_until(&counted, most, HOUR);
        assert_eq!([until(7), until(6), until(5)], [None, Some(at(60)), Some(at(60))]);
        assert_eq!([until(4), until(3), until(1)], [Some(at(70)), Some(at(80)), Some(at(80))]);
        assert_eq!(full_until(&[], 1, HOUR), None);
    }
}
