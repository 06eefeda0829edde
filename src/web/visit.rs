//! One request, seen as a visit: who, in which language, when, and what they may read.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use chrono::{DateTime, Utc};
use public_audit::rules::Beacon;

use super::{
    above,
    answer::{Answer, Trouble},
    headers::RequestId,
    language,
    view::{Ending, EndingKind, Leave, Page},
    visitor::{Proven, Visitor},
};
use crate::{
    app::{App, Round},
    domain::state::State,
    notify::content,
    words::Lang,
};

/// A request with everything a page needs to know about it.
pub struct Visit {
    /// The service.
    pub app: App,
    /// The one instant this request happens at.
    pub now: DateTime<Utc>,
    /// The reader's language.
    pub lang: Lang,
    /// Where the page of this request can be read again.
    pub path: String,
    /// Whether a program asks, not a person.
    pub wants_json: bool,
    /// Who, if they have been here.
    pub visitor: Option<Visitor>,
    /// What to say on the phone when something failed: it finds the request in the log.
    pub reference: Option<String>,
    same_site: bool,
    closes_at: OnceLock<DateTime<Utc>>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let now = app.clock.now();
        let (headers, uri) = (&parts.headers, &parts.uri);
        Ok(Self {
            now,
            lang: language::of(headers, uri),
            path: readable(&parts.method, uri),
            wants_json: wants_json(headers),
            visitor: Visitor::of(app, headers, now),
            reference: parts.extensions.get::<RequestId>().map(|id| id.as_str().to_owned()),
            same_site: is_same_site(headers),
            closes_at: OnceLock::new(),
            app: app.clone(),
        })
    }
}

impl Visit {
    /// The frame of a page.
    pub fn page(&self) -> Page {
        Page {
            lang: self.lang,
            path: self.path.clone(),
            municipality: self.app.config.municipality.name.clone(),
            contact: self.app.config.municipality.contact.clone(),
            now: self.now,
            rehearsal: None,
            signed_in: self.proven().is_some(),
            leave: None,
            ending: self.ending(),
            theme: self.app.theme.clone(),
        }
    }

    /// When the identity check ends that was passed here.
    fn ending(&self) -> Option<Ending> {
        let visitor = self.visitor.as_ref()?;
        let until = visitor.known_until()?;
        Some(Ending { kind: EndingKind::Known, until, csrf: self.csrf(visitor) })
    }

    /// The frame of a page of one round: a rehearsal says so.
    pub fn page_of(&self, round: &Round) -> Page {
        let rehearsal = matches!(round.rules.beacon, Beacon::None {}).then(String::new);
        let leave = self.visitor.as_ref().filter(|visitor| visitor.proven.is_some()).map(|visitor| Leave {
            action: format!("/rounds/{}/my/leave", round.row.slug),
            csrf: self.csrf(visitor),
        });
        Page { rehearsal, leave, ..self.page() }
    }

    /// The round of this slug.
    ///
    /// # Errors
    /// The answer to give instead: there is none, or the database is away.
    pub async fn round(&self, slug: &str) -> Result<Arc<Round>, Answer> {
        match self.app.rounds.find(slug).await {
            Ok(Some(round)) => Ok(round),
            Ok(None) => Err(self.trouble(Trouble::NotFound)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The round of this slug, unless who took part in it is erased: nobody is asked who they are for nothing.
    ///
    /// # Errors
    /// The answer to give instead.
    pub async fn kept_round(&self, slug: &str) -> Result<Arc<Round>, Answer> {
        let round = self.round(slug).await?;
        match round.row.purged_at {
            Some(at) => Err(self.trouble(Trouble::Erased(&round, at))),
            None => Ok(round),
        }
    }

    /// The round of this slug, if it takes entries now.
    ///
    /// # Errors
    /// The answer to give instead.
    pub async fn open_round(&self, slug: &str) -> Result<Arc<Round>, Answer> {
        let round = self.round(slug).await?;
        match round.state(self.now) {
            State::Open => {
                self.ends_with(&round);
                Ok(round)
            }
            State::Announced => Err(self.trouble(Trouble::NotOpen(&round))),
            _ => Err(self.ended(&round, Trouble::Closed(&round)).await),
        }
    }

    /// What is done here can be done until entering ends, and not after: whoever has to come back is not sent past it.
    pub fn ends_with(&self, round: &Round) {
        if self.now < round.row.closes_at {
            self.closes_at.get_or_init(|| round.row.closes_at);
        }
    }

    /// Until when it can be done, if it is known.
    pub fn closes_at(&self) -> Option<DateTime<Utc>> {
        self.closes_at.get().copied()
    }

    /// The title of a round in the reader's language.
    pub fn title(&self, round: &Round) -> String {
        content::title(round, self.lang).to_owned()
    }

    /// The identity check that was passed, if it still holds.
    pub fn proven(&self) -> Option<&Proven> {
        self.visitor.as_ref()?.proven.as_ref()
    }

    /// The visitor, or somebody new who is to be given a cookie.
    pub fn visitor(&self) -> Visitor {
        self.visitor.clone().unwrap_or_else(Visitor::new)
    }

    /// The token of a form served to `visitor`.
    pub fn csrf(&self, visitor: &Visitor) -> String {
        self.app.keys.csrf(&visitor.id)
    }

    /// Whether the browser says that this was sent from a page of ours.
    pub fn is_same_site(&self) -> bool {
        self.same_site
    }

    /// Whether a form comes from a page of ours, served to this visitor.
    pub fn is_ours(&self, token: &str) -> bool {
        let matches = |visitor: &Visitor| {
            bool::from(subtle::ConstantTimeEq::ct_eq(self.csrf(visitor).as_bytes(), token.as_bytes()))
        };
        self.same_site && self.visitor.as_ref().is_some_and(matches)
    }
}

/// Why and for whom somebody is on a page: whoever chooses a language there is there for the same.
const AIMS: [&str; 5] = ["purpose", "other", "then", "agree", "address"];

/// The address of the page a request belongs to: some addresses only take forms, and the choice of
/// a language is not part of it.
fn readable(method: &Method, uri: &Uri) -> String {
    // Two slashes in front would lead to another site.
    let path = uri.path().trim_start_matches('/');
    let path = &format!("/{path}");
    let page = match path.rsplit_once('/') {
        Some((round, "entry")) => format!("{round}/check"),
        Some((code, "again")) => code.to_owned(),
        _ if method == Method::POST => above::page_of(path).to_owned(),
        _ => path.clone(),
    };
    let kept = uri.query().into_iter().flat_map(|query| query.split('&')).filter(|pair| {
        pair.split_once('=').is_some_and(|(name, value)| {
            AIMS.contains(&name) && value.bytes().all(|byte| byte.is_ascii_lowercase())
        })
    });
    let kept: Vec<&str> = kept.collect();
    if kept.is_empty() { page } else { format!("{page}?{}", kept.join("&")) }
}

/// What the browser itself says about where a form comes from (Fetch Metadata, then Origin).
/// Programs say nothing: they have no cookies of others to abuse.
fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_chooses_a_language_stays_who_they_are_there_for() {
        let of = |uri: &str| readable(&Method::GET, &uri.parse().unwrap());
        assert_eq!(
            of("/rounds/a/enter?other=yes&lang=en&purpose=join"),
            "/rounds/a/enter?other=yes&purpose=join"
        );
        assert_eq!(of("/rounds/a/about?then=join&lang=ko"), "/rounds/a/about?then=join");
        assert_eq!(of("/rounds/a/enter?purpose=%22%3e&lang=en"), "/rounds/a/enter");
        assert_eq!(of("//elsewhere.example/?lang=en"), "/elsewhere.example/");
    }
}
