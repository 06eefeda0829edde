//! Text messages: one vendor behind one trait, one message, one [`Outcome`].

mod file;
mod kannel;
mod text;

pub use file::File;
pub use kannel::{Kannel, KannelConfig, Numbers, SetupError};
pub use text::Text;

use crate::notify::outcome::Outcome;

/// Whoever takes text messages from us.
///
/// Implementations send once and never retry after the request may have left: see [`Outcome::Unknown`].
pub trait SmsVendor {
    /// The name of the vendor in tables, metrics and pages.
    fn name(&self) -> &str;

    /// Hands one text over.
    fn send(&self, text: &Text) -> impl Future<Output = Outcome> + Send;
}

/// The vendors that are built in. An enum, not a trait object: the future stays plain `async`.
#[derive(Debug)]
pub enum Sms {
    /// A Kannel gateway over HTTP.
    Kannel(Kannel),
    /// A file of JSON lines: demos and air-gapped rehearsals.
    File(File),
}

impl SmsVendor for Sms {
    fn name(&self) -> &str {
        match self {
            Self::Kannel(kannel) => kannel.name(),
            Self::File(file) => file.name(),
        }
    }

    async fn send(&self, text: &Text) -> Outcome {
        match self {
            Self::Kannel(kannel) => kannel.send(text).await,
            Self::File(file) => file.send(text).await,
        }
    }
}
