//! Everybody on a roster is served, and what it says of them counts.

use axum::http::StatusCode;
use jebi::{
    domain::{
        draft::{Draft, FieldDraft, Opening, ValueDraft},
        roster::MatchBy,
        who::{Household, Source, Value},
    },
    lifecycle::announce::look,
    store,
};
use public_audit::rules::Match;

use super::{imported, people, serving};
use crate::support::{Engine, TestApp, both, verified};

both!(
    everybody_on_a_roster_is_served_without_entering,
    a_household_has_one_entry,
    cohorts_come_from_the_roster,
    a_draft_says_that_nobody_on_its_roster_can_be_told,
);

async fn a_draft_says_that_nobody_on_its_roster_can_be_told(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, "이름,생년월일\n김하늘,1948-03-01\n", Some(MatchBy::Name)).await.unwrap();
    let says = async |t: &TestApp, draft: &Draft| {
        look(&t.app, draft).await.unwrap().advice.iter().any(|said| said.contains("`list` has an address"))
    };
    assert!(says(&t, &serving(&t, 60)).await);
    // Whoever enters says where they are told things.
    assert!(!says(&t, &Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await);
    let told = TestApp::start(engine).await;
    imported(&told, &people(2), Some(MatchBy::Name)).await.unwrap();
    assert!(!says(&told, &serving(&told, 60)).await);
}

async fn everybody_on_a_roster_is_served_without_entering(engine: Engine) {
    let t = TestApp::start(engine).await;
    // The last one has no address: served, and told by other means.
    let text = people(41) + "누군가,,1950-01-01,중앙동,H99\n";
    let summary = imported(&t, &text, Some(MatchBy::Name)).await.unwrap();
    assert_eq!((summary.state, summary.people), ("current", 42));
    let round = t.announced(serving(&t, 60)).await;

    t.tick().await;
    assert!(t.entries(&round).await.is_empty(), "nobody is enrolled before the opening");
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 42);
    assert!(entries.iter().all(|entry| entry.want == 250_000 && entry.wish == "any"));
    t.tick().await;
    t.another().await;
    assert_eq!(t.entries(&round).await.len(), 42);
    assert!(t.notices().await.is_empty(), "nobody is told that they entered: they did not");

    // Whoever comes finds their entry, and may say when, or leave.
    let mut comes = t.resident(&round.slug, "r3@example.org").await;
    assert_eq!(comes.get("details").await.to(), comes.path("roster?purpose=enter"));
    assert_eq!(comes.get("roster?purpose=enter").await.status, StatusCode::OK);
    let found =
        comes.post("roster", &[("purpose", "enter"), ("name", "사람 3"), ("birth", "1953.3.4")]).await;
    assert_eq!(found.to(), comes.path("details"));
    comes.enter(250_000, &["pm"]).await;
    // A name and a birth date are what neighbours know: with an address that is not theirs, nobody learns or does anything.
    let mut neighbour = t.resident(&round.slug, "elsewhere@example.org").await;
    neighbour.get("roster?purpose=my").await;
    let fields = [("purpose", "my"), ("name", "사람4"), ("birth", "19540304")];
    let refused = neighbour.post("roster", &fields).await;
    assert!(
        refused.status.is_success() && refused.body().contains("명단에서 찾지 못했습니다"),
        "{}",
        refused.body()
    );
    assert_eq!(neighbour.get("my").await.to(), neighbour.path("roster?purpose=my"));
    let mut leaves = t.resident(&round.slug, "r4@example.org").await;
    assert_eq!(leaves.get("roster?purpose=my").await.status, StatusCode::OK);
    let found = leaves.post("roster", &[("purpose", "my"), ("name", "사람4"), ("birth", "19540304")]).await;
    assert_eq!(found.to(), leaves.path("my"));
    leaves.withdraw().await;
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 42);
    assert_eq!(entries.iter().filter(|entry| entry.withdrawn_at.is_some()).count(), 1);
    assert_eq!(entries.iter().filter(|entry| entry.wish == "pm").count(), 1);

    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
    let told = store::notice::list(t.db(), round.id, "result").await.unwrap();
    assert_eq!(told.len(), 41, "everybody but whoever left");
    let on_paper = told.iter().filter(|notice| notice.channel == "letter").count();
    assert_eq!((on_paper, told.iter().filter(|notice| notice.channel == "email").count()), (1, 40));
}

async fn a_household_has_one_entry(engine: Engine) {
    let t = TestApp::start(engine).await;
    imported(&t, &people(6), Some(MatchBy::Email)).await.unwrap();
    let mut draft = serving(&t, 10);
    draft.household = Household::One;
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    assert_eq!(entries.len(), 3, "six people in three households");
    let mut receipts = Vec::new();
    for number in [2, 3] {
        let mut comes = t.stranger_at(&round.slug, &format!("r{number}@example.org"));
        comes.identify(&t, "my").await;
        assert_eq!(comes.get("my").await.to(), comes.path("roster?purpose=my"));
        assert_eq!(comes.get("roster?purpose=my").await.to(), comes.path("my"));
        receipts.push(comes.mine().await.receipt().to_owned());
    }
    assert_eq!(receipts[0], receipts[1]);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}

async fn cohorts_come_from_the_roster(engine: Engine) {
    let t = TestApp::start(engine).await;
    // The last one lives where the round has no place: served all the same.
    let text = people(20) + "누군가,r99@example.org,1950-01-01,도산면,H99\n";
    imported(&t, &text, Some(MatchBy::Email)).await.unwrap();
    let mut draft = serving(&t, 40);
    let town = |name: &str, ko: &str| {
        ValueDraft::Called(Value { name: name.to_owned(), ko: ko.to_owned(), en: name.to_owned() })
    };
    draft.field = vec![FieldDraft {
        name: "region".to_owned(),
        from: Source::Roster,
        values: vec![town("jungang", "중앙동"), town("gwangdo", "광도면")],
        label_ko: Some("읍면동".to_owned()),
        label_en: Some("Town".to_owned()),
        otherwise: Some("gwangdo".to_owned()),
    }];
    let usual = draft.opening.remove(0);
    for name in ["jungang", "gwangdo"] {
        let matching = Match([("region".to_owned(), vec![name.to_owned()])].into());
        draft.opening.push(Opening { cohort: matching, ..usual.clone() });
    }
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    t.tick().await;
    let entries = t.entries(&round).await;
    let of = |fields: &str| entries.iter().filter(|entry| entry.fields == fields).count();
    assert_eq!((of("region=jungang"), of("region=gwangdo")), (10, 11));
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}
