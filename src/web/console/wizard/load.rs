//! Who is expected, and what everything behind the round can take.

use toml::{Table, Value};

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::edit::{Edit, Place, value_at},
    web::view::{Input, WizardField, errors, wizard_words},
};

const LIMITS: [&str; 3] = ["per_second", "per_minute", "per_day"];
/// What a new one is for, and which steps need it.
const KINDS: [(&str, &[&str]); 4] = [
    ("seller", &["purchase"]),
    ("mail", &["entering", "seal", "result", "reminder", "offer"]),
    ("sms", &["entering", "result", "reminder", "offer"]),
    ("identity", &["entering"]),
];

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let expect = Place::In("expect");
    let mut fields = vec![
        look.field("at_most", Input::Number, expect, "at_most"),
        look.field("show", Input::Number, expect, "show"),
        look.field("opens_page", Input::Number, expect, "opens"),
    ];
    for at in 0..count(look.table) {
        let place = Place::Nth("dependency", at);
        let name = value_at(look.table, place, "name").and_then(Value::as_str).unwrap_or_default();
        fields.push(WizardField::heading(name));
        for limit in LIMITS {
            let id = format!("{limit}_{}", at + 1);
            fields.push(look.field(&id, Input::Number, place, limit));
        }
        let drop = format!("drop_{}", at + 1);
        let tick = (drop.clone(), wizard_words(look.page, "drop").0, look.is_ticked(&drop, false));
        fields.push(look.with(&format!("drops_{}", at + 1), Input::Ticks(vec![tick]), String::new()));
    }
    fields.push(WizardField::heading(&wizard_words(look.page, "new").0));
    let kind =
        |(kind, _): &(&str, _)| ((*kind).to_owned(), wizard_words(look.page, &format!("kind_{kind}")).0);
    fields.push(look.with("new_name", Input::Line(60), String::new()));
    let kinds = KINDS.iter().map(kind).collect();
    fields.push(look.with("new_kind", Input::Choice(kinds), String::new()));
    fields.push(look.with("new_limit", Input::Number, String::new()));
    fields
}

pub fn edits(typed: &mut Typed<'_>, table: &Table) -> Vec<Edit> {
    let expect = Place::In("expect");
    let most = typed.number_if("at_most", 1, 1_000_000_000);
    let entrants = value_at(table, expect, "entrants").and_then(Value::as_integer);
    if most.zip(entrants).is_some_and(|(most, entrants)| most < entrants) {
        typed.wrong("at_most", errors::wizard_at_most);
    }
    let (show, opens) = (typed.percent_if("show"), typed.percent_if("opens_page"));
    let mut edits = vec![
        Edit::maybe(expect, "at_most", most),
        Edit::Set(expect, "show", show.map(number)),
        Edit::Set(expect, "opens", opens.map(number)),
    ];
    let (mut dropped, mut names) = (Vec::new(), Vec::new());
    for at in 0..count(table) {
        let place = Place::Nth("dependency", at);
        if typed.is_ticked(&format!("drop_{}", at + 1)) {
            dropped.push(Edit::Remove("dependency", at));
            continue;
        }
        names.push(value_at(table, place, "name").and_then(Value::as_str).unwrap_or_default());
        let limits = LIMITS.map(|limit| typed.limit_if(&format!("{limit}_{}", at + 1)));
        if limits.iter().all(Option::is_none) && typed.errors.is_empty() {
            typed.wrong(&format!("per_second_{}", at + 1), errors::wizard_limit_missing);
        }
        for (key, limit) in LIMITS.into_iter().zip(limits) {
            edits.push(Edit::Set(place, key, limit.map(number)));
        }
    }
    // From behind, so that numbers stay.
    edits.extend(dropped.into_iter().rev());
    edits.extend(added(typed, &names));
    edits
}

/// One more, if anything of it was typed.
fn added(typed: &mut Typed<'_>, names: &[&str]) -> Option<Edit> {
    if ["new_name", "new_limit"].iter().all(|id| typed.text(id).is_empty()) {
        return None;
    }
    let name = typed.line("new_name", 1, 60);
    if names.contains(&name.as_str()) {
        typed.wrong("new_name", errors::wizard_name_taken);
    }
    let kind = typed.choice("new_kind", &KINDS.map(|(kind, _)| kind));
    let limit = typed.limit_if("new_limit");
    if typed.text("new_limit").is_empty() {
        typed.wrong("new_limit", errors::wizard_limit);
    }
    let (_, steps) = KINDS.iter().find(|(one, _)| *one == kind)?;
    let uses = steps.iter().map(|step| ((*step).to_owned(), Value::Integer(1))).collect();
    let table = [
        ("name".to_owned(), Value::from(name)),
        ("per_minute".to_owned(), number(limit?)),
        ("uses".to_owned(), Value::Table(uses)),
    ];
    Some(Edit::Add("dependency", table.into_iter().collect()))
}

fn count(table: &Table) -> usize {
    table.get("dependency").and_then(Value::as_array).map_or(0, Vec::len)
}

/// Whole, where it is.
#[allow(clippy::cast_possible_truncation, reason = "a limit is at most a thousand million")]
fn number(limit: f64) -> Value {
    if limit.fract() == 0.0 { Value::Integer(limit as i64) } else { Value::Float(limit) }
}
