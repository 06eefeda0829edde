//! To whoever was told things about an entry: that somebody else is, from now on.

use chrono::{DateTime, Utc};
use i18n_embed_fl::fl;

use super::Sender;
use crate::words::{Lang, instant::minute};

/// When, and not to where: that is somebody's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readdressed {
    /// The round.
    pub title: String,
    /// The public code of the entry.
    pub receipt: String,
    /// When its notices began to go elsewhere.
    pub at: DateTime<Utc>,
    /// Whether it was withdrawn since, or with it.
    pub withdrawn: bool,
}

impl Readdressed {
    pub(super) fn subject(&self, lang: Lang, municipality: &str) -> String {
        fl!(lang.loader(), "mail-readdressed-subject", municipality = municipality)
    }

    /// What a text says, as short as it can be clear. Who can stop it is named in it: this is no moment to look for a number.
    pub(super) fn text(&self, lang: Lang, from: &Sender) -> String {
        let (l, municipality) = (lang.loader(), from.municipality.as_str());
        let (title, receipt) = (self.title.as_str(), self.receipt.as_str());
        let (at, contact) = (minute(self.at, lang), from.contact.as_str());
        match self.withdrawn {
            false => fl!(
                l,
                "sms-readdressed",
                municipality = municipality,
                title = title,
                at = at,
                contact = contact,
                receipt = receipt
            ),
            true => fl!(
                l,
                "sms-readdressed-withdrawn",
                municipality = municipality,
                title = title,
                at = at,
                contact = contact,
                receipt = receipt
            ),
        }
    }
}
