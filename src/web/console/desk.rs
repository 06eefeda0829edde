//! A request of a member of staff, and the cookies they are known by.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use chrono::{DateTime, Utc};
use cookie::{Cookie, SameSite};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    app::{App, Round},
    secret::random_id,
    staff::{SignedIn, signed_in},
    store::{self, access::Access, clerk::known_as},
    web::{
        answer::{Answer, Trouble},
        caller::address,
        form::Read,
        view::{Bar, Ending, EndingKind, Page},
        visit::Visit,
        visitor::cookie,
    },
};

/// Whom the door let in; among a request's extensions, put there by the door alone.
#[derive(Clone, Debug)]
pub(super) struct Admitted(pub SignedIn);

/// A request of somebody who is signed in and may make it.
pub struct Desk {
    /// The request.
    pub visit: Visit,
    /// Who.
    pub signed: SignedIn,
    /// Where from.
    pub address: String,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Answer> {
        let Ok(visit) = Visit::from_request_parts(parts, app).await;
        match parts.extensions.get::<Admitted>() {
            Some(Admitted(signed)) => {
                let address = address(app, &parts.headers, &parts.extensions);
                Ok(Self { signed: signed.clone(), address, visit })
            }
            None => Err(visit.failed("a page of staff was asked for past its door")),
        }
    }
}

impl Desk {
    /// The frame of a page.
    pub fn page(&self) -> Page {
        self.framed(self.visit.page())
    }

    /// The frame of a page of one round.
    pub fn page_of(&self, round: &Round) -> Page {
        self.framed(self.visit.page_of(round))
    }

    fn framed(&self, page: Page) -> Page {
        let ending = Ending { kind: EndingKind::Staff, until: self.signed.until, csrf: self.csrf() };
        Page { signed_in: true, leave: None, ending: Some(ending), ..page }
    }

    /// The frame of a page that can be read again at an address: what a form shows again stands at its own.
    pub fn page_at(&self, path: &str) -> Page {
        Page { path: path.to_owned(), ..self.page() }
    }

    /// The bar above a page: who is signed in and where they can go.
    pub fn bar(&self) -> Bar {
        Bar { name: self.signed.person.name.clone(), role: self.signed.role, csrf: self.csrf() }
    }

    /// Notes what they do where it is found again, in the transaction of what it is about.
    pub async fn note(
        &self,
        txn: &impl ConnectionTrait,
        [kind, about, reason]: [&str; 3],
    ) -> Result<(), DbErr> {
        let (clerk_id, address) = (Some(self.signed.person.id), self.address.as_str());
        let access = Access { clerk_id, kind, about, address, reason };
        store::access::insert(txn, self.visit.now, access).await
    }

    /// Notes it before it is shown, in a transaction of its own.
    pub async fn noted(&self, what: [&str; 3]) -> Result<(), Answer> {
        let noted = async {
            let txn = self.visit.app.db.begin().await?;
            self.note(&txn, what).await?;
            txn.commit().await
        };
        noted.await.map_err(|error: DbErr| self.visit.failed(error))
    }

    /// The token of forms served to this browser.
    pub fn csrf(&self) -> String {
        self.visit.app.keys.csrf(&format!("staff {}", self.signed.token_key))
    }

    /// Whether a form bears the token that was served with it.
    pub(super) fn is_ours(&self, token: &str) -> bool {
        bool::from(subtle::ConstantTimeEq::ct_eq(self.csrf().as_bytes(), token.as_bytes()))
    }
}

/// A form that a member of staff was served and sends back; `NAMED` as in `Posted`.
pub struct Sent<T, const NAMED: bool = false>(pub Desk, pub T);

impl<T: DeserializeOwned, const NAMED: bool> FromRequest<App> for Sent<T, NAMED> {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        match Read::<T>::of(Request::from_parts(parts, body), app).await {
            Ok(read) if !desk.is_ours(&read.token) => Err(desk.visit.trouble(Trouble::OldForm)),
            Ok(read) if read.has_number && !NAMED => Err(desk.visit.trouble(Trouble::ResidentNumber)),
            Ok(read) => Ok(Self(desk, read.form)),
            Err(trouble) => Err(desk.visit.trouble(trouble)),
        }
    }
}

/// Who is signed in at the browser that sent these headers.
pub(super) async fn find(
    app: &App,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, DbErr> {
    match token(app, headers) {
        Some(token) => signed_in::find(app, &token, now).await,
        None => Ok(None),
    }
}

/// The token of a browser.
pub fn token(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie_of(app, headers, "staff").filter(|token| !token.is_empty())
}

/// Gives a browser its token, or takes it away (`""`).
pub fn with_token(app: &App, answer: Answer, token: &str) -> Answer {
    with_cookie(app, answer, "staff", token, None)
}

/// A cookie of ours that a browser sent.
pub(super) fn cookie_of(app: &App, headers: &HeaderMap, what: &str) -> Option<String> {
    cookie(headers, &name(app, what)).map(str::to_owned)
}

/// Gives a browser a cookie, or takes it away (`""`).
///
/// `Strict`: it is not sent when somebody comes from another site, whatever they press there.
pub(super) fn with_cookie(
    app: &App,
    mut answer: Answer,
    what: &str,
    value: &str,
    days: Option<i64>,
) -> Answer {
    let cookie = Cookie::build((name(app, what), value))
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Strict);
    let cookie = match (value, days) {
        ("", _) => cookie.max_age(cookie::time::Duration::ZERO),
        (_, Some(days)) => cookie.max_age(cookie::time::Duration::days(days)),
        (_, None) => cookie,
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie.build().to_string()) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// With TLS the browser itself holds the cookie to this one host.
fn name(app: &App, what: &str) -> String {
    if app.config.is_https() { format!("__Host-jebi-{what}") } else { format!("jebi-{what}") }
}

/// A browser that people have signed in from: their tries from it are counted apart from those of strangers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Device {
    id: String,
    names: Vec<String>,
}

const DEVICE: &str = "staff device 1";
/// People who share a browser, at most.
const SHARED: usize = 16;

impl Device {
    /// The browser that sent these headers.
    pub fn of(app: &App, headers: &HeaderMap) -> Self {
        let sealed = cookie_of(app, headers, "device");
        let known = sealed.and_then(|sealed| app.keys.cookies().open(DEVICE, &sealed));
        known.unwrap_or_else(|| Self { id: random_id(), names: Vec::new() })
    }

    /// Its own name, for somebody who has signed in from it.
    pub fn known_to(&self, app: &App, name: &str) -> Option<&str> {
        self.names.contains(&named(app, name)).then_some(self.id.as_str())
    }

    /// Remembers that somebody has signed in from it.
    pub fn with(mut self, app: &App, name: &str, answer: Answer) -> Answer {
        let name = named(app, name);
        self.names.retain(|other| *other != name);
        self.names.insert(0, name);
        self.names.truncate(SHARED);
        let sealed = app.keys.cookies().seal(DEVICE, &self);
        with_cookie(app, answer, "device", &sealed, Some(400))
    }
}

fn named(app: &App, name: &str) -> String {
    app.keys.digest("device", &known_as(name))[..16].to_owned()
}
