//! How long people are told, how long a place is held, and what happens to places that are left.

use toml::{Table, Value};

use super::{dates::local, look::Look, typed::Typed};
use crate::{
    domain::{
        draft::edit::{Edit, Place, value_at},
        spread,
    },
    web::view::{Input, WizardField, errors},
};

/// Offers that there is room for beside those of the draft.
const MORE: usize = 1;
/// Longer than this would not fit a page.
const MOST: usize = 12;

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let mut fields = vec![
        look.field("spread_hours", Input::Number, Place::Root, "spread_hours"),
        look.field("grace_hours", Input::Number, Place::Root, "grace_hours"),
        look.field("still_open_hours", Input::Number, Place::Root, "still_open_hours"),
    ];
    let offers = offers(look.table);
    for at in 0..shown(look.table) {
        let said = offers.get(at).map(|offer| offer.replace(' ', "T")).unwrap_or_default();
        fields.push(look.with(&format!("offer_{}", at + 1), Input::Moment, said));
    }
    let lead =
        value_at(look.table, Place::In("after"), "lead_minutes").map_or("120".to_owned(), Value::to_string);
    fields.push(look.with("lead_minutes", Input::Number, lead));
    fields
}

pub fn edits(typed: &mut Typed<'_>, table: &Table) -> Vec<Edit> {
    let spread = typed.number("spread_hours", 1, 168);
    let grace = typed.number("grace_hours", 1, 744);
    let open = typed.number_if("still_open_hours", 1, grace.max(1));
    let mut edits = vec![
        Edit::set(Place::Root, "spread_hours", spread),
        Edit::set(Place::Root, "grace_hours", grace),
        Edit::maybe(Place::Root, "still_open_hours", open),
    ];
    let mut offers = Vec::new();
    for at in 0..shown(table) {
        let id = format!("offer_{}", at + 1);
        let Some(moment) = typed.moment_if(&id) else { continue };
        let text = local(moment);
        if crate::domain::draft::local_time(&text).is_ok_and(spread::is_quiet) {
            typed.wrong(&id, errors::wizard_quiet);
        }
        if offers.last().is_some_and(|(before, _)| *before >= moment) {
            typed.wrong(&id, errors::wizard_order);
        }
        offers.push((moment, text));
    }
    if offers.is_empty() {
        edits.push(Edit::Leave("after"));
        return edits;
    }
    let lead = typed.number("lead_minutes", 10, 10_080);
    let offers: Vec<String> = offers.into_iter().map(|(_, text)| text).collect();
    edits.push(Edit::set(Place::In("after"), "offers", offers));
    edits.push(Edit::set(Place::In("after"), "lead_minutes", lead));
    edits
}

fn offers(table: &Table) -> Vec<&str> {
    let list = value_at(table, Place::In("after"), "offers").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn shown(table: &Table) -> usize {
    (offers(table).len() + MORE).max(2).min(MOST.max(offers(table).len()))
}
