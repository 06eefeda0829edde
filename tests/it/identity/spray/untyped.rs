//! Codes that nobody types: to one address, and from one network.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::code;
use jebi::domain::staff::Role;
use sea_orm::EntityTrait;

use super::{ask, behind_a_proxy, is_busy, open_with};
use crate::support::{Engine, Resident, both};

both!(
    a_stranger_does_not_use_up_the_codes_of_another,
    nor_does_a_stranger_who_takes_a_day_for_it,
    what_is_typed_uses_up_nothing_but_a_wider_limit,
    a_network_is_sent_so_many_codes_that_nobody_types,
);

async fn a_stranger_does_not_use_up_the_codes_of_another(engine: Engine) {
    let (t, round) = open_with(engine, behind_a_proxy).await;
    let browser = t.browser();
    for (from, status) in
        [("203.0.113.9", 303), ("203.0.113.9", 303), ("203.0.113.77", 303), ("203.0.113.9", 422)]
    {
        // Whoever is next door is the same stranger.
        let page = ask(&browser, &round.slug, from, "minji@example.org").await;
        assert_eq!(page.status.as_u16(), status, "{from}");
    }
    for status in [303, 303, 422] {
        let page = ask(&browser, &round.slug, "198.51.100.4", "minji@example.org").await;
        assert_eq!(page.status.as_u16(), status);
    }
    // To another address the stranger may still ask.
    assert_eq!(
        ask(&browser, &round.slug, "203.0.113.9", "sejin@example.org").await.status,
        StatusCode::SEE_OTHER
    );
}

async fn nor_does_a_stranger_who_takes_a_day_for_it(engine: Engine) {
    let (t, round) = open_with(engine, behind_a_proxy).await;
    let browser = t.browser();
    let asks = async |from: &str| ask(&browser, &round.slug, from, "minji@example.org").await;
    let takes_all = async |from: &str| {
        let mut sent = 0;
        for _ in 0..4 {
            sent += usize::from(asks(from).await.status == StatusCode::SEE_OTHER);
        }
        sent
    };
    let mut sent = Vec::new();
    for _ in 0..6 {
        sent.push(takes_all("203.0.113.9").await);
        t.pass(TimeDelta::hours(1));
    }
    assert_eq!(sent, [3, 2, 0, 0, 0, 0]);
    let page = asks("203.0.113.77").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("18시간쯤 뒤에"), "{}", page.body());
    // She signs in as ever, from wherever she is.
    let mut minji = Resident::new(browser.clone().from("198.51.100.4"), &round.slug, "minji@example.org");
    for _ in 0..4 {
        minji.identify(&t, "enter").await;
    }
    // At two networks somebody has them all: then it is said for how long, and where there is a counter, that it helps.
    assert_eq!(takes_all("192.0.2.9").await, 3);
    t.pass(TimeDelta::hours(1));
    assert_eq!(takes_all("192.0.2.9").await, 2);
    let page = asks("198.51.100.4").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("17시간쯤 뒤에"), "{}", page.body());
    assert!(!page.body().contains("창구에서 도와 드립니다"), "{}", page.body());
    t.staff("lee", Role::Counter).await;
    let page = asks("198.51.100.4").await;
    assert!(page.body().contains("창구에서 도와 드립니다. 문의: 055-000-0000"), "{}", page.body());
    let english = browser.clone().in_english();
    let page = ask(&english, &round.slug, "198.51.100.4", "minji@example.org").await;
    assert!(page.body().contains("another in about 17 hours"), "{}", page.body());
    // As long as that, and no longer.
    t.pass(TimeDelta::hours(17));
    assert_eq!(asks("198.51.100.4").await.status, StatusCode::SEE_OTHER);
}

async fn what_is_typed_uses_up_nothing_but_a_wider_limit(engine: Engine) {
    let (t, round) = open_with(engine, |config| {
        behind_a_proxy(config);
        config.codes.typed_per_contact_per_day = 12;
    })
    .await;
    let mut minji = Resident::new(t.browser().from("198.51.100.4"), &round.slug, "minji@example.org");
    let counted = async |what: &str| -> Vec<i64> {
        let rows = entities::load::Entity::find().all(t.db()).await.unwrap();
        rows.iter().filter(|row| row.what.starts_with(what)).map(|row| row.count).collect()
    };
    // More than of those that nobody types, in an hour and in a day.
    for _ in 0..12 {
        minji.identify(&t, "my").await;
    }
    assert_eq!((counted("codes to ").await, counted("typed at ").await), (vec![], vec![12]));
    // And there is an end to it, for whoever has texts sent to a number of their own.
    let page = minji.ask("my").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body().contains("1일쯤 뒤에"), "{}", page.body());
    // A day later nothing of it counts, and two hours later it is forgotten.
    t.pass(TimeDelta::hours(26));
    // A double tap is one code.
    minji.ask("my").await.to();
    minji.get("code").await;
    t.send().await;
    let code = t.last_code("minji@example.org");
    for _ in 0..2 {
        minji.clone().post("code", &[("code", &code)]).await.to();
    }
    t.tick().await;
    assert_eq!((counted("codes to ").await, counted("typed at ").await), (vec![], vec![1]));
}

async fn a_network_is_sent_so_many_codes_that_nobody_types(engine: Engine) {
    let (t, round) = open_with(engine, |config| {
        behind_a_proxy(config);
        config.codes.untyped_per_caller = 5;
    })
    .await;
    for number in 0..5 {
        let page =
            ask(&t.browser(), &round.slug, "203.0.113.9", &format!("victim{number}@example.org")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    // From then on five a minute.
    let mut sent = 5;
    for number in 5..13 {
        let page =
            ask(&t.browser(), &round.slug, "203.0.113.1", &format!("victim{number}@example.org")).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 10);
    assert_eq!(code::Entity::find().all(t.db()).await.unwrap().len(), 10, "a code was made all the same");
    // A crowd behind one address types what it is sent, and is not counted.
    for number in 0..8 {
        let address = format!("honest{number}@example.org");
        let mut honest = Resident::new(t.browser().from("198.51.100.4"), &round.slug, &address);
        honest.identify(&t, "enter").await;
    }
    // Nor is a neighbour of theirs before they ask for more than all the others have typed.
    let mut sent = 0;
    for number in 0..18 {
        let to = format!("lost{number}@example.org");
        let page = ask(&t.browser(), &round.slug, "198.51.100.4", &to).await;
        sent += usize::from(page.status == StatusCode::SEE_OTHER);
        assert!(page.status == StatusCode::SEE_OTHER || is_busy(&page), "{}", page.status);
    }
    assert_eq!(sent, 9 + 5);
    // By those five whoever is honest in the first network wins it back, long before the hour is over.
    for minute in 0..2 {
        t.pass(TimeDelta::minutes(1));
        for number in 0..5 {
            let address = format!("honest{minute}{number}@example.net");
            let mut honest = Resident::new(t.browser().from("203.0.113.7"), &round.slug, &address);
            honest.identify(&t, "enter").await;
        }
    }
    for number in 0..8 {
        let to = format!("next{number}@example.net");
        let mut next = Resident::new(t.browser().from("203.0.113.8"), &round.slug, &to);
        next.identify(&t, "enter").await;
    }
}
