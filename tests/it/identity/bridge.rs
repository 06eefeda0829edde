//! The city's own identity system: what it signs is good once, for one browser and for minutes.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use chrono::TimeDelta;
use ed25519_dalek::{Signer, SigningKey};
use jebi::{
    config::{Config, Door, identity::Bridge},
    domain::draft::{Dependency, Step},
    secret::{STATEMENT, random_id},
    store,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::walk::{leads_to, onward};
use crate::support::{Browser, Engine, Page, Resident, TestApp, both, encoded};

both!(
    a_statement_opens_one_browser_once,
    a_statement_that_does_not_hold_is_refused_by_name,
    whoever_is_sent_there_by_another_opens_nothing_for_them,
    one_network_does_not_use_up_the_doors_of_all,
);

const ISSUER: &str = "https://check.tongyeong.example";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn with_bridge(config: &mut Config) {
    config.identity.bridge = Some(Bridge {
        url: "https://check.tongyeong.example/start?from=jebi".to_owned(),
        issuer: ISSUER.to_owned(),
        keys: [1, 2].map(|seed| BASE64.encode(key(seed).verifying_key().as_bytes())).into(),
        claim: "ci".to_owned(),
        ..Bridge::default()
    });
    config.identity.doors = vec![Door::Bridge];
}

fn signed(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    format!("{text}.{}", BASE64.encode(key.sign(text.as_bytes()).to_bytes()))
}

fn usual() -> Value {
    json!({ "alg": "EdDSA", "typ": STATEMENT })
}

/// What the city says of Minji.
fn claims(t: &TestApp, nonce: &str) -> Value {
    let now = t.now().timestamp();
    json!({
        "iss": ISSUER, "aud": t.app.config.public_url, "nonce": nonce, "jti": random_id(), "iat": now, "exp": now + 120,
        "ci": "QWx5c3Nh", "email": "minji@example.org", "email_verified": true,
    })
}

/// Presses the button; the nonce it leaves with.
async fn leave(minji: &mut Resident, purpose: &str) -> String {
    minji.get(&format!("enter?purpose={purpose}&other=yes")).await;
    let page = minji.post("enter", &[("purpose", purpose), ("consent", "yes"), ("door", "bridge")]).await;
    let page = onward(&mut minji.browser, page).await;
    let away = reqwest::Url::parse(&leads_to(&page)).unwrap();
    assert_eq!(away.host_str(), Some("check.tongyeong.example"));
    let pairs: Vec<(String, String)> = away.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("from".to_owned(), "jebi".to_owned()));
    assert_eq!(pairs[2], ("lang".to_owned(), "ko".to_owned()));
    pairs[1].1.clone()
}

/// The city's server hands over what it signed.
async fn hand_over(t: &TestApp, token: &str, accept: &str) -> Page {
    let mut city: Browser = t.browser();
    let request = city.request(Method::POST, "/identity/bridge").header(header::ACCEPT, accept);
    // As a browser would send it from the city's page.
    let request = request.header("sec-fetch-site", "cross-site").header(header::ORIGIN, ISSUER);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    city.send(request.body(Body::from(encoded(&[("statement", token)]))).unwrap()).await
}

async fn open(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, with_bridge).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

async fn a_statement_opens_one_browser_once(engine: Engine) {
    let (t, round) = open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "");
    let nonce = leave(&mut minji, "enter").await;
    let mut copied = minji.clone();
    let token = signed(&usual(), &claims(&t, &nonce), &key(1));
    let taken = hand_over(&t, &token, "application/json").await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body());
    let ticket = taken.header(header::LOCATION).to_owned();
    assert!(taken.body().contains(&format!("http://127.0.0.1:8080{ticket}")), "{}", taken.body());
    assert_eq!(minji.browser.get(&ticket).await.to(), minji.path("details"));
    // A double tap is forgiven for a minute; later a ticket is worth nothing to a copy of the browser, and neither is a
    // statement.
    assert_eq!(copied.clone().browser.get(&ticket).await.to(), minji.path("details"));
    t.pass(TimeDelta::seconds(60));
    assert_eq!(copied.browser.get(&ticket).await.status, StatusCode::FORBIDDEN);
    let again = hand_over(&t, &token, "application/json").await;
    assert_eq!((again.status, again.body()), (StatusCode::CONFLICT, r#"{"error":"used"}"#));
    minji.enter(100_000, &[]).await;
    t.tick().await;
    let receipt = minji.mine().await.receipt().to_owned();
    // By the city's next key, by way of the browser, another day: the same person.
    t.pass(TimeDelta::days(1));
    let mut later = t.stranger_at(&round.slug, "");
    let nonce = leave(&mut later, "my").await;
    let token = signed(&usual(), &claims(&t, &nonce), &key(2));
    let taken = hand_over(&t, &token, "text/html,*/*").await;
    let ticket = taken.to().to_owned();
    assert_eq!(later.browser.get(&ticket).await.to(), later.path("my"));
    assert_eq!(later.mine().await.receipt(), receipt);
    assert_eq!(t.entries(&round).await.len(), 1);
}

async fn a_statement_that_does_not_hold_is_refused_by_name(engine: Engine) {
    let (t, round) = open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "");
    let nonce = leave(&mut minji, "enter").await;
    let good = claims(&t, &nonce);
    let now = t.now().timestamp();
    let with = |changes: Value| {
        let mut claims = good.clone();
        claims["jti"] = random_id().into();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        signed(&usual(), &claims, &key(1))
    };
    let stranger = signed(&usual(), &good, &key(9));
    let typ = |typ: &str| signed(&json!({ "alg": "EdDSA", "typ": typ }), &good, &key(1));
    let unsigned = {
        let whole = signed(&json!({ "alg": "none", "typ": STATEMENT }), &good, &key(1));
        format!("{}.", whole.rsplit_once('.').unwrap().0)
    };
    let crit = signed(&json!({ "alg": "EdDSA", "typ": STATEMENT, "crit": ["b64"] }), &good, &key(1));
    let missing = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        signed(&usual(), &claims, &key(1))
    };
    for (token, why) in [
        (String::new(), "signature"),
        ("a.b.c".to_owned(), "signature"),
        (stranger, "signature"),
        (typ("JWT"), "signature"),
        (typ("jebi-pass+jwt"), "signature"),
        (unsigned, "signature"),
        (crit, "signature"),
        (missing("jti"), "signature"),
        (missing("exp"), "signature"),
        (with(json!({ "iss": "https://another.example" })), "issuer"),
        (with(json!({ "aud": "https://another.example" })), "audience"),
        (with(json!({ "exp": now + 301 })), "time"),
        (with(json!({ "exp": now - 30, "iat": now - 90 })), "time"),
        (with(json!({ "iat": now + 31, "exp": now + 60 })), "time"),
        (with(json!({ "exp": now, "iat": now })), "time"),
        (with(json!({ "exp": i64::MAX })), "time"),
        (with(json!({ "nonce": "short" })), "nonce"),
        (with(json!({ "jti": "" })), "used"),
        (with(json!({ "ci": "900101-1234567" })), "person"),
        (with(json!({ "ci": null })), "person"),
    ] {
        let page = hand_over(&t, &token, "application/json").await;
        let status = if why == "used" { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
        assert_eq!((page.status, page.body()), (status, &*format!("{{\"error\":\"{why}\"}}")), "{token}");
    }
    // Clocks that differ by half a minute are no lie.
    for (from, until) in [(30, 60), (-149, -29)] {
        let mut other = t.stranger_at(&round.slug, "");
        let nonce = leave(&mut other, "enter").await;
        let mut claims = claims(&t, &nonce);
        (claims["iat"], claims["exp"]) = ((now + from).into(), (now + until).into());
        let taken = hand_over(&t, &signed(&usual(), &claims, &key(1)), "application/json").await;
        assert_eq!(taken.status, StatusCode::CREATED, "{from}: {}", taken.body());
        let ticket = taken.header(header::LOCATION).to_owned();
        assert_eq!(other.browser.get(&ticket).await.to(), other.path("details"));
    }
    // A browser that comes back too late begins again.
    let taken = hand_over(&t, &with(json!({})), "application/json").await;
    let ticket = taken.header(header::LOCATION).to_owned();
    t.pass(TimeDelta::minutes(5));
    let page = minji.browser.get(&ticket).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.way_out().unwrap().contains("/enter"), "{}", page.body());
}

/// Nothing is shown before one leaves: whoever only leaves uses up what their own network has, and nobody else's.
async fn one_network_does_not_use_up_the_doors_of_all(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        with_bridge(config);
        config.identity.doors.push(Door::Email);
        config.address_header = Some("x-real-ip".to_owned());
        config.codes.untyped_per_caller = 4;
    })
    .await;
    let mut draft = t.draft(100);
    draft.dependency.push(Dependency {
        name: "identity".to_owned(),
        // More than four times what one network does here.
        per_minute: Some(120.0),
        uses: [(Step::Entering, 1.0)].into(),
        ..Dependency::default()
    });
    draft.expect.entrants = Some(5);
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let begun = async || {
        let counts = store::counts::list(t.db(), &["identity"], store::rate::minute(t.now())).await;
        counts.unwrap().get("identity").copied().unwrap_or(0)
    };
    let mut thief = Resident::new(t.browser().from("203.0.113.9"), slug, "");
    let press = async |one: &mut Resident| {
        one.get("enter?other=yes").await;
        one.post("enter", &[("purpose", "enter"), ("consent", "yes"), ("door", "bridge")]).await.status
    };
    let mut seen = Vec::new();
    for _ in 0..20 {
        seen.push(press(&mut thief).await);
    }
    assert_eq!(seen.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 4 + 5, "{seen:?}");
    assert_eq!(seen.last(), Some(&StatusCode::SERVICE_UNAVAILABLE));
    // As much as nine have used, and the light is green for all others, by any door.
    assert_eq!(begun().await, 9);
    assert!(t.stranger_at(slug, "").get("enter").await.body().contains("원활합니다"));
    let mut minji = Resident::new(t.browser().from("198.51.100.4"), slug, "minji@example.org");
    minji.identify(&t, "enter").await;
    // A crowd behind one address, of whom nearly everybody comes back, is no flood: more than four leave.
    for number in 0..9_u8 {
        let mut one = Resident::new(t.browser().from("192.0.2.7"), slug, "");
        let nonce = leave(&mut one, "enter").await;
        let mut claims = claims(&t, &nonce);
        claims["ci"] = format!("person {number}").into();
        let taken = hand_over(&t, &signed(&usual(), &claims, &key(1)), "text/html").await;
        let ticket = taken.to().to_owned();
        one.browser.get(&ticket).await.to();
    }
    for _ in 0..9 {
        let status = press(&mut Resident::new(t.browser().from("192.0.2.7"), slug, "")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    // One person who comes again and again vouches for few.
    for _ in 0..8 {
        let mut one = Resident::new(t.browser().from("192.0.2.7"), slug, "");
        let nonce = leave(&mut one, "my").await;
        let mut claims = claims(&t, &nonce);
        claims["ci"] = "person 0".into();
        let taken = hand_over(&t, &signed(&usual(), &claims, &key(1)), "text/html").await;
        one.browser.get(taken.to()).await.to();
    }
    let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
    let came = rows.iter().filter(|row| row.what.starts_with("came ") && !row.what.contains("again"));
    assert_eq!(came.map(|row| row.count).collect::<Vec<_>>(), [9 + 4]);
}

async fn whoever_is_sent_there_by_another_opens_nothing_for_them(engine: Engine) {
    let (t, round) = open(engine).await;
    // A thief leaves with a nonce of their own and has Minji shown who she is with it.
    let mut thief = t.stranger_at(&round.slug, "");
    let nonce = leave(&mut thief, "enter").await;
    let mut minji = t.stranger_at(&round.slug, "");
    leave(&mut minji, "enter").await;
    let taken = hand_over(&t, &signed(&usual(), &claims(&t, &nonce), &key(1)), "text/html").await;
    // Her browser has the ticket and not the nonce, his the nonce and not the ticket.
    let ticket = taken.to().to_owned();
    assert_eq!(minji.browser.get(&ticket).await.status, StatusCode::FORBIDDEN);
    for guess in [format!("/identity/bridge/{nonce}"), ticket] {
        assert_eq!(thief.browser.get(&guess).await.status, StatusCode::FORBIDDEN, "{guess}");
    }
    for resident in [&mut thief, &mut minji] {
        assert_eq!(resident.get("details").await.status, StatusCode::UNAUTHORIZED);
    }
    // Where there is no bridge there is nothing to hand over to.
    let none = TestApp::start(engine).await;
    assert_eq!(hand_over(&none, "a.b.c", "application/json").await.status, StatusCode::NOT_FOUND);
}
