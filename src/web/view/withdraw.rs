//! `/rounds/{slug}/withdraw`: asked once, because it is easily undone.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldError, Page, assets};
use crate::words::Lang;

/// Who is in an entry beside the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// Nobody.
    None,
    /// Whoever opened it: the reader has joined them.
    Member,
    /// Those whom the reader has let in.
    Opener,
}

/// Really withdraw?
#[derive(Debug, Template)]
#[template(path = "pages/withdraw.html")]
pub struct Withdraw {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// The public code of the entry.
    pub receipt: String,
    /// Who else is in the entry.
    pub others: Others,
    /// Until when one may enter again.
    pub closes_at: DateTime<Utc>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Withdraw {
    fn heading(&self) -> String {
        t!(self.page, "withdraw-heading")
    }
}
