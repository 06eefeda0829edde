//! Time that ends is stated, can be extended, and costs nobody what they have typed.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use jebi::domain::staff::Role;
use serde_json::Value;

use crate::support::{Browser, Engine, Page, TestApp, both};

both!(
    an_identity_check_says_when_it_ends_and_is_extended,
    a_code_says_until_when_it_is_good,
    staff_are_told_before_they_are_signed_out,
);

/// As the script of the page asks.
async fn ask(browser: &mut Browser, path: &str) -> (Page, Value) {
    let request = browser.request(axum::http::Method::POST, path).header(header::ACCEPT, "application/json");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = crate::support::encoded(&[("csrf", &browser.csrf)]);
    let page = browser.send(request.body(body.into()).unwrap()).await;
    let value = serde_json::from_slice(&page.bytes).unwrap_or(Value::Null);
    (page, value)
}

async fn an_identity_check_says_when_it_ends_and_is_extended(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let slug = round.slug.as_str();
    let stranger = t.browser().get(&format!("/rounds/{slug}")).await;
    assert!(
        !stranger.body().contains("id=\"ends\"") && !stranger.body().contains("<script"),
        "nothing ends here"
    );
    let mut minji = t.resident(slug, "minji@example.org").await;
    let begun = t.now();
    let details = minji.get("details").await;
    // 10:00 and two hours; the same for whoever has no script.
    assert!(
        details.body().contains("이 기기의 본인 확인은 11월 23일(월) 낮 12:00까지입니다."),
        "{}",
        details.body()
    );
    assert!(details.body().contains("action=\"/stay\" target=\"_blank\""));
    assert!(details.header(header::CONTENT_SECURITY_POLICY).contains("script-src 'self'"));
    t.jump(begun + TimeDelta::minutes(119));
    assert_eq!(minji.browser.post("/stay", &[]).await.to(), "/stay");
    let more = minji.browser.get("/stay").await;
    assert!(more.body().contains("오후 1:59까지입니다"), "{}", more.body());
    // By the script: the form that is being filled in stays where it is, and so does its token.
    t.jump(begun + TimeDelta::minutes(230));
    let form = minji.get("details").await;
    let csrf = form.hidden("csrf").unwrap();
    let (page, told) = ask(&mut minji.browser, "/stay").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body());
    assert_eq!(told["until"], (t.now() + TimeDelta::hours(2)).timestamp_millis());
    assert!(told["soon"].as_str().unwrap().contains("시간을 연장해"), "{told}");
    t.jump(begun + TimeDelta::minutes(340));
    assert_eq!(minji.get("details").await.hidden("csrf").unwrap(), csrf);
    minji.post("details", &[("want", "100000")]).await.to();
    // Ten times more, and then somebody may have left the device. What was answered is still there.
    for stays in 0..11 {
        t.jump(begun + TimeDelta::minutes(340 + stays * 90));
        minji.browser.post("/stay", &[]).await.to();
    }
    assert_eq!(minji.get("check").await.status, StatusCode::OK);
    t.jump(begun + TimeDelta::hours(22));
    assert_eq!(minji.get("check").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(minji.browser.post("/stay", &[]).await.to(), "/stay");
    assert!(minji.browser.get("/stay").await.body().contains("본인 확인 시간이 끝났습니다"));
    minji.identify(&t, "enter").await;
    let kept = minji.get("check").await;
    assert!(kept.body().contains("100,000원"), "{}", kept.body());
    // Nobody extends what is another's.
    let forged = minji.browser.clone().post_raw("/stay", "csrf=x").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

async fn a_code_says_until_when_it_is_good(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    minji.ask("enter").await.to();
    let page = minji.get("code").await;
    assert!(page.body().contains("오전 10:10까지 쓸 수 있습니다"), "{}", page.body());
    let until = (t.now() + TimeDelta::minutes(10)).timestamp_millis();
    assert!(page.body().contains(&format!("data-until=\"{until}\"")), "{}", page.body());
    t.pass(TimeDelta::minutes(9));
    minji.post("code/again", &[]).await.to();
    assert!(minji.get("code").await.body().contains("오전 10:19까지 쓸 수 있습니다"));
}

async fn staff_are_told_before_they_are_signed_out(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut lee = t.staff("lee", Role::Counter).await;
    let counter = format!("/console/counter/{}", round.slug);
    let page = lee.see(&counter).await;
    assert!(
        page.body().contains("쓰지 않으면 11월 23일(월) 오전 10:30에 로그아웃됩니다."),
        "{}",
        page.body()
    );
    for minutes in [29, 58, 87] {
        t.jump(round.opens_at + TimeDelta::minutes(minutes));
        let (page, told) = ask(&mut lee.browser, "/console/stay").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body());
        assert_eq!(told["until"], (t.now() + TimeDelta::minutes(30)).timestamp_millis());
    }
    assert_eq!(lee.post("/console/stay", &[]).await.to(), "/console/stay");
    lee.see("/console/stay").await;
    lee.see(&counter).await;
    t.pass(TimeDelta::minutes(31));
    assert_eq!(lee.get(&counter).await.to(), "/console/sign-in");
}
