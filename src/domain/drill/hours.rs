//! When people enter: the rushes that the plan assumes at both ends, and in between the hours of the day as
//! Gyeonggi published them for its first day.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;

use crate::domain::{
    chance::Chance,
    draft::Expect,
    plan::{Dates, Horizon, Series, entering},
};

/// Applications an hour: 15–18, 18–21 and 21–02 as published; the rest is an assumption.
fn hourly(hour: u32) -> f64 {
    match hour {
        15..18 => 26_000.0,
        18..21 => 98_000.0,
        21.. | 0..2 => 89_000.0,
        2..6 => 9_000.0,
        _ => 45_000.0,
    }
}

/// `people` instants between opening and close, Unix seconds, in order.
pub fn arrivals(dates: &Dates, people: u64, expect: &Expect, chance: &mut Chance) -> Vec<i64> {
    let horizon = Horizon::new(dates.opens, dates.closes);
    // Only the shape counts; it is that of the plan at both ends.
    let loads = entering(horizon, dates, 1.0, expect);
    let rush = TimeDelta::hours(1).min((dates.closes - dates.opens) / 2);
    let calm = (dates.opens + rush)..(dates.closes - rush);
    let mut minutes: Vec<f64> = shape(&loads.map(|load| load.people));
    let of_day = |minute: usize| Some(horizon.at(minute)).filter(|at| calm.contains(at)).map(hour);
    let even: f64 = (0..minutes.len()).filter(|at| of_day(*at).is_some()).map(|at| minutes[at]).sum();
    let all: f64 = (0..minutes.len()).filter_map(of_day).map(hourly).sum();
    for (at, share) in minutes.iter_mut().enumerate() {
        if let Some(hour) = of_day(at) {
            *share = even * hourly(hour) / all;
        }
    }
    let mut sum = 0.0;
    let until: Vec<f64> = minutes
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect();
    let last = dates.closes.timestamp() - 1;
    let mut all: Vec<i64> = (0..people)
        .map(|_| {
            let part = chance.part() * sum;
            let minute = until.partition_point(|sum| *sum <= part).min(minutes.len().saturating_sub(1));
            let second = i64::try_from(chance.below(60)).unwrap_or(0);
            (horizon.at(minute).timestamp() + second).clamp(dates.opens.timestamp(), last)
        })
        .collect();
    all.sort_unstable();
    all
}

fn hour(at: DateTime<Utc>) -> u32 {
    at.with_timezone(&Seoul).hour()
}

fn shape(series: &[Series]) -> Vec<f64> {
    let longest = series.iter().map(|series| series.even.len()).max().unwrap_or(0);
    (0..longest).map(|at| series.iter().map(|series| series.people(at)).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{draft::local_time, plan::Scenario};

    fn between(all: &[i64], from: DateTime<Utc>, hours: i64) -> i32 {
        let (from, to) = (from.timestamp(), from.timestamp() + hours * 3_600);
        i32::try_from(all.partition_point(|at| *at < to) - all.partition_point(|at| *at < from)).unwrap()
    }

    /// Between the rushes at both ends, which are the plan's.
    #[test]
    fn the_first_day_of_gyeonggi_is_as_it_was_published() {
        let draft = Scenario::find("gyeonggi-entering").unwrap().draft().unwrap();
        let at = |text: &str| local_time(text).unwrap();
        let (opens, closes) = (at(&draft.times.opens), at(&draft.times.closes));
        assert_eq!(closes - opens, TimeDelta::hours(11));
        let dates = Dates { opens, closes, seals: closes, results: closes, spread: 1 };
        let all = arrivals(&dates, 826_226, &draft.expect, &mut Chance(1));
        let part = |from: i64, hours: i64| f64::from(between(&all, opens + TimeDelta::hours(from), hours));
        for (found, published) in [
            (part(1, 2) / 2.0, 26_000.0),
            (part(3, 3) / 3.0, 98_000.0),
            (part(6, 4) / 4.0, 89_000.0),
            (part(10, 1), 89_000.0),
        ] {
            assert!((found / published - 0.97).abs() < 0.05, "{found} an hour, not {published}");
        }
        assert!((part(0, 1) / 826_226.0 - 0.091).abs() < 0.005, "{}", part(0, 1));
    }

    #[test]
    fn people_come_as_published_and_the_edges_as_planned() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (opens, closes) = (at("2027-01-25T00:00:00Z"), at("2027-01-28T09:00:00Z"));
        let dates = Dates { opens, closes, seals: closes, results: closes, spread: 1 };
        let all = arrivals(&dates, 100_000, &Expect::default(), &mut Chance(1));
        assert!(all.is_sorted() && all.len() == 100_000);
        assert!(all[0] >= opens.timestamp() && *all.last().unwrap() < closes.timestamp());
        // 12 % each in the first and the last hour.
        for edge in [opens, closes - TimeDelta::hours(1)] {
            let found = between(&all, edge, 1);
            assert!((11_500..12_500).contains(&found), "{found}");
        }
        // The second day, Korean time: 18 to 21 sees 98/26 as many as 15 to 18.
        let (afternoon, evening) =
            (between(&all, at("2027-01-26T06:00:00Z"), 3), between(&all, at("2027-01-26T09:00:00Z"), 3));
        let ratio = f64::from(evening) / f64::from(afternoon);
        assert!((3.4..4.2).contains(&ratio), "{ratio}");
    }
}
