//! People who do not come themselves: a child, a parent who cannot. Whoever enters them types name and
//! date of birth, of which only a receipt remains: the same person has the same one, whoever enters them.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::answers::half_width;

/// What is wrong with what was typed about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpedError {
    /// No name.
    NameMissing,
    /// Not a name.
    NameInvalid,
    /// Something that looks like a resident registration number.
    RegistrationNumber,
    /// No date.
    BornMissing,
    /// Not a date anybody was born on.
    BornInvalid,
}

/// Somebody who is entered by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helped {
    name: String,
    born: NaiveDate,
}

/// Majority, Civil Act §4.
const OF_AGE: u32 = 19;
const OLDEST: i32 = 120;

impl Helped {
    /// Reads name and date of birth as people type them.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn parse(name: &str, born: &str, today: NaiveDate) -> Result<Self, Vec<HelpedError>> {
        match (read_name(name), read_born(born, today)) {
            (Ok(name), Ok(born)) => Ok(Self { name, born }),
            (name, born) => Err(name.err().into_iter().chain(born.err()).collect()),
        }
    }

    /// The key their receipt comes from: kept nowhere.
    pub fn person_key(&self) -> String {
        format!("helped:{}:{}", self.born, self.name)
    }

    /// Their name, in the spelling in which all spellings are one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their birth date.
    pub fn born(&self) -> NaiveDate {
        self.born
    }

    /// Enough for somebody who stands in front of them: `김○늘`, `a○r`.
    pub fn masked(&self) -> String {
        let letters: Vec<char> = self.name.chars().collect();
        match letters.as_slice() {
            [] => String::new(),
            [only] => format!("{only}○"),
            [first, _] => format!("{first}○"),
            [first, .., last] => format!("{first}○{last}"),
        }
    }

    /// Whether they are under age on a day.
    pub fn is_minor(&self, on: NaiveDate) -> bool {
        on.years_since(self.born).unwrap_or_default() < OF_AGE
    }
}

/// Two spellings of one name are equal: composed or not, with or without spaces, in any case.
fn read_name(typed: &str) -> Result<String, HelpedError> {
    if crate::domain::contact::is_registration_number(typed) {
        return Err(HelpedError::RegistrationNumber);
    }
    let name: String = typed.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '·' | '.' | '’');
    match () {
        () if name.is_empty() => Err(HelpedError::NameMissing),
        () if name.chars().count() > 60
            || !name.chars().all(letter)
            || !name.contains(char::is_alphabetic) =>
        {
            Err(HelpedError::NameInvalid)
        }
        () => Ok(name),
    }
}

/// `2015-03-01`, `20150301`, `2015. 3. 1.`, `2015년 3월 1일`.
fn read_born(typed: &str, today: NaiveDate) -> Result<NaiveDate, HelpedError> {
    if crate::domain::contact::is_registration_number(typed) {
        return Err(HelpedError::RegistrationNumber);
    }
    let plain: String = typed.trim().chars().map(half_width).collect();
    if plain.is_empty() {
        return Err(HelpedError::BornMissing);
    }
    let apart: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let parts: Option<(i32, u32, u32)> = match apart[..] {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok()).map(|((y, m), d)| (y, m, d))
        }
        [one] if one.len() == 8 => {
            let number: u32 = one.parse().unwrap_or_default();
            i32::try_from(number / 10_000).ok().map(|year| (year, number / 100 % 100, number % 100))
        }
        _ => None,
    };
    let born = parts.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day));
    born.filter(|born| *born <= today && born.year() >= today.year() - OLDEST).ok_or(HelpedError::BornInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn one_child_has_one_key_however_it_is_typed() {
        let today = day("2026-11-26");
        let keys: Vec<String> = [
            ("김하늘", "2015-03-01"),
            ("김 하늘 ", "20150301"),
            ("\u{1100}\u{1175}\u{11b7}하늘", "2015. 3. 1."),
            ("김하늘", "２０１５년 3월 1일"),
        ]
        .into_iter()
        .map(|(name, born)| Helped::parse(name, born, today).unwrap().person_key())
        .collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        assert_ne!(Helped::parse("김하늘", "2015-03-02", today).unwrap().person_key(), keys[0]);
        assert_eq!(
            Helped::parse("Anna O'Neil", "2015-03-01", today),
            Helped::parse("ANNA O'neil", "2015/3/1", today)
        );
    }

    #[test]
    fn a_mask_shows_the_ends_of_a_name() {
        for (name, masked) in [("김하늘", "김○늘"), ("김하", "김○"), ("하", "하○"), ("남궁하늘", "남○늘")]
        {
            assert_eq!(Helped::parse(name, "1950-01-01", day("2026-11-26")).unwrap().masked(), masked);
        }
    }

    #[test]
    fn what_is_no_person_is_refused_by_name() {
        let today = day("2026-11-26");
        let wrong = |name: &str, born: &str| Helped::parse(name, born, today).unwrap_err();
        assert_eq!(wrong("", ""), [HelpedError::NameMissing, HelpedError::BornMissing]);
        assert_eq!(wrong("<script>", "2027-01-01"), [HelpedError::NameInvalid, HelpedError::BornInvalid]);
        for born in ["2015-02-30", "1850-01-01", "15-03-01", "2015-3", "x", "99999999"] {
            assert_eq!(wrong("김하늘", born), [HelpedError::BornInvalid], "{born}");
        }
        assert_eq!(wrong("150301-3123456", "2015-03-01"), [HelpedError::RegistrationNumber]);
    }

    #[test]
    fn majority_comes_on_the_birthday() {
        let child = Helped::parse("김하늘", "2007-11-27", day("2026-11-26")).unwrap();
        assert!(child.is_minor(day("2026-11-26")) && !child.is_minor(day("2026-11-27")));
    }
}
