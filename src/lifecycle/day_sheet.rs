//! The list of a day for a counter without network, signed.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use entities::{assignment, day_sheet};
use public_audit::Digest;
use sea_orm::{ActiveValue::Set, DbErr};

use super::{LifecycleError, refused, seal};
use crate::{
    app::{App, Round, instant},
    domain::{roster::birth, standing},
    store::{self, access::Access, fact::KEPT},
};

/// Somebody's time on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Their receipt.
    pub receipt: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Won.
    pub amount: u64,
}

/// Who makes a list, ticks on it or confirms what was ticked, and why.
pub struct Maker<'a> {
    /// Who of the staff.
    pub clerk_id: i64,
    /// From which address.
    pub address: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// A list of everybody whose time begins on a day; `only` those with this `field=value`. Returns its number.
///
/// # Errors
/// [`LifecycleError`].
pub async fn make(
    app: &App,
    round: &Round,
    day: NaiveDate,
    only: &str,
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<i64, LifecycleError> {
    let lines = text(&list(app, round, day, only).await?);
    let digest = Digest::of(&lines);
    let note = format!(
        "jebi-day-sheet-1\n{}\n{}\n{}\nmade {}\nentries {}\nsha256 {digest}\n",
        round.row.slug,
        birth::text(day),
        if only.is_empty() { "all" } else { only },
        instant(now),
        lines.lines().count(),
    );
    let note = seal::signer(app, &round.rules)?.sign(&note).map_err(refused)?;
    let about = format!("day sheet {} {}", round.row.slug, birth::text(day));
    let txn = app.db.begin().await?;
    let id = store::day_sheet::insert(
        &txn,
        day_sheet::ActiveModel {
            round_id: Set(round.row.id),
            day: Set(birth::text(day)),
            only: Set(only.to_owned()),
            made_at: Set(now),
            clerk_id: Set(maker.clerk_id),
            reason: Set(maker.reason.to_owned()),
            lines: Set(lines),
            digest: Set(digest.to_string()),
            note: Set(note),
            settled_at: Set(None),
            ..Default::default()
        },
    )
    .await?;
    let Maker { clerk_id, address, reason } = maker;
    let access = Access { clerk_id: Some(clerk_id), kind: "downloaded", about: &about, address, reason };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(id)
}

/// The days on which a time of this round begins, in order.
pub fn days(round: &Round) -> Vec<NaiveDate> {
    let drawn = round.rules.slots.iter().map(|slot| round.shifted(crate::app::utc(slot.starts_at)));
    let caught_up = round.rules.after.iter().flat_map(|after| &after.catch_up);
    let caught_up = caught_up.map(|slot| crate::app::utc(slot.starts_at));
    let mut days: Vec<NaiveDate> =
        drawn.chain(caught_up).map(|at| at.with_timezone(&Seoul).date_naive()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Everybody whose time begins on a day and who has not bought it or given it back, in the order of starts.
async fn list(app: &App, round: &Round, day: NaiveDate, only: &str) -> Result<Vec<Line>, DbErr> {
    let (db, round_id, shifts) = (app.db.read(), round.row.id, round.shifts.as_slice());
    let Some(begins) = day.and_hms_opt(0, 0, 0).and_then(|at| at.and_local_timezone(Seoul).single()) else {
        return Ok(Vec::new());
    };
    let from = begins.to_utc() - TimeDelta::seconds(1);
    let until = from + TimeDelta::days(1);
    let after = standing::drawn_by(from, shifts);
    let mut drawn =
        store::assignment::list_starting(db, round_id, after, standing::drawn_by(until, shifts)).await?;
    if !round.offers.is_empty() {
        let moved = store::offer::list_starting(db, round_id, after, until).await?;
        let known: std::collections::HashSet<&str> =
            drawn.iter().map(|place| place.receipt.as_str()).collect();
        let more: Vec<String> =
            moved.into_iter().filter(|receipt| !known.contains(receipt.as_str())).collect();
        drawn.extend(store::assignment::list_many(db, round_id, &more).await?.into_values());
    }
    let receipts: Vec<String> = drawn.iter().map(|place| place.receipt.clone()).collect();
    let moves = store::offer::list_all_moves(db, round_id, Some(&receipts)).await?;
    let bought = store::bought::list(db, round_id, &receipts).await?;
    let facts = store::fact::list(db, round_id, Some(&receipts)).await?;
    let entries = store::entry::list(db, round_id, &receipts).await?;
    let is_gone = |receipt: &str| {
        bought.contains_key(receipt) || facts.get(receipt).is_some_and(|fact| fact.kind != KEPT)
    };
    let is_wanted = |receipt: &str| {
        only.is_empty()
            || entries.get(receipt).is_some_and(|entry| entry.fields.split(' ').any(|pair| pair == only))
    };
    let line = |place: &assignment::Model| {
        let steps = store::offer::steps(place, moves.get(&place.receipt).map_or(&[][..], Vec::as_slice));
        let held = round.standing(&steps).place()?;
        let starts_at = held.turn.starts_at;
        let is_on = from < starts_at && starts_at <= until;
        let wanted = is_on && !is_gone(&place.receipt) && is_wanted(&place.receipt);
        wanted.then(|| Line { receipt: place.receipt.clone(), starts_at, amount: held.amount })
    };
    let mut lines: Vec<Line> = drawn.iter().filter_map(line).collect();
    lines.sort_unstable_by(|a, b| (a.starts_at, &a.receipt).cmp(&(b.starts_at, &b.receipt)));
    Ok(lines)
}

/// Lines as they are kept: `receipt start amount`.
pub(super) fn text(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{} {} {}", line.receipt, instant(line.starts_at), line.amount);
    }
    text
}

/// The lines of a list, as it was made.
pub fn read(lines: &str) -> Vec<Line> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let receipt = words.next()?.to_owned();
        let starts_at = DateTime::parse_from_rfc3339(words.next()?).ok()?.to_utc();
        Some(Line { receipt, starts_at, amount: words.next()?.parse().ok()? })
    };
    lines.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let starts_at = DateTime::from_timestamp(1_796_173_240, 0).unwrap();
        let lines = [Line { receipt: "famx-6k54-dc9p-a7yz".to_owned(), starts_at, amount: 250_000 }];
        assert_eq!(
            text(&lines),
            "famx-6k54-dc9p-a7yz 2026-12-02T00:20:40Z 250000\n"
                .replace("2026-12-02T00:20:40Z", &instant(starts_at).to_string())
        );
        assert_eq!(read(&text(&lines)), lines);
    }
}
