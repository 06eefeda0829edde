//! A seller's list beside our ledger, and who the sellers are.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    staff::sellers::Given,
    web::view::{FieldError, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// What came of a comparison.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Purchases and won with us.
    pub ours: String,
    /// The same with them.
    pub theirs: String,
    /// Purchases that are the same.
    pub same: u64,
    /// Whether both say the same, to the won.
    pub even: bool,
    /// Headings of the differences.
    pub heads: Vec<String>,
    /// The first of them.
    pub rows: Vec<Vec<String>>,
    /// How many there are.
    pub all: u64,
}

impl Compared {
    /// Whether there are more than are shown.
    fn is_cut(&self) -> bool {
        self.all > self.rows.len() as u64
    }
}

/// The form, and what came of it.
#[derive(Debug, Template)]
#[template(path = "pages/console/reconcile.html")]
pub struct ReconcilePage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its sellers.
    pub sellers: Vec<String>,
    /// As chosen before.
    pub seller: String,
    /// What came of it; `None` before.
    pub compared: Option<Compared>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl ReconcilePage {
    fn heading(&self) -> String {
        t!(self.page, "reconcile")
    }
}

/// A key, by the begin of its digest.
#[derive(Clone, Debug)]
pub struct SellerKey {
    /// As `jebi seller list` shows it.
    pub id: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when, if it is over.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A seller.
#[derive(Clone, Debug)]
pub struct SellerLine {
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When somebody last went to it to pay.
    pub last: Option<DateTime<Utc>>,
    /// Rounds and levels.
    pub rounds: Vec<(String, u8)>,
    /// Its keys.
    pub keys: Vec<SellerKey>,
}

/// All of them.
#[derive(Debug, Template)]
#[template(path = "pages/console/sellers.html")]
pub struct SellersPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// By name.
    pub sellers: Vec<SellerLine>,
    /// Whether the reader gives and ends keys.
    pub gives: bool,
    /// Those that a draft names and that have no key.
    pub asked: Vec<String>,
    /// What was given just now, shown once.
    pub given: Option<Given>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl SellersPage {
    fn heading(&self) -> String {
        t!(self.page, "sellers")
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{
            errors,
            samples::{Samples, at},
        },
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let words = |words: &[&str]| words.iter().map(|word| samples.word(word)).collect::<Vec<String>>();
        let compared = |even| Compared {
            ours: samples.word("1,203건 240,000,000원"),
            theirs: samples.word("1,204건 240,250,000원"),
            same: 1_203,
            even,
            heads: words(&["구분", "줄", "접수번호"]),
            rows: if even {
                Vec::new()
            } else {
                vec![words(&["판매처에만 있음", "7", "famx-6k54-dc9p-a7yz"])]
            },
            all: if even { 0 } else { 201 },
        };
        let page = |compared, errors| ReconcilePage {
            page: samples.desk("/console/rounds/tongyeong-2026-12/reconcile"),
            bar: samples.bar(Role::Clerk),
            slug: samples.slug(),
            title: samples.title(),
            sellers: words(&["bank"]),
            seller: samples.word("bank"),
            compared,
            errors,
        };
        let lang = samples.lang;
        add("console-reconcile", &page(None, Vec::new()));
        add("console-reconcile-even", &page(Some(compared(true)), Vec::new()));
        add("console-reconcile-differs", &page(Some(compared(false)), Vec::new()));
        let wrong = vec![errors::reconcile_list_missing(lang), errors::reconcile_seller_unknown(lang)];
        add("console-reconcile-wrong", &page(None, wrong));
        let now = at("2026-11-25T05:12:00Z");
        let key = |ended_at| SellerKey { id: "0f3a9b1c".to_owned(), since: now, ended_at };
        let seller = |last, keys| SellerLine {
            name: samples.word("bank"),
            since: now,
            last,
            rounds: vec![(samples.slug(), 3)],
            keys,
        };
        let sellers = vec![seller(Some(now), vec![key(None), key(Some(now))]), seller(None, Vec::new())];
        let all = |sellers| SellersPage {
            page: samples.desk("/console/sellers"),
            bar: samples.bar(Role::Auditor),
            sellers,
            gives: true,
            asked: vec![samples.word("축협")],
            given: Some(Given {
                name: samples.word("bank"),
                key: samples.word("jebi_0f3a"),
                secret: Some(samples.word("whsec_0f3a")),
            }),
            errors: vec![errors::seller_invalid(samples.lang)],
        };
        add("console-sellers", &all(sellers));
        add("console-sellers-none", &all(Vec::new()));
    }
}
