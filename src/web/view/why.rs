//! `GET /rounds/{slug}/my/why`: one's own lot among the others.

use askama::Template;

use super::{Change, Page, assets};
use crate::words::{Lang, number::grouped};

/// Why somebody has their place in the order.
#[derive(Debug, Template)]
#[template(path = "pages/why.html")]
pub struct Why {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The entry's public code.
    pub receipt: String,
    /// 1-based place in the order of lots.
    pub rank: u64,
    /// How many took part.
    pub count: u64,
    /// How many lots the reader drew, if more than one.
    pub weight: Option<u64>,
    /// The smallest lots and those around one's own, in order.
    pub lots: Vec<WhyLot>,
    /// What changed after the draw, oldest first.
    pub changes: Vec<Change>,
}

/// An entry and its lot.
#[derive(Clone, Debug)]
pub struct WhyLot {
    /// 1-based place in the order of lots.
    pub rank: u64,
    /// The public code.
    pub receipt: String,
    /// The number it drew.
    pub lot: u64,
    /// Whether it is the reader's.
    pub own: bool,
}

impl WhyLot {
    fn number(&self) -> String {
        grouped(self.lot)
    }
}

impl Why {
    fn heading(&self) -> String {
        t!(self.page, "why-heading")
    }

    fn is_caught_up(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Missed { .. }))
    }

    fn is_offered(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Offered { .. }))
    }

    fn is_shifted(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Later { .. } | Change::Longer { .. }))
    }
}
