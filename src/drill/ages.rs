//! How old the people of a drill are, and how each age answers what the year of birth answers.

use std::collections::BTreeMap;

use super::people::shares;
use crate::domain::{
    draft::Expect,
    who::{Field, Kind, answers::OLDEST},
};

/// From this age to that one, so many for each adult, and how many of them read texts rather than mail.
const AGES: [(i32, i32, f64, f64); 11] = [
    (0, 9, 0.07, 0.40),
    (10, 19, 0.11, 0.40),
    (20, 29, 0.14, 0.40),
    (30, 39, 0.15, 0.40),
    (40, 49, 0.18, 0.40),
    (50, 59, 0.20, 0.70),
    (60, 69, 0.18, 0.70),
    (70, 79, 0.10, 0.95),
    (80, 89, 0.05, 0.95),
    (90, 99, 0.007, 0.95),
    (100, OLDEST, 0.000_2, 0.95),
];

/// Where nobody is asked for their age, nobody is younger.
const ADULT: i32 = 20;

/// People of an age, of all: their share, and the part of them who read texts rather than mail.
#[derive(Clone, Copy)]
pub struct Age {
    /// How old they are in the year of the close.
    pub years: i32,
    /// Their share.
    pub share: f64,
    /// Who of them reads texts.
    pub texts: f64,
}

/// The ages that answer the questions of the round alike, with the share of people who do; whoever is of no age that can
/// enter is not among them.
pub fn alike(fields: &[Field], expect: &Expect, year: i32) -> Vec<(f64, Vec<Age>)> {
    let by_year: Vec<_> = fields.iter().filter(|field| field.kind.is_by_year()).collect();
    let shares: Vec<BTreeMap<_, _>> =
        by_year.iter().map(|field| shares(field, expect).into_iter().collect()).collect();
    let youngest = if by_year.iter().any(|field| field.kind == Kind::AgeBand) { 0 } else { ADULT };
    let mut alike: BTreeMap<Vec<String>, Vec<Age>> = BTreeMap::new();
    for (from, to, share, texts) in AGES {
        for years in from.max(youngest)..=to {
            let answers: Result<Vec<_>, _> =
                by_year.iter().map(|field| field.by_year(year - years, year)).collect();
            let age = Age { years, share: share / f64::from(to - from + 1), texts };
            if let Ok(answers) = answers {
                alike.entry(answers).or_default().push(age);
            }
        }
    }
    let share = |answers: &[String]| -> f64 {
        shares
            .iter()
            .zip(answers)
            .map(|(shares, answer)| shares.get(answer).copied().unwrap_or(0.0))
            .product()
    };
    alike.into_iter().map(|(answers, ages)| (share(&answers), ages)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::who::{Source, Value};

    fn field(kind: Kind, name: &str, values: &[&str]) -> Field {
        let value = |name: &&str| Value { name: (*name).to_owned(), ko: String::new(), en: String::new() };
        let values = values.iter().map(value).collect();
        let (name, from) = (name.to_owned(), Source::Asked);
        Field { name, from, kind, values, otherwise: None, ko: String::new(), en: String::new() }
    }

    #[test]
    fn ages_are_as_many_as_the_plan_expects_of_their_answers() {
        let fields = [
            field(Kind::AgeBand, "age_band", &["13-18", "19-34", "65+"]),
            field(Kind::BirthParity, "birth_parity", &["odd", "even"]),
        ];
        let mut expect = Expect::default();
        let bands = [("13-18", 20.0), ("19-34", 30.0), ("65+", 50.0)];
        expect.shares.insert("age_band".into(), bands.map(|(band, share)| (band.to_owned(), share)).into());
        let alike = alike(&fields, &expect, 2027);
        let of = |from: i32, to: i32, odd: i32| {
            let within = |age: &&Age| (from..=to).contains(&age.years) && (2027 - age.years) % 2 == odd;
            let same = alike.iter().find(|(_, ages)| ages.iter().all(|age| within(&age))).unwrap();
            (same.0, same.1.len())
        };
        assert_eq!(alike.len(), 6);
        assert_eq!([of(13, 18, 0), of(13, 18, 1)], [(0.2, 3), (0.2, 3)]);
        assert_eq!([of(19, 34, 0), of(19, 34, 1)], [(0.3, 8), (0.3, 8)]);
        assert_eq!([of(65, 120, 0), of(65, 120, 1)], [(0.5, 28), (0.5, 28)]);
    }

    #[test]
    fn where_no_age_is_asked_for_everybody_is_grown_up() {
        let alike = alike(&[], &Expect::default(), 2027);
        assert!(matches!(&alike[..], [(share, ages)] if *share == 1.0 && ages.len() == 101));
    }
}
