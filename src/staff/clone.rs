//! The next month's draft from the last one's: every date moves by whole weeks, so that weekdays stay; the name and
//! the titles say the new month. Everything else stays, comments too.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Seoul;

use crate::words::instant::MONTHS;

/// The text of a draft for the month after, so late that nothing of it has passed `now`.
pub fn next_month(text: &str, now: DateTime<Utc>) -> String {
    let today = now.with_timezone(&Seoul).date_naive();
    let mut text = text.to_owned();
    // A draft of years ago takes many steps; one without dates takes one.
    for _ in 0..120 {
        text = one_month(&text);
        if first_date(&text).is_none_or(|first| first > today) {
            break;
        }
    }
    text
}

fn one_month(text: &str) -> String {
    let Some(first) = first_date(text) else { return text.to_owned() };
    let by = weeks_to_next_month(first);
    let month = slug_month(text);
    let mut lines = Vec::new();
    let mut in_holidays = false;
    for line in text.lines() {
        let (said, comment) = parted(line);
        // Holidays are what they are.
        in_holidays |= said.trim_start().starts_with("holidays");
        let mut said = if in_holidays { said.to_owned() } else { moved(said, by) };
        if in_holidays && said.contains(']') {
            in_holidays = false;
        }
        if let Some((year, number)) = month {
            said = renamed(&said, year, number);
        }
        lines.push(said + comment);
    }
    lines.join("\n") + "\n"
}

/// The part of a line that counts, and the comment after it.
fn parted(line: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.split_at(at),
            _ => {}
        }
    }
    (line, "")
}

/// Where dates stand in a text: byte offset and date.
fn dates(text: &str) -> Vec<(usize, NaiveDate)> {
    let mut found = Vec::new();
    for at in 0..text.len() {
        let Some(ten) = text.get(at..at + 10) else { continue };
        let alone = at == 0 || !text.as_bytes().get(at - 1).is_some_and(u8::is_ascii_digit);
        if alone && let Ok(date) = NaiveDate::parse_from_str(ten, "%Y-%m-%d") {
            found.push((at, date));
        }
    }
    found
}

/// When entering begins; the earliest date of the draft otherwise.
fn first_date(text: &str) -> Option<NaiveDate> {
    let said = |line: &str| -> Vec<NaiveDate> {
        let (said, _) = parted(line);
        dates(said).into_iter().map(|(_, date)| date).collect()
    };
    // `[expect]` has an `opens` of its own, which is no date.
    let opens = text.lines().filter(|line| line.trim_start().starts_with("opens"));
    opens.flat_map(said).next()
}

/// Four weeks or five: to the same weekday of the same rank in the next month, where it has one.
fn weeks_to_next_month(date: NaiveDate) -> TimeDelta {
    let rank = |date: NaiveDate| date.day0() / 7;
    let four = date + TimeDelta::weeks(4);
    let same = four.month() != date.month() && rank(four) == rank(date);
    TimeDelta::weeks(if same { 4 } else { 5 })
}

fn moved(text: &str, by: TimeDelta) -> String {
    let mut text = text.to_owned();
    for (at, date) in dates(&text) {
        text.replace_range(at..at + 10, &(date + by).format("%Y-%m-%d").to_string());
    }
    text
}

/// Year and month that the name in addresses ends with.
fn slug_month(text: &str) -> Option<(i32, u32)> {
    let line = text.lines().find(|line| line.trim_start().starts_with("slug"))?;
    let slug = line.split('"').nth(1)?;
    let (rest, month) = slug.rsplit_once('-')?;
    let (_, year) = rest.rsplit_once('-')?;
    let month: u32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((year.parse().ok().filter(|year| (2000..3000).contains(year))?, month))
}

/// The month in names and titles.
fn renamed(said: &str, year: i32, month: u32) -> String {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let name = |month: u32| MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    let trimmed = said.trim_start();
    if trimmed.starts_with("slug") {
        return said.replace(&format!("{year}-{month:02}"), &format!("{next_year}-{next:02}"));
    }
    if trimmed.starts_with("title_") {
        let said = said.replace(&format!("{year}년"), &format!("{next_year}년"));
        let said = said.replace(&format!("{month}월"), &format!("{next}월")).replace(name(month), name(next));
        return said.replace(&year.to_string(), &next_year.to_string());
    }
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_moves_by_a_month_and_is_still_a_draft() {
        let example = include_str!("../../docs/round.example.toml");
        let before = DateTime::parse_from_rfc3339("2026-12-01T00:00:00Z").unwrap().to_utc();
        let next = next_month(example, before);
        let draft = crate::domain::draft::Draft::parse(&next).unwrap();
        assert_eq!(
            (draft.slug.as_str(), draft.title_ko.as_str()),
            ("tongyeong-2027-02", "통영사랑상품권 2월")
        );
        assert_eq!(draft.title_en, "Tongyeong Love voucher, February");
        // The first Monday of January, the first Monday of February.
        assert_eq!(
            (draft.times.opens.as_str(), draft.times.closes.as_str()),
            ("2027-02-01 09:00", "2027-02-04 18:00")
        );
        assert!(next.contains("or [\"2027-02-08 Seollal\"]"), "a comment moved");
        assert_eq!(next.lines().count(), example.lines().count());
        // Half a year later it is a month that is still to come.
        let later = DateTime::parse_from_rfc3339("2027-06-20T00:00:00Z").unwrap().to_utc();
        let draft = crate::domain::draft::Draft::parse(&next_month(example, later)).unwrap();
        assert_eq!(
            (draft.slug.as_str(), draft.times.opens.as_str()),
            ("tongyeong-2027-07", "2027-07-05 09:00")
        );
    }

    #[test]
    fn a_year_ends_and_holidays_stay() {
        let text = "slug = \"a-2026-12\"\ntitle_ko = \"상품권 2026년 12월\"\nholidays = [\n \"2026-12-25 x\",\n]\n[times]\nopens = \"2026-12-01 09:00\"\n";
        let next = one_month(text);
        assert!(next.contains("a-2027-01") && next.contains("상품권 2027년 1월"), "{next}");
        assert!(next.contains("2026-12-25 x") && next.contains("opens = \"2027-01-05 09:00\""), "{next}");
    }
}
