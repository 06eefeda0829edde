//! Texts cost money: a pump is left a trickle.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::code;
use jebi::{
    config::{Config, Sms, sms},
    identity::network::caller_key,
    secret::random_id,
    store,
};
use sea_orm::ActiveValue::Set;

use super::{ask, behind_a_proxy, is_busy, open_with};
use crate::support::{Engine, Resident, TestApp, both};

both!(texts_that_nobody_types_become_a_trickle, the_first_minutes_of_a_pump_are_bounded);

fn with_texts(config: &mut Config) {
    let path = config.state_dir.join("texts");
    std::fs::create_dir_all(&path).unwrap();
    config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
    behind_a_proxy(config);
}

async fn texts_that_nobody_types_become_a_trickle(engine: Engine) {
    let (t, round) = open_with(engine, with_texts).await;
    // As a pump leaves it: two hundred texts from as many networks, a third of them typed.
    let made_at = t.now() - TimeDelta::minutes(5);
    texts(&t, round.id, 200, made_at, |number| number % 3 == 0).await;
    let mut sent = 0;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 5);
    // The light says so, also in a round without a plan.
    let red = "문자 인증번호: 지금은 많이 밀려 있습니다. 이메일로 받거나";
    let light = async || {
        let path = format!("/rounds/{}/enter?purpose=enter", round.slug);
        t.browser().get(&path).await.body().contains(red)
    };
    assert!(light().await, "texts trickle, and the light is not red");
    // Mail costs nothing, and buys no text: whoever has a domain types as many as they like.
    for number in 0..3 {
        let mail = format!("any{number}@example.org");
        let mut mail = Resident::new(t.browser().from("192.0.2.4"), &round.slug, &mail);
        mail.identify(&t, "enter").await;
    }
    assert!(is_busy(&ask(&t.browser(), &round.slug, "192.0.2.7", "010-9876-0000").await));
    // A network from which texts are typed goes on as ever, for as many.
    let network = caller_key(&t.app, "192.0.2.4");
    texts_from(&t, round.id, 3, made_at, |_| true, |_| network.clone()).await;
    for number in 0..3 {
        let page = ask(&t.browser(), &round.slug, "192.0.2.7", &format!("010-9876-000{number}")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
    }
    assert!(is_busy(&ask(&t.browser(), &round.slug, "192.0.2.7", "010-9876-0009").await));
    // The next minute has room again for the others.
    t.pass(TimeDelta::minutes(1));
    assert!(!light().await, "red in a minute in which nobody was refused");
    let page = ask(&t.browser(), &round.slug, "198.51.100.4", "010-1234-5678").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // Foreign, shared and premium numbers are not even asked about.
    for typed in ["+1 202 555 0100", "02-123-4567", "050-1234-5678", "060-123-4567", "1588-0000"] {
        let page = ask(&t.browser(), &round.slug, "198.51.100.4", typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
    }
}

/// Nobody waits three minutes to see it: three hundred texts that nobody has typed yet are enough.
async fn the_first_minutes_of_a_pump_are_bounded(engine: Engine) {
    let (t, round) = open_with(engine, with_texts).await;
    texts(&t, round.id, 297, t.now() - TimeDelta::minutes(1), |_| false).await;
    let mut sent = 0;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
    }
    assert_eq!(sent, 3 + 5);
    // An opening looks like this a minute later: more are on their way, and half of all were typed.
    let (t, round) = open_with(engine, with_texts).await;
    texts(&t, round.id, 700, t.now() - TimeDelta::minutes(1), |number| number % 2 == 0).await;
    for number in 0..12_u8 {
        let (from, to) = (format!("203.0.{number}.9"), format!("010-1234-{number:04}"));
        let page = ask(&t.browser(), &round.slug, &from, &to).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
}

/// Codes that were sent by text for as many networks, and which of them were typed.
async fn texts(
    t: &TestApp,
    round_id: i64,
    count: usize,
    made_at: chrono::DateTime<chrono::Utc>,
    typed: impl Fn(usize) -> bool,
) {
    texts_from(t, round_id, count, made_at, typed, |number| format!("caller {number}")).await;
}

/// The same for these networks.
async fn texts_from(
    t: &TestApp,
    round_id: i64,
    count: usize,
    made_at: chrono::DateTime<chrono::Utc>,
    typed: impl Fn(usize) -> bool,
    caller: impl Fn(usize) -> String,
) {
    let txn = t.app.db.begin().await.unwrap();
    for number in 0..count {
        let row = code::ActiveModel {
            id: Set(random_id()),
            round_id: Set(round_id),
            address_key: Set(format!("key {number}")),
            address_sealed: Set(String::new()),
            channel: Set("sms".to_owned()),
            lang: Set("ko".to_owned()),
            code_key: Set(String::new()),
            code_sealed: Set(String::new()),
            tries: Set(0),
            made_at: Set(made_at),
            expires_at: Set(made_at + TimeDelta::minutes(10)),
            used_at: Set(typed(number).then_some(made_at)),
            caller_key: Set(caller(number)),
        };
        store::code::insert(&txn, row).await.unwrap();
    }
    txn.commit().await.unwrap();
}
