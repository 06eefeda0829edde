//! Whoever comes is found on the roster, or is not, and owns their entry.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::roster_member;
use jebi::domain::roster::MatchBy;
use sea_orm::EntityTrait;

use super::{imported, people};
use crate::support::{Engine, TestApp, both, verified};

both!(
    only_people_on_the_list_enter,
    names_and_birth_dates_find_people_too,
    whoever_named_somebody_before_they_entered_does_not_own_their_entry,
);

async fn only_people_on_the_list_enter(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(4), Some(MatchBy::Email)).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);

    // Up to the proof of an address both get the same answers.
    let mut known = t.stranger_at(&round.slug, "r1@example.org");
    let mut unknown = t.stranger_at(&round.slug, "nobody@example.org");
    let (yes, no) = (known.ask("enter").await, unknown.ask("enter").await);
    assert_eq!((yes.status, yes.to()), (no.status, no.to()));
    // Two codes of one address that leave at once may arrive in any order, and only the later one counts.
    t.send().await;
    known.identify(&t, "enter").await;
    unknown.identify(&t, "enter").await;

    let page = unknown.get("roster?purpose=enter").await;
    assert_eq!((page.status, page.language()), (StatusCode::OK, "ko"));
    assert!(page.body().contains("055-000-0000") && page.body().contains("11월 26일"), "{}", page.body());
    assert!(!page.body().contains("nobody@"), "the address is masked");
    // No way round it: neither with answers given before, nor by the address of the form.
    for path in ["details", "check", "withdraw"] {
        assert_ne!(unknown.get(path).await.status, StatusCode::OK, "{path}");
    }
    let tried = unknown.post("entry", &[]).await;
    assert!(tried.status != StatusCode::SEE_OTHER || tried.to() != unknown.path("my"));
    unknown.browser = unknown.browser.in_english();
    let english = unknown.get("roster?purpose=enter").await;
    assert!(english.title().contains("did not find you"), "{}", english.title());

    assert_eq!(known.get("roster?purpose=enter").await.to(), known.path("details"));
    known.enter(100_000, &["am"]).await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 1);
    // The receipt comes from the roster's own digest, which says nothing without the key file.
    let member = roster_member::Entity::find().all(t.db()).await.unwrap();
    let opened = t.round(&round).await;
    let of =
        |member: &roster_member::Model| opened.receipt(&format!("roster:{}", member.person_key)).unwrap();
    assert!(member.iter().any(|member| of(member).to_string() == entries[0].receipt));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn names_and_birth_dates_find_people_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "성명,생년월일\n홍길동,1960-01-31\n", None).await.unwrap();
    let mut draft = t.draft(10);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let mut comes = t.resident(&round.slug, "hong@example.org").await;
    assert_eq!(comes.get("roster?purpose=enter").await.status, StatusCode::OK);
    let typed =
        |name: &'static str, birth: &'static str| [("purpose", "enter"), ("name", name), ("birth", birth)];
    let wrong = comes.post("roster", &typed("", "600131")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let number = comes.post("roster", &typed("홍길동", "600131-1234567")).await;
    assert!(!number.body().contains("1234567"), "a registration number is not even shown back");
    let unknown = comes.post("roster", &typed("홍길순", "1960-01-31")).await;
    assert_eq!(unknown.status, StatusCode::OK);
    // Trying names out takes a minute each.
    let hurried = comes.post("roster", &typed("홍길동", "1960-01-31")).await;
    assert_eq!(hurried.status, StatusCode::UNPROCESSABLE_ENTITY);
    t.pass(TimeDelta::seconds(61));
    let found = comes.post("roster", &typed("홍 길동", "1960년 1월 31일")).await;
    assert_eq!(found.to(), comes.path("details"));
    comes.enter(100_000, &[]).await;
    // Nothing of the name or the birth date is kept.
    let members = roster_member::Entity::find().all(t.db()).await.unwrap();
    let kept = format!("{members:?}");
    assert!(!kept.contains("홍길동") && !kept.contains("01-31"), "{kept}");
}

/// Neighbours know a name and a birth date, and may say them first. From when its owner has entered, the entry is theirs.
async fn whoever_named_somebody_before_they_entered_does_not_own_their_entry(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,이메일,생년월일\n홍길동,,1960-01-31\n", Some(MatchBy::Name)).await.unwrap();
    let mut draft = t.draft(60);
    draft.roster = Some("list".to_owned());
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let name = [("purpose", "enter"), ("name", "홍길동"), ("birth", "1960-01-31")];
    let mut thief = t.resident(&round.slug, "thief@example.org").await;
    thief.get("roster?purpose=enter").await;
    thief.post("roster", &name).await.to();
    thief.answer(10_000, &["pm"]).await;
    let mut hong = t.resident(&round.slug, "hong@example.org").await;
    hong.get("roster?purpose=enter").await;
    hong.post("roster", &name).await.to();
    hong.enter(100_000, &["am"]).await;
    let receipt = hong.mine().await.receipt().to_owned();
    t.tick().await;
    // With the cookie of before: nothing is seen, changed or withdrawn.
    for (get, path) in [
        (true, "my"),
        (true, "details"),
        (true, "check"),
        (true, "withdraw"),
        (false, "entry"),
        (false, "withdraw"),
        (false, "my/return"),
    ] {
        let mut copy = thief.clone();
        let page = if get { copy.get(path).await } else { copy.post(path, &[]).await };
        assert!(!page.body().contains(&receipt), "{path}: {}", page.body());
        assert!(page.to().starts_with(&thief.path("roster?purpose=")), "{path}: {}", page.to());
    }
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!((entries.len(), entries[0].version, entries[0].want), (1, 1, 100_000));
    assert!(entries[0].withdrawn_at.is_none());
    // She goes on, here and in another browser.
    assert!(hong.mine().await.body().contains("100,000"));
    hong.enter(50_000, &["am"]).await;
    t.tick().await;
    let mut again = t.resident(&round.slug, "hong@example.org").await;
    // A minute between two names by one address.
    t.pass(TimeDelta::seconds(61));
    again.get("roster?purpose=my").await;
    again.post("roster", &[("purpose", "my"), name[1], name[2]]).await.to();
    assert_eq!(again.mine().await.receipt(), receipt);
    assert_eq!(t.entries(&round).await[0].version, 2);
}
