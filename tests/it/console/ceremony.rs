//! A draw on a big screen: what is shown is what is published, and observers sign for what they saw.

use axum::http::{StatusCode, header};
use jebi::{domain::staff::Role, store};

use crate::support::{Engine, TestApp, both, verified};

both!(a_draw_is_watched_and_signed_for);

async fn a_draw_is_watched_and_signed_for(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 3).await;
    let path = format!("/console/rounds/{}/ceremony", round.slug);
    let mut lim = t.staff("lim", Role::Observer).await;
    // Nothing to sign for yet; the commitment is there since the announcement.
    let page = lim.see(&path).await;
    let rules = t.round(&round).await.rules.clone();
    assert!(page.body().contains(&rules.commitment.to_string()) && page.hidden("seen").is_none());
    let early = lim.post(&path, &[("name", "박서준"), ("seen", "")]).await;
    assert_eq!((early.status, early.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["form"]));
    // The seal.
    for at in [round.closes_at, round.seals_at] {
        t.jump(at);
        t.tick().await;
    }
    t.app.rounds.forget();
    lim.sign_in(&t).await;
    let page = lim.see(&path).await;
    let row = t.row(&round).await;
    assert!(page.body().contains(row.pool_root.as_deref().unwrap()), "{}", page.body());
    assert!(row.organiser_seed.is_none() && row.draw_seed.is_none());
    let seen = page.hidden("seen").unwrap();
    let nameless = lim.post(&path, &[("name", " "), ("seen", &seen)]).await;
    assert_eq!(nameless.wrong_fields(), ["name"]);
    let signed = lim.post(&path, &[("name", "박서준"), ("belongs", "시의회"), ("seen", &seen)]).await;
    assert_eq!(signed.to(), path);
    // What was on the screen before the next step is not what is signed for after it.
    t.jump(round.reveals_at);
    t.tick().await;
    lim.sign_in(&t).await;
    lim.see(&path).await;
    let late = lim.post(&path, &[("name", "최유나"), ("seen", &seen)]).await;
    assert_eq!(late.wrong_fields(), ["form"]);
    t.jump(round.pulse_at);
    t.tick().await;
    t.app.rounds.forget();
    lim.sign_in(&t).await;
    let page = lim.see(&path).await;
    let row = t.row(&round).await;
    for shown in [&row.organiser_seed, &row.draw_seed, &row.result_digest] {
        assert!(page.body().contains(shown.as_deref().unwrap()), "{}", page.body());
    }
    let seen = page.hidden("seen").unwrap();
    // One account, one observer, once: another needs their own.
    for name in ["최유나", "박서준"] {
        let signed = lim.post(&path, &[("name", name), ("belongs", "시의회"), ("seen", &seen)]).await;
        let expected =
            if name == "박서준" { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(signed.status, expected, "{name}");
    }
    let twice = lim.post(&path, &[("name", "박서준"), ("belongs", "시의회"), ("seen", &seen)]).await;
    assert_eq!(twice.wrong_fields(), ["name"]);
    let mut yuna = t.staff("yuna", Role::Observer).await;
    let seen = yuna.see(&path).await.hidden("seen").unwrap();
    yuna.post(&path, &[("name", "최유나"), ("seen", &seen)]).await.to();
    let rows = store::ceremony::list(t.db(), row.id).await.unwrap();
    let steps: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.belongs.as_str(), row.steps)).collect();
    assert_eq!(steps, [("박서준", "시의회", 1), ("박서준", "시의회", 4), ("최유나", "", 4)]);
    assert_eq!(t.accesses().await.iter().filter(|(kind, _)| kind == "observed").count(), 3);
    // Who is no observer signs nothing, and whoever sees the round prints its minutes.
    let mut kim = t.staff("kim", Role::Clerk).await;
    assert!(kim.see(&path).await.hidden("seen").is_none());
    assert_eq!(kim.post(&path, &[("name", "x"), ("seen", &seen)]).await.status, StatusCode::FORBIDDEN);
    let minutes = kim.get(&format!("{path}/minutes.pdf")).await;
    assert_eq!((minutes.status, minutes.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
    assert!(minutes.bytes.starts_with(b"%PDF-"));
    // Watching changed nothing.
    t.jump(round.results_at);
    verified(&t, &round).await;
}
