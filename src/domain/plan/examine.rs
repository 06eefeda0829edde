//! One look at a draft: people, loads, peaks, verdict. Without the changes, which are found by
//! looking again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use public_audit::{
    Digest, Rules,
    note::Signer,
    rules::{Mode, Slot},
};

use serde::{Deserialize, Serialize};

use super::{
    CohortPeople, People, Plan, Refusal, Shortest, Why,
    cohorts::cohorts,
    hours,
    late::spill,
    loads::{self, Dates, Load, utc},
    noise,
    offered::{self, Batch},
    outage::{Outage, outage},
    peaks::{Peak, peaks},
    reminders::{Reminding, reminders},
    rooms,
    series::Horizon,
};
use crate::domain::{
    draft::{Dependency, Draft, Expect, Fixed, Step},
    spread,
    who::Field,
};

/// What a plan needs that rules do not say. Kept with an announced round.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inputs {
    /// Who is expected.
    pub expect: Expect,
    /// What has a limit.
    pub dependency: Vec<Dependency>,
    /// Whether people enter.
    pub registers: bool,
    /// Whether slots take their capacity from sellers.
    pub sellers: bool,
    /// Hours over which result notices leave.
    pub spread_hours: u32,
    /// Hours after which those are told who have not bought.
    #[serde(default)]
    pub still_open_hours: Option<u32>,
    /// What can be said of people, field by field.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<String>>,
    /// The most people of one entry.
    #[serde(default = "alone")]
    pub together_most: u32,
}

fn alone() -> u32 {
    1
}

impl Inputs {
    /// Those of a draft.
    pub fn of(draft: &Draft) -> Self {
        let who = draft.who();
        let names = |field: &Field| field.values.iter().map(|value| value.name.clone()).collect();
        Self {
            expect: draft.expect.clone(),
            dependency: draft.dependency.clone(),
            registers: draft.registers(),
            sellers: draft.opening.iter().any(|opening| !opening.sellers.is_empty()),
            spread_hours: draft.spread_hours,
            still_open_hours: draft.still_open_hours,
            values: who.fields.iter().map(|field| (field.name.clone(), names(field))).collect(),
            together_most: who.joint_most.max(who.minors_most + who.adults_most + 1),
        }
    }
}

pub(super) fn examine(draft: &Draft) -> Result<Plan, Vec<String>> {
    // Any key will do: nothing is announced here.
    let key = Signer::new("plan", &[1; 32]).map(|signer| signer.verifier().to_vkey()).unwrap_or_default();
    let rules = draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key })?;
    look(&rules, &Inputs::of(draft))
}

/// Plans rules, without asking what could be changed.
///
/// # Errors
/// When there are too many combinations of values to plan, or too many minutes.
pub fn look(rules: &Rules, draft: &Inputs) -> Result<Plan, Vec<String>> {
    let expect = &draft.expect;
    let people = people(draft, rules)?;
    let dates = dates(rules, draft);
    if last_end(rules).is_some_and(|last| last - dates.opens > Horizon::LONGEST) {
        return Err(vec!["opening.first_day: is more than two years after entering begins".to_owned()]);
    }
    let batches = batches(draft, rules, &people, &dates);
    let horizon = horizon(rules, &dates, &batches);
    let loads = all_loads(draft, rules, &people, &dates, horizon, &batches);
    let found: Vec<Peak> = draft.dependency.iter().flat_map(|dependency| peaks(dependency, &loads)).collect();
    let outages = outages(draft, rules, &loads, &people);
    let mut refusals: Vec<Why> = rooms::refusals(rules, draft, &people);
    refusals.extend(notices(rules, &dates));
    if let Some(after) = &rules.after {
        refusals.extend(offered::too_late(horizon, after, &rules.slots, (&people, expect), &batches));
    }
    refusals.extend(found.iter().filter(|peak| peak.is_over()).cloned().map(Why::Over));
    // What is over its limit anyway needs no outage.
    let over = |name: &str| found.iter().any(|peak| peak.is_over() && peak.dependency == name);
    let long = outages.iter().filter(|outage| outage.is_too_long() && !over(&outage.dependency));
    refusals.extend(long.cloned().map(Why::Outage));
    Ok(Plan {
        slug: rules.round.to_string(),
        shortest: shortest(draft, &rules.slots, &people),
        unknown: unknown(draft, &people, expect).chain(rooms::tight(rules, draft, &people)).collect(),
        blind: !limits_buying(draft) && !draft.sellers,
        people,
        peaks: found,
        outages,
        refusals: refusals.into_iter().map(|why| Refusal { why, changes: Vec::new() }).collect(),
    })
}

/// Who does what when.
pub(super) fn loads_of(draft: &Inputs, rules: &Rules) -> Result<Vec<Load>, Vec<String>> {
    let (people, dates) = (people(draft, rules)?, dates(rules, draft));
    let batches = batches(draft, rules, &people, &dates);
    Ok(all_loads(draft, rules, &people, &dates, horizon(rules, &dates, &batches), &batches))
}

/// What is offered on after the draw.
fn batches(draft: &Inputs, rules: &Rules, people: &People, dates: &Dates) -> Vec<Batch> {
    let after = rules.after.as_ref();
    after.map_or(Vec::new(), |after| offered::batches(after, people, &draft.expect, dates.spread))
}

fn dates(rules: &Rules, draft: &Inputs) -> Dates {
    Dates {
        opens: utc(rules.times.opens_at),
        closes: utc(rules.times.closes_at),
        seals: utc(rules.times.seals_at),
        results: utc(rules.times.results_at),
        spread: spread::in_minutes(draft.spread_hours),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "people"
)]
fn people(draft: &Inputs, rules: &Rules) -> Result<People, Vec<String>> {
    let (cohorts, nowhere) = cohorts(&rules.slots, &draft.expect).map_err(|problem| vec![problem])?;
    let seats: u64 = cohorts.iter().map(|cohort| cohort.seats).sum();
    let part = |people: u64, share: f64| (people as f64 * share).round() as u64;
    let at_most = draft.expect.at_most.or(draft.expect.entrants);
    let mut all: Vec<CohortPeople> = cohorts
        .into_iter()
        .map(|cohort| {
            let expected = draft.expect.entrants.map_or(cohort.seats, |people| part(people, cohort.share));
            CohortPeople {
                at_most: at_most.map_or(expected, |people| part(people, cohort.share)),
                expected,
                placed: expected.min(cohort.seats),
                seats: cohort.seats,
                cohort: Some(cohort.matching),
            }
        })
        .collect();
    if rules.mode == Mode::Share {
        // Nobody has a place without a unit of the budget.
        let placed: u64 = all.iter().map(|cohort| cohort.placed).sum();
        let units = rules.goods.budget / rules.goods.unit;
        if placed > units {
            for cohort in &mut all {
                cohort.placed = part(cohort.placed, units as f64 / placed as f64);
            }
        }
    }
    let entrants = draft.expect.entrants.unwrap_or(seats);
    let lost = part(at_most.unwrap_or(seats), nowhere);
    if lost > 0 {
        let expected = part(entrants, nowhere);
        all.push(CohortPeople { cohort: None, at_most: lost, expected, placed: 0, seats: 0 });
    }
    Ok(People { entrants, cohorts: all })
}

fn catch_up(rules: &Rules) -> &[Slot] {
    rules.after.as_ref().map_or(&[][..], |after| &after.catch_up)
}

/// Until the last place has been held for a day, and the last news has been looked at.
fn horizon(rules: &Rules, dates: &Dates, batches: &[Batch]) -> Horizon {
    let last = last_end(rules).unwrap_or(dates.results) + hours(grace_hours(rules).min(24));
    Horizon::new(dates.opens, batches.iter().map(Batch::until).fold(last, DateTime::max))
}

#[allow(clippy::cast_precision_loss, reason = "people")]
fn all_loads(
    draft: &Inputs,
    rules: &Rules,
    people: &People,
    dates: &Dates,
    horizon: Horizon,
    batches: &[Batch],
) -> Vec<Load> {
    let entrants = people.entrants as f64;
    let mut all = loads::notices(horizon, dates, entrants, &draft.expect);
    if draft.registers {
        all.extend(loads::entering(horizon, dates, entrants, &draft.expect));
    }
    let reminding = Reminding {
        results: dates.results,
        open_after: draft.still_open_hours.map(hours),
        grace: f64::from(grace_hours(rules)) * 60.0,
    };
    all.extend(reminders(horizon, [&rules.slots, catch_up(rules)], people, &draft.expect, reminding));
    let mut starts = loads::starts(horizon, &rules.slots, catch_up(rules), people, &draft.expect);
    let buying = |load: &&mut Load| matches!(load.step, Step::Start | Step::Purchase);
    if draft.dependency.iter().any(|dependency| !dependency.dips.is_empty()) {
        for load in starts.iter_mut().filter(buying) {
            load.people = spill(&load.people, draft.expect.waiting(), grace_hours(rules) * 60);
        }
    }
    all.extend(starts);
    all.extend(offered::offers(horizon, batches, &draft.expect));
    all
}

/// The end of the last slot.
fn last_end(rules: &Rules) -> Option<DateTime<Utc>> {
    let catch_up = rules.after.iter().flat_map(|after| &after.catch_up);
    rules.slots.iter().chain(catch_up).map(|slot| utc(slot.starts_at.plus(slot.seconds.into()))).max()
}

fn grace_hours(rules: &Rules) -> u32 {
    rules.grace_seconds.div_ceil(3_600)
}

/// How often one person who buys needs it.
fn per_person(dependency: &Dependency) -> f64 {
    [Step::Start, Step::Purchase].iter().filter_map(|step| dependency.uses.get(step)).sum()
}

fn limits_buying(draft: &Inputs) -> bool {
    draft.dependency.iter().any(|dependency| per_person(dependency) > 0.0)
}

/// What it can take in people a second who buy, the share of people who need it, and its window.
fn capacity(dependency: &Dependency) -> Option<(f64, f64, f64)> {
    let uses = Some(per_person(dependency)).filter(|uses| *uses > 0.0)?;
    let (limit, window) = match (dependency.per_second, dependency.per_minute) {
        (Some(limit), _) => (limit, f64::from(dependency.window_seconds.unwrap_or(10))),
        (None, Some(limit)) => (limit / 60.0, 60.0),
        (None, None) => return None,
    };
    Some((limit / uses.max(1.0), uses.min(1.0), window))
}

#[allow(clippy::cast_precision_loss, reason = "people")]
fn shortest(draft: &Inputs, slots: &[Slot], people: &People) -> Vec<Shortest> {
    let come = people.cohorts.iter().map(|cohort| cohort.placed).sum::<u64>() as f64 * draft.expect.show();
    let given = open_seconds(slots);
    let of = |dependency: &Dependency| {
        let (capacity, share, window) = capacity(dependency)?;
        let seconds = noise::shortest_window(come * share, capacity, window);
        Some(Shortest { dependency: dependency.name.clone(), seconds, given })
    };
    draft.dependency.iter().filter_map(of).collect()
}

/// Seconds in which at least one slot is open.
#[allow(clippy::cast_precision_loss, reason = "seconds")]
pub(super) fn open_seconds(slots: &[Slot]) -> f64 {
    let mut spans: Vec<(u64, u64)> = slots
        .iter()
        .map(|slot| (slot.starts_at.seconds(), slot.starts_at.seconds() + u64::from(slot.seconds)))
        .collect();
    spans.sort_unstable();
    let (mut open, mut until) = (0, 0);
    for (from, to) in spans {
        open += to.saturating_sub(from.max(until));
        until = until.max(to);
    }
    open as f64
}

#[allow(clippy::cast_precision_loss, reason = "people")]
fn outages(draft: &Inputs, rules: &Rules, loads: &[Load], people: &People) -> Vec<Outage> {
    let starts = loads.iter().find(|load| load.step == Step::Start && load.spike == super::Spike::Starts);
    let rate = starts.map_or(0.0, |load| load.people.even.iter().copied().fold(0.0, f64::max) / 60.0);
    let placed = people.cohorts.iter().map(|cohort| cohort.placed).sum::<u64>() as f64;
    let of = |dependency: &Dependency| {
        let (capacity, share, _) = capacity(dependency)?;
        let (name, grace) = (&dependency.name, grace_hours(rules));
        Some(outage(name, rate * share, capacity, placed * share, grace, &draft.expect))
    };
    draft.dependency.iter().filter_map(of).collect()
}

fn notices(rules: &Rules, dates: &Dates) -> Option<Why> {
    let first: DateTime<Utc> = rules.slots.iter().map(|slot| utc(slot.starts_at)).min()?;
    let last = spread::minutes(dates.results, dates.spread).last()?;
    (last + chrono::TimeDelta::minutes(1) > first).then_some(Why::Notices { last, first })
}

fn unknown(draft: &Inputs, people: &People, expect: &Expect) -> impl Iterator<Item = String> + use<> {
    let seats: u64 = people.cohorts.iter().map(|cohort| cohort.seats).sum();
    let uses = |steps: &[Step]| {
        draft.dependency.iter().any(|dependency| steps.iter().any(|step| dependency.uses.contains_key(step)))
    };
    let mut unknown = Vec::new();
    if expect.entrants.is_none() {
        unknown.push(format!("expect.entrants: not said; planned as if all {seats} places were taken"));
    }
    if expect.at_most.is_none() {
        unknown.push(format!(
            "expect.at_most: not said; with more than {seats} people the pool could not be sealed"
        ));
    }
    if draft.registers && !uses(&[Step::Entering]) {
        unknown.push(
            "entering: no dependency limits it; what can the identity check, SMS vendor and mail relay take?"
                .to_owned(),
        );
    }
    if !uses(&[Step::Result]) {
        unknown.push(
            "result: no dependency limits it; what can the SMS vendors and the mail relay take?".to_owned(),
        );
    }
    if !uses(&[Step::Start, Step::Purchase]) {
        unknown.push(
            "purchase: no dependency limits it; what can the seller, the bank, the counters take?".to_owned(),
        );
    }
    unknown.into_iter()
}
