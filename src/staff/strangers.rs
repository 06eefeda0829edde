//! Tries to sign in under names that nobody has. Each is a line of the access log, up to so many an hour: a stranger
//! who makes up names must not be able to fill it. What is beyond is counted, and said when the hour is over. A refused try
//! under a name that somebody has always is a line, and asks the database as much: what it costs tells no names.

use std::net::IpAddr;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entities::slowdown;
use sea_orm::{ConnectionTrait, DbErr};

use crate::store::{self, access::Access, lease};

/// Lines of an hour: about one network, and about all.
const OF_ONE: i32 = 10;
const OF_ALL: i32 = 500;
/// Begins the name of what counts the rest.
const REST: &str = "strangers rest ";

/// Notes a refused try: as a line, or, under a name that nobody has, as one more of those that have none.
///
/// # Errors
/// What the database said.
pub(super) async fn note(
    txn: &impl ConnectionTrait,
    access: Access<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    lease::queue(txn, "strangers").await?;
    let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let whose = if access.clerk_id.is_some() { "staff" } else { "strangers" };
    let named = |what: &str| format!("{whose} {what} {}", hour.timestamp());
    let ends = hour + TimeDelta::hours(1);
    let of_one = count(txn, named(&network(access.address)), ends).await?;
    let of_all = count(txn, named("lines"), ends).await?;
    match access.clerk_id.is_some() || (of_one <= OF_ONE && of_all <= OF_ALL) {
        true => store::access::insert(txn, now, access).await,
        false => count(txn, format!("{REST}{}", hour.timestamp()), ends).await.map(drop),
    }
}

/// Says how many tries of past hours have no line of their own.
///
/// # Errors
/// What the database said.
pub(super) async fn settle(txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    for row in store::sign_in::list_slowdowns_over(txn, now).await? {
        if row.who_key.starts_with(REST) {
            let about = row.tries.to_string();
            let access = Access { kind: "refused_rest", about: &about, ..Access::default() };
            store::access::insert(txn, row.until_at, access).await?;
            store::sign_in::remove_slowdown(txn, &row.who_key).await?;
        }
    }
    Ok(())
}

async fn count(txn: &impl ConnectionTrait, who_key: String, until_at: DateTime<Utc>) -> Result<i32, DbErr> {
    // Not after its hour either: what was not said yet must not begin anew.
    let known = store::sign_in::find_slowdown(txn, &who_key, DateTime::UNIX_EPOCH).await?;
    let tries = known.map_or(0, |known| known.tries).saturating_add(1);
    let row = slowdown::Model { who_key, tries, next_at: until_at, until_at };
    store::sign_in::set_slowdown(txn, row).await?;
    Ok(tries)
}

/// Where somebody comes from: of the new addresses anybody has a whole network.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(six)) if six.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = six.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_new_addresses_is_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(
            (network("203.0.113.9").as_str(), network("::ffff:203.0.113.9").as_str()),
            ("203.0.113.9", "203.0.113.9")
        );
        assert_eq!(network("no address"), "-");
    }
}
