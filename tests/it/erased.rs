//! What is erased is signed for: how much of what, when, and where the journal says so.

use axum::http::StatusCode;
use jebi::{
    app::erases_at,
    domain::staff::Role,
    store,
    words::{Lang, instant},
};
use public_audit::note::Verifier;

use crate::support::{Engine, TestApp, both};

both!(a_purge_leaves_a_certificate);

async fn a_purge_leaves_a_certificate(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let path = format!("/rounds/{}/erased.txt", round.slug);
    let mut lee = t.staff("lee", Role::Counter).await;
    crate::console::enter(&mut lee, &round.slug, &[("name", "김하늘"), ("born", "1948-03-01")]).await;
    t.entered(&round, 7).await;
    t.draw(&round).await;
    // A seller's own order number names the buyer in the seller's own files.
    let receipt = t.entries(&round).await[0].receipt.clone();
    let paid = entities::reservation::Model {
        id: "rsv_1".to_owned(),
        round_id: round.id,
        receipt,
        seller: "bank".to_owned(),
        amount: 250_000,
        people: 1,
        state: "redeemed".to_owned(),
        live: None,
        reference: "order 4711 of Kim".to_owned(),
        made_at: t.now(),
        until_at: t.now(),
        settled_at: Some(t.now()),
    };
    store::reservation::insert(t.db(), paid).await.unwrap();
    t.jump(erases_at(&round) - chrono::TimeDelta::seconds(1));
    t.tick().await;
    assert_eq!(t.browser().get(&path).await.status, StatusCode::NOT_FOUND);
    let before = t.browser().get("/privacy").await;
    let day = instant::long_date(erases_at(&round), Lang::Ko);
    assert!(before.body().contains(&day) && !before.body().contains("파기 확인서"), "{}", before.body());
    t.jump(erases_at(&round));
    t.tick().await;
    t.tick().await;

    let note = t.browser().get(&path).await;
    let row = t.row(&round).await;
    let rules = public_audit::Rules::parse(row.rules.as_bytes()).unwrap();
    let verifier = Verifier::parse(&rules.signing_key).unwrap();
    let text = verifier.open(note.body()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["jebi-erased-1", round.slug.as_str()], "{text}");
    let kept = store::reservation::find(t.db(), "rsv_1").await.unwrap().unwrap();
    assert_eq!((kept.reference.as_str(), kept.amount), ("", 250_000));
    for line in
        ["kept-days 90", "table entry 7", "table attended 1", "table reservation 1", "secret round-key"]
    {
        assert!(lines.contains(&line), "{line}: {text}");
    }
    // The journal says the same, in the line that the certificate names.
    let index: i64 = lines.iter().find_map(|line| line.strip_prefix("journal ")).unwrap().parse().unwrap();
    let logged = store::journal::list_lines(t.db(), index, 1).await.unwrap();
    assert!(logged[0].contains("erased") && lines.contains(&logged[0].as_str()), "{logged:?} {text}");
    assert!(verifier.open(&note.body().replace("entry 7", "entry 8")).is_err());
    let after = t.browser().get("/privacy").await;
    assert!(after.body().contains(&format!("href=\"{path}\"")), "{}", after.body());
    let mut kim = t.staff("kim", Role::Clerk).await;
    assert!(kim.see(&format!("/console/rounds/{}", round.slug)).await.body().contains(&path));
}
