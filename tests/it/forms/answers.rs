//! Answers in the reader's own language, be it a person or a program.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};

use super::start;
use crate::support::{Browser, Engine, both};

both!(programs_get_problem_documents, every_page_speaks_both_languages_and_leads_on);

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
