//! What no time and no vendor mends: people for whom there is no seat, or no money. With one of these the pool could
//! not be sealed, or somebody would wait for ever.

use std::collections::BTreeMap;

use public_audit::{
    Rules,
    rules::{Match, Mode},
};

use super::{
    CohortPeople, Inputs, People, Why,
    cohorts::{combinations, share},
};

/// All of them.
pub(super) fn refusals(rules: &Rules, inputs: &Inputs, people: &People) -> Vec<Why> {
    let mut found: Vec<Why> = nowhere(rules, inputs).into_iter().collect();
    found.extend(people.cohorts.iter().filter_map(|cohort| room(rules, cohort)));
    found.extend(people.cohorts.iter().filter_map(|cohort| together(rules, inputs, cohort)));
    found.extend(funds(rules, inputs));
    found
}

/// The first answers with which somebody would be in no cohort. Nobody is expected to give them, and one who does is
/// enough: their entry is taken.
fn nowhere(rules: &Rules, inputs: &Inputs) -> Option<Why> {
    let cohorts = rules.cohorts();
    let named = |field: &&String| cohorts.iter().any(|cohort| cohort.0.contains_key(*field));
    let fields: BTreeMap<String, Vec<String>> =
        inputs.values.iter().filter(|(field, _)| named(field)).map(|(f, v)| (f.clone(), v.clone())).collect();
    let lost = combinations(&fields)?.find(|values| {
        let of =
            |name: &str| values.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str());
        !cohorts.iter().any(|cohort| cohort.matches(of))
    })?;
    let who: Vec<String> = lost.iter().map(|(field, value)| format!("{field}={value}")).collect();
    (!who.is_empty()).then(|| Why::Nowhere { who: who.join(" ") })
}

/// More people than seats.
fn room(rules: &Rules, cohort: &CohortPeople) -> Option<Why> {
    // Who is taken in a lottery is not known before the draw, so nothing is demanded.
    let demanded = rules.mode != Mode::Lottery || cohort.cohort.is_none();
    (demanded && cohort.at_most > cohort.seats).then(|| Why::Room {
        cohort: cohort.cohort.clone(),
        people: cohort.at_most,
        seats: cohort.seats,
    })
}

/// People who come together and are more than any slot seats: they would wait for ever.
fn together(rules: &Rules, inputs: &Inputs, people: &CohortPeople) -> Option<Why> {
    let cohort: &Match = people.cohort.as_ref()?;
    let most = u64::from(inputs.together_most);
    let widest = capacities(rules, cohort).max()?;
    (widest < most).then(|| Why::Together { cohort: cohort.clone(), most, widest })
}

fn capacities(rules: &Rules, cohort: &Match) -> impl Iterator<Item = u64> {
    rules.slots.iter().filter(move |slot| slot.cohort == *cohort).map(|slot| slot.capacity.into())
}

/// What seats enough do not promise where everybody is to be taken: an entry finds no slot when each has fewer seats
/// left than it needs. So much can be lost at most, and with more people it depends on how many come together.
pub(super) fn tight(rules: &Rules, inputs: &Inputs, people: &People) -> Vec<String> {
    let most = u64::from(inputs.together_most);
    let of = |people: &CohortPeople| {
        let cohort = people.cohort.as_ref().filter(|_| rules.mode == Mode::Everyone && most > 1)?;
        let lost = capacities(rules, cohort).map(|seats| seats.min(most - 1)).sum();
        let sure = people.seats.saturating_sub(lost);
        (people.at_most > sure).then(|| {
            format!(
                "how many come together: `{cohort}` has slots for {} people; from {} on, an entry of up to {most} may \
                 find none with room for all of them and wait",
                people.seats,
                sure + 1
            )
        })
    };
    people.cohorts.iter().filter_map(of).collect()
}

/// Funds that could not pay for all who may enter.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people"
)]
fn funds(rules: &Rules, inputs: &Inputs) -> Vec<Why> {
    let Some(all) = inputs.expect.at_most.or(inputs.expect.entrants) else { return Vec::new() };
    let of = |fund: &public_audit::rules::Fund| {
        let part: f64 = fund.matching.0.iter().map(|(field, of)| share(field, of, inputs)).product();
        let people = (all as f64 * part).round() as u64;
        let (amount, budget) = (people.saturating_mul(fund.per_seat), fund.budget);
        (amount > budget).then(|| Why::Fund { fund: fund.name.clone(), people, amount, budget })
    };
    rules.funds.iter().filter_map(of).collect()
}
