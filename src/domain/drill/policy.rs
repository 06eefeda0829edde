//! The same people under three rules, against the same capacity: a minute of their own, one moment for all, and a day by
//! the last digit of their birth year.
//!
//! All who entered come to a common moment, also those who draw in vain; or as many of them as the round as it was says.
//!
//! First come, first served is shown too favourably: what is over its capacity here serves on at its full rate, where
//! real systems fall over.

use serde::Serialize;

use super::{
    Deeds, Exceeded, Seller,
    crowd::{Crowd, came},
};
use crate::domain::{
    chance::Chance,
    draft::{Draft, Step},
    plan::{Drawn, Spike, delay},
};
use public_audit::rules::Mode;

/// Days of a rotation by birth digits, two digits a day.
const DAYS: usize = 5;

/// Which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Everybody has a minute of their own, by the draw.
    Personal,
    /// One moment for all.
    Common,
    /// One moment a day, for two of ten digits.
    BirthDigit,
}

/// Arrivals over time: in each bin the fullest window.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// Seconds from the first to the last bin.
    pub seconds: f64,
    /// People per ten seconds.
    pub bins: Vec<f64>,
}

/// What came of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    /// The rule.
    pub rule: Rule,
    /// What is assumed: the share who come, of those who have a place or want one.
    pub show: f64,
    /// What is assumed: the share of those who come that wait for the moment.
    pub waiting: f64,
    /// People who come.
    pub come: f64,
    /// The fullest ten seconds.
    pub peak: f64,
    /// Windows with more than the capacity, of all in which somebody came.
    pub over: (u64, u64),
    /// At most so many stood at the door at once.
    pub door: f64,
    /// People who got what they came for.
    pub served: f64,
    /// People who came for nothing.
    pub turned_away: f64,
    /// Seconds of waiting of those served: mean, of 95 in 100 at most, longest.
    pub waits: (f64, f64, f64),
    /// Everything that was over its limit in the first window in which anything was, the most exceeded first.
    pub broke_first: Vec<Exceeded>,
    /// Arrivals.
    pub curve: Curve,
}

/// Which day of a rotation is whose: 1 and 6 first, 5 and 0 last.
fn day_of(digit: u8) -> usize {
    (usize::from(digit) + DAYS - 1) % DAYS
}

/// The three rules. `as_it_was` says how many come to a common moment, how many of them wait for it, and what everything they
/// need took then.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
pub fn policies(
    draft: &Draft,
    as_it_was: &Draft,
    seller: &Seller,
    drawn: &Drawn,
    deeds: &Deeds,
    chance: &mut Chance,
) -> Vec<Policy> {
    let own = deeds.all.iter().find(|deed| (deed.spike, deed.step) == (Spike::Starts, Step::Start));
    let first = drawn.starts.iter().copied().min().unwrap_or(0);
    let own: Vec<f64> = own.iter().flat_map(|deed| &deed.at).map(|at| (at - first) as f64).collect();
    let grace = f64::from(draft.grace_hours) * 3_600.0;
    let all = drawn.people.max(1) as f64;
    let part = as_it_was.expect.entrants.map_or(1.0, |people| people as f64 / all);
    let people = (drawn.digits.len() as f64 * part).round() as usize;
    let (mut common, mut in_days) = (Vec::new(), vec![Vec::new(); DAYS]);
    for digit in drawn.digits.iter().cycle().take(people) {
        if let Some(delay) = delay(as_it_was, grace, chance) {
            common.push(delay);
            in_days[day_of(*digit)].push(delay);
        }
    }
    let stock = match draft.mode {
        Mode::Share | Mode::Lottery => places(draft, drawn),
        Mode::Everyone => f64::INFINITY,
    };
    let one_in = drawn.one_in;
    let own = Crowd {
        rule: Rule::Personal,
        expect: &draft.expect,
        limits: &draft.dependency,
        days: vec![own],
        stock: f64::INFINITY,
        one_in,
        stretch: one_in,
    };
    let was = |rule, days, stock| {
        let (expect, limits) = (&as_it_was.expect, as_it_was.dependency.as_slice());
        Crowd { rule, expect, limits, days, stock, one_in, stretch: 1.0 }
    };
    let common = was(Rule::Common, vec![common], stock);
    let digit = was(Rule::BirthDigit, in_days, stock / DAYS as f64);
    [own, common, digit].iter().map(|crowd| came(crowd, seller)).collect()
}

/// For how many of those drawn there is something if first come, first served sells to each as much as one may have.
#[allow(clippy::cast_precision_loss, reason = "people")]
fn places(draft: &Draft, drawn: &Drawn) -> f64 {
    let buyers = draft.goods.budget as f64 / draft.goods.cap.max(1) as f64 / drawn.one_in;
    let rules = &drawn.rules;
    let most: u64 = match draft.mode {
        Mode::Lottery => rules.reserves.iter().map(|reserve| reserve.places).sum(),
        _ => rules.slots.iter().map(|slot| u64::from(slot.capacity)).sum(),
    };
    buyers.min(most as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        draft::{Expect, Starts},
        drill::{
            crowd::WINDOW,
            deeds, rehearsed,
            tests::{at_sellers, lottery},
        },
        plan::{Scenario, drawn},
    };

    fn three(name: &str, most: u32) -> (Seller, Vec<Policy>) {
        let scenario = Scenario::find(name).unwrap();
        of_draft(&scenario.draft().unwrap(), &scenario.as_it_was().unwrap().draft().unwrap(), most)
    }

    fn of_draft(draft: &Draft, was: &Draft, most: u32) -> (Seller, Vec<Policy>) {
        let draft = rehearsed(draft).unwrap();
        let mut chance = Chance(3);
        let drawn = drawn(&draft, most, 0, &mut chance).unwrap();
        let deeds = deeds(&draft, &drawn, &mut chance);
        let seller = Seller::of(&draft).unwrap();
        let all = policies(&draft, was, &seller, &drawn, &deeds, &mut chance);
        (seller, all)
    }

    #[test]
    fn only_a_minute_of_ones_own_stays_under_the_capacity() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"] {
            let (seller, all) = three(name, 20_000);
            let [own, common, digit] = &all[..] else { panic!("three") };
            let room = seller.per_second * WINDOW;
            assert!(own.peak <= room && own.over.0 == 0, "{name}: {} of {room}", own.peak);
            assert!(own.turned_away < 1.0 && own.broke_first.is_empty() && own.waits.2 < 1e-9, "{name}");
            for other in [common, digit] {
                assert!(other.peak > 2.0 * room && !other.broke_first.is_empty(), "{name}: {other:?}");
                assert!(other.waits.0 > 10.0, "{name}: {:?}", other.waits);
            }
            assert!(common.peak > 3.0 * digit.peak, "{name}");
            for one in &all {
                assert!((one.served + one.turned_away - one.come).abs() < 1.0, "{name}: {one:?}");
            }
        }
        let (seller, all) = three("tongyeong", 10_000);
        assert_eq!(seller.name, "seller");
        // 5,000 can buy all they may have; 9,000 come.
        assert!((all[1].served - 5_000.0).abs() < 1.0 && all[1].turned_away > 3_500.0, "{:?}", all[1]);
    }

    #[test]
    fn where_no_dependency_limits_who_buys_its_sellers_do() {
        let was = Draft { expect: Expect { starts: Starts::Shared, ..at_sellers().expect }, ..at_sellers() };
        let (seller, all) = of_draft(&at_sellers(), &was, 20_000);
        assert_eq!(seller.name, "bank, counter");
        assert!((seller.per_second - 1.0).abs() < 1e-9, "sixty a minute: {seller:?}");
        let [own, common, digit] = &all[..] else { panic!("three") };
        assert!(own.turned_away < 1.0 && own.waits.2 < 60.0, "{own:?}");
        for other in [common, digit] {
            let broke = &other.broke_first[0];
            assert!(broke.name == "bank, counter" && broke.times > 20.0, "{other:?}");
            assert!(other.waits.2 > 300.0, "{other:?}");
        }
        // Of both the tighter one, for people have to pass both; without either nobody knows.
        let other = Scenario::find("tongyeong").unwrap().draft().unwrap();
        let mut both = Draft { seller: at_sellers().seller, ..other };
        assert_eq!(Seller::of(&both).unwrap().name, "bank, counter");
        both.seller.iter_mut().for_each(|seller| seller.per_minute = 10_000);
        assert_eq!(Seller::of(&both).unwrap().name, "seller");
        assert!(Seller::of(&Draft { seller: Vec::new(), ..at_sellers() }).is_none());
    }

    /// Its slots seat five times what its sellers take: a dependency that takes more must not hide that.
    #[test]
    fn who_waits_for_a_slow_seller_waits_also_behind_a_fast_dependency() {
        let scenario = Scenario::find("tongyeong").unwrap().draft().unwrap();
        let mut draft = Draft { seller: at_sellers().seller, ..scenario.clone() };
        draft.seller.iter_mut().for_each(|seller| seller.per_minute = 2);
        let (seller, all) = of_draft(&draft, &scenario, 20_000);
        assert_eq!(seller.name, "bank, counter");
        assert!(all[0].waits.2 > 3_600.0, "{:?}", all[0]);
    }

    /// One who comes alone is never too many, however slow a seller is.
    #[test]
    fn a_slow_seller_is_not_too_slow_for_one() {
        let mut draft = at_sellers();
        draft.seller.iter_mut().for_each(|seller| seller.per_minute = 1);
        let seller = Seller::of(&draft).unwrap();
        let of = |at: Vec<f64>| {
            let (expect, days, stock) = (&draft.expect, vec![at], f64::INFINITY);
            let (rule, limits) = (Rule::Personal, draft.dependency.as_slice());
            came(&Crowd { rule, expect, limits, days, stock, one_in: 1.0, stretch: 1.0 }, &seller)
        };
        let one = of(vec![5.0, 65.0]);
        assert!(one.over == (0, 2) && one.broke_first.is_empty(), "{one:?}");
        let two = of(vec![5.0, 6.0]);
        assert!(two.over == (1, 1) && !two.broke_first.is_empty(), "{two:?}");
    }

    fn names(policy: &Policy) -> Vec<&str> {
        policy.broke_first.iter().map(|one| one.name.as_str()).collect()
    }

    /// At two in the afternoon the pages of Busan were over their limit too, by as much as we assume of them.
    #[test]
    fn the_bottleneck_of_each_incident_is_named_beside_all_else_that_was_over_at_once() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"] {
            let (seller, all) = three(name, 20_000);
            for other in &all[1..] {
                assert!(names(other).contains(&seller.name.as_str()), "{name}: {:?}", other.broke_first);
                assert!(other.broke_first.iter().all(|one| one.after < 10.0 && one.times > 1.0), "{other:?}");
                assert!(other.broke_first.is_sorted_by(|a, b| a.times >= b.times), "{other:?}");
            }
        }
        let (_, all) = three("busan", 20_000);
        assert_eq!(names(&all[1]), ["web", "identity check"]);
        let times: Vec<f64> = all[1].broke_first.iter().map(|one| one.times).collect();
        // 900,000 of whom 90 % come and 35 % wait: 28,350 a second for twelve pages each, and for 30 checks.
        assert!((times[0] / 1_134.0 - 1.0).abs() < 0.1 && (times[1] / 945.0 - 1.0).abs() < 0.1, "{times:?}");
    }

    #[test]
    fn a_common_moment_breaks_what_there_was_then_and_not_what_is_planned_with_now() {
        let of = |name: &str| Scenario::find(name).unwrap().draft().unwrap();
        let (now, was) = (of("busan"), of("busan-as-it-was"));
        let without = |draft: &Draft, name: &str| {
            let mut draft = draft.clone();
            draft.dependency.retain(|one| one.name != name);
            draft
        };
        let (_, all) = of_draft(&now, &without(&was, "web"), 20_000);
        assert_eq!(names(&all[1]), ["identity check"]);
        let (_, all) = of_draft(&without(&now, "web"), &was, 20_000);
        assert_eq!(names(&all[1]), ["web", "identity check"]);
        // Whoever says nothing of what there was is told of the seller all the same.
        let (_, all) = of_draft(&now, &Draft { dependency: Vec::new(), ..was }, 20_000);
        assert_eq!(names(&all[1]), ["identity check"]);
    }

    /// Whoever drew in vain comes first, too, and comes in vain.
    #[test]
    fn first_come_turns_away_whom_the_lottery_would_have_told_beforehand() {
        let mut was = lottery();
        was.expect.starts = Starts::Shared;
        for most in [20_000, 1_000] {
            let (_, all) = of_draft(&lottery(), &was, most);
            // 200 come, but for those who only come at a second time.
            assert!(all[0].come <= 200.0 && all[0].turned_away < 1.0, "{:?}", all[0]);
            for other in &all[1..] {
                assert!((other.come - 1_800.0).abs() < 100.0, "{other:?}");
                assert!((other.served - 200.0).abs() < 1.0 && other.turned_away > 1_500.0, "{other:?}");
            }
        }
    }

    /// Gyeonggi counted 826,226 on the first day, not thirteen million in ten seconds.
    #[test]
    fn as_many_come_to_a_common_moment_as_are_said_to_have_come() {
        let (_, all) = three("gyeonggi", 100_000);
        for (one, waiting) in [(&all[0], 0.35), (&all[1], 0.45), (&all[2], 0.45)] {
            assert!((one.waiting - waiting).abs() < 1e-9 && (one.show - 0.9).abs() < 1e-9, "{one:?}");
        }
        let came = 826_226.0 * 0.9;
        for other in &all[1..] {
            assert!((other.come / came - 1.0).abs() < 0.05, "{other:?}");
        }
        assert!((all[1].peak / (came * 0.45) - 1.0).abs() < 0.08, "{:?}", all[1]);
        assert!(all[0].come > 11_000_000.0, "{:?}", all[0]);
    }

    #[test]
    fn everybody_has_the_day_of_their_own_digit() {
        let days: Vec<usize> = (0..10).map(day_of).collect();
        assert_eq!(days, [4, 0, 1, 2, 3, 4, 0, 1, 2, 3]);
        // Where the round asks for it, it is that of the draw.
        let draft = Scenario::find("gyeonggi").unwrap().draft().unwrap();
        let drawn = drawn(&draft, 2_000, 0, &mut Chance(3)).unwrap();
        let counted = |digit: u8| drawn.digits.iter().filter(|one| **one == digit).count();
        assert_eq!(drawn.digits.len(), 2_000);
        assert!((0..10).all(|digit| (120..280).contains(&counted(digit))), "{:?}", drawn.digits);
        assert!((0..10).any(|digit| counted(digit) != 200), "they are drawn, not dealt");
    }
}
