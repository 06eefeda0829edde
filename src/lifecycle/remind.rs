//! Reminders: the evening before one's minute, shortly before it, and some hours after it if the clerk wants that. Planned a day and half an hour ahead, from
//! the starts as they are then, so that each of them inherits the evenness of the starts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{assignment, notice};
use sea_orm::DbErr;

use super::results::Joined;
use crate::{
    app::{App, Round},
    domain::{
        reminding::{Kind, version},
        standing,
        status::Turn,
    },
    store::{
        self, entry,
        fact::KEPT,
        notice::{LETTER, planned},
    },
};

/// Starts in one step, so that a step stays short at any size.
const STEP: TimeDelta = TimeDelta::minutes(20);
/// Steps of one tick.
const STEPS: usize = 6;

/// Plans what is due to be planned for a round. Any instance may, any number of times: nobody is reminded twice.
///
/// # Errors
/// What the database said.
pub async fn plan(app: &App, round: &Round, now: DateTime<Utc>) -> Result<usize, DbErr> {
    if round.row.voided_at.is_some() || !round.is_published(now) {
        return Ok(0);
    }
    let mut planned = 0;
    let open_after = round.row.still_open_minutes.map(|minutes| TimeDelta::minutes(minutes.into()));
    for kind in Kind::all(open_after) {
        let last = round.row.ends_at.min(kind.horizon(now));
        for _ in 0..STEPS {
            let begun = store::reminded::find(app.db.read(), round.row.id, &progress(round, kind)).await?;
            let from = begun.unwrap_or(round.serves_at() - TimeDelta::seconds(1)).max(kind.begins(now));
            if from >= last {
                break;
            }
            let until = last.min(from + STEP);
            planned += step(app, round, kind, (from, until), now).await?;
        }
    }
    Ok(planned)
}

/// What is kept of how far reminders are planned. It begins anew with every offer and shift: they give starts in
/// time that was gone through before, and what was planned then is not planned twice.
fn progress(round: &Round, kind: Kind) -> String {
    match (round.offers.len(), round.shifts.len()) {
        (0, 0) => kind.key().to_owned(),
        (offers, shifts) => format!("{} {offers} {shifts}", kind.key()),
    }
}

async fn step(
    app: &App,
    round: &Round,
    kind: Kind,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let (db, round_id) = (app.db.read(), round.row.id);
    let starts = starting(app, round, from, until).await?;
    let receipts: Vec<String> = starts.keys().cloned().collect();
    let joined = match round.who.is_shared() {
        true => entry::list_joined_to(db, round_id, &receipts).await?,
        false => Joined::new(),
    };
    let channels = entry::list_hearers(db, round_id, &receipts).await?;
    let mut notices: Vec<notice::ActiveModel> = Vec::new();
    for (receipt, turn) in &starts {
        let entrant = channels.get(receipt).map(|(channel, _)| (receipt, channel));
        let members = joined.get(receipt).into_iter().flatten().map(|(member, channel)| (member, channel));
        // Nobody prints a reminder.
        let told = entrant.into_iter().chain(members).filter(|(_, channel)| channel.as_str() != LETTER);
        notices.extend(told.filter_map(|(who, channel)| reminder(round_id, kind, who, *turn, channel, now)));
    }
    let count = notices.len();
    let txn = app.db.begin().await?;
    store::notice::insert_all(&txn, notices.into_iter()).await?;
    store::reminded::set(&txn, round_id, &progress(round, kind), until).await?;
    txn.commit().await?;
    Ok(count)
}

/// Who begins after one instant and not after another, as places are now, with every offer and shift; but for those
/// who bought, gave their place back or are found ineligible.
async fn starting(
    app: &App,
    round: &Round,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<BTreeMap<String, Turn>, DbErr> {
    let (db, round_id, shifts) = (app.db.read(), round.row.id, round.shifts.as_slice());
    let after = standing::drawn_by(from, shifts);
    let drawn =
        store::assignment::list_starting(db, round_id, after, standing::drawn_by(until, shifts)).await?;
    let mut drawn: BTreeMap<String, assignment::Model> =
        drawn.into_iter().map(|place| (place.receipt.clone(), place)).collect();
    // An offer's starts have only the shifts since it in them: some that turn out to begin later are read as well.
    let moved = match round.offers.is_empty() {
        true => Vec::new(),
        false => store::offer::list_starting(db, round_id, after, until).await?,
    };
    drawn.extend(store::assignment::list_many(db, round_id, &moved).await?);
    let receipts: Vec<String> = drawn.keys().cloned().collect();
    let moves = store::offer::list_all_moves(db, round_id, Some(&receipts)).await?;
    let bought = store::bought::list(db, round_id, &receipts).await?;
    let facts = store::fact::list(db, round_id, Some(&receipts)).await?;
    let gone = |receipt: &str| {
        bought.contains_key(receipt) || facts.get(receipt).is_some_and(|fact| fact.kind != KEPT)
    };
    let start = |(receipt, place): (String, assignment::Model)| {
        let steps = store::offer::steps(&place, moves.get(&receipt).map_or(&[][..], Vec::as_slice));
        let turn = round.standing(&steps).place()?.turn;
        (from < turn.starts_at && turn.starts_at <= until && !gone(&receipt)).then_some((receipt, turn))
    };
    Ok(drawn.into_iter().filter_map(start).collect())
}

/// The reminder of one start, unless there is no point in it: the start is near or past, or the evening is, or the
/// place is held for less than another hour.
fn reminder(
    round_id: i64,
    kind: Kind,
    receipt: &str,
    turn: Turn,
    channel: &str,
    now: DateTime<Utc>,
) -> Option<notice::ActiveModel> {
    let at = kind.at(turn.starts_at);
    let pointless = match kind {
        Kind::Eve | Kind::Soon => turn.starts_at,
        Kind::Open(_) => turn.until - TimeDelta::hours(1),
    };
    if pointless <= now || at >= pointless || (kind == Kind::Eve && at < now - TimeDelta::minutes(5)) {
        return None;
    }
    Some(planned(round_id, receipt, kind.key(), version(turn.starts_at), channel, at, pointless - at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kst(hour: i64, minute: i64) -> DateTime<Utc> {
        // Midnight in Seoul of some day.
        DateTime::UNIX_EPOCH
            + TimeDelta::days(20_000)
            + TimeDelta::hours(hour - 9)
            + TimeDelta::minutes(minute)
    }

    #[test]
    fn the_second_reminder_names_another_start() {
        let turn = |starts_at| Turn { starts_at, until: starts_at + TimeDelta::hours(6) };
        let made = |start, now| reminder(1, Kind::Soon, "aaaa", turn(start), "sms", now).is_some();
        let open = |hours, now| {
            let kind = Kind::Open(TimeDelta::hours(hours));
            reminder(1, kind, "aaaa", turn(kst(10, 0)), "sms", now).is_some()
        };
        assert!(open(3, kst(12, 40)) && !open(5, kst(14, 40)), "less than an hour is left");
        assert!(made(kst(10, 0), kst(9, 40)));
        assert!(!made(kst(10, 0), kst(10, 0)), "its time has come");
        assert!(!made(kst(8, 0), kst(7, 40)), "nobody is woken");
        assert_ne!(version(kst(10, 0)), version(kst(10, 1)));
    }
}
