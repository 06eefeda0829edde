//! A step of a draft as a form.

use askama::Template;

use super::{Bar, CompareView, PlanView, Sentence};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Input {
    /// A line of text of at most so many characters.
    Line(usize),
    /// A few lines of them.
    Words(usize),
    /// A number.
    Number,
    /// Date and time.
    Moment,
    /// A date.
    Day,
    /// A time of day.
    Clock,
    /// One of several: key, name.
    Choice(Vec<(String, String)>),
    /// Boxes to tick: id, name, whether it is.
    Ticks(Vec<(String, String, bool)>),
    /// No field: what the next ones are about.
    Heading,
}

/// A field of a step.
#[derive(Clone, Debug)]
pub struct WizardField {
    /// Name and id.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// More about it; may be empty.
    pub hint: String,
    /// How it is filled in.
    pub input: Input,
    /// What stands there.
    pub value: String,
}

impl WizardField {
    /// What the fields after it are about.
    pub fn heading(name: &str) -> Self {
        Self {
            id: String::new(),
            label: name.to_owned(),
            hint: String::new(),
            input: Input::Heading,
            value: String::new(),
        }
    }
}

/// A step in the list of them.
#[derive(Clone, Debug)]
pub struct WizardStep {
    /// In addresses.
    pub key: String,
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// Whether something of it must be put right.
    pub wrong: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/console/wizard.html")]
pub struct WizardPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The draft's number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// As of when it is shown.
    pub seen: i64,
    /// Which step, in addresses.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub lead: String,
    /// All steps.
    pub steps: Vec<WizardStep>,
    /// Its fields.
    pub fields: Vec<WizardField>,
    /// What somebody else wrote meanwhile where something else was typed: field, and what the draft says.
    pub theirs: Vec<(String, String)>,
    /// What the draft says that cannot be, as far as this step is concerned.
    pub problems: Vec<Sentence>,
    /// The load of the draft as it is kept.
    pub plan: Option<PlanView>,
    /// Who would get what, where that is chosen.
    pub compared: Option<CompareView>,
    /// Whether this opening can be left out.
    pub removes: bool,
    /// Whether one for those who miss their time can be added.
    pub adds: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl WizardPage {
    fn heading(&self) -> String {
        self.name.clone()
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{errors, samples::Samples, step_name, wizard_lead, wizard_words},
    };

    /// The steps of a draft, one of them with something to put right.
    pub fn steps(samples: &Samples) -> Vec<WizardStep> {
        let page = samples.desk("/console/drafts/3");
        let step = |key: &str| WizardStep {
            href: format!("/console/drafts/3/steps/{key}"),
            name: step_name(&page, key, &[samples.word("1"), samples.word("6")], false),
            key: key.to_owned(),
            wrong: key == "dates",
        };
        ["goods", "mode", "dates", "groups", "hours-1", "load", "notices"].map(step).into()
    }

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let page = samples.desk("/console/drafts/3/steps/dates");
        let field = |id: &str, input, value: &str| {
            let (label, hint) = wizard_words(&page, id);
            WizardField { id: id.to_owned(), label, hint, input, value: samples.word(value) }
        };
        let mode = ["share", "everyone", "lottery"]
            .map(|mode| (mode.to_owned(), wizard_words(&page, &format!("mode_{mode}")).0));
        let day = |day: &str, ticked| {
            let id = format!("weekday_{day}");
            (id.clone(), wizard_words(&page, &id).0, ticked)
        };
        let fields = vec![
            field("title_ko", Input::Line(80), "통영사랑상품권"),
            field("budget", Input::Number, "1,250,000,000"),
            WizardField { value: "share".into(), ..field("mode", Input::Choice(mode.into()), "") },
            field("because_ko", Input::Words(300), ""),
            field("opens", Input::Moment, "2027-01-04T09:00"),
            WizardField::heading(&samples.word("bank")),
            field("first_day", Input::Day, "2027-01-11"),
            field("weekdays", Input::Ticks(vec![day("mon", true), day("sun", false)]), ""),
            field("part_am", Input::Clock, "09:00"),
        ];
        let ids = ["title_ko", "budget", "mode", "because_ko", "opens", "first_day", "weekdays", "part_am"];
        let wrong: Vec<FieldError> = ids.iter().map(|id| errors::wizard_choice(samples.lang, id)).collect();
        for (name, errors) in [("console-wizard", Vec::new()), ("console-wizard-wrong", wrong)] {
            let wizard = WizardPage {
                bar: samples.bar(Role::Clerk),
                id: 3,
                title: samples.title(),
                seen: 0,
                key: "dates".to_owned(),
                name: step_name(&page, "dates", &[], false),
                lead: wizard_lead(&page, "dates", false),
                steps: steps(samples),
                fields: fields.clone(),
                theirs: match errors.is_empty() {
                    true => Vec::new(),
                    false => vec![(wizard_words(&page, "budget").0, samples.word("777000000"))],
                },
                problems: vec![Sentence::of(&samples.word("times.opens: is in the past"), samples.lang)],
                plan: Some(super::super::plan::samples::plan(samples)),
                compared: None,
                removes: true,
                adds: true,
                page: page.clone(),
                errors,
            };
            add(name, &wizard);
        }
    }
}
