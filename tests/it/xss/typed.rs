//! Markup typed into every field of every form there is, read from the pages themselves: of residents, of a roster, of
//! counters and of staff. What comes back shows it dead, and so does whatever shows it later.

use axum::http::{StatusCode, header};
use jebi::{
    domain::{draft::Draft, roster::MatchBy, staff::Role},
    web::{self, console},
};

use super::{MARKUP, crawl};
use crate::{
    roster::imported,
    support::{Browser, Engine, Resident, TestApp, both, encoded},
    who::{PARITY, round},
};

both!(nothing_that_is_typed_comes_back_alive);

/// Out of an attribute with either quote, out of a text field, and by a handler.
const TYPED: [&str; 3] = [MARKUP, "<img src=x onerror=alert(1)>", "' onfocus='alert(1)' autofocus='"];
const ALIVE: [&str; 6] =
    ["<script>alert", "\"'></textarea>", "'></textarea>", "<img src=x", " onfocus='alert", "\" onerror"];

/// Fills in every form of a page, one field after another; how many fields that was.
async fn type_everywhere(browser: &Browser, path: &str) -> usize {
    let mut reader = browser.clone();
    let page = reader.get(path).await;
    if page.status != StatusCode::OK || !page.header(header::CONTENT_TYPE).starts_with("text/html") {
        return 0;
    }
    let mut tried = 0;
    for form in page.forms(path) {
        // Whoever signs out types nothing any more.
        if ["sign-out", "/my/leave", "/withdraw", "/remove"].iter().any(|way| form.action.contains(way)) {
            continue;
        }
        for at in 0..form.fields.len() {
            for typed in TYPED {
                let token = ("csrf", reader.csrf.as_str());
                let fields = form.fields.iter().enumerate().map(|(number, (name, value))| {
                    (name.as_str(), if number == at { typed } else { value.as_str() })
                });
                let body = encoded(&std::iter::once(token).chain(fields).collect::<Vec<_>>());
                let answer = reader.clone().post_raw(&form.action, body).await;
                let say = format!(
                    "{path}: {} with {} = {typed}: {}",
                    form.action, form.fields[at].0, answer.status
                );
                // A form that was sent very often asks for patience.
                let patience = answer.status == StatusCode::SERVICE_UNAVAILABLE;
                assert!(answer.status.as_u16() < 500 || patience, "{say}");
                assert_ne!(
                    answer.status,
                    StatusCode::FORBIDDEN,
                    "{say}: the form is not the one that was served"
                );
                if let Some(to) = answer.headers.get(header::LOCATION) {
                    assert!(!to.to_str().unwrap().contains(['<', '\'']), "{say}");
                }
                // What is downloaded is a file, and no browser takes it for a page.
                if !answer.header(header::CONTENT_TYPE).starts_with("text/html") && !answer.bytes.is_empty() {
                    assert!(answer.header(header::CONTENT_DISPOSITION).starts_with("attachment"), "{say}");
                    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{say}");
                    continue;
                }
                let shown = String::from_utf8_lossy(&answer.bytes);
                for alive in ALIVE {
                    assert!(!shown.contains(alive), "{say}: {alive} is alive in {shown}");
                }
            }
            tried += 1;
        }
    }
    tried
}

async fn nothing_that_is_typed_comes_back_alive(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,생년월일\n김하늘,1948-03-01\n", Some(MatchBy::Name)).await.unwrap();
    let more = "[joint]\nmost = 3\n[helped]\nminors = 9\nadults = 9\n[weighting]\nper_miss = 1\nmost = 3\nrounds = 6\n";
    let mut draft = round("mode = \"everyone\"", &format!("{PARITY}{more}"));
    draft.opening.iter_mut().for_each(|opening| opening.slot_capacity = Some(41));
    let all = t.announced(draft).await;
    let listed = t.announced(Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await;
    t.jump(all.opens_at.max(listed.opens_at));

    // Residents: somebody unknown, somebody on the way, and somebody who has entered.
    let mut minji = t.stranger_at(&all.slug, "minji@example.org");
    minji.identify(&t, "enter").await;
    minji.tell(&[("birth_year", "1986")]).await.to();
    minji.enter(100_000, &["pm"]).await;
    t.tick().await;
    let mut asked = t.stranger_at(&all.slug, "asked@example.org");
    asked.ask("enter").await.to();
    let mut known = Resident::new(t.browser(), &listed.slug, "known@example.org");
    known.identify(&t, "enter").await;
    let mut tried = 0;
    for address in web::addresses().iter().filter(|address| address.method == "GET") {
        for round in [&all, &listed] {
            let path = address.path.replace("{slug}", &round.slug);
            if path.contains('{') {
                continue;
            }
            for who in [&t.browser(), &minji.browser, &asked.browser, &known.browser] {
                tried += type_everywhere(who, &path).await;
            }
        }
    }
    assert!(tried > 40, "only {tried} fields of residents");

    // Staff, and a counter.
    let mut staff = Vec::new();
    for role in Role::ALL {
        staff.push(t.staff(role.key(), role).await);
    }
    staff[0].see("/console/drafts").await;
    staff[0].post("/console/drafts", &[]).await.to();
    let things = [("{slug}", all.slug.as_str()), ("{name}", "list"), ("{id}", "1")];
    let steps = ["goods", "mode", "dates", "groups", "hours-1", "hours-2", "load", "notices"];
    let kinds = ["void", "shift", "release", "ineligible", "declared", "roster"];
    let mut tried = 0;
    for route in console::routes().into_iter().filter(|route| route.method == "GET") {
        let path = things.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
        let mut paths = vec![path.clone()];
        for (name, values) in [("{step}", &steps[..]), ("{kind}", &kinds[..])] {
            if path.contains(name) {
                paths = values.iter().map(|value| path.replace(name, value)).collect();
            }
        }
        for path in paths {
            // A password costs a second each time; the way in is tried by a stranger alone.
            let way_in = ["/console/sign-in", "/console/me"].contains(&path.as_str());
            for member in staff.iter().skip(if way_in { staff.len() - 1 } else { 0 }) {
                tried += type_everywhere(&member.browser, &path).await;
            }
            tried += type_everywhere(&t.browser(), &path).await;
        }
    }
    assert!(tried > 150, "only {tried} fields of staff");

    // Whatever of it was kept is shown dead, too.
    t.tick().await;
    for member in &staff {
        crawl(&member.browser, &["/console", "/console/counter"]).await;
    }
    crawl(&minji.browser, &["/", "/status", &minji.path("my"), &minji.path("people")]).await;
}
