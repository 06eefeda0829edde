//! What each page weighs and asks of the database, against what `docs/pages.md` states. An address without a line
//! there fails, and so does a line that nothing here looked at.

mod counter;
mod day;
mod pages;
mod stated;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use jebi::{
    app::App,
    web::{self, view::asset},
};

use crate::support::{Browser, Member, Resident, TestApp};

/// What one answer cost.
#[derive(Clone)]
struct Seen {
    address: (String, String),
    status: StatusCode,
    questions: u64,
    /// Bytes with everything it loads, of a page for people.
    weight: Option<usize>,
}

type Log = Arc<Mutex<Vec<Seen>>>;

/// Every answer of the site, measured. Rounds are read anew for each, as for the first reader of a second.
async fn measured(State((app, log)): State<(App, Log)>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().to_string();
    app.rounds.forget();
    let before = app.db.asked();
    let (parts, body) = next.run(request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let questions = app.db.asked() - before;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let weight = kind.starts_with("text/html").then(|| weight(std::str::from_utf8(&bytes).unwrap()));
    if let Some(path) = path {
        log.lock().unwrap().push(Seen { address: (method, path), status: parts.status, questions, weight });
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The bytes of a page and of each stylesheet, script and picture that it names, once.
fn weight(markup: &str) -> usize {
    let named = markup.split("\"/static/").skip(1).filter_map(|rest| rest.split('"').next());
    // The choice of a language leads to the same address once more, and loads nothing.
    let named: BTreeSet<&str> = named.filter(|file| !file.contains('?')).collect();
    let loaded =
        named.into_iter().map(|file| asset(file).unwrap_or_else(|| panic!("{file} is not served")).1.len());
    markup.len() + loaded.sum::<usize>()
}

/// The site with the meter around it.
struct Metered {
    site: Router,
    log: Log,
}

impl Metered {
    fn of(t: &TestApp) -> Self {
        let log = Log::default();
        let meter = from_fn_with_state((t.app.clone(), log.clone()), measured);
        Self { site: web::router(t.app.clone()).layer(meter), log }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.site.clone())
    }

    fn resident(&self, slug: &str, address: &str) -> Resident {
        Resident::new(self.browser(), slug, address)
    }

    /// A member of staff, from now on with the meter.
    fn member(&self, member: Member) -> Member {
        Member { browser: member.browser.moved_to(&self.browser()), ..member }
    }

    /// Every address of residents that shows something, by somebody, in each language.
    async fn sweep(&self, who: &Browser, things: &[(&str, &str)]) {
        for address in web::addresses().iter().filter(|address| address.method == Method::GET) {
            let path =
                things.iter().fold(address.path.to_owned(), |path, (name, value)| path.replace(name, value));
            assert!(!path.contains('{'), "{path}: the test knows no example for it");
            for lang in ["ko", "ko-simple", "en"] {
                who.moved_to(&self.browser()).get(&format!("{path}?lang={lang}")).await;
            }
        }
    }
}
