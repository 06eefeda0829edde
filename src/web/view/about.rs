//! `/rounds/{slug}/about`: what has to be known of an entrant, and no more.

use askama::Template;

use super::{FieldError, Page, assets, errors::FieldErrors};
use crate::words::Lang;

/// The questions of a round.
#[derive(Debug, Template)]
#[template(path = "pages/about.html")]
pub struct About {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// Where one goes from here, if not on to the amount.
    pub then: &'static str,
    /// The year of birth as typed before; `None` where it is not asked.
    pub birth_year: Option<String>,
    /// Whether it was answered before, so that it may stay empty.
    pub year_known: bool,
    /// The other questions.
    pub questions: Vec<Question>,
    /// Whether an entry exists already and is being changed.
    pub change: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

/// One question with its answers to choose from.
#[derive(Clone, Debug)]
pub struct Question {
    /// The field of the form.
    pub field: String,
    /// In words.
    pub label: String,
    /// Value and words.
    pub values: Vec<(String, String)>,
    /// As chosen before, as sent by the browser.
    pub chosen: String,
}

impl Question {
    /// Few answers are radio buttons, many a list.
    pub(super) fn is_short(&self) -> bool {
        self.values.len() <= 6
    }
}

impl About {
    fn heading(&self) -> String {
        t!(self.page, "about-heading")
    }
}
