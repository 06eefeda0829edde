//! Every form, every field, everything a form can be sent: never an error of ours, always a page
//! in the reader's language, with what was typed still there and nothing of it alive.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jebi::config::{Sms, sms};
use std::collections::BTreeSet;

use crate::support::{Browser, Engine, Page, Resident, TestApp, both, encoded};

both!(
    every_field_takes_everything,
    questions_and_people_take_everything,
    forms_of_others_are_refused,
    what_is_not_a_form_is_told_so,
    programs_get_problem_documents,
    every_page_speaks_both_languages_and_leads_on,
);

/// What people, scripts and accidents put into a field.
fn nasty() -> Vec<String> {
    [
        "",
        "   ",
        "\t\r\n",
        "\0",
        "a\0b@example.org",
        "\u{1}\u{7f}\u{1b}[31m",
        "minji@example.org\r\nBcc: everybody@example.org",
        "👩‍👩‍👧‍👦🎟️",
        "민지@예시.한국",
        "e\u{301}\u{202e}\u{200b}",
        "900101-1234567",
        "９００１０１ １２３４５６７",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)' autofocus='",
        "{{7*7}}${7*7}<%= 7 %>",
        "'; DROP TABLE entry; --",
        "../../etc/passwd",
        "-1",
        "1e309",
        "99999999999999999999999999",
        "0x10",
        "NaN",
        "on",
        "eve",
        "any",
        "🇰🇷250,000원",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(["x".repeat(255), "ㅎ".repeat(3_000), "9".repeat(10_000), "a@b.".repeat(100) + "c"])
    .collect()
}

/// The forms with their fields, and what each field holds when all is well.
fn forms(page: &str) -> Vec<(&'static str, &'static str)> {
    match page {
        "enter" => vec![
            ("purpose", "enter"),
            ("channel", "email"),
            ("email", "minji@example.org"),
            ("phone", "010-1234-5678"),
            ("consent", "yes"),
        ],
        "code" => vec![("code", "000000")],
        "details" => vec![("want", "100000"), ("wish_1", "am"), ("wish_2", "pm"), ("wish_3", "any")],
        "about" => vec![("birth_year", "1986"), ("field_region", "jungang")],
        "people" => vec![("act", "add"), ("name", "김하늘"), ("born", "2015-03-01"), ("who", "")],
        "join" => vec![("code", "7k3m-9x2p")],
        "pool" => vec![("receipt", "famx-6k54-dc9p-a7yz")],
        _ => vec![],
    }
}

async fn start(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, |config| {
        let path = config.state_dir.join("texts");
        std::fs::create_dir_all(&path).unwrap();
        config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
        // Not what is tried here.
        config.codes.per_contact_per_hour = 100;
        config.codes.per_contact_per_day = 1_000;
        config.codes.tries = 20;
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// A page of ours, whatever was sent: in the language asked for, with nothing of it alive.
fn is_a_page(page: &Page, language: &str, about: &str) {
    assert!(page.status.as_u16() < 500, "{about}: {}", page.status);
    if page.status == StatusCode::SEE_OTHER {
        assert!(
            page.to().starts_with("/rounds/") || ["/stay", "/sent"].contains(&page.to()),
            "{about}: {}",
            page.to()
        );
        return;
    }
    assert_eq!(page.language(), language, "{about}: {} {}", page.status, page.body());
    assert_eq!(page.body().matches("<h1").count(), 1, "{about}");
    // Ours has an address.
    for alive in ["<script>", "<img src=x", "onfocus='", "\" onerror", "' onfocus"] {
        assert!(!page.body().contains(alive), "{about}: {alive} is alive");
    }
}

async fn every_field_takes_everything(engine: Engine) {
    let (t, round) = start(engine).await;
    for english in [false, true] {
        let language = if english { "en" } else { "ko" };
        let new = || if english { t.browser().in_english() } else { t.browser() };
        let mut asked = Resident::new(new(), &round.slug, "asked@example.org");
        asked.ask("enter").await.to();
        asked.get("code").await;
        let mut known = Resident::new(new(), &round.slug, "known@example.org");
        known.identify(&t, "enter").await;
        known.get("details").await;
        for (form, resident) in [
            ("enter", &mut Resident::new(new(), &round.slug, "")),
            ("code", &mut asked),
            ("details", &mut known),
        ] {
            tried(resident, form, language).await;
        }
        // Forms that have only their token.
        for (form, resident) in [("code/again", &asked), ("entry", &known), ("withdraw", &known)] {
            for value in nasty() {
                let page = resident.clone().post(form, &[("more", &value)]).await;
                is_a_page(&page, language, &format!("{form} with more = {value:?}"));
            }
        }
    }
}

/// One form, each of its fields: left out, twice, and with everything in it.
async fn tried(resident: &mut Resident, form: &str, language: &str) {
    let form_page = resident.get(form).await;
    assert_eq!(form_page.status, StatusCode::OK, "{form}");
    let usual = forms(form);
    for (field, _) in &usual {
        let others: Vec<(&str, &str)> = usual.iter().filter(|(name, _)| name != field).copied().collect();
        // Left out, twice, and with everything in it.
        let csrf = resident.browser.csrf.clone();
        let without = resident.clone().post(form, &others).await;
        is_a_page(&without, language, &format!("{form} without {field}"));
        let twice = [&[("csrf", csrf.as_str()), (field, "1"), (field, "2")], &others[..]].concat();
        let twice = resident.browser.clone().post_raw(&resident.path(form), encoded(&twice)).await;
        is_a_page(&twice, language, &format!("{form} with {field} twice"));
        for value in nasty() {
            let about = format!("{form} with {field} = {value:?}");
            let channel = if *field == "phone" { "sms" } else { "email" };
            let mut fields: Vec<(&str, &str)> = others
                .iter()
                .map(|(name, v)| (*name, if *name == "channel" { channel } else { v }))
                .collect();
            fields.push((field, &value));
            let page = resident.clone().post(form, &fields).await;
            is_a_page(&page, language, &about);
            // A registration number is refused with the whole form, where no field has words for it.
            let is_number =
                jebi::domain::contact::is_registration_number(&value) && page.wrong_fields().is_empty();
            if page.status == StatusCode::UNPROCESSABLE_ENTITY && is_number {
                let said = ["주민등록번호는 받지 않습니다", "resident registration numbers"];
                assert!(said.iter().any(|words| page.body().contains(words)), "{about}: {}", page.body());
                assert!(!page.body().contains("1234567"), "{about}: it is shown again");
            } else if page.status == StatusCode::UNPROCESSABLE_ENTITY {
                assert!(!page.wrong_fields().is_empty(), "{about}: nothing is said to be wrong");
                keeps_what_was_typed(&page, &fields, &about);
            }
        }
    }
}

async fn questions_and_people_take_everything(engine: Engine) {
    let (t, _) = start(engine).await;
    let together = "[joint]\nmost = 3\n[helped]\nminors = 20\nadults = 20\n";
    let near = "[[fund]]\nname = \"near\"\nmatch = { region = [\"jungang\"] }\nper_seat = 10000\nbudget = 100000000\n\
                label_ko = \"<script>alert(1)</script>\"\nlabel_en = \"<script>alert(1)</script>\"\n";
    let more = format!("{}{}{near}{together}", crate::who::PARITY, crate::who::REGION);
    let mut draft = crate::who::round("mode = \"everyone\"", &more);
    // All who come together need one slot that seats them.
    draft.opening.iter_mut().for_each(|opening| opening.slot_capacity = Some(41));
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    for english in [false, true] {
        let language = if english { "en" } else { "ko" };
        let new = || if english { t.browser().in_english() } else { t.browser() };
        is_a_page(&new().get("/rounds/groups").await, language, "a fund with markup in its name");
        let address = format!("{language}@example.org");
        let mut known = Resident::new(new(), &round.slug, &address);
        known.identify(&t, "enter").await;
        tried(&mut known, "about", language).await;
        known.tell(&forms("about")).await.to();
        known.enter(0, &[]).await;
        tried(&mut known, "people", language).await;
        let mut joining = Resident::new(new(), &round.slug, &format!("j{address}"));
        joining.identify(&t, "enter").await;
        joining.tell(&forms("about")).await.to();
        tried(&mut joining, "join", language).await;
    }
    t.tick().await;
}

fn keeps_what_was_typed(page: &Page, fields: &[(&str, &str)], about: &str) {
    for (name, typed) in fields.iter().filter(|(name, _)| ["email", "phone", "code"].contains(name)) {
        let Some(shown) = page.value(name) else { panic!("{about}: {name} is gone") };
        let is_number = typed.chars().filter(|c| c.is_numeric()).count() == 13;
        match is_number {
            true => assert_eq!(shown, "", "{about}: a registration number is shown again"),
            false => assert_eq!(shown, *typed, "{about}: what was typed is lost"),
        }
    }
}

/// All addresses that take forms, read from the router so that none is forgotten. Not the one that a mailbox
/// posts to for its owner, without having been here (RFC 8058): its own tests are in `mail`. Nor the one to which a
/// city's system brings what it has signed: `identity::bridge`.
fn posts(slug: &str) -> Vec<String> {
    let elsewhere = |path: &str| path.starts_with("/unsubscribe/") || path == "/identity/bridge";
    let forms = jebi::web::addresses()
        .into_iter()
        .filter(|address| address.method == Method::POST && !elsewhere(address.path));
    let paths: Vec<String> = forms.map(|address| address.path.replace("{slug}", slug)).collect();
    assert!(paths.len() >= 6, "{paths:?}");
    paths
}

async fn forms_of_others_are_refused(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    minji.answer(50_000, &[]).await;
    let csrf = minji.browser.csrf.clone();
    let stranger_token = {
        let mut stranger = t.browser();
        stranger.get(&minji.path("enter")).await;
        stranger.csrf
    };
    let before = t.entries(&round).await;
    for path in posts(&round.slug) {
        let mut refused = Vec::new();
        for token in ["", "x", &csrf[1..], &format!("{csrf}0"), &csrf.to_uppercase(), &stranger_token] {
            let token = if *token == csrf { "" } else { token };
            refused.push(minji.browser.clone().post_raw(&path, encoded(&[("csrf", token)])).await);
        }
        refused.push(minji.browser.clone().post_raw(&path, "").await);
        let mut nobody = t.browser();
        refused.push(nobody.post_raw(&path, encoded(&[("csrf", &csrf)])).await);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "http://127.0.0.1:8081"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:8080.evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = minji.browser.request(Method::POST, &path).header(name, value);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let body = encoded(&[
                ("csrf", &csrf),
                ("email", "a@example.org"),
                ("consent", "yes"),
                ("want", "10000"),
            ]);
            refused.push(minji.browser.clone().send(request.body(Body::from(body)).unwrap()).await);
        }
        for page in refused {
            assert_eq!((page.status, page.language()), (StatusCode::FORBIDDEN, "ko"), "{path}");
            // The way out leads to a page, not into the next wall.
            let way_out = page.way_out().unwrap();
            let there = minji.browser.clone().get(&way_out).await;
            assert!(
                there.status.is_success() || there.status.is_redirection(),
                "{path} → {way_out}: {}",
                there.status
            );
        }
        // Our own browsers say so, and are heard.
        for (name, value) in [("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")] {
            let request = minji.browser.request(Method::POST, &path).header(name, value);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let body = Body::from(encoded(&[("csrf", &csrf), ("more", "")]));
            if !path.ends_with("/withdraw") && !path.ends_with("/entry") {
                let page = minji.browser.clone().send(request.body(body).unwrap()).await;
                assert_ne!(page.status, StatusCode::FORBIDDEN, "{path}");
            }
        }
    }
    t.tick().await;
    let after = t.entries(&round).await;
    assert_eq!(before.len() + 1, after.len(), "only Minji's own entry was folded");
    assert!(after[0].withdrawn_at.is_none());
}

async fn what_is_not_a_form_is_told_so(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(100_000, &[]).await;
    let csrf = minji.browser.csrf.clone();
    let good = encoded(&[("csrf", &csrf)]);
    for path in posts(&round.slug) {
        for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x", "", "x"] {
            let request = minji.browser.request(Method::POST, &path).header(header::CONTENT_TYPE, kind);
            let page = minji.browser.clone().send(request.body(Body::from(good.clone())).unwrap()).await;
            assert_eq!((page.status, page.language()), (StatusCode::BAD_REQUEST, "ko"), "{path} as {kind}");
        }
        let request = minji.browser.request(Method::POST, &path);
        let page = minji.browser.clone().send(request.body(Body::from(good.clone())).unwrap()).await;
        assert_eq!((page.status, page.language()), (StatusCode::BAD_REQUEST, "ko"), "{path} without a kind");
        let long = format!("{good}&more={}", "x".repeat(20_000));
        let page = minji.browser.clone().post_raw(&path, long).await;
        assert_eq!((page.status, page.language()), (StatusCode::PAYLOAD_TOO_LARGE, "ko"), "{path}");
        for broken in ["%", "%zz", "%E3%28", "%00", "&&&==&", "=", "%F0%9F", "\u{FEFF}"] {
            for body in [
                broken.to_owned(),
                format!("{good}&email={broken}&code={broken}&want={broken}"),
                format!("csrf={broken}"),
            ] {
                let page = minji.browser.clone().post_raw(&path, body.clone()).await;
                is_a_page(&page, "ko", &format!("{path} with {body}"));
            }
        }
        let bytes: Vec<u8> = (0..=255).collect();
        is_a_page(&minji.browser.clone().post_raw(&path, bytes).await, "ko", &path);
        // The other verbs; GET where there is no page.
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let request = minji.browser.request(method.clone(), &path).body(Body::empty()).unwrap();
            let page = minji.browser.clone().send(request).await;
            assert_eq!(
                (page.status, page.language()),
                (StatusCode::METHOD_NOT_ALLOWED, "ko"),
                "{method} {path}"
            );
        }
        let page = minji.browser.clone().get(&path).await;
        let has_page = !path.ends_with("/entry") && !path.ends_with("/again");
        assert_eq!(page.status == StatusCode::METHOD_NOT_ALLOWED, !has_page, "GET {path}: {}", page.status);
        is_a_page(&page, "ko", &path);
    }
    for path in [
        "/rounds/%FF/enter",
        "/rounds/%FF",
        "/rounds/%00/my",
        "/rounds/%zz",
        "/rounds/no-such-round/enter",
        "/rounds/no-such-round/record/result.txt",
        "/rounds/..%2F..%2Fetc/record/passwd",
        "/rounds/x/record/%FF",
        "/nowhere",
        "/rounds/",
        "//evil.example/%2e%2e",
        "/static/%FF",
        "/enter?purpose=%FF&purpose=my",
    ] {
        for browser in [t.browser(), t.browser().in_english()] {
            let language = &browser.language[..2];
            let page = browser.clone().get(path).await;
            assert!([400, 404].contains(&page.status.as_u16()), "{path}: {}", page.status);
            is_a_page(&page, language, path);
        }
    }
    // Odd questions, odd headers.
    for query in
        ["?purpose=%FF", "?purpose=my&purpose=enter", "?lang=%00", "?lang=xx&lang=en", "?%", "?other"]
    {
        let page = t.browser().get(&format!("/rounds/{}/enter{query}", round.slug)).await;
        assert!(page.status.is_success(), "{query}: {}", page.status);
    }
    for (name, value) in [
        ("accept-language", ";;;,q=,*;q=nan"),
        ("cookie", "jebi=; jebi=%00; =;;; lang=<script>"),
        ("cookie", "jebi=AAAA"),
        ("x-request-id", "<script>alert(1)</script>"),
        ("accept", "*/*;q=x"),
    ] {
        let request = axum::http::Request::get(format!("/rounds/{}", round.slug)).header(name, value);
        let page = t.browser().send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((page.status, page.language()), (StatusCode::OK, "ko"), "{name}: {value}");
    }
}

async fn programs_get_problem_documents(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.get("details").await;
    let csrf = minji.browser.csrf.clone();
    let path = |page: &str| format!("/rounds/{}/{page}", round.slug);
    for (method, path, body, status) in [
        (Method::GET, "/nowhere".to_owned(), String::new(), 404),
        (Method::GET, path("record/result.txt"), String::new(), 404),
        (Method::GET, path("entry"), String::new(), 405),
        (Method::POST, path("entry"), "csrf=x".to_owned(), 403),
        (Method::POST, path("details"), format!("csrf={csrf}&want=1&want=2"), 400),
        (Method::POST, path("details"), format!("csrf={csrf}&more={}", "x".repeat(20_000)), 413),
        (Method::POST, path("details"), format!("csrf={csrf}&want=7&wish_1=night"), 422),
        (Method::POST, path("enter"), format!("csrf={csrf}&channel=email&email=x"), 422),
    ] {
        let request = minji.browser.request(method.clone(), &path).header(header::ACCEPT, "application/json");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = minji.browser.clone().send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status.as_u16(), status, "{method} {path}");
        assert_eq!(page.header(header::CONTENT_TYPE), "application/problem+json", "{method} {path}");
        let problem: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
        assert_eq!(problem["status"], status, "{problem}");
        for member in ["type", "title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
        }
        if status == 422 {
            let errors = problem["errors"].as_array().unwrap();
            assert!(
                !errors.is_empty() && errors.iter().all(|error| error["detail"].is_string()),
                "{problem}"
            );
        }
    }
}

async fn every_page_speaks_both_languages_and_leads_on(engine: Engine) {
    let (t, round) = start(engine).await;
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &["am"]).await;
    minji.answer(50_000, &[]).await;
    let mut asked = t.stranger_at(&round.slug, "asked@example.org");
    asked.ask("my").await.to();
    let mut nobody = t.resident(&round.slug, "nobody@example.org").await;
    let new = t.stranger_at(&round.slug, "");
    let here = [
        (&new.browser, "/".to_owned()),
        (&new.browser, "/status".to_owned()),
        (&new.browser, format!("/rounds/{}", round.slug)),
        (&new.browser, new.path("enter")),
        (&new.browser, new.path("enter?purpose=my")),
        (&asked.browser, new.path("code")),
        (&minji.browser, new.path("details")),
        (&minji.browser, new.path("check")),
        (&minji.browser, new.path("my")),
        (&minji.browser, new.path("withdraw")),
        (&nobody.browser, new.path("my")),
    ];
    for (browser, path) in here {
        leads_on(browser, &path, StatusCode::OK).await;
    }
    leads_on(&new.browser, &new.path("details"), StatusCode::UNAUTHORIZED).await;
    leads_on(&new.browser, "/nowhere", StatusCode::NOT_FOUND).await;
    // The page of a form that was sent elsewhere.
    nobody.get("details").await;
    nobody.browser.csrf = "old".to_owned();
    let page = nobody.post("details", &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    t.draw(&round).await;
    t.jump(round.results_at);
    leads_on(&new.browser, &new.path("record"), StatusCode::OK).await;
    leads_on(&new.browser, &new.path("enter"), StatusCode::CONFLICT).await;
}

/// Every link of a page leads to a page, and its language switch to the same page in the other.
async fn leads_on(browser: &Browser, path: &str, status: StatusCode) {
    let page = browser.clone().get(path).await;
    assert_eq!((page.status, page.language()), (status, "ko"), "{path}");
    let links: BTreeSet<&str> =
        page.body().split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut switched = false;
    for link in links.into_iter().filter(|link| !link.starts_with('#')) {
        let link = link.replace("&#38;", "&").replace("&amp;", "&");
        assert!(link.starts_with('/') && !link.starts_with("//"), "{path} leads elsewhere: {link}");
        let link = link.split('#').next().unwrap_or_default();
        let mut browser = browser.clone();
        let there = browser.get(link).await;
        if let Some((_, lang)) = link.split_once("lang=") {
            switched |= lang == "en";
            assert_eq!((there.status, there.language()), (status, lang), "{path} → {link}");
            // The choice is remembered.
            assert_eq!(browser.get("/").await.language(), lang);
        } else {
            assert!(
                there.status.is_success() || there.status.is_redirection(),
                "{path} → {link}: {}",
                there.status
            );
        }
    }
    assert!(switched, "{path} has no other language");
}
