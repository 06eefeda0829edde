//! The days on which nothing opens: closed weekdays, and holidays from an editable list.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// Holidays: a list in the draft, or the name of a file with one to a line.
///
/// Each is a date, and after a space what it is called: `2027-02-08 Seollal`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Holidays {
    /// In the draft itself.
    List(Vec<String>),
    /// In a file beside the draft; `#` begins a comment.
    File(String),
}

impl Default for Holidays {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Holidays {
    /// The list that a file's text says.
    pub fn from_text(text: &str) -> Self {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        Self::List(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}

/// Holidays by date, each with what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(BTreeMap<NaiveDate, String>);

impl Calendar {
    /// Reads the list. What is wrong is added to `problems`, all of it.
    pub fn read(holidays: &Holidays, problems: &mut Vec<String>) -> Self {
        let mut calendar = BTreeMap::new();
        let list = match holidays {
            Holidays::List(list) => list.as_slice(),
            Holidays::File(name) => {
                problems.push(format!("holidays: the file `{name}` was not read"));
                &[]
            }
        };
        for line in list {
            let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let Ok(date) = date.parse::<NaiveDate>() else {
                problems.push(format!("holidays: `{line}` does not begin with a date like 2027-01-01"));
                continue;
            };
            if calendar.insert(date, name.trim().to_owned()).is_some() {
                problems.push(format!("holidays: {date} stands twice"));
            }
        }
        Self(calendar)
    }

    /// What a date is called, if it is a holiday.
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        self.0.get(&date).map(String::as_str)
    }

    /// Whether the calendar knows the year at all; an empty one knows every year.
    fn knows(&self, year: i32) -> bool {
        self.0.is_empty() || self.0.keys().any(|date| date.year() == year)
    }

    /// The first `count` open days from `first` on.
    ///
    /// # Errors
    /// A sentence, when there are none, or when the calendar is one of other years.
    pub fn open_days(
        &self,
        first: NaiveDate,
        count: u32,
        weekdays: &[Weekday],
    ) -> Result<Vec<NaiveDate>, String> {
        // Ten years of days: no calendar closes so many, so the search ends.
        let days = (0..3_660).map_while(|day| first.checked_add_days(Days::new(day)));
        let open = days.filter(|day| weekdays.contains(&day.weekday()) && self.holiday(*day).is_none());
        let open: Vec<NaiveDate> = open.take(usize::try_from(count).unwrap_or_default()).collect();
        if open.len() < usize::try_from(count).unwrap_or(usize::MAX) {
            return Err("there are not so many open days".to_owned());
        }
        let last = open.last().map_or(first.year(), Datelike::year);
        match (first.year()..=last).find(|year| !self.knows(*year)) {
            Some(year) => Err(format!("the holidays have none in {year}; is the list of another year?")),
            None => Ok(open),
        }
    }
}

/// `mon` … `sun`; an empty list means all seven.
///
/// # Errors
/// The first word that is no weekday, or stands twice.
pub fn weekdays(names: &[String]) -> Result<Vec<Weekday>, String> {
    const NAMES: [(&str, Weekday); 7] = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    if names.is_empty() {
        return Ok(NAMES.map(|(_, day)| day).into());
    }
    let mut days = Vec::new();
    for name in names {
        let known = NAMES.iter().find(|(known, _)| known == name);
        let (_, day) =
            known.ok_or_else(|| format!("`{name}` is not one of mon, tue, wed, thu, fri, sat, sun"))?;
        if days.contains(day) {
            return Err(format!("`{name}` stands twice"));
        }
        days.push(*day);
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(text: &str) -> (Calendar, Vec<String>) {
        let mut problems = Vec::new();
        (Calendar::read(&Holidays::from_text(text), &mut problems), problems)
    }

    #[test]
    fn open_days_skip_weekends_and_holidays() {
        let (calendar, problems) =
            calendar("# 2027\n2027-02-08 Seollal\n2027-02-09 Seollal (in place of Sunday) # moved\n");
        assert!(problems.is_empty());
        assert_eq!(calendar.holiday(day("2027-02-09")), Some("Seollal (in place of Sunday)"));
        let workdays = weekdays(&["mon", "tue", "wed", "thu", "fri"].map(str::to_owned)).unwrap();
        let open = calendar.open_days(day("2027-02-05"), 3, &workdays).unwrap();
        assert_eq!(open, ["2027-02-05", "2027-02-10", "2027-02-11"].map(day));
        assert_eq!(
            calendar.open_days(day("2027-02-06"), 1, &weekdays(&[]).unwrap()).unwrap(),
            [day("2027-02-06")]
        );
    }

    #[test]
    fn wrong_doubled_and_outdated_dates_are_refused() {
        let (_, problems) = calendar("2027-02-30 never\n2027-03-01 one\n2027-03-01 two\nsoon\n");
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("2027-02-30") && problems[1].contains("twice"));
        let (calendar, _) = calendar("2026-03-01 Independence Movement Day\n");
        let outdated = calendar.open_days(day("2027-01-04"), 2, &weekdays(&[]).unwrap());
        assert!(outdated.unwrap_err().contains("none in 2027"));
        assert!(weekdays(&["mon".to_owned(), "mon".to_owned()]).is_err());
        assert!(weekdays(&["monday".to_owned()]).is_err());
    }
}
