//! Residents at a certified provider, with its real redirects.

use axum::http::StatusCode;
use chrono::TimeDelta;
use jebi::config::Door;

use super::walk::{leads_to, leave, start, walk, with_oidc};
use crate::{
    peer::free_port,
    support::{Engine, Page, Resident, TestApp, both},
};

both!(
    a_person_of_the_provider_is_the_person_of_a_code_to_their_number,
    whoever_is_known_by_another_claim_says_where_they_are_told_things,
    an_answer_is_good_once_in_one_browser_and_for_some_minutes,
    a_provider_that_is_away_costs_nobody_anything,
);

/// A provider that is up, and a round that is open.
macro_rules! begin {
    ($engine:expr, $claim:expr, $scopes:expr, $more:expr) => {{
        let port = free_port();
        let t = TestApp::start_with($engine, |config| {
            with_oidc(port, $claim, $scopes)(config);
            let more: fn(&mut jebi::config::Config) = $more;
            more(config);
        })
        .await;
        let round = t.announced(t.draft(100)).await;
        t.jump(round.opens_at);
        let peer = start(&t, port).await;
        (t, round, peer)
    }};
}

fn with_texts(config: &mut jebi::config::Config) {
    let path = config.state_dir.join("texts");
    std::fs::create_dir_all(&path).unwrap();
    let file = jebi::config::sms::File { path, ..Default::default() };
    config.sms = Some(jebi::config::Sms { file: Some(file), ..Default::default() });
}

fn is_turned_away(page: &Page, status: StatusCode, words: &str) {
    assert_eq!(page.status, status, "{}", page.body());
    assert!(page.body().contains(words), "{}", page.body());
    assert!(page.way_out().is_some_and(|way| way.contains("/enter") || way == "/"), "{}", page.body());
}

async fn a_person_of_the_provider_is_the_person_of_a_code_to_their_number(engine: Engine) {
    let (t, round, _peer) = begin!(engine, "phone_number", &["phone"], with_texts);
    let mut minji = t.stranger_at(&round.slug, "010-1234-5678");
    // Nobody leaves for the provider without having agreed to what the round keeps.
    minji.get("enter").await;
    let refused = minji.post("enter", &[("purpose", "enter"), ("door", "oidc")]).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["consent"]));
    let leaving = leave(&mut minji.browser, &round.slug, "enter").await;
    let away = leads_to(&leaving);
    for asked in
        ["code_challenge_method=S256", "state=", "nonce=", "response_type=code", "prompt=login", "max_age=60"]
    {
        assert!(away.contains(asked), "{away}");
    }
    let before = minji.browser.cookies["jebi"].clone();
    let token = minji.browser.csrf.clone();
    let back = walk(&away, &[("login", "minji")]).await;
    assert_eq!(minji.browser.get(&back).await.to(), minji.path("details"));
    // A session of its own: the cookie from before knows nobody, and its token opens no form.
    let mut planted = t.stranger_at(&round.slug, "");
    planted.browser.cookies.insert("jebi".to_owned(), before);
    assert_eq!(planted.get("details").await.status, StatusCode::UNAUTHORIZED);
    let mut forged = minji.clone();
    forged.browser.csrf = token;
    assert_eq!(forged.post("details", &[("want", "10000")]).await.status, StatusCode::FORBIDDEN);
    minji.enter(100_000, &["am"]).await;
    t.tick().await;
    let receipt = minji.mine().await.receipt().to_owned();

    // By a code to the same number: the same entry.
    let mut again = t.stranger_at(&round.slug, "");
    let contact =
        jebi::domain::contact::Contact::parse(jebi::domain::contact::Channel::Sms, "01012345678").unwrap();
    let expected = t.round(&round).await.receipt(&contact.person_key()).unwrap().to_string();
    assert_eq!(receipt, expected);
    let back =
        walk(&leads_to(&leave(&mut again.browser, &round.slug, "my").await), &[("login", "minji")]).await;
    assert_eq!(again.browser.get(&back).await.to(), again.path("my"));
    assert_eq!(again.mine().await.receipt(), receipt);
    assert_eq!(t.entries(&round).await.len(), 1);
    // A number that the provider has not verified is nobody's.
    let mut sejin = t.stranger_at(&round.slug, "");
    let back =
        walk(&leads_to(&leave(&mut sejin.browser, &round.slug, "enter").await), &[("login", "sejin")]).await;
    is_turned_away(&sejin.browser.get(&back).await, StatusCode::FORBIDDEN, "본인 확인이 되지 않았습니다");
    // Whoever presses "cancel" there is told so here.
    let mut gone = t.stranger_at(&round.slug, "");
    let fields = [("login", "minji"), ("cancel", "yes")];
    let back = walk(&leads_to(&leave(&mut gone.browser, &round.slug, "enter").await), &fields).await;
    is_turned_away(&gone.browser.get(&back).await, StatusCode::FORBIDDEN, "마치지 않았습니다");
    // Nothing of anybody was ever in an address.
    for address in minji.browser.visited.iter().chain(&again.browser.visited).chain([&away, &back]) {
        for word in ["minji", "1234", "QWx5", "김민지"] {
            assert!(!address.contains(word), "{address}");
        }
    }
}

async fn whoever_is_known_by_another_claim_says_where_they_are_told_things(engine: Engine) {
    let doors = |config: &mut jebi::config::Config| config.identity.doors = vec![Door::Oidc];
    let (t, round, _peer) = begin!(engine, "ci", &["ci"], doors);
    let mut minji = t.stranger_at(&round.slug, "minji@example.org");
    let form = minji.get("enter").await;
    assert!(!form.body().contains("name=\"email\""), "a closed door is offered");
    let back =
        walk(&leads_to(&leave(&mut minji.browser, &round.slug, "enter").await), &[("login", "minji")]).await;
    assert_eq!(minji.browser.get(&back).await.to(), minji.path("details"));
    let address = minji.path("enter?address=yes&purpose=enter");
    assert_eq!(minji.get("details").await.to(), address);
    let page = minji.browser.get(&address).await;
    assert!(
        page.body().contains("name=\"email\"") && !page.body().contains("name=\"consent\""),
        "{}",
        page.body()
    );
    let fields = [("purpose", "enter"), ("address", "yes"), ("email", "minji@example.org")];
    assert_eq!(minji.post("enter", &fields).await.to(), minji.path("code"));
    minji.get("code").await;
    t.send().await;
    let code = t.last_code("minji@example.org");
    assert_eq!(minji.post("code", &[("code", &code)]).await.to(), minji.path("details"));
    minji.enter(100_000, &[]).await;
    t.tick().await;
    let receipt = minji.mine().await.receipt().to_owned();
    // Who comes again is known, also where they are told things; an address alone opens nothing here.
    let mut again = t.stranger_at(&round.slug, "");
    let back =
        walk(&leads_to(&leave(&mut again.browser, &round.slug, "enter").await), &[("login", "minji")]).await;
    assert_eq!(again.browser.get(&back).await.to(), again.path("details"));
    again.enter(50_000, &[]).await;
    t.tick().await;
    assert_eq!(again.mine().await.receipt(), receipt);
    assert_eq!(t.entries(&round).await.len(), 1);
    let mut other = t.stranger_at(&round.slug, "minji@example.org");
    other.get("enter").await;
    let sent = [("channel", "email"), ("email", "minji@example.org"), ("consent", "yes")];
    // Where there is no other door, the button that was not pressed is meant.
    assert_eq!(other.post("enter", &sent).await.to(), "/identity/away");
    // `address` is for somebody who is known, and makes nobody known.
    let fields =
        [("purpose", "enter"), ("address", "yes"), ("email", "minji@example.org"), ("consent", "yes")];
    assert_eq!(other.post("enter", &fields).await.to(), "/identity/away");
    assert_eq!(other.get("code").await.to(), other.path("enter?purpose=enter"));
}

async fn an_answer_is_good_once_in_one_browser_and_for_some_minutes(engine: Engine) {
    let (t, round, _peer) = begin!(engine, "sub", &[], |_| {});
    let spent = |page: &Page| is_turned_away(page, StatusCode::FORBIDDEN, "더 쓸 수 없습니다");
    let mut minji = t.stranger_at(&round.slug, "");
    let first = leads_to(&leave(&mut minji.browser, &round.slug, "enter").await);
    let mut copied = minji.browser.clone();
    let back = walk(&first, &[("login", "minji")]).await;
    // In another browser, with and without a question of its own.
    let mut other = t.stranger_at(&round.slug, "");
    spent(&other.browser.get(&back).await);
    leave(&mut other.browser, &round.slug, "enter").await;
    spent(&other.browser.get(&back).await);
    // A state of nobody.
    let mut touched = copied.clone();
    let mut bytes = back.clone().into_bytes();
    let at = back.find("state=").unwrap() + 8;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    spent(&touched.get(&String::from_utf8(bytes).unwrap()).await);
    // Another issuer's answer.
    let mut mixed = copied.clone();
    let elsewhere = back.replace("iss=http", "iss=https");
    assert_eq!(mixed.get(&elsewhere).await.status, StatusCode::FORBIDDEN);
    // That cost the question: it is asked once.
    spent(&copied.get(&back).await);

    let again = leads_to(&leave(&mut minji.browser, &round.slug, "enter").await);
    let mut copied = minji.browser.clone();
    let back = walk(&again, &[("login", "minji")]).await;
    // A link of anybody's does not end the way of whoever is on it.
    spent(&minji.browser.get("/identity/back?code=x&state=anothers").await);
    assert_eq!(minji.browser.get(&back).await.to(), minji.path("details"));
    // A double tap, or an answer that was lost: forgiven for a minute.
    assert_eq!(copied.clone().get(&back).await.to(), minji.path("details"));
    t.pass(TimeDelta::seconds(60));
    spent(&copied.get(&back).await);
    spent(&minji.browser.get(&back).await);
    // Two taps at once: the second waits for what the first brings from the provider.
    let mut hasty = t.stranger_at(&round.slug, "");
    let away = leads_to(&leave(&mut hasty.browser, &round.slug, "enter").await);
    let twice = walk(&away, &[("login", "minji")]).await;
    let (mut one, mut other) = (hasty.browser.clone(), hasty.browser.clone());
    let (one, other) = tokio::join!(one.get(&twice), other.get(&twice));
    assert_eq!((one.to(), other.to()), (&*hasty.path("details"), &*hasty.path("details")));
    // The provider's code, brought with a question that is new.
    let code = back.split(['?', '&']).find(|pair| pair.starts_with("code=")).unwrap();
    let mut thief = t.stranger_at(&round.slug, "");
    let own = leads_to(&leave(&mut thief.browser, &round.slug, "enter").await);
    let state = own.split(['?', '&']).find(|pair| pair.starts_with("state=")).unwrap();
    spent(&thief.browser.get(&format!("/identity/back?{code}&{state}")).await);

    // A nonce that is not ours.
    let mut minji = t.stranger_at(&round.slug, "");
    let away = leads_to(&leave(&mut minji.browser, &round.slug, "enter").await);
    let nonce = away.split(['?', '&']).find(|pair| pair.starts_with("nonce=")).unwrap();
    let back = walk(&away.replace(nonce, "nonce=anothers"), &[("login", "minji")]).await;
    is_turned_away(&minji.browser.get(&back).await, StatusCode::FORBIDDEN, "본인 확인이 되지 않았습니다");
    // Too slow: fifteen minutes for the person, and the provider's own minute for its token.
    for (minutes, words) in [(15, "더 쓸 수 없습니다"), (2, "본인 확인이 되지 않았습니다")]
    {
        let mut slow = t.stranger_at(&round.slug, "");
        let back =
            walk(&leads_to(&leave(&mut slow.browser, &round.slug, "enter").await), &[("login", "minji")])
                .await;
        t.pass(TimeDelta::minutes(minutes));
        is_turned_away(&slow.browser.get(&back).await, StatusCode::FORBIDDEN, words);
    }
    // What was shown once is forgotten when it would be too late anyway.
    t.pass(TimeDelta::hours(1));
    t.tick().await;
    use sea_orm::EntityTrait;
    assert!(entities::spent::Entity::find().all(t.db()).await.unwrap().is_empty());
}

async fn a_provider_that_is_away_costs_nobody_anything(engine: Engine) {
    let (t, round, peer) = begin!(engine, "sub", &[], |_| {});
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.answer(120_000, &["noon"]).await;
    let mut away = minji.clone();
    let first = leads_to(&leave(&mut away.browser, &round.slug, "enter").await);
    let back = walk(&first, &[("login", "minji")]).await;
    peer.kill().await;
    // On the way back, and on the way there once its description is old.
    let gone = |page: &Page| is_turned_away(page, StatusCode::SERVICE_UNAVAILABLE, "답하지 않습니다");
    gone(&away.browser.get(&back).await);
    t.pass(TimeDelta::hours(1));
    gone(&leave(&mut away.browser, &round.slug, "enter").await);
    // The answers are still there, and the other door is open.
    let mut other = Resident::new(away.browser.clone(), &round.slug, "minji@example.org");
    other.identify(&t, "enter").await;
    assert_eq!(other.get("details").await.value("want").as_deref(), Some("120000"));
    // It comes back.
    let port =
        t.app.config.identity.oidc.as_ref().unwrap().issuer.rsplit(':').next().unwrap().parse().unwrap();
    let _peer = start(&t, port).await;
    t.pass(TimeDelta::seconds(5));
    let mut sejin = t.stranger_at(&round.slug, "");
    let back =
        walk(&leads_to(&leave(&mut sejin.browser, &round.slug, "enter").await), &[("login", "sejin")]).await;
    assert_eq!(sejin.browser.get(&back).await.to(), sejin.path("details"));
}
