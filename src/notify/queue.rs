//! What waits, why, and until when: for staff and for whoever watches the service.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{tally, vendor};
use sea_orm::DbErr;
use serde::Serialize;

use super::{sending::CLASSES, vendor::MAIL};
use crate::{
    app::App,
    config::Config,
    domain::{contact::Channel, spread},
    store::{
        self,
        notice::{LETTER, Waiting},
        rate::minute,
    },
};

/// What waits in one queue.
#[derive(Clone, Debug, Serialize)]
pub struct Queue {
    /// `email` or `sms`.
    pub channel: &'static str,
    /// `auth`, `notice` or `ad`.
    pub class: &'static str,
    /// Planned, also for later.
    pub planned: u64,
    /// Due, and not sent.
    pub due: u64,
    /// Their fate is unknown; they are looked up, where anybody can be asked.
    pub unknown: u64,
    /// Since when the first of those due waits.
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// When the last one is planned for.
    pub last_planned_at: Option<DateTime<Utc>>,
    /// What may leave in a minute now.
    pub per_minute: i64,
    /// What the first one waits for.
    pub waits_for: WaitsFor,
    /// When all will have left, as things stand; `None` while nothing may leave.
    pub empty_at: Option<DateTime<Utc>>,
}

/// Why something that could leave does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Nothing waits.
    Nothing,
    /// Each for its own second.
    ItsSecond,
    /// It is night.
    Morning,
    /// Staff have paused it.
    Staff,
    /// No vendor works.
    Vendor,
    /// So many may leave in a minute.
    Rate,
}

impl WaitsFor {
    /// In a sentence, for a terminal.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing waits",
            Self::ItsSecond => "each for its own second",
            Self::Morning => "for 08:00: nobody is woken",
            Self::Staff => "staff paused it (jebi rate)",
            Self::Vendor => "no vendor works (see below)",
            Self::Rate => "for its turn at this rate",
        }
    }
}

/// How a vendor does.
#[derive(Clone, Debug, Serialize)]
pub struct VendorState {
    /// Its name.
    pub name: &'static str,
    /// What it carries.
    pub channel: &'static str,
    /// Of a hundred notices, so many are given to it.
    pub share: i32,
    /// Nothing is given to it until then.
    pub stopped_until: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// What may be given to it in a minute.
    pub per_minute: i64,
    /// What is left of the account's money, if the vendor tells.
    pub balance: Option<f64>,
}

/// One minute of the live view.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Minute {
    /// Which.
    pub at: DateTime<Utc>,
    /// Planned for it, when the plan was made.
    pub planned: i64,
    /// What left in it.
    pub attempted: i64,
    /// By vendor and outcome.
    pub outcomes: Vec<(String, String, i64)>,
}

/// Everything at once.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// When it was so.
    pub at: DateTime<Utc>,
    /// Each channel and class.
    pub queues: Vec<Queue>,
    /// The mail server, and the vendors of texts.
    pub vendors: Vec<VendorState>,
    /// What staff have paused: `channel sms`, `vendor solapi`, `round SLUG`.
    pub paused: Vec<String>,
    /// Ever: channel, vendor, outcome, count.
    pub totals: Vec<(String, String, String, i64)>,
    /// Letters that nobody has printed yet.
    pub letters: u64,
    /// Sent once more without knowing.
    pub risks: u64,
    /// Accepted twice; 0, or something is wrong.
    pub duplicates: i64,
}

/// Looks at everything.
///
/// # Errors
/// What the database said.
pub async fn state(app: &App) -> Result<State, DbErr> {
    let (db, now, config) = (app.db.read(), app.clock.now(), &app.config);
    let rates = store::rate::list(db).await?;
    let per_minute = |scope: &str, per_second: u32| {
        let decided = rates.iter().find(|rate| rate.scope == scope).and_then(|rate| rate.per_minute);
        decided.unwrap_or(i64::from(per_second) * 60)
    };
    let notes = store::vendor::list(db).await?;
    let vendors: Vec<VendorState> = configured(config)
        .map(|(channel, name, per_second)| {
            let note: Option<&vendor::Model> = notes.iter().find(|note| note.name == name);
            VendorState {
                name,
                channel: channel.key(),
                share: note.map_or(100, |note| note.share),
                stopped_until: note.and_then(|note| note.stopped_until),
                reason: note.and_then(|note| note.reason.clone()),
                per_minute: match channel {
                    Channel::Email => per_minute("channel email", per_second),
                    Channel::Sms => per_minute(&format!("vendor {name}"), per_second),
                },
                balance: note.and_then(|note| note.balance),
            }
        })
        .collect();
    let mut queues = Vec::new();
    for (channel, per_second) in channels(config) {
        let of_channel = per_minute(&format!("channel {}", channel.key()), per_second);
        let working =
            vendors.iter().filter(|one| one.channel == channel.key() && one.stopped_until.is_none());
        let of_vendors: Vec<i64> = working.map(|one| one.per_minute).collect();
        let rate = of_channel.min(of_vendors.iter().sum());
        for class in CLASSES {
            let waiting = store::notice::count_waiting(db, channel.key(), class, now).await?;
            let is_stopped = of_vendors.is_empty();
            queues.push(queue(channel, class, waiting, (rate, is_stopped), now));
        }
    }
    let totals = store::tally::totals(db).await?;
    let sum = |counted: &str| {
        let of = totals.iter().filter(|(_, _, outcome, _)| outcome == counted);
        of.map(|(.., count)| *count).sum::<i64>()
    };
    let (duplicates, risks) = (sum("duplicate"), u64::try_from(sum("risk")).unwrap_or_default());
    let letters = store::notice::count_letters(db).await?;
    let paused = rates.into_iter().filter(|rate| rate.per_minute == Some(0)).map(|rate| rate.scope).collect();
    Ok(State { at: now, queues, vendors, paused, totals, letters, risks, duplicates })
}

fn configured(config: &Config) -> impl Iterator<Item = (Channel, &'static str, u32)> {
    let mail = config.mail.iter().map(|mail| (Channel::Email, MAIL, mail.per_second));
    let sms = config.sms.iter().flat_map(|sms| sms.vendors());
    mail.chain(sms.map(|(name, _, per_second)| (Channel::Sms, name, per_second)))
}

fn channels(config: &Config) -> impl Iterator<Item = (Channel, u32)> {
    let mail = config.mail.iter().map(|mail| (Channel::Email, mail.per_second));
    mail.chain(config.sms.iter().map(|sms| (Channel::Sms, sms.per_second)))
}

fn queue(
    channel: Channel,
    class: &'static str,
    waiting: Waiting,
    (per_minute, is_stopped): (i64, bool),
    now: DateTime<Utc>,
) -> Queue {
    let night = class != "auth" && spread::is_quiet(now);
    let waits_for = match () {
        () if waiting.planned == 0 => WaitsFor::Nothing,
        () if per_minute <= 0 && !is_stopped => WaitsFor::Staff,
        () if is_stopped => WaitsFor::Vendor,
        () if night => WaitsFor::Morning,
        () if waiting.due == 0 => WaitsFor::ItsSecond,
        () => WaitsFor::Rate,
    };
    let empty_at = match waits_for {
        WaitsFor::Nothing => Some(now),
        WaitsFor::Staff | WaitsFor::Vendor => None,
        _ => {
            let minutes = waiting.due.div_ceil(u64::try_from(per_minute).unwrap_or(1).max(1));
            let minutes = usize::try_from(minutes).unwrap_or(usize::MAX).clamp(1, 100_000);
            let drained = match class {
                "auth" => Some(now + TimeDelta::minutes(i64::try_from(minutes).unwrap_or_default())),
                _ => spread::minutes(now, minutes).last(),
            };
            drained.max(waiting.last_planned_at)
        }
    };
    Queue {
        channel: channel.key(),
        class,
        planned: waiting.planned,
        due: waiting.due,
        unknown: waiting.unknown,
        oldest_due_at: waiting.oldest_due_at,
        last_planned_at: waiting.last_planned_at,
        per_minute,
        waits_for,
        empty_at,
    }
}

/// The last `count` minutes and the present one, newest first.
///
/// # Errors
/// What the database said.
pub async fn minutes(app: &App, count: i64) -> Result<Vec<Minute>, DbErr> {
    let last = minute(app.clock.now());
    let from = last - TimeDelta::minutes(count);
    let rows = store::tally::list(app.db.read(), from, last + TimeDelta::minutes(1)).await?;
    Ok((0..=count).map(|back| one(last - TimeDelta::minutes(back), &rows)).collect())
}

fn one(at: DateTime<Utc>, rows: &[tally::Model]) -> Minute {
    let mut minute = Minute { at, ..Minute::default() };
    // Letters wait for somebody to print them, whatever the minute.
    for row in rows.iter().filter(|row| row.minute == at && row.channel != LETTER) {
        match row.outcome.as_str() {
            "planned" => minute.planned += row.count,
            "attempted" => minute.attempted += row.count,
            outcome => minute.outcomes.push((row.vendor.clone(), outcome.to_owned(), row.count)),
        }
    }
    minute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_why_something_waits_and_until_when() {
        let day = DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(3);
        let night = day + TimeDelta::hours(11);
        let waiting = |due| Waiting {
            planned: 600,
            due,
            unknown: 0,
            oldest_due_at: None,
            last_planned_at: Some(day + TimeDelta::minutes(2)),
        };
        let of = |class, due, rate, now| {
            let queue = queue(Channel::Sms, class, waiting(due), rate, now);
            (queue.waits_for, queue.empty_at)
        };
        assert_eq!(
            of("notice", 0, (60, false), day),
            (WaitsFor::ItsSecond, Some(day + TimeDelta::minutes(2)))
        );
        assert_eq!(of("notice", 600, (60, false), day), (WaitsFor::Rate, Some(day + TimeDelta::minutes(9))));
        assert_eq!(of("notice", 600, (0, false), day), (WaitsFor::Staff, None));
        assert_eq!(of("notice", 600, (0, true), day), (WaitsFor::Vendor, None));
        let (why, until) = of("notice", 60, (60, false), night);
        assert_eq!((why, until), (WaitsFor::Morning, Some(spread::awake(night))));
        assert_eq!(of("auth", 60, (60, false), night).0, WaitsFor::Rate);
    }
}
