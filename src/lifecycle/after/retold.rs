//! Whoever's time changes reads the new one: in place of what they were still to be told, or as news of its own.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::notice;
use sea_orm::ConnectionTrait;

use super::{news::Item, shift::Concerned};
use crate::{domain::reminding::Kind, lifecycle::LifecycleError, store::notice as notices};

/// What has not been told yet is told with the new times, when it was to be told; returns whose that is.
pub(super) async fn replace_unsent(
    txn: &impl ConnectionTrait,
    round_id: i64,
    people: &[(String, &Concerned)],
    now: DateTime<Utc>,
) -> Result<HashMap<String, notice::Model>, LifecycleError> {
    let receipts: Vec<String> = people.iter().map(|(who, _)| who.clone()).collect();
    let reasons = ["result", "caught_up", "offered", "shifted"];
    let unsent = notices::list_unsent(txn, round_id, &receipts, &reasons).await?;
    notices::end_about(txn, round_id, &receipts, &reasons, now).await?;
    // Reminders are planned anew, of the new times: each is named by the start it is about, so that one whose start has not
    // moved would not be made a second time.
    let moved = people.iter().filter(|(_, one)| one.before.starts_at != one.then.starts_at);
    let moved: Vec<String> = moved.map(|(who, _)| who.clone()).collect();
    notices::end_about(txn, round_id, &moved, &Kind::KEYS, now).await?;
    let until: HashMap<&str, DateTime<Utc>> =
        people.iter().map(|(who, one)| (who.as_str(), one.then.until)).collect();
    let again = unsent.iter().filter(|notice| notice.reason != "shifted").map(|notice| {
        let send_at = notice.due_at.max(now);
        let pointless = until.get(notice.about.as_str()).copied().unwrap_or(notice.deadline_at);
        let (reason, version) = (notice.reason.as_str(), notice.version + 1);
        let left = pointless - send_at;
        notices::planned(round_id, &notice.about, reason, version, &notice.channel, send_at, left)
    });
    notices::insert_all(txn, again).await?;
    Ok(unsent.into_iter().map(|notice| (notice.about.clone(), notice)).collect())
}

/// Who is told that their time has changed: all who know another one, and whom it still helps.
pub(super) fn items(
    number: i64,
    people: &[(String, &Concerned)],
    unsent: &HashMap<String, notice::Model>,
    now: DateTime<Utc>,
) -> Vec<Item> {
    let tells = |(who, one): &&(String, &Concerned)| {
        let again = unsent.get(who).is_some_and(|notice| notice.reason != "shifted");
        !again && one.then.until > now
    };
    let item = |(who, one): &(String, &Concerned)| Item {
        receipt: who.clone(),
        what: ("shifted", number),
        starts_at: Some(one.then.starts_at),
        pointless: one.then.until,
    };
    people.iter().filter(tells).map(item).collect()
}
