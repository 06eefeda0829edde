//! Who does what when: everybody of a round, or one in so many, from entering to what others left.

use chrono::{DateTime, Utc};
use public_audit::rules::Slot;

use super::arrivals;
use crate::domain::{
    chance::Chance,
    draft::{Draft, Step},
    plan::{Dates, Drawn, Spike, delay, utc},
    reminding::Kind,
    spread,
};

/// The same thing done by many.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Which of the five spikes it belongs to.
    pub spike: Spike,
    /// What is done.
    pub step: Step,
    /// When, Unix seconds.
    pub at: Vec<i64>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Deeds {
    /// One person stands for so many.
    pub one_in: f64,
    /// In no order.
    pub all: Vec<Deed>,
}

/// What the people of a drawn round do, without any trouble. All enter and are told; those with a place come.
pub fn deeds(draft: &Draft, drawn: &Drawn, chance: &mut Chance) -> Deeds {
    let (rules, expect) = (&drawn.rules, &draft.expect);
    let times = &rules.times;
    let spread_minutes = spread::in_minutes(draft.spread_hours);
    let dates = Dates {
        opens: utc(times.opens_at),
        closes: utc(times.closes_at),
        seals: utc(times.seals_at),
        results: utc(times.results_at),
        spread: spread_minutes,
    };
    let mut all = Vec::new();
    let mut add = |spike, step, at: Vec<i64>| all.push(Deed { spike, step, at });
    let people = drawn.digits.len();
    if draft.registers() {
        let at = arrivals(&dates, people as u64, expect, chance);
        // The plan counts the second half of the time to the deadline.
        let middle = (times.opens_at.unix() + times.closes_at.unix()) / 2;
        let late = at.partition_point(|at| *at < middle);
        add(Spike::Deadline, Step::Entering, at[late..].to_vec());
        add(Spike::Opening, Step::Entering, at[..late].to_vec());
    }
    let sealed = evenly(times.seals_at.unix(), times.results_at.unix(), people);
    let told = news(dates.results, people, spread_minutes, chance);
    for (step, told) in [(Step::Seal, sealed), (Step::Result, told)] {
        let visits = visits(&told, expect.opens(), chance);
        add(Spike::Results, step, told);
        add(Spike::Results, Step::Visit, visits);
    }
    add(Spike::Starts, Step::Reminder, reminders(&drawn.starts, dates.results));
    let grace = f64::from(draft.grace_hours) * 3_600.0;
    let mut missed = 0;
    let mut come = Vec::with_capacity(drawn.starts.len());
    for start in &drawn.starts {
        match delay(draft, grace, chance) {
            #[allow(clippy::cast_possible_truncation, reason = "seconds of a few days")]
            Some(delay) => come.push(start + delay as i64),
            None => missed += 1,
        }
    }
    add(Spike::Starts, Step::Start, come.clone());
    add(Spike::Starts, Step::Purchase, come);
    if let Some(after) = &rules.after {
        let second = over(&after.catch_up, missed);
        add(Spike::Leftovers, Step::Reminder, reminders(&second, dates.results));
        add(Spike::Leftovers, Step::Start, second.clone());
        add(Spike::Leftovers, Step::Purchase, second);
        let batch = missed / after.offers_at.len().max(1);
        let minutes = spread::needed(batch, people, spread_minutes);
        for at in &after.offers_at {
            let told = news(utc(*at), batch, minutes, chance);
            let visits = visits(&told, expect.opens(), chance);
            add(Spike::Leftovers, Step::Offer, told);
            add(Spike::Leftovers, Step::Visit, visits);
        }
    }
    Deeds { one_in: drawn.one_in, all }
}

/// The evening before, and shortly before, as the service does it; nobody is reminded of what nobody knows yet.
fn reminders(starts: &[i64], results: DateTime<Utc>) -> Vec<i64> {
    let starts = starts.iter().filter_map(|start| DateTime::from_timestamp(*start, 0));
    let all = starts.flat_map(|start| {
        let kinds = Kind::all(None).map(move |kind| (kind, kind.at(start)));
        kinds.filter(move |(kind, at)| *at >= results && (*kind == Kind::Eve || *at <= start))
    });
    all.map(|(_, at)| at.timestamp()).collect()
}

/// When so many people are told something, over so many minutes, as `lifecycle::telling` does it.
fn news(from: DateTime<Utc>, count: usize, minutes: usize, chance: &mut Chance) -> Vec<i64> {
    let minutes: Vec<i64> = spread::minutes(from, minutes).map(|minute| minute.timestamp()).collect();
    let second = |chance: &mut Chance| i64::try_from(chance.below(60)).unwrap_or(0);
    (0..count).map(|place| minutes[spread::minute_of(place, count, minutes.len())] + second(chance)).collect()
}

/// When those of them look who do.
fn visits(told: &[i64], opens: f64, chance: &mut Chance) -> Vec<i64> {
    let mut visits = Vec::new();
    for told in told {
        if chance.happens(opens) {
            visits.push(told + response(chance));
        }
    }
    visits
}

/// Seconds until somebody looks at the page after a notice: half within a quarter of an hour, as after a start.
#[allow(clippy::cast_possible_truncation, reason = "seconds of a day")]
fn response(chance: &mut Chance) -> i64 {
    (900.0 * (1.2 * chance.normal()).exp()).min(86_400.0) as i64
}

fn evenly(from: i64, to: i64, count: usize) -> Vec<i64> {
    let count = i64::try_from(count).unwrap_or(0);
    (0..count).map(|place| from + (to - from).max(1) * place / count).collect()
}

/// Over the seats of slots, level.
fn over(slots: &[Slot], people: usize) -> Vec<i64> {
    let seats: u64 = slots.iter().map(|slot| u64::from(slot.capacity)).sum();
    let mut all = Vec::with_capacity(people);
    let mut seat = 0_u64;
    for slot in slots {
        let before = seat * people as u64 / seats.max(1);
        seat += u64::from(slot.capacity);
        let after = seat * people as u64 / seats.max(1);
        let from = slot.starts_at.unix();
        all.extend(evenly(
            from,
            from + i64::from(slot.seconds),
            usize::try_from(after - before).unwrap_or(0),
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        draft::Dependency,
        drill::{Measured, measure, rehearsed, tests::lottery},
        plan::drawn,
    };

    #[test]
    fn who_draws_in_vain_enters_and_is_told_like_everybody() {
        let draft = rehearsed(&lottery()).unwrap();
        for most in [20_000, 1_000] {
            let mut chance = Chance(5);
            let drawn = drawn(&draft, most, 0, &mut chance).unwrap();
            let deeds = deeds(&draft, &drawn, &mut chance);
            let all = |step: Step| {
                let of = deeds.all.iter().filter(|deed| deed.step == step);
                of.map(|deed| deed.at.len()).sum::<usize>()
            };
            let people = 2_000.min(most as usize);
            for step in [Step::Entering, Step::Seal, Step::Result] {
                assert_eq!(all(step), people, "{step:?}");
            }
            assert_eq!(drawn.starts.len(), people / 10);
            // 200 come, now or at a second time; nobody else does.
            assert_eq!(all(Step::Purchase), people / 10);
            // What breaks at entering breaks, however few get a place.
            let tight = Dependency {
                name: "identity check".to_owned(),
                per_day: Some(300.0),
                uses: [(Step::Entering, 1.0)].into(),
                ..Dependency::default()
            };
            assert!(measure(&tight, &deeds).iter().any(Measured::is_over), "{most}");
        }
    }
}
