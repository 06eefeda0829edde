//! Birth dates as offices write them.

use chrono::{Datelike, NaiveDate};

/// `1960-01-01`, `1960.1.1`, `1960/01/01`, `19600101`, `1960년 1월 1일`, with or without a time behind.
/// Two digits of a year are refused: nobody can tell 1926 from 2026 then.
pub fn parse(cell: &str) -> Option<NaiveDate> {
    let mut parts = cell.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let (year, month, day) = match first.len() {
        8 => (first.get(..4)?, first.get(4..6)?, first.get(6..)?),
        4 => (first, parts.next()?, parts.next()?),
        _ => return None,
    };
    // What stands between and behind is what stands in dates.
    let plain =
        |c: char| matches!(c, '0'..='9' | '-' | '.' | '/' | ' ' | ':' | 'T' | '년' | '월' | '일' | '생');
    if !cell.starts_with(first) || !cell.chars().all(plain) || month.len() > 2 || day.len() > 2 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.filter(|date| (1900..=2100).contains(&date.year()))
}

/// As keys and fields write it.
pub fn text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}
