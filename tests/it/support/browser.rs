//! A browser without JavaScript: keeps cookies, fills in forms, follows nothing by itself.

use std::{collections::BTreeMap, fmt::Write};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use tower::ServiceExt;

/// Forms that say what their page has shown.
const ANSWERS: [&str; 4] = ["/entry", "/people", "/undo", "/code"];

/// A browser at one instance, in-process.
#[derive(Clone)]
pub struct Browser {
    site: Router,
    pub cookies: BTreeMap<String, String>,
    /// Where it is, as a proxy would say it (`x-real-ip`); empty without one.
    pub address: String,
    /// `Accept-Language`.
    pub language: &'static str,
    /// The token of the last form seen.
    pub csrf: String,
    /// The words that the last form with a consent showed, as it names them.
    pub words: String,
    /// What the last page says that it has shown, where a button answers for it.
    pub seen: String,
    /// Where every answer sent us: for looking for what should not be in addresses.
    pub visited: Vec<String>,
}

impl Browser {
    pub fn new(site: Router) -> Self {
        Self {
            site,
            cookies: BTreeMap::new(),
            address: String::new(),
            language: "ko-KR,ko;q=0.9",
            csrf: String::new(),
            words: String::new(),
            seen: String::new(),
            visited: Vec::new(),
        }
    }

    pub fn in_english(mut self) -> Self {
        self.language = "en-GB,en;q=0.9";
        self
    }

    /// The same browser at another place.
    pub fn from(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self
    }

    /// The same person at another instance.
    pub fn moved_to(&self, other: &Browser) -> Self {
        Self { site: other.site.clone(), ..self.clone() }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the token of the last form seen.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let (csrf, words, seen) = (self.csrf.clone(), self.words.clone(), self.seen.clone());
        let mut fields: Vec<(&str, &str)> =
            std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
        // Stands beside the box, as the token does: whoever ticks sends both.
        let named = |fields: &[(&str, &str)], what: &str| fields.iter().any(|(name, _)| *name == what);
        if named(&fields, "consent") && !named(&fields, "words") {
            fields.push(("words", &words));
        }
        if ANSWERS.iter().any(|end| path.ends_with(end)) && !named(&fields, "seen") {
            fields.push(("seen", &seen));
        }
        self.post_raw(path, encoded(&fields)).await
    }

    /// Sends a form as it stands.
    pub async fn post_raw(&mut self, path: &str, body: impl Into<Body>) -> Page {
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A request with our cookies and language, for adding to.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let mut request = request.header(header::ACCEPT_LANGUAGE, self.language);
        if !self.address.is_empty() {
            request = request.header("x-real-ip", &self.address);
        }
        match cookies.is_empty() {
            true => request,
            false => request.header(header::COOKIE, cookies.join("; ")),
        }
    }

    pub async fn send(&mut self, request: Request<Body>) -> Page {
        let response = self.site.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let page = Page { status: parts.status, headers: parts.headers, bytes: bytes.into() };
        if let Some(token) = page.hidden("csrf") {
            self.csrf = token;
        }
        if let Some(words) = page.hidden("words") {
            self.words = words;
        }
        if let Some(seen) = page.hidden("seen") {
            self.seen = seen;
        }
        self.visited.extend(page.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned()));
        page
    }
}

/// An answer.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn body(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// Where it sends us; it must.
    pub fn to(&self) -> &str {
        let to = self.headers.get(header::LOCATION);
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body());
        to.unwrap().to_str().unwrap()
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(&name).map_or("", |value| value.to_str().unwrap())
    }

    /// The language the page says it is in.
    pub fn language(&self) -> &str {
        between(self.body(), "<html lang=\"", "\"").unwrap_or_default()
    }

    pub fn title(&self) -> String {
        unescaped(between(self.body(), "<h1>", "</h1>").unwrap_or_default())
    }

    /// One of the five words, as the page of an entry says it.
    pub fn word(&self) -> &str {
        between(self.body(), "<section class=\"now ", "\"").unwrap_or_default()
    }

    /// The receipt shown.
    pub fn receipt(&self) -> &str {
        between(self.body(), "<p class=\"receipt\"><code>", "<").unwrap_or_default()
    }

    /// The fields that the summary of mistakes names.
    pub fn wrong_fields(&self) -> Vec<&str> {
        let summary = between(self.body(), "<div class=\"errors\"", "</div>").unwrap_or_default();
        summary.split("<a href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    /// What a text field holds, or which option is selected.
    pub fn value(&self, field: &str) -> Option<String> {
        let (_, rest) = self.body().split_once(&format!(" name=\"{field}\""))?;
        if let Some(options) = between(rest, "", "</select>").filter(|options| options.contains("<option")) {
            let selected = options.split("<option value=\"").find(|option| option.contains(" selected"));
            return selected?.split('"').next().map(unescaped);
        }
        between(rest.split('>').next()?, " value=\"", "\"").map(unescaped)
    }

    /// A hidden field.
    pub fn hidden(&self, field: &str) -> Option<String> {
        let body = std::str::from_utf8(&self.bytes).ok()?;
        between(body, &format!("type=\"hidden\" name=\"{field}\" value=\""), "\"").map(unescaped)
    }

    /// Where the page's button or form leads.
    pub fn way_out(&self) -> Option<String> {
        between(self.body(), "<a class=\"button\" href=\"", "\"").map(unescaped)
    }
}

/// What stands between two texts, the first time.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// Fields as a form sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (at, (name, value)) in fields.iter().enumerate() {
        body.push_str(if at == 0 { "" } else { "&" });
        percent(name, &mut body);
        body.push('=');
        percent(value, &mut body);
    }
    body
}

fn percent(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => write!(out, "%{byte:02X}").unwrap(),
        }
    }
}

/// Undoes what the templates do to text.
pub fn unescaped(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
}
