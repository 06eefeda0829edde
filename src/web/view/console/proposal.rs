//! Proposals: the list, and one with everything it would do.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Bar, PlanView, Sentence};
use crate::{
    domain::proposal::Outcome,
    lifecycle::{
        after::{facts::Stands, taken_back::TakingBack},
        release::Releasing,
        replaced::Replacing,
    },
    staff::{before::People, diff::Line},
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// A proposal in a list.
#[derive(Clone, Debug)]
pub struct ProposalLine {
    /// Its number.
    pub id: i64,
    /// Of which act.
    pub kind: &'static str,
    /// How far it is.
    pub outcome: Outcome,
    /// The round's title, or nothing.
    pub about: String,
    /// Who proposes.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether the reader can decide it.
    pub yours: bool,
}

impl ProposalLine {
    /// What it proposes.
    pub fn what(&self, page: &Page) -> String {
        act_label(self.kind, page)
    }

    /// How far it is.
    pub fn state(&self, page: &Page) -> String {
        outcome_label(self.outcome, page)
    }
}

/// The name of an act.
pub fn act_label(kind: &str, page: &Page) -> String {
    match kind {
        "announce" => t!(page, "console-act-announce"),
        "void" => t!(page, "console-act-void"),
        "release" => t!(page, "console-act-release"),
        "shift" => t!(page, "console-act-shift"),
        "extend" => t!(page, "console-act-extend"),
        "ineligible" => t!(page, "console-act-ineligible"),
        "take-back" => t!(page, "console-act-take-back"),
        "strike" => t!(page, "console-act-strike"),
        "role" => t!(page, "console-act-role"),
        "declare" => t!(page, "console-act-declare"),
        "confirm" => t!(page, "console-act-confirm"),
        other => other.to_owned(),
    }
}

fn outcome_label(outcome: Outcome, page: &Page) -> String {
    match outcome {
        Outcome::Noted => t!(page, "console-outcome-noted"),
        Outcome::Waiting => t!(page, "console-outcome-waiting"),
        Outcome::Done => t!(page, "console-outcome-done"),
        Outcome::Declined => t!(page, "console-outcome-declined"),
        Outcome::Withdrawn => t!(page, "console-outcome-withdrawn"),
    }
}

/// The name of a parameter.
pub fn fact(page: &Page, key: &str) -> String {
    match key {
        "title" => t!(page, "console-fact-title"),
        "reason" => t!(page, "console-fact-reason"),
        "found" => t!(page, "console-fact-found"),
        "days" => t!(page, "console-fact-days"),
        "from" => t!(page, "console-fact-from"),
        "length" => t!(page, "console-fact-length"),
        "until" => t!(page, "console-fact-until"),
        "longer" => t!(page, "console-fact-longer"),
        "receipt" => t!(page, "console-fact-receipt"),
        "receipts" => t!(page, "console-fact-receipts"),
        "eligible" => t!(page, "console-fact-eligible"),
        "back" => t!(page, "console-fact-back"),
        "values" => t!(page, "console-fact-values"),
        "person" => t!(page, "console-fact-person"),
        "role" => t!(page, "console-fact-role"),
        "roster" => t!(page, "console-fact-roster"),
        "digest" => t!(page, "console-fact-digest"),
        other => other.to_owned(),
    }
}

/// All of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/proposals.html")]
pub struct ProposalsPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Those to be decided, and one's own that are not put forward yet.
    pub waiting: Vec<ProposalLine>,
    /// Those that are decided.
    pub decided: Vec<ProposalLine>,
}

impl ProposalsPage {
    fn heading(&self) -> String {
        t!(self.page, "console-proposals")
    }
}

/// What residents would read.
#[derive(Clone, Debug)]
pub struct Reads {
    /// In which language.
    pub lang: Lang,
    /// Of a time that moves: whether it begins later or else is held for longer, and when it begins now.
    pub moved: Option<(bool, DateTime<Utc>)>,
    /// The mail's subject.
    pub subject: String,
    /// The mail.
    pub body: String,
    /// The text message.
    pub sms: String,
}

/// The round that an announcement is compared with.
#[derive(Clone, Debug)]
pub enum Against {
    /// The round before: its name, and since when everybody knows it.
    Round(String, DateTime<Utc>),
    /// None is called so but for its month.
    Nothing(String),
}

/// What an act would do.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Of a shift: who begins later, who may buy for longer, and when the round ends then.
    pub counts: Option<(u64, u64, DateTime<Utc>)>,
    /// Of a result that is held: whom times are told to, and where they move.
    pub releasing: Option<Releasing>,
    /// Of an entry that is looked at: where it stands.
    pub stands: Option<Stands>,
    /// Of purchases that are taken back: which, and what each may do then.
    pub taken_back: Vec<TakingBack>,
    /// What they read on their own page, in every language.
    pub page_says: Vec<(Lang, String)>,
    /// Of a pool that is corrected: whose entries.
    pub struck: Vec<String>,
    /// Of somebody's role: which they have now.
    pub role_before: Option<String>,
    /// Of a roster: how it changes.
    pub replacing: Option<Replacing>,
    /// Of a round that ends: how many entries are told.
    pub told: Option<u64>,
    /// Of a result that is held: what is beyond chance, as it was when it was held.
    pub bias: Vec<String>,
    /// What the first of them read.
    pub reads: Vec<Reads>,
    /// Of an announcement: whose days, and which.
    pub hours: Vec<(String, Vec<String>)>,
    /// Its load.
    pub plan: Option<PlanView>,
    /// The report of its drill.
    pub drill: Option<i64>,
    /// Of an announcement: what it is compared with.
    pub against: Option<Against>,
    /// What differs from the round before; `None` stands for lines that are the same.
    pub compared: Option<Vec<Option<Line>>>,
    /// Who may enter or is served, where that is a list.
    pub people: Option<People>,
    /// The whole draft.
    pub text: String,
    /// What the draft might have forgotten.
    pub advice: Vec<Sentence>,
}

/// One of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/proposal.html")]
pub struct ProposalPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// Its number.
    pub id: i64,
    /// Of which act.
    pub kind: &'static str,
    /// How far it is.
    pub outcome: Outcome,
    /// The round, slug and title.
    pub round: Option<(String, String)>,
    /// Who proposes.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who decided, and when.
    pub decided: Option<(String, DateTime<Utc>)>,
    /// Why it was declined.
    pub words: String,
    /// Its parameters.
    pub facts: Vec<(String, String)>,
    /// What it would do.
    pub shown: Shown,
    /// Why it would not be done now.
    pub refused: Vec<Sentence>,
    /// Names what is shown.
    pub seen: String,
    /// Whether the reader wrote it.
    pub is_theirs: bool,
    /// Whether the reader can decide it.
    pub decides: bool,
    /// Whether whoever decides types the values too.
    pub types_again: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl ProposalPage {
    /// Won of all purchases that would be taken back.
    fn won_back(&self) -> u64 {
        self.shown.taken_back.iter().map(|one| one.purchase.amount.unsigned_abs()).sum()
    }

    fn moved(&self, at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        at + TimeDelta::days(days.into())
    }

    fn heading(&self) -> String {
        act_label(self.kind, &self.page)
    }

    fn state(&self) -> String {
        outcome_label(self.outcome, &self.page)
    }

    fn is_noted(&self) -> bool {
        self.outcome == Outcome::Noted
    }

    fn is_waiting(&self) -> bool {
        self.outcome == Outcome::Waiting
    }
}

#[cfg(test)]
pub(super) mod samples {
    use entities::bought;

    use super::*;
    use crate::{
        domain::pass::Window,
        web::view::samples::{Samples, at},
    };

    /// Two purchases that would be taken back: one whose time is, one whose time is over.
    pub fn taken_back(samples: &Samples) -> Shown {
        let now = at("2026-12-02T01:20:40Z");
        let window = Window { from: now, until: now + TimeDelta::hours(8), amount: 250_000 };
        let back = |is_over: bool| TakingBack {
            purchase: bought::Model {
                round_id: 1,
                receipt: "famx-6k54-dc9p-a7yz".to_owned(),
                amount: 200_000,
                at: now,
                source: samples.word("day sheet 7"),
            },
            window,
            is_over,
            next_offer: is_over.then_some(now),
        };
        let says = |lang| Page { lang, ..samples.desk("/console") }.taken_back(200_000, now, now);
        Shown {
            taken_back: vec![back(false), back(true)],
            page_says: Lang::ALL.map(|lang| (lang, says(lang))).into(),
            ..Shown::default()
        }
    }
}
