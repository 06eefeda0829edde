//! A scenario as it is drilled: without a public pulse, with something done about what people leave, and with a
//! part of the people.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::rules::Slot;

use crate::domain::{
    draft::{After, BeaconChoice, Draft, Opening, Part, Step, local_time},
    plan::utc,
    spread,
};

/// Hours of the day of an offer.
const OFFERED: i64 = 10;

/// The draft with one offer after the last place has been held to its end, and days of second times after that, one for
/// every ten of the first, where it has none of its own. A drill has no public pulse.
///
/// # Errors
/// What is wrong with its openings.
pub fn rehearsed(draft: &Draft) -> Result<Draft, Vec<String>> {
    let mut draft = draft.clone();
    draft.beacon = BeaconChoice::None;
    if draft.after.is_some() {
        return Ok(draft);
    }
    // News of an offer take the way of results.
    for dependency in &mut draft.dependency {
        if let Some(uses) = dependency.uses.get(&Step::Result).copied() {
            dependency.uses.entry(Step::Offer).or_insert(uses);
        }
    }
    let slots = draft.slots()?.slots;
    let ends = slots.iter().map(|slot| utc(slot.starts_at.plus(slot.seconds.into()))).max();
    let held = ends.map(|ends| ends + TimeDelta::hours(draft.grace_hours.into())).unwrap_or_default();
    let offered = morning_after(held);
    draft.after =
        Some(After { offers: vec![offered.format("%Y-%m-%d %H:%M").to_string()], lead_minutes: 60 });
    // The day after the last has heard of theirs: of few people in many cohorts, all may be given the first minutes.
    let seats = slots.iter().map(|slot| u64::from(slot.capacity)).sum::<u64>();
    let told =
        local_time(&draft.after.iter().flat_map(|after| &after.offers).last().cloned().unwrap_or_default());
    let told = told.map(|at| last_told(&draft, seats, at).with_timezone(&Seoul).date_naive());
    let told = told.unwrap_or(offered.date());
    let second = told.checked_add_days(Days::new(1)).unwrap_or(told);
    let day = |slot: &Slot| utc(slot.starts_at).with_timezone(&Seoul).date_naive();
    let days = slots.iter().map(day).collect::<BTreeSet<_>>().len();
    let days = u32::try_from(days.div_ceil(10).max(1)).unwrap_or(1);
    let mut openings: Vec<Opening> = Vec::new();
    for opening in without_sellers(&draft)? {
        if openings.iter().all(|other| other.cohort != opening.cohort) {
            openings.push(Opening {
                first_day: second.to_string(),
                days,
                weekdays: Vec::new(),
                catch_up: true,
                ..opening
            });
        }
    }
    draft.opening.extend(openings);
    Ok(draft)
}

/// The openings, those of sellers with what each slot takes from them on average: their stock is for the first times, and
/// on the day of the second ones they may be closed.
fn without_sellers(draft: &Draft) -> Result<Vec<Opening>, Vec<String>> {
    let with = |opening: &Opening, seats: u64| match opening.sellers.is_empty() {
        true => opening.clone(),
        false => Opening {
            slot_capacity: Some(u32::try_from(seats).unwrap_or(u32::MAX).max(1)),
            sellers: Vec::new(),
            percent: None,
            ..opening.clone()
        },
    };
    let seats = |draft: &Draft| -> Result<Vec<u64>, Vec<String>> {
        Ok(draft.slots()?.days.iter().map(|opening| opening.people.values().sum()).collect())
    };
    // With one seat in each, seats are slots.
    let one = draft.opening.iter().map(|opening| with(opening, 1)).collect();
    let slots = seats(&Draft { opening: one, ..draft.clone() })?;
    let average = seats(draft)?.into_iter().zip(slots).map(|(seats, slots)| seats / slots.max(1));
    Ok(draft.opening.iter().zip(average).map(|(opening, seats)| with(opening, seats)).collect())
}

/// When the last of those who are expected to miss their time hears of another one.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
fn last_told(draft: &Draft, seats: u64, offered: DateTime<Utc>) -> DateTime<Utc> {
    let people = draft.expect.entrants.unwrap_or(seats);
    let missed = (people as f64 * (1.0 - draft.expect.show())).ceil() as usize;
    let minutes = spread::in_minutes(draft.spread_hours);
    let needed = spread::needed(missed, usize::try_from(people).unwrap_or(missed), minutes);
    spread::minutes(offered, needed).last().unwrap_or(offered)
}

fn morning_after(at: DateTime<Utc>) -> NaiveDateTime {
    let day = at.with_timezone(&Seoul).date_naive();
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(NaiveTime::MIN) + TimeDelta::hours(OFFERED)
}

/// The draft for so many people: budget, reserves, capacities and the smallest cell in proportion, limits as they are. What a
/// limit takes is measured in windows as much longer instead. Its slots are those of the draft, each an opening of its own: what gave them their
/// capacity, a rate with weak hours or sellers with theirs, cannot be had in parts.
///
/// # Errors
/// What is wrong with its openings.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people and won"
)]
pub fn scaled(draft: &Draft, scale: f64) -> Result<Draft, Vec<String>> {
    let slots = draft.slots()?;
    let mut draft = draft.clone();
    let part = |number: u64| ((number as f64 * scale).round() as u64).max(1);
    let units = draft.goods.budget / draft.goods.unit.max(1);
    draft.goods.budget = part(units) * draft.goods.unit;
    for fund in &mut draft.fund {
        fund.budget = (fund.budget as f64 * scale).ceil() as u64 + 10 * fund.per_seat;
    }
    for reserve in &mut draft.reserve {
        reserve.places = part(reserve.places);
    }
    // Rounded down: of a combination that so many share, a part of the people has at least as many.
    draft.smallest_cell = ((f64::from(draft.smallest_cell) * scale) as u32).max(1);
    let seats = |slot: &Slot| (f64::from(slot.capacity) * scale).ceil() as u32;
    let first = slots.slots.iter().map(|slot| opening_of(slot, seats(slot), false));
    let second = slots.catch_up.iter().map(|slot| opening_of(slot, seats(slot), true));
    draft.opening = first.chain(second).collect();
    draft.seller.clear();
    draft.expect.entrants = draft.expect.entrants.map(part);
    draft.expect.at_most = draft.expect.at_most.map(part);
    Ok(draft)
}

/// A slot as an opening with so many seats.
fn opening_of(slot: &Slot, seats: u32, catch_up: bool) -> Opening {
    let from = utc(slot.starts_at).with_timezone(&Seoul);
    let until = from + TimeDelta::seconds(slot.seconds.into());
    Opening {
        cohort: slot.cohort.clone(),
        first_day: from.date_naive().to_string(),
        days: 1,
        parts: vec![Part { name: slot.part.clone(), from: from.format("%H:%M").to_string() }],
        until: until.format("%H:%M").to_string(),
        slot_minutes: slot.seconds / 60,
        slot_capacity: Some(seats),
        catch_up,
        ..Opening::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        drill::tests::at_sellers,
        plan::{Scenario, plan},
    };

    const SIX: [&str; 6] = ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"];

    fn scenario(name: &str) -> Draft {
        Scenario::find(name).unwrap().draft().unwrap()
    }

    fn seats(slots: &[Slot]) -> u64 {
        slots.iter().map(|slot| u64::from(slot.capacity)).sum()
    }

    #[test]
    fn all_stay_safe_when_they_are_drilled_whole_and_in_small() {
        let six = SIX.map(|name| (name, scenario(name)));
        for (name, draft) in six.into_iter().chain([("at sellers", at_sellers())]) {
            let whole = rehearsed(&draft).unwrap();
            let people = whole.expect.entrants.unwrap();
            let of = |count: u32| {
                let scale = f64::from(count) / f64::from(u32::try_from(people).unwrap());
                let small = scaled(&whole, scale).unwrap();
                assert_eq!(small.expect.entrants, Some(count.into()), "{name}");
                small
            };
            let small = [30, 40, 60, 200].map(of);
            for draft in small.into_iter().chain([whole.clone()]) {
                let plan = plan(&draft).unwrap();
                let refusals: Vec<String> = plan.refusals.iter().map(ToString::to_string).collect();
                assert!(plan.is_safe(), "{name}: {refusals:#?}");
            }
        }
    }

    /// Weak hours and the hours of sellers are theirs, whatever gave them.
    #[test]
    fn the_slots_of_a_part_are_those_of_the_draft() {
        for draft in SIX.map(scenario).into_iter().chain([at_sellers()]) {
            let whole = rehearsed(&draft).unwrap();
            let (slots, again) = (whole.slots().unwrap(), scaled(&whole, 1.0).unwrap().slots().unwrap());
            assert_eq!(slots.slots, again.slots);
            assert_eq!((slots.catch_up, slots.parts), (again.catch_up, again.parts));
            let small = scaled(&whole, 0.001).unwrap().slots().unwrap();
            assert_eq!(small.slots.len(), slots.slots.len());
            for (slot, all) in small.slots.iter().zip(&slots.slots) {
                assert_eq!((&slot.name, slot.starts_at), (&all.name, all.starts_at));
                assert_eq!(slot.seconds, all.seconds, "{}", slot.name);
                assert_eq!(slot.capacity, all.capacity.div_ceil(1_000), "{}", slot.name);
            }
        }
    }

    /// A part of a round that can be sealed can be sealed too.
    #[test]
    fn a_part_of_the_people_shares_a_combination_with_a_part_of_so_many() {
        let whole = Draft { smallest_cell: 50, ..rehearsed(&scenario("tongyeong")).unwrap() };
        let of = |scale: f64| scaled(&whole, scale).unwrap().smallest_cell;
        assert_eq!([1.0, 0.5, 0.25, 0.001].map(of), [50, 25, 12, 1]);
    }

    /// A stock that suffices for everybody is not shared with second times that a drill adds.
    #[test]
    fn second_times_take_nothing_from_the_stock_of_a_seller() {
        let (draft, whole) = (at_sellers(), rehearsed(&at_sellers()).unwrap());
        let (before, after) = (draft.slots().unwrap(), whole.slots().unwrap());
        // 40 a minute but for lunch, of which nine tenths; and a stock of 4,000.
        assert_eq!(seats(&before.slots), 22_576);
        assert_eq!(after.slots, before.slots);
        // Eighteen half hours, with what one takes on average.
        assert_eq!(seats(&after.catch_up), 18 * (22_576 / 18));
    }
}
