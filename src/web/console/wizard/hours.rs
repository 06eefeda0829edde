//! Days, hours and places of one opening.

use chrono::NaiveTime;
use toml::{Table, Value};

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::edit::{Edit, Place, value_at},
    web::view::{Input, WizardField, errors, wizard_words},
};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const PARTS: [&str; 4] = ["am", "noon", "pm", "eve"];

pub fn fields(look: &Look<'_>, at: usize) -> Vec<WizardField> {
    let place = Place::Nth("opening", at);
    let mut fields = vec![
        look.field("first_day", Input::Day, place, "first_day"),
        look.field("days", Input::Number, place, "days"),
        look.with("weekdays", Input::Ticks(weekdays(look, place)), String::new()),
    ];
    if at == 0 && holidays_are_plain(look.table) {
        let kr = value_at(look.table, Place::Root, "holidays").and_then(Value::as_str) == Some("kr");
        let tick = (
            "holidays_kr".to_owned(),
            wizard_words(look.page, "holidays_kr").0,
            look.is_ticked("holidays_kr", kr),
        );
        fields.push(look.with("holidays", Input::Ticks(vec![tick]), String::new()));
    }
    for part in PARTS {
        let from = part_from(look.table, place, part).unwrap_or_default();
        fields.push(look.with(&format!("part_{part}"), Input::Clock, from));
    }
    fields.push(look.field("until", Input::Clock, place, "until"));
    fields.push(look.field("slot_minutes", Input::Number, place, "slot_minutes"));
    if takes_from_sellers(look.table, place) {
        return fields;
    }
    fields.push(look.field("slot_capacity", Input::Number, place, "slot_capacity"));
    fields.push(look.field("per_minute_open", Input::Number, place, "per_minute"));
    fields
}

pub fn edits(typed: &mut Typed<'_>, table: &Table, at: usize) -> Vec<Edit> {
    let place = Place::Nth("opening", at);
    let first_day = typed.day("first_day");
    let days = typed.number("days", 1, 366);
    let weekdays: Vec<&str> =
        DAYS.into_iter().filter(|day| typed.is_ticked(&format!("weekday_{day}"))).collect();
    if weekdays.is_empty() {
        typed.wrong("weekdays", errors::wizard_weekdays);
    }
    let mut parts: Vec<(&str, NaiveTime)> = Vec::new();
    for part in PARTS {
        let id = format!("part_{part}");
        let Some(from) = typed.clock_if(&id) else { continue };
        if parts.last().is_some_and(|(_, before)| *before >= from) {
            typed.wrong(&id, errors::wizard_order);
        }
        parts.push((part, from));
    }
    let until = typed.clock("until");
    match parts.last() {
        None => typed.wrong("part_am", errors::wizard_parts),
        Some((_, last)) if until.is_some_and(|until| until <= *last) => {
            typed.wrong("until", errors::wizard_order);
        }
        Some(_) => {}
    }
    let minutes = typed.number("slot_minutes", 1, 1_440);
    let written = |at: NaiveTime| at.format("%H:%M").to_string();
    let part = |(name, from): &(&str, NaiveTime)| {
        let pairs = [("name".to_owned(), Value::from(*name)), ("from".to_owned(), written(*from).into())];
        Value::Table(pairs.into_iter().collect())
    };
    let all = weekdays.len() == DAYS.len();
    let mut edits = vec![
        Edit::maybe(place, "first_day", first_day.map(|day| day.to_string())),
        Edit::set(place, "days", days),
        Edit::maybe(place, "weekdays", (!all).then_some(weekdays)),
        Edit::set(place, "parts", Value::Array(parts.iter().map(part).collect())),
        Edit::maybe(place, "until", until.map(written)),
        Edit::set(place, "slot_minutes", minutes),
    ];
    if at == 0 && holidays_are_plain(table) {
        let kr = typed.is_ticked("holidays_kr").then_some("kr");
        edits.push(Edit::maybe(Place::Root, "holidays", kr));
    }
    if !takes_from_sellers(table, place) {
        let capacity = typed.number_if("slot_capacity", 1, 1_000_000_000);
        let rate = typed.number_if("per_minute_open", 1, 1_000_000);
        let said = |id: &str| !typed.text(id).is_empty();
        if said("slot_capacity") == said("per_minute_open") {
            typed.wrong("slot_capacity", errors::wizard_capacity);
        }
        edits.push(Edit::maybe(place, "slot_capacity", capacity));
        edits.push(Edit::maybe(place, "per_minute", rate));
        if rate.is_none() {
            // Weak hours belong to a rate.
            edits.push(Edit::Set(place, "dips", None));
        }
    }
    edits
}

/// One more opening, for those who miss their time: on the day after the last.
pub fn second_chance(table: &Table) -> Option<Edit> {
    let list = table.get("opening")?.as_array()?;
    if list.iter().any(|one| one.get("catch_up").is_some()) {
        return None;
    }
    let days = |one: &Value| {
        let first: chrono::NaiveDate = one.get("first_day")?.as_str()?.parse().ok()?;
        // A week for five days, so that closed weekdays are behind it.
        let days = u64::try_from(one.get("days")?.as_integer()?).ok()?;
        first.checked_add_days(chrono::Days::new(days * 7 / 5 + 1))
    };
    let last = list.iter().filter_map(days).max()?;
    let mut opening = list.first()?.as_table()?.clone();
    opening.remove("for");
    opening.insert("catch_up".to_owned(), true.into());
    opening.insert("first_day".to_owned(), last.to_string().into());
    opening.insert("days".to_owned(), 1.into());
    Some(Edit::Add("opening", opening))
}

/// Whose opening it is, as the draft says it.
pub fn whose(table: &Table, at: usize) -> (Vec<String>, bool) {
    let place = Place::Nth("opening", at);
    let catch_up = value_at(table, place, "catch_up").and_then(Value::as_bool) == Some(true);
    let of = value_at(table, place, "for").and_then(Value::as_table);
    let values = of.into_iter().flat_map(Table::values).filter_map(Value::as_array).flatten();
    (values.filter_map(Value::as_str).map(str::to_owned).collect(), catch_up)
}

fn weekdays(look: &Look<'_>, place: Place) -> Vec<(String, String, bool)> {
    let said = value_at(look.table, place, "weekdays").and_then(Value::as_array);
    let open = |day: &str| {
        said.is_none_or(|list| list.is_empty() || list.iter().any(|one| one.as_str() == Some(day)))
    };
    let tick = |day: &&str| {
        let id = format!("weekday_{day}");
        (id.clone(), wizard_words(look.page, &id).0, look.is_ticked(&id, open(day)))
    };
    DAYS.iter().map(tick).collect()
}

fn part_from(table: &Table, place: Place, part: &str) -> Option<String> {
    let parts = value_at(table, place, "parts")?.as_array()?;
    let one = parts.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(part))?;
    Some(one.get("from")?.as_str()?.to_owned())
}

/// Whether no list of one's own stands there, which a box could not show.
fn holidays_are_plain(table: &Table) -> bool {
    value_at(table, Place::Root, "holidays").is_none_or(|said| said.as_str() == Some("kr"))
}

fn takes_from_sellers(table: &Table, place: Place) -> bool {
    value_at(table, place, "sellers").and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}
