//! Drafts as files: read with the holidays and words they name, and their hours said back in local time.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Asia::Seoul;

use crate::{
    domain::draft::{Draft, Holidays, OpenDays, Slots},
    words::{Lang, instant, number::grouped},
};

/// Reads a draft and the files of holidays and words beside it.
pub fn read(path: &Path) -> anyhow::Result<Draft> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let mut draft = Draft::parse(&text).map_err(anyhow::Error::msg).with_context(|| format!("in {shown}"))?;
    let beside = |name: &str| {
        let file = path.parent().unwrap_or(Path::new("")).join(name);
        std::fs::read_to_string(file).map_err(|error| error.to_string())
    };
    draft.read_holidays(beside).map_err(anyhow::Error::msg).with_context(|| format!("in {shown}"))?;
    draft.read_words(beside).map_err(anyhow::Error::msg).with_context(|| format!("in {shown}"))?;
    Ok(draft)
}

/// A draft that needs no other file: the holidays of the file beside it stand in it.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let draft = Draft::parse(&text).map_err(anyhow::Error::msg).with_context(|| format!("in {shown}"))?;
    if !matches!(draft.holidays, Holidays::File(_)) {
        return Ok(text);
    }
    let mut table: toml::Table = text.parse().with_context(|| format!("in {shown}"))?;
    if let Holidays::List(list) = read(path)?.holidays {
        let list = list.into_iter().map(toml::Value::String).collect();
        table.insert("holidays".to_owned(), toml::Value::Array(list));
    }
    Ok(toml::to_string(&table)?)
}

/// Every opening as it was understood: days, hours, people, in Korean local time. Days in a row with
/// as many people are one line.
pub fn hours(slots: &Slots) -> String {
    let mut text = String::new();
    for opening in &slots.days {
        let catch_up = if opening.catch_up { ", for those who missed their minute" } else { "" };
        text += &format!("  open for {}{catch_up}, Korean time:\n", opening.cohort);
        for run in runs(opening) {
            text += &format!("    {run}\n");
        }
        for (day, name) in &opening.closed {
            text += &format!(
                "    {}: closed, {}\n",
                date(*day),
                if name.is_empty() { "a holiday" } else { name }
            );
        }
    }
    text
}

fn runs(opening: &OpenDays) -> Vec<String> {
    let (from, to) = opening.hours;
    let mut runs: Vec<(NaiveDate, NaiveDate, u64)> = Vec::new();
    for (day, people) in &opening.people {
        match runs.last_mut().filter(|(_, last, same)| last.succ_opt() == Some(*day) && same == people) {
            Some((_, last, _)) => *last = *day,
            None => runs.push((*day, *day, *people)),
        }
    }
    let line = |(first, last, people): (NaiveDate, NaiveDate, u64)| {
        let days = match first == last {
            true => date(first),
            false => format!("{} to {}, each day", date(first), date(last)),
        };
        let hours = format!("{} to {}", from.format("%H:%M"), to.format("%H:%M"));
        match people {
            0 => format!("{days}: nobody could be served"),
            _ => format!("{days} {hours}, {} people", grouped(people)),
        }
    };
    runs.into_iter().map(line).collect()
}

fn date(day: NaiveDate) -> String {
    let noon: Option<DateTime<Utc>> = NaiveTime::from_hms_opt(12, 0, 0)
        .and_then(|noon| day.and_time(noon).and_local_timezone(Seoul).single())
        .map(|local| local.to_utc());
    noon.map_or_else(|| day.to_string(), |noon| instant::long_date(noon, Lang::En))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_said_back_in_local_time() {
        let draft = Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
        let said = hours(&draft.slots().unwrap());
        assert_eq!(
            said,
            "  open for all, Korean time:\n    Mon 11 January 2027 to Tue 12 January 2027, each day 09:00 to 18:00, \
             4,500 people\n  open for all, for those who missed their minute, Korean time:\n    Thu 14 January 2027 \
             09:00 to 18:00, 900 people\n"
        );
    }

    #[test]
    fn holidays_are_read_from_a_file_beside_the_draft() {
        let folder = tempfile::tempdir().unwrap();
        let example = include_str!("../../docs/round.example.toml");
        let draft = example.replacen("slug =", "holidays = \"closed.txt\"\nslug =", 1);
        let path = folder.path().join("round.toml");
        std::fs::write(&path, draft).unwrap();
        assert!(format!("{:#}", read(&path).unwrap_err()).contains("closed.txt"));
        std::fs::write(folder.path().join("closed.txt"), "2027-01-12 stocktaking\n").unwrap();
        let alone = Draft::parse(&text(&path).unwrap()).unwrap();
        assert_eq!(hours(&alone.slots().unwrap()), hours(&read(&path).unwrap().slots().unwrap()));
        let said = hours(&read(&path).unwrap().slots().unwrap());
        assert!(said.contains("Mon 11 January 2027 09:00 to 18:00, 4,500 people\n"), "{said}");
        assert!(said.contains("Wed 13 January 2027 09:00 to 18:00, 4,500 people\n"), "{said}");
        assert!(said.contains("Tue 12 January 2027: closed, stocktaking\n"), "{said}");
    }
}
