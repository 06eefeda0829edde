//! Which doors are open, and what they know people by.

use axum::http::StatusCode;
use jebi::{
    config::{Config, Door, Sms, sms},
    domain::draft::Draft,
    lifecycle::announce::look,
};

use crate::support::{Engine, TestApp, both};

both!(a_door_that_is_closed_lets_nobody_in_and_still_carries_notices);

/// Mail and texts, which fall into a folder.
fn with_texts(config: &mut Config) {
    let path = config.state_dir.join("texts");
    std::fs::create_dir_all(&path).unwrap();
    config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
}

async fn a_door_that_is_closed_lets_nobody_in_and_still_carries_notices(engine: Engine) {
    let two = TestApp::start_with(engine, with_texts).await;
    let said = look(&two.app, &two.draft(100)).await.unwrap().advice;
    assert!(said.iter().any(|note| note.contains("2 entries")), "{said:?}");
    // An address costs nothing to whoever has a domain, and papers are one more thing to be known by.
    assert!(said.iter().any(|note| note.contains("any number of entries by the door `email`")), "{said:?}");
    assert!(said.iter().any(|note| note.contains("a second entry at a counter")), "{said:?}");
    let listed = Draft { roster: Some("list".to_owned()), ..two.draft(100) };
    let said = look(&two.app, &listed).await.unwrap().advice;
    assert!(!said.iter().any(|note| note.contains("one person can have")), "{said:?}");

    let one = TestApp::start_with(engine, |config| {
        with_texts(config);
        config.identity.doors = vec![Door::Sms];
    })
    .await;
    let said = look(&one.app, &one.draft(100)).await.unwrap().advice;
    assert!(!said.iter().any(|note| note.contains("entries")), "{said:?}");
    assert!(said.iter().any(|note| note.contains("a second entry at a counter")), "{said:?}");
    let round = one.announced(one.draft(100)).await;
    one.jump(round.opens_at);
    let mut minji = one.stranger_at(&round.slug, "minji@example.org");
    let page = minji.get("enter").await;
    assert!(page.body().contains("name=\"phone\"") && !page.body().contains("name=\"email\""));
    // Whoever sends the other form all the same gets no code.
    let page =
        minji.post("enter", &[("channel", "email"), ("email", "minji@example.org"), ("consent", "yes")]);
    let page = page.await;
    assert_eq!((page.status, page.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["phone"]));
    assert!(one.notices().await.is_empty());
    let asked = minji.post("enter", &[("phone", "010-1234-5678"), ("consent", "yes")]).await;
    assert_eq!(asked.to(), minji.path("code"));
    // At a counter mail is still a way to be told things.
    let mut clerk = one.staff("kim", jebi::domain::staff::Role::Counter).await;
    let form = clerk.see(&format!("/console/counter/{}", round.slug)).await;
    assert!(form.body().contains("name=\"email\""), "{}", form.body());
}
