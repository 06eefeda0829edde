//! Somebody is entered.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::super::Bar;
use crate::{
    domain::counter::Relation,
    web::view::{
        About, Consent, Details, FieldError, Mode, Page, State, assets, errors::FieldErrors,
        kinds::wishes_in_words,
    },
    words::{Lang, money::percent_of},
};

/// What can be done for which round.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/home.html")]
pub struct CounterHome {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The rounds.
    pub rounds: Vec<CounterRound>,
}

/// A round at a counter.
#[derive(Clone, Debug)]
pub struct CounterRound {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Until when one can enter.
    pub closes_at: DateTime<Utc>,
    /// Whether its results are out.
    pub is_published: bool,
}

impl CounterHome {
    fn heading(&self) -> String {
        t!(self.page, "counter-heading")
    }
}

/// The form of a counter: everything on one page.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/enter.html")]
pub struct CounterForm {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The questions of the round, as on the resident's own page.
    pub about: About,
    /// Amount and wishes, as on the resident's own page.
    pub details: Details,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub born: String,
    /// As typed before; `None` where no text messages are sent.
    pub phone: Option<String>,
    /// As typed before; `None` where no mails are sent.
    pub email: Option<String>,
    /// By what somebody on the roster is known, if the round has one.
    pub roster: Option<&'static str>,
    /// The language of what they are told.
    pub told_in: String,
    /// What they agree to.
    pub consents_to: Consent,
    /// As ticked before.
    pub id_seen: bool,
    /// As ticked before.
    pub consent: bool,
    /// As chosen before.
    pub relation: Option<Relation>,
    /// As typed before.
    pub helper_name: String,
    /// As typed before.
    pub helper_born: String,
    /// As ticked before.
    pub evidence: bool,
    /// For how many others one person may come.
    pub most_per_helper: u64,
    /// The number of the paper form; `None` where the person stands there.
    pub paper: Option<String>,
    /// The receipt of an entry that was made elsewhere with this number or address: whether it is the same person's is asked.
    pub known: Option<String>,
    /// The receipt of the entry whose ticked box the clerk was shown; empty for none.
    pub looked_at: String,
    /// The paper form before, and its receipt.
    pub last: Option<(String, String)>,
    /// Until when one can enter.
    pub closes_at: DateTime<Utc>,
    /// The entry of others that they come into.
    pub with: Option<String>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterForm {
    fn heading(&self) -> String {
        match self.paper {
            None => t!(self.page, "counter-enter"),
            Some(_) => t!(self.page, "counter-paper"),
        }
    }

    fn action(&self) -> String {
        let paper = if self.paper.is_some() { "/paper" } else { "" };
        format!("/console/counter/{}{paper}", self.slug)
    }

    fn relation_label(&self, relation: Relation) -> String {
        relation_label(relation, &self.page)
    }
}

/// What somebody is to whom they came for.
fn relation_label(relation: Relation, page: &Page) -> String {
    match relation {
        Relation::Child => t!(page, "counter-relation-child"),
        Relation::Parent => t!(page, "counter-relation-parent"),
        Relation::Spouse => t!(page, "counter-relation-spouse"),
        Relation::Relative => t!(page, "counter-relation-relative"),
        Relation::Carer => t!(page, "counter-relation-carer"),
    }
}

/// The answers once more, to be read out.
#[derive(Debug, Template)]
#[template(path = "pages/console/counter/check.html")]
pub struct CounterCheck {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The name, masked.
    pub masked: String,
    /// The birth date.
    pub born: NaiveDate,
    /// Where they are told things, masked; `None`: on paper.
    pub contact: Option<String>,
    /// The amount, in won.
    pub want: u64,
    /// What a buyer pays, per cent of the amount.
    pub price_percent: u64,
    /// Whether people choose an amount.
    pub asks_amount: bool,
    /// Keys of day parts, best first; empty if any will do.
    pub wishes: Vec<String>,
    /// Questions and answers.
    pub answers: Vec<(String, String)>,
    /// The days of the entrant's own cohort, in lines; empty if everybody has the same.
    pub days: Vec<String>,
    /// Who came for them, masked.
    pub helper: Option<(Relation, String)>,
    /// Whether they come into the entry of others.
    pub with: bool,
    /// What this page shows, for its button to say.
    pub seen: String,
    /// Whether there is an entry of theirs already.
    pub change: bool,
    /// The receipt of theirs that is from the web, and has to be shown to be theirs first by a code.
    pub code: Option<String>,
    /// Whether a code has shown it.
    pub proven: bool,
    /// Until when it can be changed.
    pub closes_at: DateTime<Utc>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CounterCheck {
    fn heading(&self) -> String {
        t!(self.page, "counter-check")
    }

    fn wish(&self) -> String {
        wishes_in_words(&self.wishes, self.page.lang)
    }

    fn price(&self) -> u64 {
        percent_of(self.want, self.price_percent)
    }

    fn born_text(&self) -> String {
        self.born.format("%Y-%m-%d").to_string()
    }

    fn helper_text(&self, helper: &(Relation, String)) -> String {
        format!("{} ({})", helper.1, relation_label(helper.0, &self.page))
    }
}
