//! `/rounds/{slug}/details` and `/rounds/{slug}/check`: how much, when, and a last look.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{DayPart, FieldError, Mode, Page, assets, errors::FieldErrors, kinds::wishes_in_words};
use crate::words::{Lang, money::percent_of};

/// The form's fields for wishes.
const WISHES: [&str; 3] = ["wish_1", "wish_2", "wish_3"];

/// The amount and the wishes.
#[derive(Debug, Template)]
#[template(path = "pages/details.html")]
pub struct Details {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// Who gets how much.
    pub mode: Mode,
    /// The amounts to choose from, in won.
    pub amounts: Vec<u64>,
    /// Whether the amount is for each of several people.
    pub shared: bool,
    /// The most lots that earlier misses can give, if they give any.
    pub most_lots: Option<u64>,
    /// Whether the reader asks to be remembered.
    pub remember: bool,
    /// What a buyer pays, per cent of the amount.
    pub price_percent: u64,
    /// As chosen before, as sent by the browser.
    pub want: String,
    /// The days of the entrant's own cohort, in lines; empty if everybody has the same.
    pub days: Vec<String>,
    /// The parts of the day to choose from.
    pub parts: Vec<DayPart>,
    /// As chosen before, keys or empty.
    pub wishes: [String; 3],
    /// Whether an entry exists already and is being changed.
    pub change: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Details {
    fn heading(&self) -> String {
        t!(self.page, "details-heading")
    }

    /// Few amounts are radio buttons, many a list.
    pub(super) fn is_short(&self) -> bool {
        self.amounts.len() <= 6
    }

    pub(super) fn is_wanted(&self, amount: &u64) -> bool {
        self.want == amount.to_string()
    }

    pub(super) fn wish_fields(&self) -> impl Iterator<Item = (&'static str, String, &String)> {
        let labels = [t!(self.page, "wish-1"), t!(self.page, "wish-2"), t!(self.page, "wish-3")];
        WISHES.into_iter().zip(labels).zip(&self.wishes).map(|((name, label), value)| (name, label, value))
    }

    /// One line of the amount list, with what is paid where that differs.
    pub(super) fn amount_label(&self, amount: u64) -> String {
        if self.price_percent == 100 {
            return self.page.won(amount);
        }
        let price = self.page.won(percent_of(amount, self.price_percent));
        t!(self.page, "amount-and-price", amount = self.page.won(amount), price = price)
    }
}

/// The answers once more before they are sent.
#[derive(Debug, Template)]
#[template(path = "pages/check.html")]
pub struct Check {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// What this page shows, for its button to say.
    pub seen: String,
    /// The verified address or number with most of it hidden.
    pub masked: String,
    /// The amount, in won.
    pub want: u64,
    /// What a buyer pays, per cent of the amount.
    pub price_percent: u64,
    /// Keys of day parts, best first; empty if any will do.
    pub wishes: Vec<String>,
    /// Earlier misses and the lots they give; `None` where they do not count.
    pub lots: Option<(u64, u64)>,
    /// Whether people choose an amount.
    pub asks_amount: bool,
    /// Questions and answers.
    pub answers: Vec<(String, String)>,
    /// The days of the entrant's own cohort, in lines; empty if everybody has the same.
    pub days: Vec<String>,
    /// Until when it can be changed.
    pub closes_at: DateTime<Utc>,
    /// Whether an entry exists already and is being changed.
    pub change: bool,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Check {
    fn heading(&self) -> String {
        match self.change {
            false => t!(self.page, "check-heading"),
            true => t!(self.page, "check-heading-change"),
        }
    }

    fn wish(&self) -> String {
        wishes_in_words(&self.wishes, self.page.lang)
    }

    fn price(&self) -> u64 {
        percent_of(self.want, self.price_percent)
    }
}
