//! Staff with an account of the city's identity provider: who they are, never what they may do.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::{
    config::identity::Provider,
    domain::staff::Role,
    secret::totp_now,
    staff::{account, roles},
};

use super::walk::{configured, leads_to, start, walk};
use crate::{
    peer::free_port,
    support::{Engine, Member, Page, TestApp, both},
    vendors::NodePeer,
};

both!(
    an_account_says_who_it_is_and_the_code_of_the_app_is_asked_for,
    a_second_factor_of_the_provider_counts_where_it_is_asked_for,
);

async fn begin(engine: Engine, amr: &[&str]) -> (TestApp, NodePeer) {
    let port = free_port();
    let amr = amr.iter().map(|method| (*method).to_owned()).collect();
    let t = TestApp::start_with(engine, |config| {
        let client_id = "jebi-console".to_owned();
        config.identity.staff = Some(Provider { client_id, amr, ..configured(port, "sub", &[]) });
    })
    .await;
    let peer = start(&t, port).await;
    (t, peer)
}

/// Signs in at the provider; the answer of ours to whoever comes back.
async fn by_account(member: &mut Member, fields: &[(&str, &str)]) -> Page {
    let form = member.get("/console/sign-in").await;
    assert!(form.body().contains("action=\"/console/account\""), "{}", form.body());
    assert_eq!(member.post("/console/account", &[]).await.to(), "/console/account");
    let leaving = member.get("/console/account").await;
    let back = walk(&leads_to(&leaving), fields).await;
    assert!(back.starts_with("/console/back?"), "{back}");
    member.get(&back).await
}

fn cookie(member: &Member) -> String {
    member.browser.cookies.get("jebi-staff").cloned().unwrap_or_default()
}

async fn an_account_says_who_it_is_and_the_code_of_the_app_is_asked_for(engine: Engine) {
    let (t, _peer) = begin(engine, &[]).await;
    let mut kim = t.staff("kim", Role::Auditor).await;
    let mut new = Member { browser: t.browser(), ..kim.clone() };
    // Nobody becomes staff by having an account.
    let page = by_account(&mut new, &[("login", "minji")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body().contains("이 계정으로는") && cookie(&new).is_empty(), "{}", page.body());
    account::name(&t.app, "kim", Some("minji"), t.now()).await.unwrap();
    assert_eq!(kim.get("/console").await.to(), "/console/sign-in", "still signed in");
    // One account, one person.
    t.member("lee", Role::Approver).await;
    assert!(account::name(&t.app, "lee", Some("minji"), t.now()).await.is_err());
    assert!(account::name(&t.app, "nobody", Some("sejin"), t.now()).await.is_err());

    let page = by_account(&mut new, &[("login", "minji"), ("amr", "mfa")]).await;
    assert_eq!(leads_to(&page), "/console/code");
    let half = cookie(&new);
    assert_eq!(new.get("/console").await.to(), "/console/code");
    new.see("/console/code").await;
    let wrong = new.post("/console/code", &[("code", "000000")]).await;
    assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]));
    t.pass(TimeDelta::seconds(30));
    let code = totp_now(&kim.secret, t.now());
    assert_eq!(new.post("/console/code", &[("code", &code)]).await.to(), "/console");
    // More rights, another token, and the role that she has.
    assert_ne!(half, cookie(&new));
    let mut thief = t.browser();
    thief.cookies.insert("jebi-staff".to_owned(), half);
    assert_eq!(thief.get("/console").await.to(), "/console/sign-in");
    new.see("/console/access").await;
    assert_eq!(new.get("/console/counter").await.status, StatusCode::FORBIDDEN);

    // Guessing is slowed down.
    let mut guesser = Member { browser: t.browser(), ..kim.clone() };
    by_account(&mut guesser, &[("login", "minji")]).await;
    guesser.see("/console/code").await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(guesser.post("/console/code", &[("code", "123456")]).await.status.as_u16());
    }
    assert!(statuses.ends_with(&[429, 429]), "{statuses:?}");
    // Half of the way is open for a quarter of an hour.
    t.pass(TimeDelta::minutes(15));
    assert_eq!(guesser.get("/console/code").await.to(), "/console/sign-in");
    // Who is staff no more is not let in by the provider either.
    roles::change(&t.app, "kim", roles::Change::Remove, t.now()).await.unwrap();
    let mut gone = Member { browser: t.browser(), ..kim.clone() };
    assert_eq!(by_account(&mut gone, &[("login", "minji")]).await.status, StatusCode::FORBIDDEN);
    let kinds: Vec<(String, String)> = t.accesses().await;
    for (kind, about) in [
        ("account", "kim: named"),
        ("signed_in", "account code"),
        ("signed_in", "code"),
        ("refused", "account"),
    ] {
        assert!(kinds.contains(&(kind.to_owned(), about.to_owned())), "{kind} {about}: {kinds:?}");
    }
}

async fn a_second_factor_of_the_provider_counts_where_it_is_asked_for(engine: Engine) {
    let (t, _peer) = begin(engine, &["mfa"]).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    account::name(&t.app, "kim", Some("minji"), t.now()).await.unwrap();
    let page = by_account(&mut kim, &[("login", "minji"), ("amr", "pwd"), ("amr", "mfa")]).await;
    assert_eq!(leads_to(&page), "/console");
    kim.see("/console/drafts").await;
    // A password alone there is half of the way here.
    let mut weak = Member { browser: t.browser(), ..kim.clone() };
    let page = by_account(&mut weak, &[("login", "minji"), ("amr", "pwd")]).await;
    assert_eq!(leads_to(&page), "/console/code");
    // Somebody without an app yet sets it up first.
    t.member("lee", Role::Approver).await;
    account::name(&t.app, "lee", Some("sejin"), t.now()).await.unwrap();
    let mut lee = Member { browser: t.browser(), name: "lee".to_owned(), ..kim.clone() };
    let page = by_account(&mut lee, &[("login", "sejin"), ("amr", "pwd")]).await;
    assert_eq!(leads_to(&page), "/console/enrol");
    lee.see("/console/enrol").await;
    // Nor is the provider's enough for whoever approves: that takes a code of ours.
    let page = by_account(&mut lee, &[("login", "sejin"), ("amr", "pwd"), ("amr", "mfa")]).await;
    assert_eq!(leads_to(&page), "/console/enrol");
    // An answer for residents opens no console, and none is taken twice.
    let mut copied = Member { browser: t.browser(), ..kim.clone() };
    copied.get("/console/sign-in").await;
    copied.post("/console/account", &[]).await.to();
    let leaving = copied.get("/console/account").await;
    let back = walk(&leads_to(&leaving), &[("login", "minji"), ("amr", "mfa")]).await;
    let mut copy = copied.clone();
    assert_eq!(
        copied.get(&back.replace("/console/back", "/identity/back")).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(leads_to(&copied.get(&back).await), "/console");
    assert_eq!(copy.get(&back).await.status, StatusCode::FORBIDDEN);
    // Taken away, it opens nothing.
    account::name(&t.app, "kim", None, t.now()).await.unwrap();
    let mut gone = Member { browser: t.browser(), ..kim.clone() };
    let page = by_account(&mut gone, &[("login", "minji"), ("amr", "mfa")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
