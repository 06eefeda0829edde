//! What is sold, and what the round is called.

use super::{look::Look, typed::Typed};
use crate::{
    domain::draft::edit::{Edit, Place},
    web::view::{Input, WizardField, errors},
};

/// A thousand thousand million won.
const WON: i64 = 1_000_000_000_000;

pub fn fields(look: &Look<'_>) -> Vec<WizardField> {
    let goods = Place::In("goods");
    vec![
        look.field("title_ko", Input::Line(80), Place::Root, "title_ko"),
        look.field("title_en", Input::Line(80), Place::Root, "title_en"),
        look.field("slug", Input::Line(64), Place::Root, "slug"),
        look.field("unit", Input::Number, goods, "unit"),
        look.field("budget", Input::Number, goods, "budget"),
        look.field("cap", Input::Number, goods, "cap"),
        look.field("price_percent", Input::Number, Place::Root, "price_percent"),
    ]
}

pub fn edits(typed: &mut Typed<'_>) -> Vec<Edit> {
    let goods = Place::In("goods");
    let (ko, en) = (typed.line("title_ko", 1, 80), typed.line("title_en", 1, 80));
    let slug = typed.text("slug").to_owned();
    let is_slug =
        slug.parse::<public_audit::Slug>().is_ok() && !slug.starts_with('-') && !slug.ends_with('-');
    if !is_slug {
        typed.wrong("slug", errors::wizard_slug);
    }
    let unit = typed.number("unit", 1, WON);
    let (budget, cap) = (typed.number("budget", 1, WON), typed.number("cap", 1, WON));
    let percent = typed.number("price_percent", 0, 100);
    if typed.errors.is_empty() && budget < unit {
        typed.wrong("budget", errors::wizard_budget);
    }
    if typed.errors.is_empty() && cap % unit != 0 {
        typed.wrong("cap", errors::wizard_cap);
    }
    vec![
        Edit::set(Place::Root, "title_ko", ko),
        Edit::set(Place::Root, "title_en", en),
        Edit::set(Place::Root, "slug", slug),
        Edit::set(goods, "unit", unit),
        Edit::set(goods, "budget", budget),
        Edit::set(goods, "cap", cap),
        Edit::set(Place::Root, "price_percent", percent),
    ]
}
