//! `/rounds/{slug}/pool`: is a receipt in the sealed list?

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldError, Page, assets, errors::FieldErrors};
use crate::words::Lang;

/// Whether there is a list to look into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolState {
    /// Not yet: it can still change.
    Before,
    /// It should be sealed by now and is not.
    Late,
    /// The round was called off before.
    Voided,
    /// There is.
    Sealed,
}

/// What the list says of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolAnswer {
    /// It takes part.
    At {
        /// Which line, from 1.
        line: u64,
        /// How many there are.
        count: u64,
        /// The line itself.
        text: String,
    },
    /// It is not there, but this one is, which differs in one character.
    Near(String),
    /// It is not there.
    Absent,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/pool.html")]
pub struct PoolPage {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// As typed before.
    pub typed: String,
    /// Whether there is a list.
    pub state: PoolState,
    /// When it is sealed.
    pub seals_at: DateTime<Utc>,
    /// Whether the whole record is public.
    pub published: bool,
    /// Whether several people can be in one entry.
    pub shared: bool,
    /// What the list says of the receipt.
    pub answer: Option<PoolAnswer>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl PoolPage {
    fn heading(&self) -> String {
        t!(self.page, "pool-heading")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::samples::{Samples, at};

    impl Samples {
        pub(in crate::web::view) fn pool(&self, state: PoolState, answer: Option<PoolAnswer>) -> PoolPage {
            PoolPage {
                page: self.page("/rounds/tongyeong-2026-12/pool"),
                slug: self.slug(),
                title: self.title(),
                csrf: "k3x9".into(),
                typed: if answer.is_some() { "famx-6k54-dc9p-a7yz".into() } else { self.text("", "") },
                state,
                seals_at: at("2026-11-27T10:00:00Z"),
                published: true,
                shared: true,
                answer,
                errors: Vec::new(),
            }
        }
    }
}
