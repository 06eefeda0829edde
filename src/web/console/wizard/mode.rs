//! Who gets how much: equal shares, what they want, or by lot and then for a written reason.

use toml::{Table, Value};

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::edit::{Edit, Place},
    web::view::{Input, WizardField, errors, wizard_words},
};

const MODES: [&str; 3] = ["share", "everyone", "lottery"];

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let choices = MODES.map(|mode| {
        let (label, _) = wizard_words(look.page, &format!("mode_{mode}"));
        (mode.to_owned(), label)
    });
    let mut fields = vec![
        look.field("entrants", Input::Number, Place::In("expect"), "entrants"),
        look.field("mode", Input::Choice(choices.into()), Place::Root, "mode"),
        look.field("because_ko", Input::Words(300), Place::Root, "lottery_because_ko"),
        look.field("because_en", Input::Words(300), Place::Root, "lottery_because_en"),
    ];
    match reserves(look.table) {
        Reserves::Several => {}
        Reserves::None | Reserves::Open => {
            fields.push(look.field("places", Input::Number, Place::Nth("reserve", 0), "places"));
        }
    }
    fields
}

pub fn edits(typed: &mut Typed<'_>, table: &Table) -> Vec<Edit> {
    let entrants = typed.number("entrants", 1, 1_000_000_000);
    let mode = typed.choice("mode", &MODES);
    let mut edits =
        vec![Edit::set(Place::In("expect"), "entrants", entrants), Edit::set(Place::Root, "mode", mode)];
    let reserves = reserves(table);
    if mode == "lottery" {
        // Whoever gets nothing will ask why.
        let (ko, en) = (typed.line("because_ko", 10, 300), typed.line("because_en", 10, 300));
        edits.push(Edit::set(Place::Root, "lottery_because_ko", ko));
        edits.push(Edit::set(Place::Root, "lottery_because_en", en));
        match reserves {
            Reserves::Several => {}
            Reserves::Open => {
                let places = typed.number("places", 1, 1_000_000_000);
                edits.push(Edit::set(Place::Nth("reserve", 0), "places", places));
            }
            Reserves::None => {
                let places = Value::Integer(typed.number("places", 1, 1_000_000_000));
                let open = [("name".to_owned(), Value::from("open")), ("places".to_owned(), places)];
                edits.push(Edit::Add("reserve", open.into_iter().collect()));
            }
        }
        return edits;
    }
    edits.push(Edit::Set(Place::Root, "lottery_because_ko", None));
    edits.push(Edit::Set(Place::Root, "lottery_because_en", None));
    match reserves {
        Reserves::Open => edits.push(Edit::Remove("reserve", 0)),
        // Groups with places of their own were thought about: they do not go with a click.
        Reserves::Several => typed.wrong("mode", errors::wizard_reserves),
        Reserves::None => {}
    }
    edits
}

enum Reserves {
    None,
    /// One, for everybody.
    Open,
    Several,
}

fn reserves(table: &Table) -> Reserves {
    let list = table.get("reserve").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    match list {
        [] => Reserves::None,
        [one] if one.get("match").is_none() => Reserves::Open,
        _ => Reserves::Several,
    }
}
