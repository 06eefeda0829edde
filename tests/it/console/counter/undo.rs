//! What was done is taken back at a counter, with papers, by whoever shows that it is theirs.

use axum::http::StatusCode;
use jebi::{
    domain::{draft::After, staff::Role},
    store,
};

use super::{WHO, enter, found, path};
use crate::support::{Engine, TestApp, both};

both!(what_was_done_is_taken_back_at_the_counter);

async fn what_was_done_is_taken_back_at_the_counter(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(60);
    draft.after = Some(After { offers: vec!["2026-11-29 10:00".to_owned()], lead_minutes: 60 });
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut lee = t.staff("lee", Role::Counter).await;
    let withdraw = [("act", "withdraw"), ("id_seen", "yes")];
    let nobody = lee.post(&path(slug, "/undo"), &withdraw).await;
    assert_eq!(
        (nobody.status, nobody.way_out().as_deref()),
        (StatusCode::CONFLICT, Some("/console/counter"))
    );
    let receipt = enter(&mut lee, slug, &WHO).await.receipt().to_owned();
    // Without papers nobody takes back what is another's.
    let bare = lee.post(&path(slug, "/undo"), &withdraw[..1]).await;
    assert_eq!((bare.status, bare.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["id_seen"]));
    assert_eq!(lee.post(&path(slug, "/undo"), &withdraw).await.to(), path(slug, "/slip"));
    assert!(lee.see(&path(slug, "/slip")).await.body().contains("신청을 취소하셨습니다"));
    t.tick().await;
    assert!(t.entries(&round).await[0].withdrawn_at.is_some());
    // He thinks better of it: the same receipt.
    assert_eq!(enter(&mut lee, slug, &WHO).await.receipt(), receipt);
    t.entered(&round, 12).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    lee.sign_in(&t).await;
    lee.see(&path(slug, "/find")).await;
    lee.post(&path(slug, "/slip"), &[("receipt", &receipt)]).await.to();
    lee.see(&path(slug, "/slip")).await;
    // A receipt is public: it shows whose it is to nobody.
    let alone = lee.post(&path(slug, "/undo"), &[("act", "return"), ("id_seen", "yes")]).await;
    assert_eq!((alone.status, alone.wrong_fields()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["contact"]));
    let wrong = [("act", "return"), ("id_seen", "yes"), ("born", "1949-03-01"), ("contact", "1234")];
    assert_eq!(lee.post(&path(slug, "/undo"), &wrong).await.wrong_fields(), ["contact"]);
    let whose = [("id_seen", "yes"), ("born", "1948-03-01"), ("contact", "")];
    let with = |act: &'static str| [&[("act", act)][..], &whose].concat();
    let late = lee.post(&path(slug, "/undo"), &with("withdraw")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    for (act, word) in [("return", "ended"), ("keep", "not_yet"), ("return", "ended")] {
        lee.see(&path(slug, "/slip")).await;
        assert_eq!(lee.post(&path(slug, "/undo"), &with(act)).await.to(), path(slug, "/slip"));
        let found = lee.post(&path(slug, "/find"), &[("receipt", &receipt)]).await;
        assert_eq!(found.word(), word, "{act}: {}", found.body());
    }
    let told: Vec<String> =
        store::access::list(t.db(), None, 100).await.unwrap().into_iter().map(|line| line.reason).collect();
    for said in ["withdrawn, papers seen", "given back, papers seen", "kept after all, papers seen"] {
        assert!(told.iter().any(|reason| reason == said), "{told:?}");
    }
    // Found by what he says of himself, nothing more is asked.
    found(&mut lee, slug, WHO[1].1, &receipt).await;
    let keep = lee.post(&path(slug, "/undo"), &[("act", "keep"), ("id_seen", "yes")]).await;
    assert_eq!(keep.to(), path(slug, "/slip"));
    // How often a pair of hands does this is counted for whoever audits.
    let mut audit = t.staff("park", Role::Auditor).await;
    let page = audit.see("/console/access").await;
    assert!(page.body().contains("창구에서 되돌린") && page.body().contains("lee: 4건"), "{}", page.body());
}
