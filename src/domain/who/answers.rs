//! From what somebody answers to the values of the pool line. What only serves to find a value, the
//! birth year, is not kept.

use std::collections::BTreeMap;

use super::{Field, Kind, Source, Who, value_in};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// There is none.
    Missing,
    /// Not one of those offered, or no year that anybody was born in.
    NotOffered,
    /// Nobody of this age can enter.
    Age,
    /// The roster does not say it.
    Unlisted,
}

/// The form's field for the birth year.
pub const BIRTH_YEAR: &str = "birth_year";
/// Nobody is older.
pub const OLDEST: i32 = 120;

/// Where the answers come from.
pub struct Given<'g> {
    /// What the form sent, by field name; [`BIRTH_YEAR`] for the year.
    pub typed: &'g dyn Fn(&str) -> String,
    /// What the roster says of the person.
    pub listed: &'g BTreeMap<String, String>,
    /// What was answered before, as an entry keeps it: an empty birth year leaves it as it was.
    pub before: &'g str,
    /// The year of the close, which ages are counted to.
    pub year: i32,
    /// Whether somebody at a counter asks, who has seen the papers.
    pub counter: bool,
}

impl Who {
    /// The values of all fields, in order.
    ///
    /// # Errors
    /// Everything that is wrong, by the form's field.
    pub fn answers(&self, given: &Given<'_>) -> Result<Vec<String>, Vec<(String, AnswerError)>> {
        let (mut values, mut errors) = (Vec::new(), Vec::<(String, AnswerError)>::new());
        for field in &self.fields {
            match field.answer(given) {
                Ok(value) => values.push(value),
                Err(error) => {
                    let of = if field.kind.is_by_year() && field.from == Source::Asked {
                        BIRTH_YEAR
                    } else {
                        &field.name
                    };
                    // One year answers several questions, and is wrong once.
                    if errors.iter().all(|(known, _)| known != of) {
                        errors.push((of.to_owned(), error));
                    }
                }
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }

    /// Whether these are answers to the questions of this round, as an entry keeps them.
    pub fn fits(&self, kept: &str) -> bool {
        let known = |field: &Field| value_in(kept, &field.name).is_some_and(|value| field.has(value));
        self.fields.iter().all(known) && super::pairs(kept).count() == self.fields.len()
    }
}

impl Field {
    fn answer(&self, given: &Given<'_>) -> Result<String, AnswerError> {
        let otherwise = || self.otherwise.clone();
        match self.from {
            Source::Counter if given.counter && !(given.typed)(&self.name).trim().is_empty() => {
                let typed = (given.typed)(&self.name);
                let typed = typed.trim();
                if self.has(typed) { Ok(typed.to_owned()) } else { Err(AnswerError::NotOffered) }
            }
            Source::Counter => {
                // What a counter has seen stays when its owner changes something else.
                let before = value_in(given.before, &self.name).filter(|value| self.has(value));
                before.map(str::to_owned).or_else(otherwise).ok_or(AnswerError::Unlisted)
            }
            Source::Roster => {
                let listed = given.listed.get(&self.name).filter(|value| self.has(value)).cloned();
                listed.or_else(otherwise).ok_or(AnswerError::Unlisted)
            }
            Source::Asked if self.kind.is_by_year() => {
                let typed = (given.typed)(BIRTH_YEAR);
                let before = value_in(given.before, &self.name).filter(|value| self.has(value));
                match before {
                    Some(before) if typed.trim().is_empty() => Ok(before.to_owned()),
                    _ => self.by_year(year(&typed, given.year)?, given.year),
                }
            }
            Source::Asked => {
                let typed = (given.typed)(&self.name);
                match () {
                    () if typed.trim().is_empty() => Err(AnswerError::Missing),
                    () if self.has(typed.trim()) => Ok(typed.trim().to_owned()),
                    () => Err(AnswerError::NotOffered),
                }
            }
        }
    }

    /// Whether it is one of the values.
    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|known| known.name == value)
    }

    /// What a year of birth answers to it, in the year of the close.
    ///
    /// # Errors
    /// When nobody of this age can enter.
    pub fn by_year(&self, born: i32, now: i32) -> Result<String, AnswerError> {
        let value = match self.kind {
            Kind::BirthDigit => Some((born % 10).to_string()),
            Kind::BirthParity => Some(if born % 2 == 0 { "even" } else { "odd" }.to_owned()),
            _ => {
                let age = u32::try_from(now - born).unwrap_or_default();
                let within = |(from, to): (u32, u32)| (from..=to).contains(&age);
                let bands = self.values.iter().map(|value| &value.name);
                bands.into_iter().find(|name| band(name).is_some_and(within)).cloned()
            }
        };
        value.filter(|value| self.has(value)).ok_or(AnswerError::Age)
    }
}

/// The ages of `19-34` or `65+`.
pub fn band(name: &str) -> Option<(u32, u32)> {
    if let Some(from) = name.strip_suffix('+') {
        return Some((from.parse().ok()?, u32::MAX));
    }
    let (from, to) = name.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then_some((from, to))
}

/// A year as people type it: `1987`, `1987년`, full-width digits.
fn year(typed: &str, now: i32) -> Result<i32, AnswerError> {
    let plain: String = typed.trim().trim_end_matches('년').trim().chars().map(half_width).collect();
    match plain.parse::<i32>() {
        _ if plain.is_empty() => Err(AnswerError::Missing),
        Ok(year) if plain.len() == 4 && (now - OLDEST..=now).contains(&year) => Ok(year),
        _ => Err(AnswerError::NotOffered),
    }
}

/// Full-width digits come from Korean input methods.
pub fn half_width(typed: char) -> char {
    match typed {
        '０'..='９' => char::from_digit(typed as u32 - '０' as u32, 10).unwrap_or(typed),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::who::Value;

    fn field(name: &str, from: Source, values: &[&str]) -> Field {
        let value = |name: &&str| Value { name: (*name).to_owned(), ko: String::new(), en: String::new() };
        Field {
            name: name.to_owned(),
            from,
            kind: Kind::of(name),
            values: values.iter().map(value).collect(),
            otherwise: None,
            ko: String::new(),
            en: String::new(),
        }
    }

    fn who() -> Who {
        let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let fields = vec![
            field("birth_digit", Source::Asked, &digits),
            field("birth_parity", Source::Asked, &["odd", "even"]),
            field("age_band", Source::Asked, &["19-34", "35-64", "65+"]),
            field("household", Source::Asked, &["1", "2", "3", "4+"]),
        ];
        Who { fields, ..Who::default() }
    }

    fn answer(who: &Who, typed: &[(&str, &str)], before: &str) -> Result<String, Vec<(String, AnswerError)>> {
        let of = |name: &str| {
            let found = typed.iter().find(|(typed, _)| *typed == name);
            found.map_or(String::new(), |(_, value)| (*value).to_owned())
        };
        let given = Given { typed: &of, listed: &BTreeMap::new(), before, year: 2027, counter: false };
        who.answers(&given).map(|values| crate::domain::who::joined(&who.fields, &values))
    }

    #[test]
    fn one_year_answers_three_questions_and_is_not_kept() {
        let kept = answer(&who(), &[("birth_year", " １９８７년"), ("household", "4+")], "").unwrap();
        assert_eq!(kept, "birth_digit=7 birth_parity=odd age_band=35-64 household=4+");
        assert!(who().fits(&kept) && !who().fits("birth_digit=7") && !who().fits(&format!("{kept} x=1")));
        // Changed later: an empty year leaves what it gave.
        let changed = answer(&who(), &[("household", "1")], &kept).unwrap();
        assert_eq!(changed, "birth_digit=7 birth_parity=odd age_band=35-64 household=1");
    }

    #[test]
    fn every_wrong_answer_is_named_once() {
        let error = |typed: &[(&str, &str)]| answer(&who(), typed, "").unwrap_err();
        let of = |name: &str, error| (name.to_owned(), error);
        assert_eq!(
            error(&[]),
            [of("birth_year", AnswerError::Missing), of("household", AnswerError::Missing)]
        );
        for typed in ["1850", "2028", "87", "19870", "-1987", "1987.5", "<b>"] {
            let wrong = error(&[("birth_year", typed), ("household", "5")]);
            let expected =
                [of("birth_year", AnswerError::NotOffered), of("household", AnswerError::NotOffered)];
            assert_eq!(wrong, expected, "{typed}");
        }
        // Too young for any band: said as such.
        assert_eq!(
            error(&[("birth_year", "2015"), ("household", "1")]),
            [of("birth_year", AnswerError::Age)]
        );
    }

    #[test]
    fn rosters_and_counters_answer_for_people() {
        let mut who = Who {
            fields: vec![
                field("region", Source::Roster, &["jungang", "donghae"]),
                field("disability", Source::Counter, &["no", "yes"]),
            ],
            ..Who::default()
        };
        let listed = BTreeMap::from([("region".to_owned(), "donghae".to_owned())]);
        let typed = |_: &str| "jungang".to_owned();
        let given = |listed| Given { typed: &typed, listed, before: "", year: 2027, counter: false };
        who.fields[1].otherwise = Some("no".to_owned());
        assert_eq!(who.answers(&given(&listed)).unwrap(), ["donghae", "no"]);
        let none = BTreeMap::new();
        assert_eq!(who.answers(&given(&none)).unwrap_err(), [("region".to_owned(), AnswerError::Unlisted)]);
    }

    #[test]
    fn bands_are_read() {
        assert_eq!(band("19-34"), Some((19, 34)));
        assert_eq!(band("65+"), Some((65, u32::MAX)));
        for wrong in ["", "+", "34-19", "a-b", "19", "19-"] {
            assert_eq!(band(wrong), None, "{wrong}");
        }
    }
}
