//! Who gets in, who does not, and what a stranger can spoil: nothing.

use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use entities::sign_in;
use jebi::{
    domain::staff::Role,
    secret::{totp_now, totp_step},
    staff::roles::{self, Change},
};
use sea_orm::EntityTrait;

use crate::support::{Engine, Member, PASSWORD, TestApp, both};

both!(
    the_first_sign_in_sets_up_the_app,
    a_code_is_used_once_and_a_recovery_code_too,
    known_and_unknown_names_get_the_same_answer,
    a_stranger_locks_nobody_out,
    made_up_names_do_not_fill_the_log,
    being_signed_in_ends,
    what_an_operator_changes_signs_out_everywhere,
    a_password_is_changed_by_whoever_has_the_code,
    forms_of_elsewhere_are_refused,
);

fn cookie(member: &Member) -> String {
    member.browser.cookies.get("jebi-staff").cloned().unwrap_or_default()
}

async fn the_first_sign_in_sets_up_the_app(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.member("Kim", Role::Clerk).await;
    assert_eq!(kim.try_in("kim ", PASSWORD, "").await.to(), "/console/enrol");
    let first = cookie(&kim);
    // A password alone opens nothing else.
    for path in ["/console", "/console/me", "/console/codes"] {
        assert_eq!(kim.get(path).await.to(), "/console/enrol", "{path}");
    }
    let page = kim.see("/console/enrol").await;
    assert!(page.body().contains("<svg class=\"qr\"") && page.body().contains("shape-rendering"));
    kim.secret = t.secret_of("kim").await;
    assert_eq!(t.secret_of("kim").await, kim.secret);
    let wrong = kim.post("/console/enrol", &[("code", "000000")]).await;
    assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]));
    let code = totp_now(&kim.secret, t.now());
    assert_eq!(kim.post("/console/enrol", &[("code", &format!(" {code} "))]).await.to(), "/console/codes");
    // More rights, another token; the old one is worth nothing.
    let second = cookie(&kim);
    assert!(first != second && !second.is_empty());
    let mut thief = t.browser();
    thief.cookies.insert("jebi-staff".to_owned(), first);
    assert_eq!(thief.get("/console/enrol").await.to(), "/console/sign-in");
    assert_eq!(kim.get("/console").await.to(), "/console/codes");
    let codes = kim.see("/console/codes").await;
    assert_eq!(codes.body().matches("<li><code>").count(), 10);
    // Reloading shows them again; having seen them does not.
    assert_eq!(kim.see("/console/codes").await.body().matches("<li><code>").count(), 10);
    assert_eq!(kim.post("/console/codes", &[]).await.to(), "/console");
    assert_eq!(kim.get("/console/codes").await.to(), "/console");
    kim.see("/console").await;
    // What the database holds opens nothing.
    let rows = sign_in::Entity::find().all(t.db()).await.unwrap();
    assert!(rows.iter().all(|row| row.token_key.len() == 64 && row.token_key != second));
    let kinds: Vec<String> = t.accesses().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["added", "signed_in", "enrolled"]);
}

async fn a_code_is_used_once_and_a_recovery_code_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let elsewhere = Member { browser: t.browser(), ..kim.clone() };
    // The code that set up the app is used; so is the one before it, even if it comes late.
    assert_eq!(kim.sign_in(&t).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    t.pass(TimeDelta::seconds(30));
    let code = totp_now(&kim.secret, t.now());
    assert!(totp_step(&kim.secret, &code, t.now()).is_some());
    assert_eq!(kim.try_in("kim", PASSWORD, &code).await.to(), "/console");
    let again = elsewhere.clone().try_in("kim", PASSWORD, &code).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code was used twice");
    // The phone is lost.
    let written = kim.recovery[3].to_uppercase().replace('-', " ");
    assert_eq!(elsewhere.clone().try_in("kim", PASSWORD, &written).await.to(), "/console");
    let again = elsewhere.clone().try_in("kim", PASSWORD, &written).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code was used twice");
    assert!(kim.see("/console/me").await.body().contains(": 9"));
    // Another's code is not one's own.
    let lee = t.staff("lee", Role::Approver).await;
    let wrong = elsewhere.clone().try_in("kim", PASSWORD, &lee.recovery[0]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn known_and_unknown_names_get_the_same_answer(engine: Engine) {
    let t = TestApp::start(engine).await;
    t.staff("kim", Role::Clerk).await;
    let mut answers = Vec::new();
    for (name, password, code) in [
        ("kim", "not the password", "123456"),
        ("kim", PASSWORD, "000000"),
        ("kim", PASSWORD, ""),
        ("nobody", PASSWORD, "000000"),
        ("", "", ""),
        ("kim", "", &"9".repeat(32)),
    ] {
        let mut stranger = Member { browser: t.browser(), ..t.staff_of_nobody() };
        let page = stranger.try_in(name, password, code).await;
        let token = stranger.browser.csrf.clone();
        answers
            .push((page.status, page.body().replace(&format!("value=\"{name}\""), "").replace(&token, "")));
        assert!(!stranger.browser.cookies.contains_key("jebi-staff"));
        assert!(!stranger.browser.cookies.contains_key("jebi-device"));
    }
    assert_eq!(answers[0].0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the answers differ");
}

async fn a_stranger_locks_nobody_out(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.address_header = Some("x-real-ip".to_owned())).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut stranger = Member { browser: t.browser().from("203.0.113.9"), ..t.staff_of_nobody() };
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(stranger.try_in("kim", "guess number one", "123456").await.status.as_u16());
    }
    assert_eq!(statuses, [[422; 5].as_slice(), &[429; 7]].concat());
    // Not even the right password and code are looked at from there, …
    t.pass(TimeDelta::seconds(29));
    let code = totp_now(&kim.secret, t.now() + TimeDelta::seconds(1));
    assert_eq!(stranger.try_in("kim", PASSWORD, &code).await.status, StatusCode::TOO_MANY_REQUESTS);
    // … while she goes on, with her browser and with a new one at another address, also behind the same proxy.
    assert_eq!(kim.try_in("kim", PASSWORD, &code).await.to(), "/console");
    t.pass(TimeDelta::seconds(60));
    let mut phone = Member { browser: t.browser().from("198.51.100.4"), ..kim.clone() };
    assert_eq!(phone.sign_in(&t).await.to(), "/console");
    t.pass(TimeDelta::seconds(30));
    let mut behind = Member { browser: kim.browser.clone().from("203.0.113.9"), ..kim.clone() };
    assert_eq!(behind.sign_in(&t).await.to(), "/console");
    // It ends for the stranger too, each time later.
    t.pass(TimeDelta::minutes(1));
    assert_eq!(stranger.try_in("kim", "guess number two", "1").await.status.as_u16(), 422);
    t.pass(TimeDelta::seconds(59));
    assert_eq!(stranger.try_in("kim", "guess number two", "1").await.status.as_u16(), 429);
    let held: Vec<_> = t.accesses().await.into_iter().filter(|(kind, _)| kind == "held_off").collect();
    assert_eq!(held.iter().map(|(_, tries)| tries.as_str()).collect::<Vec<_>>(), ["5", "6"]);
    // Other names are another matter, and nobody's address is in the log of anybody else.
    assert_eq!(stranger.try_in("lee", "guess number one", "1").await.status.as_u16(), 422);
}

async fn made_up_names_do_not_fill_the_log(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.address_header = Some("x-real-ip".to_owned())).await;
    let count = async |kind: &str| t.accesses().await.iter().filter(|(known, _)| known == kind).count();
    let mut stranger = Member { browser: t.browser().from("2001:db8::1"), ..t.staff_of_nobody() };
    for number in 0..14 {
        // A network of these addresses is anybody's.
        stranger.browser.address = format!("2001:db8::{number:x}");
        stranger.try_in(&format!("nobody-{number}"), "guess number one", "123456").await;
    }
    assert_eq!(count("refused").await, 10);
    // Another network is another matter, and whoever is on the staff is noted whatever strangers do.
    stranger.browser.address = "203.0.113.9".to_owned();
    stranger.try_in("nobody-at-all", "guess number one", "123456").await;
    t.member("kim", Role::Clerk).await;
    stranger.browser.address = "2001:db8::1".to_owned();
    stranger.try_in("kim", "guess number one", "123456").await;
    assert_eq!(count("refused").await, 12);
    // When the hour is over, the others are counted; once.
    t.pass(TimeDelta::minutes(61));
    t.tick().await;
    t.tick().await;
    let rest: Vec<_> = t.accesses().await.into_iter().filter(|(kind, _)| kind == "refused_rest").collect();
    assert_eq!(rest, [("refused_rest".to_owned(), "4".to_owned())]);
    // A new hour has lines again.
    stranger.try_in("nobody-1", "guess number two", "123456").await;
    assert_eq!(count("refused").await, 13);
}

async fn being_signed_in_ends(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    for _ in 0..19 {
        t.pass(TimeDelta::minutes(29));
        kim.see("/console").await;
    }
    // Ten hours are enough, however busy.
    t.pass(TimeDelta::minutes(29) + TimeDelta::minutes(21));
    assert_eq!(kim.get("/console").await.to(), "/console/sign-in");
    assert_eq!(kim.sign_in(&t).await.to(), "/console");
    t.pass(TimeDelta::minutes(30));
    assert_eq!(kim.get("/console").await.to(), "/console/sign-in");
    t.tick().await;
    assert!(sign_in::Entity::find().all(t.db()).await.unwrap().is_empty());

    kim.sign_in(&t).await;
    let mut other = Member { browser: t.browser(), ..kim.clone() };
    t.pass(TimeDelta::seconds(30));
    other.sign_in(&t).await;
    let stolen = kim.browser.clone();
    kim.see("/console").await;
    assert_eq!(kim.post("/console/sign-out", &[]).await.to(), "/console/sign-in");
    assert_eq!(cookie(&kim), "");
    assert_eq!(stolen.clone().get("/console").await.to(), "/console/sign-in");
    other.see("/console").await;
    t.pass(TimeDelta::seconds(30));
    kim.sign_in(&t).await;
    kim.see("/console/me").await;
    kim.post("/console/sign-out-everywhere", &[]).await;
    assert_eq!(other.get("/console").await.to(), "/console/sign-in");
    // A form that was open meanwhile says so.
    let late = other.post("/console/sign-out", &[]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

async fn what_an_operator_changes_signs_out_everywhere(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let change = async |change| roles::change(&t.app, "kim", change, t.now()).await;
    assert_eq!(kim.get("/console/access").await.status, StatusCode::FORBIDDEN);
    change(Change::Role(Role::Auditor)).await.unwrap();
    assert_eq!(kim.get("/console").await.to(), "/console/sign-in");
    t.pass(TimeDelta::seconds(30));
    kim.sign_in(&t).await;
    let page = kim.see("/console/access").await;
    assert!(page.body().contains("역할 변경 kim: auditor"), "{}", page.body());

    assert!(change(Change::Reset("short")).await.is_err());
    change(Change::Reset("battery staple horse")).await.unwrap();
    assert_eq!(kim.get("/console").await.to(), "/console/sign-in");
    t.pass(TimeDelta::seconds(30));
    assert_eq!(kim.sign_in(&t).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let old = kim.secret;
    assert_eq!(kim.try_in("kim", "battery staple horse", "").await.to(), "/console/enrol");
    kim.see("/console/enrol").await;
    assert_ne!(t.secret_of("kim").await, old);

    change(Change::Remove).await.unwrap();
    assert_eq!(kim.get("/console/enrol").await.to(), "/console/sign-in");
    let gone = kim.try_in("kim", "battery staple horse", "").await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(change(Change::Role(Role::Clerk)).await.is_err());
    assert!(
        roles::add(&t.app, "KIM", Role::Clerk, PASSWORD, t.now()).await.is_err(),
        "a name was used again"
    );
}

async fn a_password_is_changed_by_whoever_has_the_code(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut other = Member { browser: t.browser(), ..kim.clone() };
    t.pass(TimeDelta::seconds(30));
    other.sign_in(&t).await;
    t.pass(TimeDelta::seconds(30));
    let new = "a new and longer one";
    let code = totp_now(&kim.secret, t.now());
    kim.see("/console/me").await;
    for (password, new, code, field) in [
        (PASSWORD, new, "000000", "password"),
        ("not the password", new, &code, "password"),
        (PASSWORD, "short", &code, "new"),
    ] {
        let page = kim.post("/console/me", &[("password", password), ("new", new), ("code", code)]).await;
        assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec![field]));
    }
    let page = kim.post("/console/me", &[("password", PASSWORD), ("new", new), ("code", &code)]).await;
    assert_eq!(page.to(), "/console/codes");
    assert_eq!(other.get("/console").await.to(), "/console/sign-in");
    let shown = kim.see("/console/codes").await;
    assert!(!shown.body().contains(&kim.recovery[0]), "the codes are the old ones");
    kim.post("/console/codes", &[]).await;
    kim.see("/console").await;
    t.pass(TimeDelta::seconds(30));
    assert_eq!(other.sign_in(&t).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn forms_of_elsewhere_are_refused(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.public_url = "https://jebi.example".to_owned()).await;
    let mut kim = t.member("kim", Role::Clerk).await;
    let page = kim.try_in("kim", PASSWORD, "").await;
    let set: Vec<&str> =
        page.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    let set = set.iter().find(|cookie| cookie.starts_with("__Host-jebi-staff=")).unwrap();
    for needed in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(needed), "{set}");
    }
    kim.see("/console/enrol").await;
    let body = format!("csrf={}&code=1", kim.browser.csrf);
    let request = |origin: &str, site: &str| {
        let request = kim.browser.request(Method::POST, "/console/enrol");
        let request = request.header(header::ORIGIN, origin).header("sec-fetch-site", site);
        request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.clone().into())
            .unwrap()
    };
    let forged = request("https://elsewhere.example", "cross-site");
    let own = request("https://jebi.example", "same-origin");
    assert_eq!(kim.browser.send(forged).await.status, StatusCode::FORBIDDEN);
    assert_eq!(kim.browser.send(own).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The token of another browser.
    kim.see("/console/enrol").await;
    kim.browser.csrf = t.staff_token_of_nobody();
    assert_eq!(kim.post("/console/enrol", &[("code", "1")]).await.status, StatusCode::FORBIDDEN);
}
