//! Reminders, in the minutes in which they leave: the evening before, shortly before, and some hours after for those
//! who have not bought. When that is, the service says itself; what it presses together is a rush here too.

use chrono::{DateTime, TimeDelta, Utc};
use public_audit::rules::Slot;

use super::{
    CohortPeople, People, Spike, late,
    loads::{Load, missed, place},
    series::{Horizon, Series},
};
use crate::domain::{
    draft::{Expect, Step},
    reminding::Kind,
};

/// What reminders depend on beside the starts.
#[derive(Clone, Copy, Debug)]
pub struct Reminding {
    /// Before this nobody knows of a start.
    pub results: DateTime<Utc>,
    /// After so long those are told who have not bought.
    pub open_after: Option<TimeDelta>,
    /// Minutes a place is held.
    pub grace: f64,
}

/// Reminders of everybody's own minute, and of the second one of those who missed it. Whoever has a place is
/// reminded, also who does not come then.
pub fn reminders(
    horizon: Horizon,
    [slots, catch_up]: [&[Slot]; 2],
    people: &People,
    expect: &Expect,
    reminding: Reminding,
) -> Vec<Load> {
    [(Spike::Starts, slots), (Spike::Leftovers, catch_up)]
        .map(|(spike, slots)| {
            let mut starts = Series::new(horizon);
            for CohortPeople { cohort, placed, .. } in &people.cohorts {
                let told = if spike == Spike::Starts { *placed } else { missed(*placed, expect) };
                place(&mut starts, slots, cohort.as_ref(), told, 1.0, expect);
            }
            let most = starts.even.iter().chain(&starts.at_once).sum::<f64>();
            let sent = sent(&starts, expect, reminding);
            Load { spike, step: Step::Reminder, people: sent, most: most * 3.0 }
        })
        .into()
}

/// How many leave in each minute.
fn sent(starts: &Series, expect: &Expect, reminding: Reminding) -> Series {
    let horizon = starts.horizon();
    let mut sent = Series::new(horizon);
    for kind in Kind::all(reminding.open_after) {
        let told = match kind {
            Kind::Eve | Kind::Soon => 1.0,
            Kind::Open(after) => {
                let minutes = f64::from(i32::try_from(after.num_minutes()).unwrap_or(i32::MAX));
                let late = late::still_to_come(minutes, expect.waiting(), reminding.grace);
                1.0 - expect.show() * (1.0 - late)
            }
        };
        for minute in (0..starts.even.len()).filter(|minute| starts.people(*minute) > 0.0) {
            let start = horizon.at(minute);
            let next = start + TimeDelta::minutes(1);
            let (from, to) = (kind.at(start), kind.at(next));
            // Too late to be of use, or too early to be known.
            if from < reminding.results || (kind == Kind::Soon && from > start) {
                continue;
            }
            // What is pressed together is never drawn apart: then two minutes lie in two days.
            if from < to && to - from <= TimeDelta::minutes(1) {
                sent.add(from, to, starts.people(minute) * told);
            } else {
                sent.add_minute(from, starts.people(minute) * told);
            }
        }
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Expect;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Sixty a minute from eight to nine in the evening in Seoul, of whom nine in ten come.
    #[test]
    fn reminders_are_pressed_together_where_the_service_does_it() {
        let mut starts = Series::new(Horizon::new(at("2027-01-04T00:00:00Z"), at("2027-01-09T00:00:00Z")));
        let (from, to) = (at("2027-01-07T23:00:00Z"), at("2027-01-08T12:00:00Z"));
        starts.add(from, to, 46_800.0);
        let expect = Expect { show: Some(90.0), ..Expect::default() };
        let reminding =
            |open_after| Reminding { results: at("2027-01-05T00:00:00Z"), open_after, grace: 1_440.0 };
        let sent = |open_after| sent(&starts, &expect, reminding(open_after));
        let minute = |series: &Series, text| series.even[series.horizon().minute(at(text))];
        let plain = sent(None);
        // Everybody is told twice, but for who starts at eight.
        assert!((plain.even.iter().sum::<f64>() / 93_600.0 - 1.0).abs() < 0.001);
        // The evening before, four to one; in the morning, two to one; then as they start.
        for (when, rate) in [
            ("2027-01-07T09:00:00Z", 60.0 * 900.0 / 230.0),
            ("2027-01-07T23:05:00Z", 120.0),
            ("2027-01-07T23:15:00Z", 60.0),
            ("2027-01-08T11:00:00Z", 60.0),
            ("2027-01-08T13:00:00Z", 0.0),
        ] {
            // The evening is pressed in whole seconds.
            let found = minute(&plain, when);
            assert!((found - rate).abs() <= rate * 0.05 + 1e-9, "{when}: {found}");
        }
        // Three hours after, the tenth that does not come and a few who are late.
        let open = sent(Some(TimeDelta::hours(3)));
        let more = minute(&open, "2027-01-08T05:00:00Z") - minute(&plain, "2027-01-08T05:00:00Z");
        assert!((6.0..8.0).contains(&more), "{more}");
    }
}
