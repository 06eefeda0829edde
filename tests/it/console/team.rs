//! What needed a shell: keys for sellers, and another role for somebody.

use axum::http::StatusCode;
use jebi::{domain::staff::Role, lifecycle::sale::SELLER_KEY, store};

use super::acts::{approve, number, put_forward};
use crate::support::{Engine, TestApp, between, both};

both!(an_approver_gives_a_seller_its_key_and_ends_it, two_make_a_substitute_a_clerk,);

async fn an_approver_gives_a_seller_its_key_and_ends_it(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let path = "/console/sellers";
    assert!(!kim.see(path).await.body().contains("<form id=\"form\""), "a clerk gives keys");
    lee.see(path).await;
    let alone = lee.post(path, &[("name", "농협"), ("code", "")]).await;
    assert_eq!((alone.status, alone.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["code"]));
    let code = lee.code();
    let wrong = lee.post(path, &[("name", "a/b"), ("code", &code)]).await;
    assert_eq!(wrong.wrong_fields(), ["name"]);
    let code = lee.code();
    let page = lee.post(path, &[("name", "농협"), ("code", &code)]).await;
    let key = between(page.body(), "<code>jebi_", "</code>").map(|rest| format!("jebi_{rest}")).unwrap();
    assert!(page.body().contains("whsec_"), "{}", page.body());
    let digest = t.app.keys.digest(SELLER_KEY, &key);
    assert_eq!(store::seller::find_by_key(t.db(), &digest).await.unwrap().as_deref(), Some("농협"));
    assert!(!lee.see(path).await.body().contains(&key), "a key is shown twice");
    let code = lee.code();
    let fields = [("name", "농협"), ("id", &digest[..8]), ("code", code.as_str())];
    assert_eq!(lee.post("/console/sellers/end", &fields).await.to(), path);
    assert_eq!(store::seller::find_by_key(t.db(), &digest).await.unwrap(), None);
    let done = t.accesses().await;
    assert!(done.contains(&("key_given".into(), "농협".into())), "{done:?}");
    assert!(done.iter().any(|(kind, about)| kind == "key_ended" && about.starts_with("농협 ")), "{done:?}");
}

async fn two_make_a_substitute_a_clerk(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut kim = t.staff("kim", Role::Clerk).await;
    let mut lee = t.staff("lee", Role::Approver).await;
    let mut park = t.staff("park", Role::Observer).await;
    assert_eq!(park.get("/console/drafts").await.status, StatusCode::FORBIDDEN);
    let path = "/console/staff";
    assert!(kim.see(path).await.body().contains("park"));
    let same = kim.post(path, &[("name", "park"), ("role", "observer")]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let id = number(&kim.post(path, &[("name", "park"), ("role", "clerk")]).await);
    let page = kim.see(&format!("/console/proposals/{id}")).await;
    assert!(page.body().contains("지금 역할: 참관인"), "{}", page.body());
    put_forward(&mut kim, id).await;
    assert_eq!(approve(&mut lee, id, "").await.status, StatusCode::SEE_OTHER);
    // Signed out with it, and a clerk from the next time on.
    assert_eq!(park.get("/console").await.to(), "/console/sign-in");
    t.pass(chrono::TimeDelta::minutes(1));
    park.sign_in(&t).await;
    assert_eq!(park.get("/console/drafts").await.status, StatusCode::OK);
}
