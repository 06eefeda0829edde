//! `/rounds/{slug}/enter` and `/rounds/{slug}/code`: one person, by a code to a phone or mailbox of theirs.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Channel, Consent, FieldError, Page, Purpose, assets, errors::FieldErrors};
use crate::words::Lang;

/// Where to send the code, and consent.
#[derive(Debug, Template)]
#[template(path = "pages/identity.html")]
pub struct Identity {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// What the check is for.
    pub purpose: Purpose,
    /// The channels this round offers; with a single one nothing is asked.
    pub channels: Vec<Channel>,
    /// The channel chosen before, if any.
    pub channel: Option<Channel>,
    /// Whoever passed the check in this browser, masked: only consent is asked then.
    pub known: Option<String>,
    /// How it stands with identity checks now: `green`, `amber`, `red`; `None` where no plan says what there is room for.
    pub light: Option<&'static str>,
    /// Doors that are elsewhere, and what their buttons say.
    pub elsewhere: Vec<(String, String)>,
    /// Whether somebody who is known says where they are told things.
    pub address: bool,
    /// As typed before.
    pub email: String,
    /// As typed before.
    pub phone: String,
    /// As ticked before.
    pub consent: bool,
    /// What is agreed to.
    pub consents_to: Consent,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Identity {
    fn heading(&self) -> String {
        match self.purpose {
            _ if self.address => t!(self.page, "identity-heading-address"),
            Purpose::Enter | Purpose::Join => t!(self.page, "identity-heading"),
            Purpose::My => t!(self.page, "identity-heading-my"),
        }
    }

    fn light_class(&self, light: &str) -> &'static str {
        match light {
            "green" => "note",
            "amber" => "early",
            _ => "warning",
        }
    }

    fn light(&self, light: &str) -> String {
        match light {
            "green" => t!(self.page, "light-green"),
            "amber" => t!(self.page, "light-amber"),
            "texts" if self.channels.len() > 1 => t!(self.page, "light-texts-mail"),
            "texts" => t!(self.page, "light-texts"),
            _ => t!(self.page, "light-red"),
        }
    }

    fn offers(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }

    fn is_chosen(&self, channel: Channel) -> bool {
        self.channel == Some(channel)
    }
}

/// The code.
#[derive(Debug, Template)]
#[template(path = "pages/code.html")]
pub struct Code {
    /// The frame.
    pub page: Page,
    /// The round's name in addresses.
    pub slug: String,
    /// The round's name for people.
    pub title: String,
    /// The form's token.
    pub csrf: String,
    /// What the check is for.
    pub purpose: Purpose,
    /// Where the code went.
    pub channel: Channel,
    /// The address or number with most of it hidden.
    pub masked: String,
    /// How many digits it has.
    pub digits: u64,
    /// How long the code is valid.
    pub minutes: u64,
    /// Until when this one is.
    pub until: DateTime<Utc>,
    /// How often one may still try.
    pub tries_left: u64,
    /// Whether another code has just been sent.
    pub sent_again: bool,
    /// As typed before.
    pub code: String,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl Code {
    fn heading(&self) -> String {
        t!(self.page, "code-heading")
    }
}
