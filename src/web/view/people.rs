//! `/rounds/{slug}/people` and `/rounds/{slug}/join`: several people in one entry.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{FieldError, Page, assets, errors::FieldErrors};
use crate::words::Lang;

/// Who comes with the reader.
#[derive(Debug, Template)]
#[template(path = "pages/people.html")]
pub struct People {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// The link code, if one was made.
    pub code: Option<String>,
    /// How many come by themselves, the reader counted.
    pub joint: u64,
    /// How many may; 0 where nobody can join.
    pub joint_most: u64,
    /// People whom the reader has entered.
    pub people: Vec<Person>,
    /// How many minors one may enter.
    pub minors_most: u64,
    /// How many adults one may enter.
    pub adults_most: u64,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub born: String,
    /// Until when it can be changed.
    pub closes_at: DateTime<Utc>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

/// Somebody who is entered by another. Nothing else is known of them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their receipt.
    pub receipt: String,
    /// Whether they are under age.
    pub minor: bool,
    /// Since when they are in the entry.
    pub at: DateTime<Utc>,
}

impl People {
    fn heading(&self) -> String {
        t!(self.page, "people-heading")
    }

    /// In two groups of four, as people read it to each other.
    fn spelled(&self, code: &str) -> String {
        let (first, second) = code.split_at_checked(4).unwrap_or((code, ""));
        format!("{first}-{second}")
    }

    fn label(&self, index: &usize, person: &Person) -> String {
        let number = self.page.count(*index as u64);
        match person.minor {
            true => t!(self.page, "people-minor", number = number, at = self.page.minute(person.at)),
            false => t!(self.page, "people-adult", number = number, at = self.page.minute(person.at)),
        }
    }

    fn limits(&self) -> String {
        limits(&self.page, self.minors_most, self.adults_most)
    }

    fn helps(&self) -> bool {
        self.minors_most + self.adults_most > 0
    }
}

/// How many may be entered by somebody else, in words.
pub(super) fn limits(page: &Page, minors_most: u64, adults_most: u64) -> String {
    let (minors, adults) = (page.count(minors_most), page.count(adults_most));
    match (minors_most, adults_most) {
        (_, 0) => t!(page, "people-limit-minors", minors = minors),
        (0, _) => t!(page, "people-limit-adults", adults = adults),
        _ => t!(page, "people-limit-both", minors = minors, adults = adults),
    }
}

/// A code to join others.
#[derive(Debug, Template)]
#[template(path = "pages/join.html")]
pub struct Join {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// As typed before.
    pub code: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Join {
    fn heading(&self) -> String {
        t!(self.page, "join-heading")
    }
}
