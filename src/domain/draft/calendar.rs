//! The days on which nothing opens: closed weekdays, and holidays from an editable list.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// Holidays: a list in the draft, or the name of a file with one to a line.
///
/// Each is a date, and after a space what it is called: `2027-02-08 Seollal`. The file `"kr"` is built in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Holidays {
    /// In the draft itself.
    List(Vec<String>),
    /// In a file beside the draft; `#` begins a comment.
    File(String),
}

/// The public holidays of Korea, with those in place of others, as far as they are known.
const KR: &str = include_str!("holidays-kr.txt");
/// The name of that list.
const BUILT_IN: &str = "kr";

impl Default for Holidays {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Holidays {
    /// The file that is to be read, if it is one that is not built in.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::File(name) if name != BUILT_IN => Some(name),
            _ => None,
        }
    }

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
        let built_in = Holidays::from_text(KR);
        let list = match holidays {
            Holidays::File(name) if name == BUILT_IN => return Self::read(&built_in, problems),
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

    /// By the rules (공휴일에 관한 법률, 관공서의 공휴일에 관한 규정): New Year and Memorial Day have no other day in their
    /// place; Seollal and Chuseok do for a Sunday or another holiday, all others for a Saturday too. The lunar days and
    /// the elections are what they are.
    #[test]
    fn the_holidays_that_are_built_in_are_those_of_the_law() {
        let mut problems = Vec::new();
        let calendar = Calendar::read(&Holidays::File("kr".to_owned()), &mut problems);
        assert!(problems.is_empty() && Holidays::File("kr".to_owned()).file().is_none(), "{problems:?}");
        let lunar = [
            (2026, ["02-16", "02-17", "02-18"], "05-24", ["09-24", "09-25", "09-26"], Some("06-03")),
            (2027, ["02-06", "02-07", "02-08"], "05-13", ["09-14", "09-15", "09-16"], None),
            (2028, ["01-26", "01-27", "01-28"], "05-02", ["10-02", "10-03", "10-04"], Some("04-12")),
        ];
        let mut expected = BTreeMap::<NaiveDate, usize>::new();
        for (year, seollal, buddha, chuseok, election) in lunar {
            let of = |date: &str| day(&format!("{year}-{date}"));
            let feasts: Vec<NaiveDate> = seollal.iter().chain(&chuseok).map(|date| of(date)).collect();
            let moved = ["03-01", "05-01", "05-05", "07-17", "08-15", "10-03", "10-09", "12-25", buddha];
            let moved = moved.map(of);
            let fixed = ["01-01", "06-06"].into_iter().chain(election).map(of);
            let mut days = BTreeMap::<NaiveDate, usize>::new();
            for date in feasts.iter().copied().chain(moved).chain(fixed) {
                *days.entry(date).or_default() += 1;
            }
            let mut instead: Vec<NaiveDate> = Vec::new();
            let clashes = |date: &NaiveDate| days.get(date).is_some_and(|count| *count > 1);
            for date in moved.iter().filter(|date| !feasts.contains(date)) {
                if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) || clashes(date) {
                    instead.push(*date);
                }
            }
            for feast in [&feasts[..3], &feasts[3..]] {
                if feast.iter().any(|date| date.weekday() == Weekday::Sun || clashes(date)) {
                    instead.push(feast[2]);
                }
            }
            for date in instead {
                let free = |date: &NaiveDate| date.weekday() != Weekday::Sun && !days.contains_key(date);
                let free = |date: &NaiveDate| free(date) && date.weekday() != Weekday::Sat;
                let next = (1..).filter_map(|on| date.checked_add_days(Days::new(on))).find(free).unwrap();
                days.insert(next, 1);
            }
            expected.extend(days);
        }
        let known: Vec<&NaiveDate> = calendar.0.keys().collect();
        assert_eq!(known, expected.keys().collect::<Vec<_>>());
        assert_eq!(calendar.holiday(day("2027-02-09")), Some("Seollal, in place of Sunday"));
        let open = calendar.open_days(day("2027-02-05"), 2, &weekdays(&[]).unwrap()).unwrap();
        assert_eq!(open, [day("2027-02-05"), day("2027-02-10")]);
        assert!(calendar.open_days(day("2029-01-02"), 1, &weekdays(&[]).unwrap()).is_err(), "not known yet");
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
