//! What happens after the draw, as a clerk writes it: when places that came free are offered on. Second times for
//! those who miss theirs are openings with `catch_up = true`.

use public_audit::{
    Instant,
    rules::{self, Mode, Slot},
};
use serde::Deserialize;

use super::{Draft, times::local_instant};
use crate::domain::spread;

/// Offers after the draw.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// When they are made, `2027-01-13 09:00`.
    pub offers: Vec<String>,
    /// So long before it begins a time is no longer given to anybody.
    pub lead_minutes: u32,
}

/// Shorter than this nobody could be told in time; longer than a week nobody would wait.
const LEAD: std::ops::RangeInclusive<u32> = 10..=10_080;

impl Draft {
    /// The part of the rules.
    pub(super) fn after_rules(
        &self,
        catch_up: Vec<Slot>,
        problems: &mut Vec<String>,
    ) -> Option<rules::After> {
        let Some(after) = &self.after else {
            if !catch_up.is_empty() {
                problems.push(
                    "opening.catch_up: say in [after] when those who missed a time are given one".to_owned(),
                );
            }
            return None;
        };
        if !LEAD.contains(&after.lead_minutes) {
            let (least, most) = LEAD.into_inner();
            problems.push(format!(
                "after.lead_minutes: is {}; choose a number from {least} to {most}",
                after.lead_minutes
            ));
        }
        let lead = u64::from(after.lead_minutes) * 60;
        let mut offers_at: Vec<Instant> = Vec::new();
        for text in &after.offers {
            match local_instant(text) {
                Ok(at) if is_quiet(at) => problems.push(format!(
                    "after.offers: {text} lies between 21:00 and 08:00, when nobody is told anything"
                )),
                Ok(at) => offers_at.push(at),
                Err(problem) => problems.push(format!("after.offers: `{text}`: {problem}")),
            }
        }
        if let Some(first) = offers_at.first() {
            let early = catch_up.iter().filter(|slot| slot.starts_at < first.plus(lead)).count();
            if early > 0 {
                problems.push(format!(
                    "opening.catch_up: {early} of {} slots begin before the first offer could give them; begin later \
                     or offer earlier",
                    catch_up.len()
                ));
            }
        }
        let lead_seconds = u32::try_from(lead).unwrap_or(u32::MAX);
        Some(rules::After { catch_up, offers_at, lead_seconds })
    }

    /// What these rules allow and residents may suffer from: sentences for who announces them.
    pub fn advice(&self, rules: &rules::Rules) -> Vec<String> {
        let seats: u64 = rules.slots.iter().map(|slot| u64::from(slot.capacity)).sum();
        let some_wait = match rules.mode {
            Mode::Lottery => true,
            // With as many entries as there are seats, not everybody would get a single unit.
            Mode::Share => rules.goods.budget / rules.goods.unit.max(1) < seats,
            Mode::Everyone => false,
        };
        let mut advice = self.advice_on_sellers();
        advice.extend(self.advice_on_rates(&rules.slots));
        if self.smallest_cell == 1 && !self.field.is_empty() {
            advice.push(
                "smallest_cell is 1: what few people have in common stands in the published list receipt by receipt; \
                 with smallest_cell = 5 it does not"
                    .to_owned(),
            );
        }
        let Some(after) = &rules.after else {
            if some_wait {
                advice.push(
                    "there can be a waitlist, and without [after] nothing is ever offered to it: what people do \
                     not buy or give back stays unused"
                        .to_owned(),
                );
            }
            return advice;
        };
        let ends = rules.slots.iter().map(|slot| slot.starts_at.plus(u64::from(slot.seconds)));
        let held_until = ends.max().map(|end| end.plus(u64::from(rules.grace_seconds)));
        if let (Some(until), Some(last)) = (held_until, after.offers_at.last())
            && *last < until
        {
            advice.push(format!(
                "the last offer is at {last}, before the last place has been held to its end at {until}: who misses \
                 one of the last times is not given a second one"
            ));
        }
        if after.catch_up.is_empty() {
            advice.push(
                "no opening has catch_up = true: who misses a time is given no second one, and the amount goes on"
                    .to_owned(),
            );
        }
        advice
    }
}

impl Draft {
    /// What is known only after the day where more than one seller is not asked for each purchase.
    fn advice_on_sellers(&self) -> Vec<String> {
        let blind = self.seller.iter().filter(|seller| seller.level < 3).count();
        if self.seller.len() < 2 || blind == 0 {
            return Vec::new();
        }
        vec![
            "a seller below level 3 does not ask us, so one person can buy there and at another seller: it is seen when \
             the lists are compared, and the money is spent then; with one seller, or all at level 3, it cannot happen"
                .to_owned(),
        ]
    }
}

impl Draft {
    /// Sellers take what they say, whatever slots seat that are not made of them: their gates keep everybody else waiting.
    fn advice_on_rates(&self, slots: &[Slot]) -> Option<String> {
        let take: u64 = self.seller.iter().map(|seller| u64::from(seller.per_minute)).sum();
        if take == 0 || self.opening.iter().all(|opening| !opening.sellers.is_empty()) {
            return None;
        }
        let seat = fullest_minute(slots);
        (seat > take).then(|| {
            format!(
                "the openings seat up to {seat} people a minute, and all [[seller]] together take {take}: whoever comes waits \
                 at the gate; let the [[opening]] take its capacity from its `sellers`, or say what these can take"
            )
        })
    }
}

/// People a minute, rounded down, of the slots that are open at once, where these are the most.
fn fullest_minute(slots: &[Slot]) -> u64 {
    let mut changes: Vec<(u64, bool, u64)> = Vec::with_capacity(2 * slots.len());
    for slot in slots {
        // In thousandths, so that many small slots at once are not rounded away.
        let rate = u64::from(slot.capacity) * 60_000 / u64::from(slot.seconds.max(1));
        let from = slot.starts_at.seconds();
        changes.push((from, true, rate));
        changes.push((from + u64::from(slot.seconds), false, rate));
    }
    // One that ends where another begins is over by then.
    changes.sort_unstable();
    let (mut open, mut most) = (0, 0);
    for (_, begins, rate) in changes {
        open = if begins { open + rate } else { open - rate };
        most = most.max(open);
    }
    most / 1_000
}

fn is_quiet(at: Instant) -> bool {
    chrono::DateTime::from_timestamp(at.unix(), 0).is_some_and(spread::is_quiet)
}
