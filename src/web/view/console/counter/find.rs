//! "When is my turn?"

use askama::Template;

use super::{super::Bar, Seen};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// Looking somebody up.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/find.html")]
pub struct CounterFind {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// Whether a name is needed: the round's roster knows people by it.
    pub by_name: bool,
    /// As typed before.
    pub receipt: String,
    /// As typed before.
    pub born: String,
    /// As typed before.
    pub phone: String,
    /// As typed before.
    pub name: String,
    /// Who was found; `None` before anybody was looked for.
    pub found: Option<Vec<Seen>>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterFind {
    fn heading(&self) -> String {
        t!(self.page, "counter-find")
    }
}
