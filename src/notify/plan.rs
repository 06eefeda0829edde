//! The planned rate is a promise, also when we are late: what was held up is planned anew, so many
//! a minute as the plan has at its busiest, and never sent at once.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::notice;
use sea_orm::DbErr;

use super::sending::{Claimed, LATER, postponed};
use crate::{
    app::App,
    domain::spread,
    store::{self, rate::minute},
};

/// The minute of a round that is being filled. Kept in the database: instances share it, and a
/// restart does not forget it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    /// Which minute.
    pub at: DateTime<Utc>,
    /// How many have it.
    pub taken: i64,
}

impl Filling {
    /// When a notice that was due at `due_at` may leave: now (`None`), or in a later minute, because
    /// `most` leave in each before. `is_promised` says that this was asked before and the present minute
    /// was the answer.
    pub fn later(
        &mut self,
        most: i64,
        due_at: DateTime<Utc>,
        is_promised: bool,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let present = minute(now);
        // In the quiet hours nobody is told anything: their first minute is in the morning.
        let first = minute(spread::awake(now));
        if is_promised && first == present {
            return None;
        }
        if self.at < first {
            *self = Self { at: first, taken: 0 };
        }
        if self.taken >= most.max(1) {
            *self = Self { at: spread::awake(self.at + TimeDelta::minutes(1)), taken: 0 };
        }
        self.taken += 1;
        // The second within the minute stays what it was.
        (self.at != present).then(|| self.at + (due_at - minute(due_at)))
    }
}

/// Those that may leave now; result notices above their round's planned rate are planned anew.
///
/// # Errors
/// What the database said; nothing that was claimed has left.
pub async fn within(app: &App, some: Vec<Claimed>, now: DateTime<Utc>) -> Result<Vec<Claimed>, DbErr> {
    let is_spread = |notice: &notice::Model| store::notice::SPREAD.contains(&notice.reason.as_str());
    let mut peaks = HashMap::new();
    for round in app.rounds.list().await? {
        let count = round.row.entrant_count.and_then(|count| usize::try_from(count).ok());
        if let Some((count, minutes)) = count.zip(usize::try_from(round.row.spread_minutes).ok()) {
            peaks.insert(round.row.id, (round.row.slug.clone(), spread::peak(count, minutes)));
        }
    }
    // When, and the minute that was promised.
    let mut replanned: HashMap<i64, (DateTime<Utc>, Option<DateTime<Utc>>)> = HashMap::new();
    let mut of_round: HashMap<i64, Vec<&notice::Model>> = HashMap::new();
    for (notice, _) in &some {
        match notice.class.as_str() {
            // Somebody waits for it at a page.
            "auth" => {}
            _ if is_spread(notice) && peaks.contains_key(&notice.round_id) => {
                of_round.entry(notice.round_id).or_default().push(notice);
            }
            _ if spread::is_quiet(now) => {
                replanned.insert(notice.id, (spread::awake(now), None));
            }
            _ => {}
        }
    }
    for (round_id, notices) in of_round {
        let Some((slug, peak)) = peaks.get(&round_id) else { continue };
        let (scope, txn) = (format!("round {slug}"), app.db.begin().await?);
        let row = store::rate::lock_one(&txn, &scope, now).await?;
        let most = row.per_minute.unwrap_or(i64::try_from(*peak).unwrap_or(i64::MAX));
        let mut filling = Filling { at: row.minute, taken: row.taken };
        for notice in notices {
            // Staff pause a round with 0.
            let later = match most {
                0 => Some((now + app.clock.span(LATER), None)),
                _ => {
                    let is_promised = notice.promised_at == Some(minute(now));
                    let later = filling.later(most, notice.due_at, is_promised, now);
                    later.map(|at| (at, Some(minute(at))))
                }
            };
            replanned.extend(later.map(|later| (notice.id, later)));
        }
        store::rate::keep(&txn, &scope, filling.at, filling.taken).await?;
        txn.commit().await?;
    }
    let later: Vec<_> = some
        .iter()
        .filter_map(|(notice, _)| {
            let (at, promised_at) = *replanned.get(&notice.id)?;
            Some(postponed(notice, at, promised_at))
        })
        .collect();
    if !later.is_empty() {
        store::notice::postpone(&app.db, &later).await?;
    }
    Ok(some.into_iter().filter(|(notice, _)| !replanned.contains_key(&notice.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_leaves_at_the_planned_rate_and_everyone_gets_a_turn() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let mut filling = Filling { at: at(0), taken: 0 };
        // Ten minutes of silence; three a minute were planned, thirty are overdue at once.
        let mut waiting: Vec<(DateTime<Utc>, bool)> = (0..30).map(|n| (at(n / 3), false)).collect();
        let mut now = at(10);
        let mut sent = Vec::new();
        while !waiting.is_empty() {
            let due = waiting.iter().filter(|(due_at, _)| *due_at <= now).count();
            let mut later = waiting.split_off(due);
            let mut left = 0;
            for (due_at, again) in waiting {
                match filling.later(3, due_at, again && minute(due_at) == now, now) {
                    None => left += 1,
                    Some(replanned) => later.push((replanned, true)),
                }
            }
            later.sort();
            waiting = later;
            sent.push(left);
            now += TimeDelta::minutes(1);
        }
        assert_eq!(sent, [3; 10]);
    }
}
