//! People who come by a rule, one window after the other: who is served, who waits, and who comes in vain.

use std::collections::VecDeque;

use super::{
    Policy, Seller,
    broke::exceeded,
    policy::{Curve, Rule},
};
use crate::domain::draft::{Dependency, Expect};

/// Seconds of a window at full size.
pub const WINDOW: f64 = 10.0;
/// Bins of a curve.
const BINS: usize = 240;
/// Hours shown of a day on which all begin at once.
const SHOWN: f64 = 4.0;
/// Seconds from one day to the next.
const DAY: f64 = 86_400.0;

/// People who come by a rule.
pub struct Crowd<'a> {
    /// The rule.
    pub rule: Rule,
    /// What is expected of them.
    pub expect: &'a Expect,
    /// Everything that those who come need.
    pub limits: &'a [Dependency],
    /// Days of people who come, each in seconds from its beginning.
    pub days: Vec<Vec<f64>>,
    /// For how many of the sample there is more from each day's beginning on. What is left of it stays.
    pub stock: f64,
    /// One stands for so many,
    pub one_in: f64,
    /// in windows so many times as long.
    pub stretch: f64,
}

/// What comes of it. Whoever still waits when another day begins waits on, before those whose day it is.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people and seconds"
)]
pub fn came(crowd: &Crowd<'_>, seller: &Seller) -> Policy {
    let Crowd { rule, expect, limits, ref days, stock, one_in, stretch } = *crowd;
    let window = WINDOW * stretch;
    // In people at full size per ten seconds.
    let weight = one_in / stretch;
    let room = seller.per_second * WINDOW / weight;
    // Of a slow one: whoever comes alone is not too many.
    let most = (seller.per_second * WINDOW).max(1.0);
    let (mut peak, mut door, mut over, mut seen) = (0.0_f64, 0.0_f64, 0, 0);
    let (mut served, mut away) = (0.0_f64, 0.0_f64);
    let mut waits: Vec<(f64, f64)> = Vec::new();
    let mut broke_first = Vec::new();
    let longest = days.iter().flatten().copied().fold(0.0, f64::max);
    let shown = if rule == Rule::Personal { longest } else { SHOWN * 3_600.0 };
    let mut bins = vec![0.0_f64; BINS];
    let days_and_people = days.iter().enumerate();
    let all: Vec<f64> =
        days_and_people.flat_map(|(day, all)| all.iter().map(move |at| day as f64 * DAY + at)).collect();
    let mut windows = vec![0_u32; (all.iter().copied().fold(0.0, f64::max) / window) as usize + 1];
    all.iter().for_each(|at| windows[(at / window) as usize] += 1);
    let mut queue: VecDeque<(f64, f64)> = VecDeque::new();
    let (mut waiting, mut left) = (0.0_f64, 0.0_f64);
    let (mut begun, mut at) = (0_usize, 0_usize);
    while at < windows.len() || waiting > 1e-9 {
        let come = f64::from(windows.get(at).copied().unwrap_or(0));
        let begins = at as f64 * window;
        if begun < days.len() && begins >= begun as f64 * DAY {
            left += stock;
            begun += 1;
        }
        if come > 0.0 {
            seen += 1;
            let is_over = come * weight > most;
            over += u64::from(is_over);
            peak = peak.max(come * weight);
            // The days lie over each other.
            let of_day = if days.len() > 1 { begins % DAY } else { begins };
            let bin = (of_day / shown.max(1.0) * BINS as f64) as usize;
            if let Some(bin) = bins.get_mut(bin) {
                *bin = bin.max(come * weight);
            }
            if broke_first.is_empty() {
                broke_first = exceeded(limits, is_over.then_some(seller), come * weight / WINDOW, begins);
            }
            queue.push_back((begins, come));
            waiting += come;
        }
        let mut turn = room.min(left).min(waiting);
        (left, waiting, served) = (left - turn, waiting - turn, served + turn);
        while turn > 1e-9 {
            let Some((since, people)) = queue.front_mut() else { break };
            let some = people.min(turn);
            waits.push((begins - *since, some));
            (*people, turn) = (*people - some, turn - some);
            if *people <= 1e-9 {
                queue.pop_front();
            }
        }
        if left <= 1e-9 {
            away += waiting;
            waiting = 0.0;
            queue.clear();
        }
        door = door.max(waiting * weight * stretch);
        at += 1;
    }
    Policy {
        rule,
        show: expect.show(),
        waiting: expect.waiting(),
        come: days.iter().map(Vec::len).sum::<usize>() as f64 * one_in,
        peak,
        over: (over, seen),
        door,
        served: served * one_in,
        turned_away: away * one_in,
        waits: waited(waits),
        broke_first,
        curve: Curve { seconds: shown, bins },
    }
}

/// Mean, 95 in 100, longest.
fn waited(mut waits: Vec<(f64, f64)>) -> (f64, f64, f64) {
    waits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let people: f64 = waits.iter().map(|(_, people)| people).sum();
    if people <= 0.0 {
        return (0.0, 0.0, 0.0);
    }
    let mean = waits.iter().map(|(wait, some)| wait * some).sum::<f64>() / people;
    let mut sum = 0.0;
    let most = waits.iter().find(|(_, some)| {
        sum += some;
        sum >= 0.95 * people
    });
    let longest = waits.last().map_or(0.0, |(wait, _)| *wait);
    (mean, most.map_or(longest, |(wait, _)| *wait), longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Step;

    fn crowd(days: Vec<Vec<f64>>, stock: f64, expect: &Expect) -> Crowd<'_> {
        Crowd { rule: Rule::BirthDigit, expect, limits: &[], days, stock, one_in: 1.0, stretch: 1.0 }
    }

    #[test]
    fn who_waits_into_the_next_day_is_served_before_those_whose_day_it_is() {
        let expect = Expect::default();
        // One in a thousand seconds: of a hundred people the last waits for 100,000, and a day has 86,400.
        let seller = Seller { name: "seller".to_owned(), per_second: 0.001 };
        let of = |stock| {
            let crowd = crowd(vec![vec![0.0; 100], vec![0.0; 100]], stock, &expect);
            came(&crowd, &seller)
        };
        let found = of(f64::INFINITY);
        // Each day by itself: 50,000 s on average. The second day begins with 14 people at the door.
        assert!((found.waits.0 - 56_800.0).abs() < 500.0, "{:?}", found.waits);
        assert!((found.waits.2 - 113_600.0).abs() < 2_000.0, "{:?}", found.waits);
        assert!((found.door - 113.6).abs() < 1.0 && (found.served - 200.0).abs() < 1e-6, "{found:?}");
        // What one day leaves over is there on the next; what it lacks is not.
        let found = of(60.0);
        assert!((found.served - 120.0).abs() < 1e-6 && (found.turned_away - 80.0).abs() < 1e-6, "{found:?}");
        let crowd = crowd(vec![vec![0.0; 20], vec![0.0; 70]], 50.0, &expect);
        assert!((came(&crowd, &seller).served - 90.0).abs() < 1e-6);
    }

    /// What is exceeded only later, however much, did not break first.
    #[test]
    fn what_breaks_first_is_what_is_over_in_the_first_window_in_which_anything_is() {
        let limit = |name: &str, per_second: f64| Dependency {
            name: name.to_owned(),
            per_second: Some(per_second),
            uses: [(Step::Start, 1.0)].into(),
            ..Dependency::default()
        };
        let (limits, expect) = ([limit("narrow", 0.1), limit("wide", 1.0)], Expect::default());
        let seller = Seller { name: "narrow".to_owned(), per_second: 0.1 };
        let named = |at: Vec<f64>| -> Vec<(String, f64, f64)> {
            let crowd = Crowd { limits: &limits, ..crowd(vec![at], f64::INFINITY, &expect) };
            let found = came(&crowd, &seller).broke_first;
            found.into_iter().map(|one| (one.name, one.after, one.times.round())).collect()
        };
        // One, then three, then fifty within ten seconds.
        let at = [vec![5.0], vec![31.0; 3], vec![52.0; 50]].concat();
        assert_eq!(named(at), [("narrow".to_owned(), 30.0, 3.0)]);
        assert_eq!(
            named(vec![52.0; 50]),
            [("narrow".to_owned(), 50.0, 50.0), ("wide".to_owned(), 50.0, 5.0)]
        );
        assert!(named(vec![5.0, 31.0]).is_empty());
    }
}
