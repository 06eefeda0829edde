//! Until when a browser is known here, on every page where it is, and how it is given more time.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Page, assets};
use crate::words::Lang;

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndingKind {
    /// The identity check of a resident.
    Known,
    /// The sign-in of a member of staff, if it is not used.
    Staff,
    /// A one-time code; more time is another code, which the page has a button for.
    Code,
}

/// When it ends.
#[derive(Clone, Debug)]
pub struct Ending {
    /// What.
    pub kind: EndingKind,
    /// When.
    pub until: DateTime<Utc>,
    /// The token of the form that gives more time.
    pub csrf: String,
}

impl Ending {
    /// Where that form goes; a code has its own.
    pub fn action(&self) -> Option<&'static str> {
        match self.kind {
            EndingKind::Known => Some("/stay"),
            EndingKind::Staff => Some("/console/stay"),
            EndingKind::Code => None,
        }
    }

    /// So long before it is said aloud, in milliseconds: time enough to read it and to press a button.
    pub fn warn(&self) -> i64 {
        let before =
            if self.kind == EndingKind::Code { TimeDelta::minutes(2) } else { TimeDelta::minutes(5) };
        before.num_milliseconds()
    }

    /// What stands on the page all the time.
    pub fn stated(&self, page: &Page) -> String {
        let at = page.minute(self.until);
        match self.kind {
            EndingKind::Known => t!(page, "ending-known", at = at),
            EndingKind::Staff => t!(page, "ending-staff", at = at),
            EndingKind::Code => t!(page, "ending-code-soon", at = at),
        }
    }

    /// What is said shortly before.
    pub fn soon(&self, page: &Page) -> String {
        let at = page.minute(self.until);
        match self.kind {
            EndingKind::Known => t!(page, "ending-known-soon", at = at),
            EndingKind::Staff => t!(page, "ending-staff-soon", at = at),
            EndingKind::Code => t!(page, "ending-code-soon", at = at),
        }
    }

    /// What a link says then, which leads to where one begins again.
    pub fn again(&self, page: &Page) -> String {
        match self.kind {
            EndingKind::Known => t!(page, "problem-next-identity"),
            EndingKind::Staff => t!(page, "console-sign-in"),
            EndingKind::Code => t!(page, "code-again"),
        }
    }

    /// What is said then.
    pub fn over(&self, page: &Page) -> String {
        match self.kind {
            EndingKind::Known => t!(page, "ending-known-over"),
            EndingKind::Staff => t!(page, "ending-staff-over"),
            EndingKind::Code => t!(page, "ending-code-over"),
        }
    }
}

/// `/stay`: the page that the button opens where no script runs.
#[derive(Debug, Template)]
#[template(path = "pages/stay.html")]
pub struct Stay {
    /// The frame, with the new end in it; without one it is over.
    pub page: Page,
}

impl Stay {
    fn heading(&self) -> String {
        match self.page.ending {
            Some(_) => t!(self.page, "stay-heading"),
            None => t!(self.page, "stay-over"),
        }
    }
}
