//! What the plan of a round has room for, shared by all.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::{
    config::Config,
    domain::draft::{Dependency, Step},
    store,
};

use super::{ask, behind_a_proxy, is_busy};
use crate::support::{Engine, Resident, TestApp, both};

both!(
    checks_stay_within_the_plan_and_the_light_says_so,
    whoever_types_every_code_leaves_most_of_a_minute_to_others,
);

async fn checks_stay_within_the_plan_and_the_light_says_so(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    draft.dependency.push(Dependency {
        name: "mail relay".to_owned(),
        per_minute: Some(9.0),
        uses: [(Step::Entering, 1.0)].into(),
        ..Dependency::default()
    });
    // Few enough are expected for such a limit.
    draft.expect.entrants = Some(5);
    let round = t.announced(draft).await;
    let plain = t.announced(jebi::domain::draft::Draft { slug: "plain".to_owned(), ..t.draft(100) }).await;
    t.jump(round.opens_at);
    let words = ["원활합니다", "조금 붐빕니다", "꽉 찼습니다"];
    let mut seen = Vec::new();
    for number in 0..11 {
        let page = t.stranger_at(&round.slug, "").get("enter").await;
        seen.push(words.iter().position(|word| page.body().contains(word)).expect("no light"));
        let page = ask(&t.browser(), &round.slug, "", &format!("minji{number}@example.org")).await;
        match number {
            0..9 => assert_eq!(page.status, StatusCode::SEE_OTHER),
            _ => assert!(is_busy(&page) && page.body().contains("minji"), "{}", page.body()),
        }
    }
    assert_eq!(seen, [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
    // At another instance it is the same minute, and the next one is everybody's.
    let other = t.another().await;
    let mut there = Resident::new(t.browser_at(&other), &round.slug, "sejin@example.org");
    assert!(there.get("enter").await.body().contains(words[2]));
    t.pass(TimeDelta::minutes(1));
    there.identify(&t, "enter").await;
    // Where no plan says what there is room for, nothing is promised.
    let page = t.stranger_at(&plain.slug, "").get("enter").await;
    assert!(words.iter().all(|word| !page.body().contains(word)), "{}", page.body());
}

async fn whoever_types_every_code_leaves_most_of_a_minute_to_others(engine: Engine) {
    let planned = |t: &TestApp| {
        let mut draft = t.draft(100);
        draft.dependency.push(Dependency {
            name: "mail relay".to_owned(),
            per_minute: Some(44.0),
            uses: [(Step::Entering, 1.0)].into(),
            ..Dependency::default()
        });
        draft.expect.entrants = Some(5);
        draft
    };
    let t = TestApp::start_with(engine, behind_a_proxy).await;
    let round = t.announced(planned(&t)).await;
    t.jump(round.opens_at);
    for number in 0..11 {
        let address = format!("any{number}@example.org");
        let mut any = Resident::new(t.browser().from("203.0.113.9"), &round.slug, &address);
        any.identify(&t, "enter").await;
    }
    assert_eq!(store::rate::minute(t.now()), round.opens_at, "another minute");
    for from in ["203.0.113.9", "203.0.113.200"] {
        let page = ask(&t.browser(), &round.slug, from, "one-more@example.org").await;
        assert!(is_busy(&page), "{}", page.status);
    }
    // Everybody else has room, and reads so.
    let mut minji = Resident::new(t.browser().from("198.51.100.4"), &round.slug, "minji@example.org");
    assert!(minji.get("enter").await.body().contains("원활합니다"));
    minji.identify(&t, "enter").await;
    // The next minute is theirs as well.
    t.pass(TimeDelta::minutes(1));
    let page = ask(&t.browser(), &round.slug, "203.0.113.9", "one-more@example.org").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);

    // Behind a proxy that does not say who comes, everybody is one network: then there is no such limit.
    fn behind_tls(config: &mut Config) {
        config.public_url = "https://draw.example".to_owned();
    }
    fn by_nobodys_header(config: &mut Config) {
        config.address_header = Some("x-nobody-sets-it".to_owned());
    }
    for change in [behind_tls as fn(&mut Config), by_nobodys_header] {
        let t = TestApp::start_with(engine, change).await;
        let round = t.announced(planned(&t)).await;
        t.jump(round.opens_at);
        for number in 0..20 {
            let to = format!("any{number}@example.org");
            let page = ask(&t.browser(), &round.slug, "203.0.113.9", &to).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
        }
    }
}
