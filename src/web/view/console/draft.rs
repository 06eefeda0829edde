//! Drafts: the list, and one as text with everything there is to say about it.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Bar, PlanView, Sentence, WizardStep};
use crate::{
    staff::diff::Line,
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
    /// Who changed it last, and when.
    pub last: Option<(String, DateTime<Utc>)>,
    /// Whether that was the reader.
    pub is_own: bool,
    /// What saving would change of what somebody else wrote meanwhile.
    pub theirs: Option<Vec<Option<Line>>>,
    /// As of when the draft is as `theirs` compares it: saving over it says so.
    pub over: i64,
    /// Why it cannot be read, with the line.
    pub unreadable: Option<String>,
    /// Why it could not be announced; each a sentence.
    pub refusals: Vec<Sentence>,
    /// What residents may suffer from though nothing is refused.
    pub advice: Vec<Sentence>,
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

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{
            console::{plan::samples::plan, wizard::samples::steps},
            errors,
            samples::{Samples, at},
        },
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let (lang, now) = (samples.lang, at("2026-12-02T01:40:00Z"));
        let draft = DraftLine { id: 3, title: samples.title(), at: now, by: Some(samples.word("kim")) };
        let drafts = DraftsPage {
            page: samples.desk("/console/drafts"),
            bar: samples.bar(Role::Clerk),
            writes: true,
            drafts: vec![draft],
            rounds: vec![(samples.slug(), samples.title())],
        };
        add("console-drafts", &drafts);
        add(
            "console-drafts-none",
            &DraftsPage { writes: false, drafts: Vec::new(), rounds: Vec::new(), ..drafts },
        );
        let draft = |is_sound, errors| DraftPage {
            page: samples.desk("/console/drafts/3"),
            bar: samples.bar(Role::Clerk),
            id: 3,
            title: samples.title(),
            seen: 0,
            last: Some((samples.word("kim"), now)),
            is_own: false,
            theirs: None,
            over: 0,
            unreadable: None,
            refusals: Vec::new(),
            advice: vec![Sentence::of(&samples.word("one person can have 2 entries"), lang)],
            hours: vec![(samples.word("누구나"), vec![samples.word("12월 2일(수)")])],
            plan: Some(plan(samples)),
            round: None,
            writes: true,
            is_sound,
            steps: steps(samples),
            text: samples.word("slug = \"a\"\n"),
            errors,
        };
        add("console-draft", &draft(true, Vec::new()));
        let wrong = vec![errors::draft_long(lang), errors::draft_refused(lang)];
        let failed = "drill: the last drill of these rules and this plan, 2026-11-28 10:00, did not hold: change what its \
                      report (/console/drills/3) names, then run `jebi drill FILE` again (the draft says `drill = true`)";
        add(
            "console-draft-wrong",
            &DraftPage {
                refusals: vec![
                    Sentence::of(&samples.word("slug: is taken"), lang),
                    Sentence::of(failed, lang),
                ],
                ..draft(false, wrong)
            },
        );
        let unreadable = Some(samples.word("line 3"));
        let changed = vec![errors::draft_changed(lang), errors::draft_sure(lang)];
        let theirs =
            Some(vec![None, Some(Line::Gone(samples.word("cap = 1"))), Some(Line::New("cap = 2".into()))]);
        add(
            "console-draft-unreadable",
            &DraftPage { unreadable, plan: None, theirs, ..draft(false, changed) },
        );
        let announced = DraftPage { writes: false, round: Some(samples.slug()), ..draft(false, Vec::new()) };
        add("console-draft-announced", &announced);
    }
}
