//! How many people each cohort will have, from the shares that are expected, and whether it has room.

use std::collections::{BTreeMap, BTreeSet};

use public_audit::rules::{Match, Slot};

use super::Inputs;
use crate::domain::draft::Expect;

/// More combinations of values than this are not counted one by one.
const COMBINATIONS: usize = 100_000;

/// A cohort, its share of all people, and the seats of its slots.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// Whose slots.
    pub matching: Match,
    /// Of all people, 0 to 1.
    pub share: f64,
    /// Seats.
    pub seats: u64,
}

/// The cohorts in order of appearance, and the share of people who match none of them.
///
/// Fields are taken to be independent, values without a share to be as frequent as each other.
///
/// # Errors
/// When there are too many combinations to count.
pub fn cohorts(slots: &[Slot], expect: &Expect) -> Result<(Vec<Cohort>, f64), String> {
    let mut cohorts: Vec<Cohort> = Vec::new();
    for slot in slots {
        let seats = u64::from(slot.capacity);
        match cohorts.iter_mut().find(|cohort| cohort.matching == slot.cohort) {
            Some(cohort) => cohort.seats += seats,
            None => cohorts.push(Cohort { matching: slot.cohort.clone(), share: 0.0, seats }),
        }
    }
    let fields = values(slots, expect);
    let all = combinations(&fields).ok_or_else(|| {
        format!("opening.for: more than {COMBINATIONS} combinations of values are too many to plan")
    })?;
    let mut nowhere = 0.0;
    for values in all {
        let share: f64 = values.iter().map(|(_, (_, part))| part).product();
        let of = |name: &str| {
            values.iter().find(|(field, _)| *field == name).map(|(_, (value, _))| value.as_str())
        };
        match cohorts.iter_mut().find(|cohort| cohort.matching.matches(of)) {
            Some(cohort) => cohort.share += share,
            None => nowhere += share,
        }
    }
    Ok((cohorts, nowhere))
}

/// Every combination of the values of fields; `None` if there are too many to count.
pub fn combinations<V>(fields: &BTreeMap<String, Vec<V>>) -> Option<impl Iterator<Item = Vec<(&str, &V)>>> {
    let count = fields.values().try_fold(1_usize, |all, values| all.checked_mul(values.len()))?;
    let of = move |mut number: usize| {
        let mut picked = Vec::with_capacity(fields.len());
        for (field, values) in fields {
            picked.push((field.as_str(), &values[number % values.len()]));
            number /= values.len();
        }
        picked
    };
    (count <= COMBINATIONS).then(|| (0..count).map(of))
}

/// The share of people, 0 to 1, of whom a field says one of these values.
pub fn share(field: &str, of: &[String], inputs: &Inputs) -> f64 {
    let known = inputs.values.get(field).map_or(0, Vec::len);
    match inputs.expect.shares.get(field) {
        Some(shares) => of.iter().filter_map(|value| shares.get(value)).sum::<f64>() / 100.0,
        None if known == 0 => 1.0,
        None => part(of.len()) / part(known),
    }
}

fn part(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// For each field that cohorts name, its values with their shares.
pub fn values(slots: &[Slot], expect: &Expect) -> BTreeMap<String, Vec<(String, f64)>> {
    let mut fields: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for (field, values) in slots.iter().flat_map(|slot| &slot.cohort.0) {
        fields.entry(field).or_default().extend(values);
    }
    let of = |(field, values): (&String, BTreeSet<&String>)| {
        let shares = match expect.shares.get(field) {
            Some(shares) => shares.iter().map(|(value, share)| (value.clone(), share / 100.0)).collect(),
            None => {
                let even = 1.0 / part(values.len());
                values.into_iter().map(|value| (value.clone(), even)).collect()
            }
        };
        (field.clone(), shares)
    };
    fields.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(cohort: &[(&str, &[&str])], capacity: u32) -> Slot {
        let value = |text: &&str| (*text).to_owned();
        let fields =
            cohort.iter().map(|(field, values)| ((*field).to_owned(), values.iter().map(value).collect()));
        let starts_at = "2027-01-11T00:00:00Z".parse().unwrap();
        let cohort = Match(fields.collect());
        Slot { name: "s".into(), cohort, part: "am".into(), starts_at, seconds: 3_600, capacity }
    }

    #[test]
    fn shares_multiply_and_the_first_match_counts() {
        let four = &["4+"][..];
        let slots = [
            slot(&[("digit", &["0", "1"]), ("household", four)], 10),
            slot(&[("digit", &["2", "3"]), ("household", four)], 20),
            slot(&[("digit", &["0", "1"]), ("household", four)], 5),
        ];
        let mut expect = Expect::default();
        let household = [("4+", 45.0), ("3", 55.0)].map(|(value, share)| (value.to_owned(), share));
        expect.shares.insert("household".to_owned(), household.into());
        let (cohorts, nowhere) = cohorts(&slots, &expect).unwrap();
        let found: Vec<_> = cohorts.iter().map(|cohort| (cohort.share, cohort.seats)).collect();
        assert_eq!(found, [(0.225, 15), (0.225, 20)]);
        assert!((nowhere - 0.55).abs() < 1e-12);
    }
}
