//! Text messages: any vendor behind one trait, each message with one [`Outcome`].

pub mod bytes;
mod file;
mod http;
mod kannel;
mod receipt;
mod sens;
mod smpp;
mod solapi;
mod text;
mod twilio;

pub use file::File;
pub use http::SetupError;
pub use kannel::{Kannel, KannelConfig, Numbers};
pub use sens::{Sens, SensConfig};
pub use smpp::{Smpp, SmppConfig};
pub use solapi::{Solapi, SolapiConfig};
pub use text::Text;
pub use twilio::{Twilio, TwilioConfig};

use crate::notify::outcome::Outcome;
use chrono::{DateTime, Utc};

/// What a vendor takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Texts in one call. Kept small on purpose: what an empty balance refuses is at most one call.
    pub batch: usize,
    /// Bytes of one text, in the carrier's counting.
    pub bytes: usize,
}

/// What a vendor says when it is asked about a text whose fate is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has the text, under this number of its own.
    Taken(Option<String>),
    /// It has not: the text may be sent again, by anybody.
    Missing,
    /// It did not say; ask again later.
    Silent(String),
    /// It cannot be asked at all.
    Deaf,
}

/// The fate of a text that a vendor had accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The vendor's own number for it.
    pub reference: String,
    /// When it reached the handset; `None`: it never will.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// Whoever takes text messages from us.
///
/// Implementations send once and never retry after the request may have left: see [`Outcome::Unknown`].
pub trait SmsVendor {
    /// The name of the vendor in tables, metrics and pages.
    fn name(&self) -> &'static str;

    /// What it takes.
    fn limits(&self) -> Limits;

    /// Hands texts over in one call, or as few as the vendor's interface allows. One outcome for each.
    fn send_batch(&self, texts: &[Text]) -> impl Future<Output = Vec<Outcome>> + Send;

    /// Hands one text over, unless no carrier could carry it.
    fn send(&self, text: &Text) -> impl Future<Output = Outcome> + Send
    where
        Self: Sync,
    {
        async move {
            if let Some(refusal) = text.refusal() {
                return Outcome::permanent(refusal);
            }
            let outcome = self.send_batch(std::slice::from_ref(text)).await.pop();
            outcome.unwrap_or_else(|| Outcome::unknown("the vendor said nothing about it"))
        }
    }

    /// Asks for a text that was handed over at `since` or a little later.
    fn find(&self, text: &Text, since: DateTime<Utc>) -> impl Future<Output = Found> + Send;

    /// What is left of the account's money, if the vendor tells.
    fn balance(&self) -> impl Future<Output = Option<f64>> + Send
    where
        Self: Sync,
    {
        async { None }
    }

    /// What became of texts, as far as the vendor tells by itself or when asked; since then. Or why it does not say.
    fn reports(&self, since: DateTime<Utc>) -> impl Future<Output = Result<Vec<Report>, String>> + Send;
}

/// The vendors that are built in. An enum, not a trait object: the future stays plain `async`.
#[derive(Debug)]
pub enum Sms {
    /// SOLAPI (CoolSMS).
    Solapi(Solapi),
    /// Naver Cloud SENS, also in the government zone.
    Sens(Sens),
    /// Twilio.
    Twilio(Twilio),
    /// A carrier's message centre.
    Smpp(Box<Smpp>),
    /// A Kannel gateway over HTTP.
    Kannel(Kannel),
    /// A file of JSON lines: demos and air-gapped rehearsals.
    File(File),
}

/// The same call on whichever vendor it is.
macro_rules! each {
    ($sms:expr, $vendor:ident => $call:expr) => {
        match $sms {
            Sms::Solapi($vendor) => $call,
            Sms::Sens($vendor) => $call,
            Sms::Twilio($vendor) => $call,
            Sms::Smpp($vendor) => $call,
            Sms::Kannel($vendor) => $call,
            Sms::File($vendor) => $call,
        }
    };
}

impl SmsVendor for Sms {
    fn name(&self) -> &'static str {
        each!(self, vendor => vendor.name())
    }

    fn limits(&self) -> Limits {
        each!(self, vendor => vendor.limits())
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        // What no carrier could carry is refused here, before it costs anything.
        let refused: Vec<Option<Outcome>> =
            texts.iter().map(|text| text.refusal().map(Outcome::permanent)).collect();
        let fit: Vec<Text> = texts
            .iter()
            .zip(&refused)
            .filter(|(_, refused)| refused.is_none())
            .map(|(text, _)| text.clone())
            .collect();
        let mut sent = match fit.is_empty() {
            true => Vec::new(),
            false => each!(self, vendor => vendor.send_batch(&fit).await),
        }
        .into_iter();
        let none = || Outcome::unknown("the vendor said nothing about it");
        refused.into_iter().map(|refused| refused.or_else(|| sent.next()).unwrap_or_else(none)).collect()
    }

    async fn find(&self, text: &Text, since: DateTime<Utc>) -> Found {
        each!(self, vendor => vendor.find(text, since).await)
    }

    async fn balance(&self) -> Option<f64> {
        each!(self, vendor => vendor.balance().await)
    }

    async fn reports(&self, since: DateTime<Utc>) -> Result<Vec<Report>, String> {
        each!(self, vendor => vendor.reports(since).await)
    }
}
