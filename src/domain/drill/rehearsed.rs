//! A scenario as it is drilled: without a public pulse, with something done about what people leave, and with a
//! part of the people.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;
use public_audit::rules::Slot;

use crate::domain::{
    draft::{After, BeaconChoice, Draft, Opening, Step, local_time},
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
    for opening in &draft.opening {
        if openings.iter().all(|other| other.cohort != opening.cohort) {
            openings.push(Opening {
                first_day: second.to_string(),
                days,
                weekdays: Vec::new(),
                catch_up: true,
                ..opening.clone()
            });
        }
    }
    draft.opening.extend(openings);
    Ok(draft)
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
    let minutes = usize::try_from(draft.spread_hours.saturating_mul(60)).unwrap_or(1).max(1);
    let needed = spread::needed(missed, usize::try_from(people).unwrap_or(missed), minutes);
    spread::minutes(offered, needed).last().unwrap_or(offered)
}

fn morning_after(at: DateTime<Utc>) -> NaiveDateTime {
    let day = at.with_timezone(&Seoul).date_naive();
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(NaiveTime::MIN) + TimeDelta::hours(OFFERED)
}

/// The draft for so many people: budget, reserves and capacities in proportion, limits as they are. What a limit takes is measured
/// in windows as much longer instead.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people and won"
)]
pub fn scaled(draft: &Draft, scale: f64) -> Draft {
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
    for opening in &mut draft.opening {
        let seats = match (opening.slot_capacity, opening.per_minute) {
            (Some(seats), _) => f64::from(seats),
            (None, per_minute) => f64::from(per_minute.unwrap_or(1)) * f64::from(opening.slot_minutes),
        };
        opening.slot_capacity = Some((seats * scale).ceil() as u32);
        (opening.per_minute, opening.dips, opening.sellers) = (None, Vec::new(), Vec::new());
    }
    draft.seller.clear();
    draft.expect.entrants = draft.expect.entrants.map(part);
    draft.expect.at_most = draft.expect.at_most.map(part);
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plan::{Scenario, plan};

    #[test]
    fn the_five_stay_safe_when_they_are_drilled_whole_and_in_small() {
        for name in ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi"] {
            let whole = rehearsed(&Scenario::find(name).unwrap().draft().unwrap()).unwrap();
            let people = whole.expect.entrants.unwrap();
            let of = |count: u32| {
                let small = scaled(&whole, f64::from(count) / f64::from(u32::try_from(people).unwrap()));
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
}
