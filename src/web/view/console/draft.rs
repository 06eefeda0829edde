//! Drafts: the list, and one as text with everything there is to say about it.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Bar, PlanView, WizardStep};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// A draft in the list.
#[derive(Clone, Debug)]
pub struct DraftLine {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// When it was changed.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
}

/// All that are not announced.
#[derive(Debug, Template)]
#[template(path = "pages/console/drafts.html")]
pub struct DraftsPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Whether the reader writes drafts.
    pub writes: bool,
    /// The drafts.
    pub drafts: Vec<DraftLine>,
    /// Rounds that a new one can begin with, slug and title.
    pub rounds: Vec<(String, String)>,
}

impl DraftsPage {
    fn heading(&self) -> String {
        t!(self.page, "console-drafts")
    }
}

/// One of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/draft.html")]
pub struct DraftPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// As of when it is shown.
    pub seen: i64,
    /// Why it cannot be read, with the line.
    pub unreadable: Option<String>,
    /// Why it could not be announced; each a sentence.
    pub refusals: Vec<String>,
    /// What residents may suffer from though nothing is refused, in English.
    pub advice: Vec<String>,
    /// Whose days, and which.
    pub hours: Vec<(String, Vec<String>)>,
    /// Its load.
    pub plan: Option<PlanView>,
    /// The round it was announced as.
    pub round: Option<String>,
    /// Whether the reader can change it.
    pub writes: bool,
    /// Whether it could be announced as it stands.
    pub is_sound: bool,
    /// The steps of the form, where it can be changed.
    pub steps: Vec<WizardStep>,
    /// The draft.
    pub text: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl DraftPage {
    fn heading(&self) -> String {
        match self.title.is_empty() {
            true => t!(self.page, "console-draft"),
            false => self.title.clone(),
        }
    }
}
