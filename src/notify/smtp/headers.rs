//! The headers that lettre does not know.

use lettre::message::header::{Header, HeaderName, HeaderValue};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// `Auto-Submitted: auto-generated` (RFC 3834 section 5): no holiday answer comes back.
#[derive(Clone)]
pub(super) struct AutoSubmitted;

/// `List-Unsubscribe: <https://…>` (RFC 2369): the one address a mail of ours bears, and in no text.
#[derive(Clone)]
pub(super) struct ListUnsubscribe(pub String);

/// `List-Unsubscribe-Post: List-Unsubscribe=One-Click` (RFC 8058).
#[derive(Clone)]
pub(super) struct ListUnsubscribePost;

macro_rules! header {
    ($kind:ty, $name:literal, $this:ident => $value:expr, $parsed:expr) => {
        impl Header for $kind {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Error> {
                Ok($parsed(text))
            }

            fn display(&self) -> HeaderValue {
                let $this = self;
                HeaderValue::new(Self::name(), $value)
            }
        }
    };
}

header!(AutoSubmitted, "Auto-Submitted", _this => "auto-generated".to_owned(), |_: &str| AutoSubmitted);
header!(ListUnsubscribe, "List-Unsubscribe", this => format!("<{}>", this.0), |text: &str| {
    ListUnsubscribe(text.trim_matches(['<', '>']).to_owned())
});
header!(ListUnsubscribePost, "List-Unsubscribe-Post", _this => "List-Unsubscribe=One-Click".to_owned(), |_: &str| {
    ListUnsubscribePost
});
