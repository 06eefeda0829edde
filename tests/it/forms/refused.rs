//! Forms of others, and what is no form.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};

use super::{is_a_page, start};
use crate::support::{Engine, both, encoded};

both!(forms_of_others_are_refused, what_is_not_a_form_is_told_so);

/// All addresses that take forms, read from the router so that none is forgotten. Not the one that a mailbox
/// posts to for its owner, without having been here (RFC 8058): its own tests are in `mail::unsubscribe`. Nor the one to which a
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
