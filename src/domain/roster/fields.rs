//! What a roster says of somebody beside who they are: coarse, one `name=value` a line.

use chrono::{Datelike, NaiveDate};

/// The fields that a birth date makes. The day and the month are not kept.
pub fn of_birth(date: NaiveDate, fields: &mut String) {
    let year = date.year();
    push(fields, "birth_year", &year.to_string());
    push(fields, "birth_digit", &(year % 10).to_string());
    push(fields, "birth_parity", if year % 2 == 0 { "even" } else { "odd" });
}

/// Adds a field.
pub fn push(fields: &mut String, name: &str, value: &str) {
    fields.push_str(name);
    fields.push('=');
    fields.push_str(value);
    fields.push('\n');
}

/// The value of a field.
pub fn find<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    fields.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
}

/// The 읍, 면 or 동 of an address; the rest of an address is nobody's business. Where it names a street, the 동 stands
/// in brackets behind, and what stands before may be a building's (가동). A short text without digits is a region's
/// name already.
pub fn region(address: &str) -> Option<&str> {
    let words = || address.split([' ', ',', '(', ')', '[', ']']).filter(|word| !word.is_empty());
    let is_town = |word: &&str| {
        let mut last = word.chars().rev();
        matches!(last.next(), Some('읍' | '면' | '동'))
            // `101동` is a building.
            && last.next().is_some_and(|c| !c.is_ascii_digit())
    };
    let plain = words().count() <= 3
        && address.chars().count() <= 30
        && !address.is_empty()
        && !address.contains(|c: char| c.is_ascii_digit());
    let of_street = || {
        let (street, behind) = address.rsplit_once('(')?;
        let named = street.split([' ', ',']).any(|word| word.ends_with(['로', '길']));
        named.then(|| behind.split([' ', ',', ')']).find(is_town)).flatten()
    };
    let country = words().find(|word| is_town(word) && !word.ends_with('동'));
    country.or_else(of_street).or_else(|| words().find(is_town)).or(plain.then_some(address))
}
