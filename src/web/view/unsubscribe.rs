//! `/unsubscribe/{tag}`: no more mail about this entry, which stays what it is.

use askama::Template;

use super::{Page, assets};
use crate::words::Lang;

/// Really no more mail?
#[derive(Debug, Template)]
#[template(path = "pages/unsubscribe.html")]
pub struct Unsubscribe {
    /// The frame.
    pub page: Page,
    /// The round's name for people.
    pub title: String,
    /// The round's name in addresses.
    pub slug: String,
    /// The form's token.
    pub csrf: String,
    /// The address's own part.
    pub tag: String,
    /// Whether the entry is told things at another address than the one that the mail went to.
    pub elsewhere: bool,
    /// Whether mail has ended.
    pub stopped: bool,
    /// Whether it may begin again.
    pub again: bool,
}

impl Unsubscribe {
    fn heading(&self) -> String {
        if self.elsewhere {
            t!(self.page, "unsubscribe-heading-elsewhere")
        } else if self.stopped {
            t!(self.page, "unsubscribe-heading-done")
        } else {
            t!(self.page, "unsubscribe-heading")
        }
    }
}
