//! Who comes together: everybody on the same days, or groups by the year of birth one after the other.

use toml::{Table, Value};

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::{
        Draft,
        edit::{Edit, Place},
    },
    web::view::{Input, WizardField, errors, wizard_words},
};

/// A way to part people: its name in the form, the field that is asked, and who comes together.
struct Way {
    name: &'static str,
    field: &'static str,
    groups: &'static [&'static [&'static str]],
}

const WAYS: [Way; 2] = [
    Way { name: "parity", field: "birth_parity", groups: &[&["odd"], &["even"]] },
    Way {
        name: "digits",
        field: "birth_digit",
        groups: &[&["1", "6"], &["2", "7"], &["3", "8"], &["4", "9"], &["5", "0"]],
    },
];

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let now = chosen(look.table);
    let mut names = vec!["all", "parity", "digits"];
    if now == "own" {
        names.push("own");
    }
    let choice = |name: &&str| {
        let (label, _) = wizard_words(look.page, &format!("groups_{name}"));
        ((*name).to_owned(), label)
    };
    let choices = names.iter().map(choice).collect();
    vec![look.with("groups", Input::Choice(choices), now.to_owned())]
}

pub fn edits(typed: &mut Typed<'_>, table: &Table, draft: Option<&Draft>) -> Vec<Edit> {
    let wanted = typed.choice("groups", &["all", "parity", "digits", "own"]);
    let before = chosen(table);
    // What is chosen already, and may have been shaped further, stays.
    if !typed.errors.is_empty() || wanted == before || wanted == "own" {
        return Vec::new();
    }
    let own = own(table);
    let Some(first) = own.first().copied() else { return Vec::new() };
    let way = WAYS.iter().find(|way| way.name == wanted);
    let groups = way.map_or(1, |way| way.groups.len());
    let Some(days) = draft.and_then(|draft| days(draft, first, before, groups)) else {
        typed.wrong("groups", errors::wizard_groups);
        return Vec::new();
    };
    let mut edits = others(table, way.map(|way| way.field));
    edits.extend(own.iter().skip(1).rev().map(|at| Edit::Remove("opening", *at)));
    let place = Place::Nth("opening", first);
    let whom = |at: usize| way.and_then(|way| Some((way.field, way.groups.get(at)?)));
    let matching = |(field, values): (&str, &&[&str])| {
        let values = values.iter().map(|value| Value::from(*value)).collect();
        Value::Table([(field.to_owned(), Value::Array(values))].into_iter().collect())
    };
    edits.push(Edit::Set(place, "for", whom(0).map(matching)));
    edits.push(Edit::set(place, "days", days.each));
    edits.push(Edit::set(place, "first_day", days.firsts[0].clone()));
    let base = table.get("opening").and_then(|list| list.get(first)).and_then(Value::as_table);
    for (at, first_day) in days.firsts.iter().enumerate().skip(1) {
        let (Some(mut opening), Some(whom)) = (base.cloned(), whom(at)) else { continue };
        opening.insert("for".to_owned(), matching(whom));
        opening.insert("days".to_owned(), days.each.into());
        opening.insert("first_day".to_owned(), first_day.clone().into());
        edits.push(Edit::Add("opening", opening));
    }
    edits.extend(fields_asked(table, way.map(|way| way.field)));
    edits
}

/// Which days each group has.
struct Days {
    each: i64,
    firsts: Vec<String>,
}

/// As many days in all as before, if that is one for each; in a row, weekends and holidays left out.
fn days(draft: &Draft, first: usize, before: &str, groups: usize) -> Option<Days> {
    let mut one = draft.clone();
    one.seller.clear();
    let mut opening = one.opening.get(first)?.clone();
    let parts = WAYS.iter().find(|way| way.name == before).map_or(1, |way| way.groups.len());
    let all = usize::try_from(opening.days).ok()? * parts;
    let each = (all / groups).max(1);
    opening.days = u32::try_from(each * groups).ok()?;
    opening.cohort = public_audit::rules::Match::all();
    (opening.sellers, opening.percent, opening.per_minute) = (Vec::new(), None, None);
    (opening.dips, opening.slot_capacity, opening.catch_up) = (Vec::new(), Some(1), false);
    one.opening = vec![opening];
    let open = one.slots().ok()?.days.into_iter().next()?.days;
    let firsts = open.chunks(each).take(groups).filter_map(|days| days.first());
    let firsts: Vec<String> = firsts.map(ToString::to_string).collect();
    (firsts.len() == groups).then_some(Days { each: i64::try_from(each).ok()?, firsts })
}

/// What speaks of groups that are no more: second chances of theirs, and how many each was expected to have.
fn others(table: &Table, wanted: Option<&str>) -> Vec<Edit> {
    let gone = |field: &str| WAYS.iter().any(|way| way.field == field) && Some(field) != wanted;
    let without = |of: &Table| {
        let kept: Table =
            of.iter().filter(|(field, _)| !gone(field)).map(|(k, v)| (k.clone(), v.clone())).collect();
        (kept.len() < of.len()).then_some((!kept.is_empty()).then_some(Value::Table(kept)))
    };
    let mut edits = Vec::new();
    let openings = table.get("opening").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (at, opening) in openings.iter().enumerate() {
        let second = opening.get("catch_up").and_then(Value::as_bool) == Some(true);
        let left = opening.get("for").and_then(Value::as_table).filter(|_| second).and_then(without);
        edits.extend(left.map(|left| Edit::Set(Place::Nth("opening", at), "for", left)));
    }
    let shares = table.get("expect").and_then(|expect| expect.get("shares")).and_then(Value::as_table);
    let left = shares.and_then(without);
    edits.extend(left.map(|left| Edit::Set(Place::In("expect"), "shares", left)));
    edits
}

/// What is asked for nothing is not asked.
fn fields_asked(table: &Table, wanted: Option<&str>) -> Vec<Edit> {
    let list = table.get("field").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let name = |field: &Value| field.get("name").and_then(Value::as_str).map(str::to_owned);
    let used = |field: &str| {
        let of = |key: &str| {
            table.get(key).and_then(Value::as_array).is_some_and(|list| {
                list.iter().any(|one| one.get("match").is_some_and(|matching| matching.get(field).is_some()))
            })
        };
        of("reserve") || of("fund")
    };
    let mut edits = Vec::new();
    for (at, field) in list.iter().enumerate().rev() {
        let Some(name) = name(field) else { continue };
        let ours = WAYS.iter().any(|way| way.field == name);
        if ours && Some(name.as_str()) != wanted && !used(&name) {
            edits.push(Edit::Remove("field", at));
        }
    }
    if let Some(wanted) = wanted
        && !list.iter().any(|field| name(field).as_deref() == Some(wanted))
    {
        edits.push(Edit::Add("field", [("name".to_owned(), Value::from(wanted))].into_iter().collect()));
    }
    edits
}

/// The openings that are nobody's second chance, by number.
fn own(table: &Table) -> Vec<usize> {
    let list = table.get("opening").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_own = |one: &Value| one.get("catch_up").and_then(Value::as_bool) != Some(true);
    list.iter().enumerate().filter(|(_, one)| is_own(one)).map(|(at, _)| at).collect()
}

/// How people are parted in the draft.
fn chosen(table: &Table) -> &'static str {
    let list = table.get("opening").and_then(Value::as_array);
    let whom = |at: &usize| -> Option<&Table> { list?.get(*at)?.get("for")?.as_table() };
    let own = own(table);
    if own.len() == 1 && whom(&own[0]).is_none_or(Table::is_empty) {
        return "all";
    }
    let is = |way: &&Way| {
        own.len() == way.groups.len()
            && own.iter().all(|at| whom(at).is_some_and(|of| of.len() == 1 && of.contains_key(way.field)))
    };
    WAYS.iter().find(is).map_or("own", |way| way.name)
}
