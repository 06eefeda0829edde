//! When people are reminded: the evening before their minute, shortly before it, and, where the clerk wants it, some
//! hours after it if they have not bought.

use chrono::{DateTime, DurationRound, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::{Asia::Seoul, Tz};

use super::spread;

/// Before one's own minute.
const SOON: TimeDelta = TimeDelta::minutes(10);
/// So far ahead the short reminders are planned.
const AHEAD: TimeDelta = TimeDelta::minutes(30);

/// Which reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The evening before.
    Eve,
    /// Ten minutes before.
    Soon,
    /// So long after, to whoever has not bought.
    Open(TimeDelta),
}

impl Kind {
    /// The reasons of all of them.
    pub const KEYS: [&str; 3] = ["eve", "soon", "open"];

    /// Those of a round.
    pub fn all(open_after: Option<TimeDelta>) -> impl Iterator<Item = Self> {
        [Self::Eve, Self::Soon].into_iter().chain(open_after.map(Self::Open))
    }

    /// The reason of its notices.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Eve => "eve",
            Self::Soon => "soon",
            Self::Open(_) => "open",
        }
    }

    /// When whoever starts at `start` is reminded.
    pub fn at(self, start: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Soon => soon(start),
            Self::Eve => eve(start),
            Self::Open(after) => open(start + after),
        }
    }

    /// Starts up to here are nobody's business any more at `now`.
    pub fn begins(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Eve | Self::Soon => now,
            Self::Open(after) => now - after,
        }
    }

    /// Starts up to here may be planned at `now`.
    pub fn horizon(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            // In whole minutes: nobody need ask every second.
            Self::Soon => now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now) + AHEAD,
            Self::Open(after) => Self::Soon.horizon(now) - after,
            // From 16:00 on, those of tomorrow; before, those of today at most.
            Self::Eve => {
                let local = now.with_timezone(&Seoul);
                let days = if local.hour() >= 16 { 2 } else { 1 };
                midnight(local, days).unwrap_or(now)
            }
        }
    }
}

fn midnight(local: DateTime<Tz>, days: i64) -> Option<DateTime<Utc>> {
    let day = local.date_naive() + TimeDelta::days(days);
    Some(day.and_time(NaiveTime::MIN).and_local_timezone(Seoul).earliest()?.to_utc())
}

/// Between 17:00 and 20:50 of the day before: starts from 07:00 to 22:00 are pressed into it evenly, four to one.
fn eve(start: DateTime<Utc>) -> DateTime<Utc> {
    let local = start.with_timezone(&Seoul);
    let second = i64::from(local.num_seconds_from_midnight()).clamp(7 * 3_600, 22 * 3_600) - 7 * 3_600;
    let evening = midnight(local, -1).unwrap_or(start - TimeDelta::days(1)) + TimeDelta::hours(17);
    evening + TimeDelta::seconds(second * 230 / 900)
}

/// Ten minutes before. What would fall into the night's last ten minutes is not sent all at once when it ends: it
/// is pressed into the morning's first ten minutes beside what belongs there, two to one.
fn soon(start: DateTime<Utc>) -> DateTime<Utc> {
    let morning = spread::awake(start - SOON * 2);
    if spread::is_quiet(start - SOON * 2) && morning <= start {
        return morning + (start - morning) / 2;
    }
    spread::awake(start - SOON)
}

/// What would fall into the quiet hours is pressed into the first hour of the morning, eleven to one.
fn open(at: DateTime<Utc>) -> DateTime<Utc> {
    let morning = spread::awake(at);
    morning + (TimeDelta::hours(11) - (morning - at)) * i32::from(spread::is_quiet(at)) / 11
}

/// A start as the version of its reminders: who is given another start is reminded of that one.
pub fn version(start: DateTime<Utc>) -> i32 {
    i32::try_from(start.timestamp() / 60).unwrap_or_default()
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
    fn everybody_is_reminded_in_the_evening_and_ten_minutes_before() {
        for (start, evening) in
            [((9, 0), (17, 30)), ((13, 0), (18, 32)), ((22, 0), (20, 50)), ((6, 0), (17, 0))]
        {
            let at = Kind::Eve.at(kst(start.0, start.1));
            let minute = at.duration_trunc(TimeDelta::minutes(1)).unwrap();
            assert_eq!(minute, kst(evening.0 - 24, evening.1), "{start:?}");
            assert!(!spread::is_quiet(at));
        }
        assert_eq!(Kind::Soon.at(kst(10, 7)), kst(9, 57));
        // Three hours after; what would be at night, evenly in the first hour of the morning.
        let open = Kind::Open(TimeDelta::hours(3));
        assert_eq!(open.at(kst(10, 7)), kst(13, 7));
        assert_eq!(open.at(kst(18, 0)), kst(32, 0));
        assert_eq!(open.at(kst(20, 45)), kst(32, 15));
        assert_eq!(
            open.at(kst(4, 59)),
            kst(8, 59) + TimeDelta::seconds(54) + TimeDelta::nanoseconds(545_454_545)
        );
        assert_eq!(open.begins(kst(13, 0)), kst(10, 0));
    }

    /// Starts come evenly, and so do their reminders: never more than two minutes' in one, nowhere in the night.
    #[test]
    fn the_end_of_the_night_is_no_rush() {
        let mut minutes = std::collections::BTreeMap::<i64, u32>::new();
        for second in 0..86_400 {
            let start = kst(0, 0) + TimeDelta::seconds(second);
            let at = Kind::Soon.at(start);
            assert!(!spread::is_quiet(at) && start - at <= SOON, "{start}: {at}");
            if at < start {
                *minutes.entry(at.timestamp() / 60).or_default() += 1;
            }
        }
        assert!(minutes.values().all(|starts| *starts <= 120), "{minutes:?}");
        // At half the time that is left; for a start at eight there is none.
        assert_eq!(Kind::Soon.at(kst(8, 5)), kst(8, 2) + TimeDelta::seconds(30));
        assert_eq!(Kind::Soon.at(kst(8, 20)), kst(8, 10));
        assert_eq!(Kind::Soon.at(kst(8, 0)), kst(8, 0));
    }
}
