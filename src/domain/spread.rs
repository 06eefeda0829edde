//! When notices leave: at a constant rate over the hours after publication, so that the visits
//! they cause can never exceed it, whatever people do (the convolution of a send rate with any
//! distribution of delays never exceeds the rate's maximum).

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;

/// The hours in which notices may leave, Korean time.
const MORNING: u32 = 8;
const EVENING: u32 = 21;

/// The minutes in which notices may leave: from `from`, at most `minutes` of them, skipping the
/// quiet hours (21 to 08, Korean time) in which nobody wants to be woken.
pub fn minutes(from: DateTime<Utc>, minutes: usize) -> impl Iterator<Item = DateTime<Utc>> {
    let first = from + TimeDelta::seconds(59);
    let first = first
        - TimeDelta::seconds(i64::from(first.second()))
        - TimeDelta::nanoseconds(i64::from(first.nanosecond()));
    (0_i64..)
        .map(move |minute| first + TimeDelta::minutes(minute))
        .filter(|minute| !is_quiet(*minute))
        .take(minutes)
}

/// Hours over which notices leave, in minutes; at least one.
pub fn in_minutes(hours: u32) -> usize {
    usize::try_from(hours.saturating_mul(60)).unwrap_or(1).max(1)
}

/// Whether `instant` lies in the quiet hours.
pub fn is_quiet(instant: DateTime<Utc>) -> bool {
    !(MORNING..EVENING).contains(&instant.with_timezone(&Seoul).hour())
}

/// The first instant from `instant` on that is not in the quiet hours.
pub fn awake(instant: DateTime<Utc>) -> DateTime<Utc> {
    let local = instant.with_timezone(&Seoul);
    let evening = TimeDelta::days(i64::from(local.hour() >= MORNING));
    // Not minute by minute: the fold asks this of every entry of the night.
    let morning =
        (local.date_naive() + evening).and_time(NaiveTime::MIN) + TimeDelta::hours(i64::from(MORNING));
    let morning = morning.and_local_timezone(Seoul).earliest().map(|morning| morning.to_utc());
    if is_quiet(instant) { morning.unwrap_or(instant) } else { instant }
}

/// Which of `minutes` the notice at `place` (0-based) of `count` leaves in: as even as whole
/// numbers allow, ⌊count/minutes⌋ or one more in each.
pub fn minute_of(place: usize, count: usize, minutes: usize) -> usize {
    (place * minutes).checked_div(count).unwrap_or(0)
}

/// How many minutes `count` of `all` people need, so many in each as when all of them are told over `minutes`.
pub fn needed(count: usize, all: usize, minutes: usize) -> usize {
    count.saturating_mul(minutes).div_ceil(all.max(count).max(1)).max(1)
}

/// The most notices in one minute of such a spread.
pub fn peak(count: usize, minutes: usize) -> usize {
    count.div_ceil(minutes.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_even_and_in_order() {
        for (count, minutes) in [(5_000, 360), (7, 3), (3, 7), (1, 1), (360, 360)] {
            let mut load = vec![0; minutes];
            let mut last = 0;
            for place in 0..count {
                let minute = minute_of(place, count, minutes);
                assert!(minute >= last && minute < minutes);
                last = minute;
                load[minute] += 1;
            }
            assert_eq!(load.iter().max(), Some(&peak(count, minutes)), "{count} over {minutes}");
        }
    }

    #[test]
    fn some_are_told_no_faster_than_all() {
        assert_eq!(needed(1_326_000, 13_260_000, 10_080), 1_008);
        for (count, all, minutes) in [(1, 5_000, 360), (4, 40, 10_080), (5_000, 5_000, 360), (0, 0, 1)] {
            let needed = needed(count, all, minutes);
            assert!(peak(count, needed) <= peak(all, minutes) && needed <= minutes, "{count} of {all}");
        }
        // More are told than there are entries: several people are in one.
        assert_eq!(needed(12, 10, 60), 60);
    }

    #[test]
    fn nobody_is_woken() {
        // 20:58:30 in Seoul: two minutes are left of the evening, then it is 08:00.
        let evening = DateTime::UNIX_EPOCH + TimeDelta::hours(11) + TimeDelta::seconds(58 * 60 + 30);
        let planned: Vec<String> = minutes(evening, 3).map(|m| m.format("%d %H:%M").to_string()).collect();
        assert_eq!(planned, ["01 11:59", "01 23:00", "01 23:01"]);
        assert_eq!(awake(evening), evening);
        for hours in 1..12 {
            let at = evening + TimeDelta::hours(hours);
            assert_eq!(awake(at).to_rfc3339(), "1970-01-01T23:00:00+00:00", "{hours} hours later");
        }
        let morning = evening + TimeDelta::hours(13);
        assert_eq!(awake(morning), morning);
    }
}
