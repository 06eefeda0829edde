//! Which part of a list a page is about: `?part=2`, or the first where nothing is said. A list without that part has no
//! such page.

use axum::extract::{Query, rejection::QueryRejection};
use entities::day_sheet;
use serde::Deserialize;

use super::super::desk::Desk;
use crate::{
    app::Round,
    lifecycle::day_part::{Part, count},
    web::{
        answer::{Answer, Trouble},
        view::{Page, SheetPart},
    },
};

/// What stands behind the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    part: String,
}

/// The same, read or not.
pub type Asked = Result<Query<Aim>, QueryRejection>;

/// The part that was asked for.
///
/// # Errors
/// The answer to give instead: there is none.
pub fn find(desk: &Desk, sheet: &day_sheet::Model, asked: Asked) -> Result<Part, Answer> {
    let number = match asked {
        Ok(Query(aim)) if aim.part.is_empty() => Some(1),
        Ok(Query(aim)) => aim.part.parse().ok(),
        Err(_) => None,
    };
    let part = number.and_then(|number| Part::of(sheet, number));
    part.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))
}

/// The address of a page of a part.
pub fn at(round: &Round, sheet: &day_sheet::Model, page: &str, part: &Part) -> String {
    format!("/console/counter/{}/sheets/{}{page}{}", round.row.slug, sheet.id, shown(sheet, part).query())
}

/// The frame of a page of a part: whoever chooses a language there stays at it.
pub fn frame(desk: &Desk, round: &Round, path: String) -> Page {
    Page { path, ..desk.page_of(round) }
}

/// Where one is in the list.
pub fn shown(sheet: &day_sheet::Model, part: &Part) -> SheetPart {
    let number = |line: Option<&(usize, _)>| line.map_or(0, |(number, _)| *number);
    let (first, last) = (number(part.lines.first()), number(part.lines.last()));
    SheetPart { number: part.number, count: count(&sheet.lines), first, last }
}
