//! What every page has in common.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ending, EndingKind, assets};
use crate::config::Theme;
use crate::words::{Lang, instant, money, number};

/// The frame around every page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub lang: Lang,
    /// The path of a page that can be fetched with GET; the language switch leads there.
    pub path: String,
    /// Who runs this deployment.
    pub municipality: String,
    /// The help desk, in words, at the same place on every page.
    pub contact: String,
    /// The server's time: the only one that counts, so it is shown.
    pub now: DateTime<Utc>,
    /// Set in a rehearsal: a banner says that nothing is sold, followed by this text (may be empty).
    pub rehearsal: Option<String>,
    /// Whether this browser has passed the identity check.
    pub signed_in: bool,
    /// How this browser forgets whoever passed it, on a page of a round.
    pub leave: Option<Leave>,
    /// What ends soon, and when.
    pub ending: Option<Ending>,
    /// The city's own look.
    pub theme: Option<Arc<Theme>>,
}

/// The button at the foot of a page with which a browser forgets a resident.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Where its form goes.
    pub action: String,
    /// The form's token.
    pub csrf: String,
}

// Short forms for templates, so that none of them passes the language around.
impl Page {
    /// What the service is called.
    pub fn service(&self) -> String {
        let own = self.theme.as_ref().and_then(|theme| theme.service(self.lang.is_korean()));
        own.map_or_else(|| t!(self, "service"), str::to_owned)
    }

    /// What somebody does who leaves a device to others. To close it is not enough: browsers bring back what was open.
    pub fn shared_device(&self) -> Option<String> {
        let is_staff = self.ending.as_ref().is_some_and(|ending| ending.kind == EndingKind::Staff);
        match (self.signed_in, &self.leave) {
            (false, _) => None,
            (true, _) if is_staff => Some(t!(self, "shared-device-staff")),
            (true, Some(_)) => Some(t!(self, "shared-device")),
            (true, None) => Some(t!(self, "shared-device-round")),
        }
    }

    /// That this is an official site: only where the city's theme says so.
    pub fn official(&self) -> Option<&str> {
        self.theme.as_ref()?.official(self.lang.is_korean())
    }

    /// The city's own lines at the foot.
    pub fn footer(&self) -> &[String] {
        self.theme.as_ref().map_or(&[], |theme| theme.footer(self.lang.is_korean()))
    }

    /// The city's own stylesheet.
    pub fn own_stylesheet(&self) -> Option<&str> {
        Some(self.theme.as_ref()?.stylesheet.as_ref()?.path.as_str())
    }

    /// Where the icon is.
    pub fn icon(&self) -> &str {
        let own = self.theme.as_ref().and_then(|theme| theme.favicon.as_ref());
        own.map_or(assets::FAVICON_PATH.as_str(), |file| file.path.as_str())
    }

    /// Its media type.
    pub fn icon_kind(&self) -> &str {
        let own = self.theme.as_ref().and_then(|theme| theme.favicon.as_ref());
        own.map_or("image/svg+xml", |file| file.kind)
    }

    /// Where the picture in the header is.
    pub fn logo(&self) -> &str {
        let own = self.theme.as_ref().and_then(|theme| theme.logo.as_ref());
        own.map_or(assets::FAVICON_PATH.as_str(), |file| file.path.as_str())
    }

    /// Its width and height, in pixels.
    pub fn logo_size(&self) -> (u16, u16) {
        let own = self.theme.as_ref().filter(|theme| theme.logo.is_some());
        own.map_or((32, 32), |theme| theme.logo_size())
    }

    /// Where the language switch leads.
    pub fn switch(&self, lang: Lang) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.path, lang.tag())
    }

    /// Date, weekday and minute.
    pub fn minute(&self, at: DateTime<Utc>) -> String {
        instant::minute(at, self.lang)
    }

    /// Date and weekday.
    pub fn date(&self, at: DateTime<Utc>) -> String {
        instant::date(at, self.lang)
    }

    /// Date and weekday with the year.
    pub fn long_date(&self, at: DateTime<Utc>) -> String {
        instant::long_date(at, self.lang)
    }

    /// The time of day alone.
    pub fn clock(&self, at: DateTime<Utc>) -> String {
        instant::clock(at, self.lang)
    }

    /// From when until when.
    pub fn span(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        instant::span(from, until, self.lang)
    }

    /// A length of time.
    pub fn minutes(&self, minutes: u64) -> String {
        instant::duration(TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX / 60_000)), self.lang)
    }

    /// The value of a `datetime` attribute.
    pub fn machine(&self, at: DateTime<Utc>) -> String {
        instant::machine(at)
    }

    /// What somebody reads of whom a purchase was recorded that they did not make.
    pub fn taken_back(&self, amount: u64, bought_at: DateTime<Utc>, at: DateTime<Utc>) -> String {
        let page = self;
        let (bought, at) = (self.minute(bought_at), self.minute(at));
        t!(page, "change-taken-back", amount = self.won(amount), bought = bought, at = at)
    }

    /// An amount.
    pub fn won(&self, amount: u64) -> String {
        money::won(amount, self.lang)
    }

    /// A large amount.
    pub fn budget(&self, amount: u64) -> String {
        money::budget(amount, self.lang)
    }

    /// A count.
    pub fn count(&self, number: u64) -> String {
        number::grouped(number)
    }

    /// A place in an order.
    pub fn ordinal(&self, number: u64) -> String {
        number::ordinal(number, self.lang)
    }
}
