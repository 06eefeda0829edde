//! A provider that says what does not hold. Nobody comes in by it, and the page says so.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::walk::{configured, leads_to, leave};
use crate::{
    support::{Engine, TestApp, both},
    vendors::NodePeer,
};

both!(nobody_comes_in_by_what_does_not_hold);

/// Tells it what to say from now on.
async fn lie(peer: &NodePeer, lie: Value) {
    let url = format!("http://127.0.0.1:{}/lie", peer.port);
    reqwest::Client::new().post(url).body(lie.to_string()).send().await.unwrap().error_for_status().unwrap();
}

/// It sends everybody straight back.
async fn back(from: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(from).send().await.unwrap();
    let to = answer.headers()[reqwest::header::LOCATION].to_str().unwrap();
    to.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

async fn nobody_comes_in_by_what_does_not_hold(engine: Engine) {
    let at = crate::support::kst(crate::support::OPENS).timestamp_millis();
    let peer = NodePeer::start_in("oidc", "liar.mjs", json!({ "at": at })).await;
    let port = peer.port;
    let configure =
        |config: &mut jebi::config::Config| config.identity.oidc = Some(configured(port, "sub", &[]));
    let t = TestApp::start_with(engine, configure).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let now = t.now().timestamp();
    let (in_, out) = (StatusCode::SEE_OTHER, StatusCode::FORBIDDEN);
    for (told, expected) in [
        // Without a lie it is believed, so that the others mean something.
        (json!({}), in_),
        (json!({ "claims": { "aud": "another" } }), out),
        (json!({ "claims": { "aud": ["jebi", "another"] } }), out),
        (json!({ "claims": { "iss": "https://another.example" } }), out),
        (json!({ "claims": { "exp": now - 1 } }), out),
        (json!({ "claims": { "nonce": "anothers" } }), out),
        // Somebody else was signed in there, though they were to sign in anew.
        (json!({ "claims": { "auth_time": now - 3_600 } }), out),
        (json!({ "claims": { "auth_time": now } }), in_),
        (json!({ "without": "nonce" }), out),
        (json!({ "signed": "none" }), out),
        (json!({ "signed": "public key as a secret" }), out),
        (json!({ "signed": "by a stranger" }), out),
        (json!({ "claims": { "sub": "900101-1234567" } }), out),
        (json!({ "claims": { "sub": "" } }), out),
        (json!({ "iss": "https://another.example" }), out),
        (json!({ "breaks": true }), StatusCode::SERVICE_UNAVAILABLE),
        // Its keys change: the new one is asked for.
        (json!({ "rotate": "two" }), in_),
    ] {
        lie(&peer, told.clone()).await;
        let mut minji = t.stranger_at(&round.slug, "");
        let away = leads_to(&leave(&mut minji.browser, &round.slug, "enter").await);
        let page = minji.browser.get(&back(&away).await).await;
        assert_eq!(page.status, expected, "{told}: {}", page.body());
        let known = minji.get("details").await.status != StatusCode::UNAUTHORIZED;
        assert_eq!(known, expected == in_, "{told}");
    }
    // As another than the one that is configured, or by way of another, it is not even asked.
    for told in [
        json!({ "calls_itself": "https://another.example" }),
        json!({ "redirect": "http://127.0.0.1:1/" }),
        json!({ "silent": true }),
    ] {
        t.pass(chrono::TimeDelta::hours(1));
        lie(&peer, told.clone()).await;
        let mut minji = t.stranger_at(&round.slug, "");
        let page = leave(&mut minji.browser, &round.slug, "enter").await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{told}");
    }
}
