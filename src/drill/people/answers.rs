//! In what shares the people of a draft answer its questions.

use std::collections::BTreeMap;

use anyhow::ensure;

use crate::{
    domain::{
        draft::{Draft, Expect},
        who::{Field, Kind as FieldKind},
    },
    drill::{
        ages::{Age, alike},
        line::Place,
    },
};

/// Of people, living with so many; where a round asks for it, what it expects counts.
const HOUSEHOLDS: [(&str, f64); 4] = [("1", 0.16), ("2", 0.24), ("3", 0.24), ("4+", 0.36)];

/// Where nobody can be made, nobody can be drilled.
pub(super) const NOBODY: &str = "nobody of up to 120 years can answer the questions of this draft as [expect] says, so \
    nothing was drilled: look at the values of its fields, age_band above all, and at the shares in [expect]; then run \
    `jebi drill` again";

/// In what shares people answer the questions of a draft: one cut after the other. First what cohorts, reserves and funds look
/// at, which is every field of a draft that can be announced, in its order; then what nobody asks for. So those who give the
/// same answers stand side by side, and nothing that no rule knows moves anybody into another cohort.
pub(super) struct Answers {
    /// The year that ages are counted to.
    pub(super) year: i32,
    cuts: Vec<Cut>,
}

/// What one answer decides, with the share of each.
enum Cut {
    /// Everything that the year of birth answers; who of the same answers is how old comes last.
    Age(Vec<(f64, Vec<Age>)>),
    /// The size of the household.
    Household(Vec<(String, f64)>),
    /// A field that everybody may answer differently.
    Choice(String, Vec<(String, f64)>),
}

/// What somebody answers: their age, their household, and what everybody may answer differently.
type Answered = (Age, String, BTreeMap<String, String>);

impl Answers {
    pub(super) fn of(draft: &Draft) -> Self {
        // Ages are counted to the year of the close.
        let year = draft.times.closes.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2027);
        let fields = draft.who().fields;
        let mut ages = Some(alike(&fields, &draft.expect, year));
        let mut cuts = Vec::new();
        for field in &fields {
            match field.kind {
                FieldKind::Household => cuts.push(Cut::Household(shares(field, &draft.expect))),
                FieldKind::Choice => cuts.push(Cut::Choice(field.name.clone(), shares(field, &draft.expect))),
                // One year answers all that ask for it, at the first of them.
                _ => cuts.extend(ages.take().map(Cut::Age)),
            }
        }
        cuts.extend(ages.map(Cut::Age));
        if fields.iter().all(|field| field.kind != FieldKind::Household) {
            cuts.push(Cut::Household(HOUSEHOLDS.map(|(size, share)| (size.to_owned(), share)).into()));
        }
        Self { year, cuts }
    }

    /// What whoever stands there answers; nothing where nobody does.
    pub(super) fn at(&self, mut place: Place) -> Option<Answered> {
        let (mut ages, mut household, mut answers) = (None, None, BTreeMap::new());
        for cut in &self.cuts {
            match cut {
                Cut::Age(alike) => ages = Some(&place.cut(alike, |(share, _)| *share)?.1),
                Cut::Household(sizes) => household = Some(&place.cut(sizes, |(_, share)| *share)?.0),
                Cut::Choice(name, values) => {
                    let (value, _) = place.cut(values, |(_, share)| *share)?;
                    answers.insert(name.clone(), value.clone());
                }
            }
        }
        let age = place.cut(ages?, |age| age.share)?;
        Some((*age, household?.clone(), answers))
    }
}

/// Whether anybody can be made for a draft: it is asked before anything else is done.
///
/// # Errors
/// When nobody can, with what to look at.
pub fn check(draft: &Draft) -> anyhow::Result<()> {
    ensure!(Answers::of(draft).at(Place::MIDDLE).is_some(), NOBODY);
    Ok(())
}

/// The values of a field with their shares, as the plan has them: what is expected, or all alike.
pub fn shares(field: &Field, expect: &Expect) -> Vec<(String, f64)> {
    match expect.shares.get(&field.name) {
        Some(shares) => shares.iter().map(|(value, share)| (value.clone(), share / 100.0)).collect(),
        None => field.values.iter().map(|value| (value.name.clone(), 1.0)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::chance::Chance, drill::line};

    /// By the parity of ten digits and by city: nobody asks for households, and they move nobody.
    #[test]
    fn each_cohort_has_as_many_people_as_its_share_says() {
        let text = include_str!("../../../docs/round.example.toml");
        let fields =
            "\n[[field]]\nname = \"birth_digit\"\n[[field]]\nname = \"city\"\nvalues = [\"a\", \"b\"]\n";
        let mut draft = Draft::parse(&format!("{text}{fields}")).unwrap();
        let cities = [("a", 0.37), ("b", 0.63)];
        let percent = cities.map(|(city, share)| (city.to_owned(), 100.0 * share)).into();
        draft.expect.shares.insert("city".to_owned(), percent);
        let all = Answers::of(&draft);
        for seed in 1..=8 {
            let mut found = BTreeMap::<_, u32>::new();
            for place in line::places(2_000, &mut Chance(seed)) {
                let (age, _, answers) = all.at(place).unwrap();
                *found.entry(((all.year - age.years) % 10, answers["city"].clone())).or_default() += 1;
            }
            for (city, share) in cities {
                let count =
                    |digit: i32| f64::from(found.get(&(digit, city.to_owned())).copied().unwrap_or(0));
                let wrong = |counted: f64, of_all: f64| (counted - 2_000.0 * of_all * share).abs();
                assert!((0..10).all(|digit| wrong(count(digit), 0.1) <= 1.0), "{seed}: {found:?}");
                let cohort =
                    |parity: i32| (0..10).filter(|digit| digit % 2 == parity).map(count).sum::<f64>();
                assert!(wrong(cohort(0), 0.5) <= 2.0 && wrong(cohort(1), 0.5) <= 2.0, "{seed}: {found:?}");
                assert!(wrong(cohort(0) + cohort(1), 1.0) <= 2.0, "{seed}: {found:?}");
            }
        }
    }
}
