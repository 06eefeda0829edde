//! Purchases that a seller tells of in a file.

use askama::Template;

use super::{Bar, Sentence};
use crate::{
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// What came of a list, or would.
#[derive(Clone, Debug)]
pub struct TakenIn {
    /// Purchases.
    pub kept: u64,
    /// Won of those.
    pub won: u64,
    /// Purchases that were known.
    pub known: u64,
    /// People who will have missed their time, where no other purchase is said to be missing.
    pub missed: Option<u64>,
    /// Lines that are not taken in.
    pub not: u64,
    /// Some of those: line, why.
    pub refused: Vec<(usize, Sentence)>,
    /// Lines that are strange.
    pub strange: Vec<(usize, Sentence)>,
    /// Names what was looked at; empty where it is kept.
    pub seen: String,
    /// Whether whoever reads this wants it kept: somebody else has to, too.
    pub asked: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/console/purchases.html")]
pub struct PurchasesPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its sellers that tell of purchases so.
    pub sellers: Vec<String>,
    /// As chosen before.
    pub seller: String,
    /// As typed before.
    pub until: String,
    /// What came of it.
    pub taken: Option<TakenIn>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl PurchasesPage {
    fn heading(&self) -> String {
        t!(self.page, "purchases")
    }

    /// Whether sending the same once more keeps it.
    fn looks(&self) -> bool {
        self.taken.as_ref().is_some_and(|taken| !taken.seen.is_empty())
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{errors, samples::Samples},
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let line = |what: &str| vec![(3, Sentence::of(&samples.word(what), samples.lang))];
        let taken = |seen: &str| TakenIn {
            kept: 1_203,
            won: 240_000_000,
            known: 2,
            missed: Some(3_044),
            not: 1,
            refused: line("the time is in the future"),
            strange: line("the place had ended"),
            seen: seen.to_owned(),
            asked: false,
        };
        let page = |taken, errors| PurchasesPage {
            page: samples.desk("/console/rounds/a/purchases"),
            bar: samples.bar(Role::Clerk),
            slug: samples.slug(),
            title: samples.title(),
            sellers: vec![samples.word("은행")],
            seller: samples.word("은행"),
            until: samples.word("2026-12-03T09:00"),
            taken,
            errors,
        };
        add("console-purchases", &page(None, Vec::new()));
        add("console-purchases-looked", &page(Some(taken("0f3a")), Vec::new()));
        let asked = TakenIn { asked: true, ..taken("0f3a") };
        add("console-purchases-wanted", &page(Some(asked), Vec::new()));
        add("console-purchases-kept", &page(Some(taken("")), Vec::new()));
        let lang = samples.lang;
        let wrong = vec![
            errors::reconcile_list_missing(lang),
            errors::reconcile_seller_unknown(lang),
            errors::until_invalid(lang),
        ];
        add("console-purchases-wrong", &page(None, wrong));
    }
}
