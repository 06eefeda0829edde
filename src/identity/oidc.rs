//! The door of residents at an identity provider.

use chrono::{DateTime, Utc};

use super::{Asked, Door, Person, Provider, Refused, Returned};
use crate::app::App;

/// The identity provider of residents.
pub struct Oidc<'a>(Provider<'a>);

impl<'a> Oidc<'a> {
    /// Where the provider sends people back to.
    pub const BACK: &'static str = "/identity/back";

    /// The door, if it is set up.
    pub fn of(app: &'a App) -> Option<Self> {
        let config = app.config.identity.oidc.as_ref()?;
        Some(Self(Provider { app, config, back: Self::BACK }))
    }

    /// Where a browser is to go, and what it must remember.
    ///
    /// # Errors
    /// [`Refused::Silent`].
    pub async fn ask(&self, lang: &str, now: DateTime<Utc>) -> Result<(String, Asked), Refused> {
        self.0.ask(lang, now).await
    }
}

impl Door for Oidc<'_> {
    type Evidence = (Asked, Returned);

    async fn admit(&self, (asked, back): Self::Evidence, now: DateTime<Utc>) -> Result<Person, Refused> {
        let claims = self.0.hear(&asked, back, now).await?;
        if !self.0.is_strong(&claims) {
            return Err(Refused::Unproven("a weaker check than is asked for"));
        }
        self.0.rule().person(&claims, &self.0.app.config)
    }
}
