//! When each step of the round happens, and what is drawn with.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use toml::Table;

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::edit::{Edit, Place},
    web::view::{Input, WizardField, errors, wizard_words},
};

const TIMES: [&str; 6] = ["opens", "closes", "seals", "reveals", "pulse", "results"];
const BEACONS: [&str; 2] = ["drand", "none"];

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let mut fields: Vec<WizardField> =
        TIMES.map(|time| look.field(time, Input::Moment, Place::In("times"), time)).into();
    if !declares(look.table) {
        let choices = BEACONS.map(|beacon| {
            let (label, _) = wizard_words(look.page, &format!("beacon_{beacon}"));
            (beacon.to_owned(), label)
        });
        fields.push(look.field("beacon", Input::Choice(choices.into()), Place::Root, "beacon"));
    }
    fields
}

pub fn edits(typed: &mut Typed<'_>, table: &Table, now: DateTime<Utc>) -> Vec<Edit> {
    let read: Vec<Option<NaiveDateTime>> = TIMES.iter().map(|time| typed.moment(time)).collect();
    let beacon = (!declares(table)).then(|| typed.choice("beacon", &BEACONS));
    let mut edits = Vec::new();
    for (at, (time, moment)) in TIMES.iter().zip(&read).enumerate() {
        let Some(moment) = moment else { continue };
        let before = at.checked_sub(1).and_then(|at| read[at]);
        // Entering takes time; what follows it may be at the same minute.
        let is_late = before.is_none_or(|before| if at == 1 { before < *moment } else { before <= *moment });
        if !is_late {
            typed.wrong(time, errors::wizard_order);
        }
        let instant = Seoul.from_local_datetime(moment).single().map(|local| local.to_utc());
        if at == 0 && instant.is_none_or(|instant| instant <= now) {
            typed.wrong(time, errors::wizard_past);
        }
        edits.push(Edit::set(Place::In("times"), time, local(*moment)));
    }
    edits.extend(beacon.map(|beacon| Edit::set(Place::Root, "beacon", beacon)));
    edits
}

/// A time as a draft has it.
pub fn local(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// Whether two people will type public values, whose description is among all settings.
fn declares(table: &Table) -> bool {
    table.get("beacon").is_some_and(toml::Value::is_table)
}
