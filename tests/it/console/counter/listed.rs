//! A list of people is asked at a counter as on the web: who is on it, and with whom they live.

use axum::http::StatusCode;
use jebi::domain::{draft::Draft, staff::Role, who::Household};

use super::{WHO, ask, enter, of_list, path};
use crate::support::{Engine, TestApp, both};

both!(a_roster_knows_people_at_the_counter_too, the_second_of_a_household_is_asked_first);

async fn a_roster_knows_people_at_the_counter_too(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list = "이름,이메일,생년월일,읍면동,세대번호\n김하늘,,1948-03-01,중앙동,H1\n";
    let round = of_list(&t, list, t.draft(60)).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let stranger = ask(&mut lee, slug, &[("name", "김하늘"), ("born", "1948-03-02")]).await;
    assert_eq!(stranger.wrong_fields(), ["name"]);
    let slip = enter(&mut lee, slug, &WHO).await;
    // The same person on the web, with whatever address: the same entry.
    let mut comes = t.resident(slug, "haneul@example.org").await;
    comes.get("roster?purpose=enter").await;
    comes.post("roster", &[("purpose", "enter"), ("name", "김 하늘"), ("birth", "1948-03-01")]).await.to();
    comes.enter(100_000, &[]).await;
    assert_eq!(comes.mine().await.receipt(), slip.receipt());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
}

/// Of a household with one entry the second does not change unasked what the first was told.
async fn the_second_of_a_household_is_asked_first(engine: Engine) {
    let t = TestApp::start(engine).await;
    let list =
        "이름,이메일,생년월일,읍면동,세대번호\n김하늘,,1948-03-01,중앙동,H1\n박민수,,1946-05-05,중앙동,H1\n";
    let round = of_list(&t, list, Draft { household: Household::One, ..t.draft(60) }).await;
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let slip = enter(&mut lee, slug, &WHO).await;
    t.tick().await;
    let second = [("name", "박민수"), ("born", "1946-05-05"), ("want", "100000")];
    assert_eq!(ask(&mut lee, slug, &second).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let asked = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((asked.status, asked.wrong_fields().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(lee.post(&path(slug, "/entry"), &[("change", "yes")]).await.to(), path(slug, "/slip"));
    assert_eq!(lee.see(&path(slug, "/slip")).await.receipt(), slip.receipt());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 1);
}
