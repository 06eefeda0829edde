//! Whoever comes for others: for so many, and with evidence.

use axum::http::StatusCode;
use jebi::{domain::staff::Role, store};

use super::{WHO, ask, enter, path, rows};
use crate::support::{Engine, TestApp, both};

both!(one_comes_for_so_many_and_no_more);

async fn one_comes_for_so_many_and_no_more(engine: Engine) {
    let t = TestApp::start_with(engine, |config| config.counter.most_per_helper = 2).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let page = t.browser().get(&format!("/rounds/{slug}")).await;
    assert!(page.body().contains("사람은 2명까지입니다"), "{}", page.body());
    let mut lee = t.staff("lee", Role::Counter).await;
    let helper = [("helper_name", "박 민수"), ("helper_born", "1975-05-05"), ("relation", "child")];
    let by = |born: &'static str| {
        let who = [("name", "김하늘"), ("born", born), ("evidence", "yes")];
        helper.iter().chain(&who).copied().collect::<Vec<_>>()
    };
    let bare: Vec<(&str, &str)> = helper.iter().chain(&WHO).copied().collect();
    assert_eq!(ask(&mut lee, slug, &bare).await.wrong_fields(), ["evidence"]);
    let nameless = [WHO[0], WHO[1], ("helper_name", "박민수")];
    assert_eq!(ask(&mut lee, slug, &nameless).await.wrong_fields(), ["relation"]);
    for born in ["1948-03-01", "1950-03-01", "1948-03-01"] {
        enter(&mut lee, slug, &by(born)).await;
    }
    assert_eq!(ask(&mut lee, slug, &by("1952-03-01")).await.to(), path(slug, "/check"));
    lee.see(&path(slug, "/check")).await;
    let third = lee.post(&path(slug, "/entry"), &[]).await;
    assert_eq!((third.status, third.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    assert!(third.body().contains("이미 2명을 대신 신청했습니다"), "{}", third.body());
    t.tick().await;
    assert_eq!(t.entries(&round).await.len(), 2);
    let lines = store::access::list(t.db(), None, 100).await.unwrap();
    let attended: Vec<&str> =
        lines.iter().filter(|line| line.kind == "attended").map(|line| line.reason.as_str()).collect();
    assert_eq!(attended, ["by child, evidence seen"; 3]);
    // Who left again is not one of them.
    enter(&mut lee, slug, &by("1948-03-01")).await;
    lee.post(&path(slug, "/undo"), &[("act", "withdraw"), ("id_seen", "yes")]).await.to();
    t.tick().await;
    enter(&mut lee, slug, &by("1952-03-01")).await;
    assert!(rows(&t).await.iter().all(|row| row.relation == "child" && row.helper_key.len() == 64));
}
