//! Who does what in which minute: the five spikes as series of people.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::{Instant, draw::targets, rules::Slot};

use super::{
    People, Spike,
    series::{Horizon, Series},
};
use crate::domain::{
    draft::{Expect, Starts, Step},
    spread,
};

/// One step of people in one spike.
#[derive(Clone, Debug)]
pub struct Load {
    /// Which of the five.
    pub spike: Spike,
    /// What they do.
    pub step: Step,
    /// When, how many.
    pub people: Series,
    /// They are not more than this in all, however the minutes add up.
    pub most: f64,
}

/// The instants between which things happen.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    /// Entering begins.
    pub opens: DateTime<Utc>,
    /// Entering ends.
    pub closes: DateTime<Utc>,
    /// The pool is fixed.
    pub seals: DateTime<Utc>,
    /// Results are published.
    pub results: DateTime<Utc>,
    /// Minutes over which result notices leave.
    pub spread: usize,
}

/// An instant of the rules as one of the calendar.
pub fn utc(instant: Instant) -> DateTime<Utc> {
    DateTime::from_timestamp(instant.unix(), 0).unwrap_or_default()
}

/// How much less people enter at night, midnight to six.
const NIGHT: f64 = 0.2;

fn seconds(span: TimeDelta) -> f64 {
    f64::from(i32::try_from(span.num_seconds()).unwrap_or(i32::MAX))
}

/// Entering: a rush in the first hour, part of it in the first minute; a rush that grows to the
/// double of its mean in the last hour; evenly in between, with less at night. Where there are only some
/// hours, no hour has less than its part of them.
pub fn entering(horizon: Horizon, dates: &Dates, people: f64, expect: &Expect) -> [Load; 2] {
    let window = dates.closes - dates.opens;
    let rush = TimeDelta::hours(1).min(window / 2);
    let (calm, hurry) = (dates.opens + rush, dates.closes - rush);
    let middle = dates.opens + window / 2;
    let (mut first, mut last) = (Series::new(horizon), Series::new(horizon));
    let even = seconds(rush) / seconds(window).max(1.0);
    let early = people * expect.first_hour().max(even);
    first.add_minute(dates.opens, early * expect.waiting());
    first.add(dates.opens, calm, early * (1.0 - expect.waiting()));
    let late = (people * expect.last_hour().max(even)).min(people - early);
    let steps = rush.num_minutes().max(1);
    let sum = f64::from(i32::try_from(steps * (steps + 1) / 2).unwrap_or(i32::MAX));
    for step in 0..steps {
        let share = f64::from(i32::try_from(step + 1).unwrap_or(i32::MAX)) / sum;
        last.add_minute(hurry + TimeDelta::minutes(step), late * share);
    }
    let rest = people - early - late;
    let minutes = (0..(hurry - calm).num_minutes()).map(|minute| calm + TimeDelta::minutes(minute));
    let weight = |at: &DateTime<Utc>| if at.with_timezone(&Seoul).hour() < 6 { NIGHT } else { 1.0 };
    let all: f64 = minutes.clone().map(|at| weight(&at)).sum();
    for at in minutes {
        let half = if at < middle { &mut first } else { &mut last };
        half.add_minute(at, rest * weight(&at) / all);
    }
    [
        Load { spike: Spike::Opening, step: Step::Entering, people: first, most: people },
        Load { spike: Spike::Deadline, step: Step::Entering, people: last, most: people },
    ]
}

/// Notices of the seal and of the result, and the visits they cause. Whatever the delays, visits
/// are never more frequent than the notices were at their most frequent.
pub fn notices(horizon: Horizon, dates: &Dates, people: f64, expect: &Expect) -> Vec<Load> {
    let mut loads = Vec::new();
    let mut sealed = Series::new(horizon);
    sealed.add(dates.seals, dates.results.max(dates.seals + TimeDelta::minutes(1)), people);
    let mut told = Series::new(horizon);
    let each = people / f64::from(u32::try_from(dates.spread.max(1)).unwrap_or(u32::MAX));
    for minute in spread::minutes(dates.results, dates.spread) {
        told.add_minute(minute, each);
    }
    for (step, sent) in [(Step::Seal, sealed), (Step::Result, told)] {
        let most = sent.even.iter().copied().fold(0.0, f64::max) * expect.opens();
        let begin = sent.even.iter().position(|people| *people > 0.0).unwrap_or(0);
        let end = sent.even.iter().rposition(|people| *people > 0.0).unwrap_or(0);
        let mut visits = Series::new(horizon);
        for load in visits.even.iter_mut().take(end + 1_440).skip(begin) {
            *load = most;
        }
        loads.push(Load { spike: Spike::Results, step, people: sent, most: people });
        let most = people * expect.opens();
        loads.push(Load { spike: Spike::Results, step: Step::Visit, people: visits, most });
    }
    loads
}

/// People at their minute: each cohort's, level over its slots, and what is kept for those who
/// missed theirs.
pub fn starts(
    horizon: Horizon,
    slots: &[Slot],
    catch_up: &[Slot],
    people: &People,
    expect: &Expect,
) -> Vec<Load> {
    let mut own = Series::new(horizon);
    let mut caught = Series::new(horizon);
    let show = expect.show();
    for cohort in &people.cohorts {
        place(&mut own, slots, cohort.cohort.as_ref(), cohort.placed, show, expect);
        place(&mut caught, catch_up, cohort.cohort.as_ref(), missed(cohort.placed, expect), 1.0, expect);
    }
    let mut loads = Vec::new();
    for (spike, series) in [(Spike::Starts, own), (Spike::Leftovers, caught)] {
        let most = series.even.iter().chain(&series.at_once).sum();
        for step in [Step::Start, Step::Purchase] {
            loads.push(Load { spike, step, people: series.clone(), most });
        }
    }
    loads
}

/// How many of them do not come at their first time.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ missed ≤ people")]
pub(super) fn missed(placed: u64, expect: &Expect) -> u64 {
    (f64::from(u32::try_from(placed).unwrap_or(u32::MAX)) * (1.0 - expect.show())).ceil() as u64
}

/// People of one cohort, level over its slots.
pub(super) fn place(
    series: &mut Series,
    slots: &[Slot],
    cohort: Option<&public_audit::rules::Match>,
    people: u64,
    show: f64,
    expect: &Expect,
) {
    let slots: Vec<&Slot> = slots.iter().filter(|slot| Some(&slot.cohort) == cohort).collect();
    let capacities: Vec<u64> = slots.iter().map(|slot| slot.capacity.into()).collect();
    for (slot, seats) in slots.iter().zip(targets(&capacities, people)) {
        let come = f64::from(u32::try_from(seats).unwrap_or(u32::MAX)) * show;
        let (from, to) = (utc(slot.starts_at), utc(slot.starts_at.plus(slot.seconds.into())));
        let waiting = if expect.starts == Starts::Shared { expect.waiting() } else { 0.0 };
        series.add(from, to, come * (1.0 - waiting));
        if waiting > 0.0 {
            series.add_at_once(from, come * waiting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn dates() -> Dates {
        Dates {
            opens: at("2027-01-04T00:00:00Z"),
            closes: at("2027-01-07T09:00:00Z"),
            seals: at("2027-01-07T09:10:00Z"),
            results: at("2027-01-08T00:00:00Z"),
            spread: 360,
        }
    }

    #[test]
    fn everybody_enters_once_and_the_edges_are_the_peaks() {
        let horizon = Horizon::new(dates().opens, dates().results);
        let [first, last] = entering(horizon, &dates(), 10_000.0, &Expect::default());
        let sum: f64 = first.people.even.iter().chain(&last.people.even).sum();
        assert!((sum - 10_000.0).abs() < 1e-6, "{sum}");
        // 12 % in the first hour, 35 % of them and a sixtieth of the others in the first minute.
        assert!((first.people.even[0] - 433.0).abs() < 1e-9, "{}", first.people.even[0]);
        // 1,200 in sixty steps that grow evenly: the last is 60/1,830 of them.
        let closing = last.people.even[horizon.minute(dates().closes) - 1];
        assert!((closing - 1_200.0 * 60.0 / 1_830.0).abs() < 1e-9, "{closing}");
    }

    /// Also where there is hardly time to do it.
    #[test]
    fn nobody_is_lost_in_a_short_window() {
        for minutes in (1..700).chain([5_000]) {
            let closes = dates().opens + TimeDelta::minutes(minutes);
            let dates = Dates { closes, ..dates() };
            for (first, last) in [(None, None), (Some(90.0), Some(10.0)), (Some(0.0), Some(100.0))] {
                let expect = Expect { first_hour: first, last_hour: last, ..Expect::default() };
                let horizon = Horizon::new(dates.opens, dates.results);
                let [first, last] = entering(horizon, &dates, 10_000.0, &expect);
                let all = || first.people.even.iter().zip(&last.people.even).map(|(a, b)| a + b);
                assert!(
                    (all().sum::<f64>() - 10_000.0).abs() < 1e-6,
                    "{minutes} minutes: {}",
                    all().sum::<f64>()
                );
                let most = all().fold(0.0, f64::max);
                assert!(all().all(|people| people >= 0.0), "{minutes} minutes");
                assert!(
                    most * f64::from(i32::try_from(minutes).unwrap()) >= 9_999.0,
                    "{minutes} minutes: {most}"
                );
            }
        }
    }

    /// Whatever the delays: the visits of notices sent evenly are bounded by their rate.
    #[test]
    fn visits_stay_below_the_rate_of_notices_for_every_delay() {
        let horizon = Horizon::new(dates().opens, dates().results + TimeDelta::days(3));
        let expect = Expect { opens: Some(50.0), ..Expect::default() };
        let loads = notices(horizon, &dates(), 7_200.0, &expect);
        let of = |step| loads.iter().rfind(|load| load.step == step).unwrap();
        let (sent, bound) = (&of(Step::Result).people.even, &of(Step::Visit).people.even);
        assert!((sent.iter().sum::<f64>() - 7_200.0).abs() < 1e-6);
        // Delays in minutes with their probabilities: at once, an hour of them, long ones.
        for delays in [vec![(0, 1.0)], (0..60).map(|d| (d, 1.0 / 60.0)).collect(), vec![(3, 0.5), (700, 0.5)]]
        {
            for (minute, bound) in bound.iter().enumerate() {
                let visit = |(delay, share): &(usize, f64)| {
                    sent.get(minute.wrapping_sub(*delay)).map_or(0.0, |sent| sent * share)
                };
                let visits: f64 = delays.iter().map(visit).sum::<f64>() * 0.5;
                assert!(visits <= bound + 1e-9, "minute {minute}: {visits} visits, bound {}", bound);
            }
        }
    }
}
