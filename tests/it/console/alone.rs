//! Nobody does alone what takes two people: each act is possible, refused to whoever proposed it, and then done by another
//! who saw the same.

use axum::http::StatusCode;
use entities::{proposal, round};
use jebi::{
    domain::{draft::BeaconChoice, proposal::Act, staff::Role},
    lifecycle::{after::bought::bought, announce::Staff},
    staff::acts,
    store,
};
use sea_orm::ActiveValue::Set;

use super::acts::{drawn, journal, outcome};
use crate::{
    after, guard, roster,
    support::{Engine, TestApp, both},
};

both!(one_alone_does_none_of_them,);

/// What the second of two types for themselves.
const VALUES: &str = "7 12 23 31 40 41 / 5";

/// An act that could be done now, and what it is about.
async fn possible(t: &TestApp, kind: &str) -> (Act, Option<round::Model>) {
    let reason = || "a reason".to_owned();
    match kind {
        "announce" => {
            let text = include_str!("../../../docs/round.example.toml").to_owned();
            (Act::Announce { draft_id: None, text, words: None }, None)
        }
        "void" => (Act::Void { reason: reason() }, Some(t.announced(t.draft(100)).await)),
        "release" => (Act::Release { reason: reason(), shift_days: 0 }, Some(guard::drawn(t, true).await)),
        "shift" => {
            let round = drawn(t).await;
            (Act::Shift { from: round.results_at, minutes: 10, reason: reason() }, Some(round))
        }
        "extend" => {
            let round = drawn(t).await;
            let (from, until) = (round.results_at, round.ends_at);
            (Act::Extend { from, until, minutes: 10, reason: reason() }, Some(round))
        }
        "ineligible" => {
            let round = after::drawn(t, 10, 100).await;
            let receipt = t.entries(&round).await[0].receipt.clone();
            (Act::Ineligible { receipt, category: Some("twice".to_owned()) }, Some(round))
        }
        "take-back" => {
            let round = after::drawn(t, 10, 100).await;
            let place = store::assignment::list_by_rank(t.db(), round.id).await.unwrap().remove(0);
            t.jump(place.starts_at.unwrap());
            let text = format!("{},{},10000\n", place.receipt, t.now().to_rfc3339());
            bought(&t.app, &round, text.as_bytes(), "bank.csv", None, t.now()).await.unwrap();
            (Act::TakeBack { receipts: vec![place.receipt], reason: reason() }, Some(round))
        }
        "strike" => {
            let round = t.announced(t.draft(200)).await;
            t.jump(round.opens_at);
            t.entered(&round, 5).await;
            t.close(&round).await;
            let receipt = t.entries(&round).await[0].receipt.clone();
            (Act::Strike { receipt, category: Some("twice".to_owned()) }, Some(t.row(&round).await))
        }
        "declare" => {
            let mut draft = t.draft(100);
            draft.beacon = BeaconChoice::Declared("Lotto 6/45 draw 1252: six numbers, bonus".to_owned());
            let round = t.announced(draft).await;
            t.jump(round.opens_at);
            t.entered(&round, 5).await;
            t.draw_until_pulse(&round).await;
            (Act::Declare { values: VALUES.to_owned() }, Some(t.row(&round).await))
        }
        "role" => {
            t.member("choi", Role::Observer).await;
            (Act::Role { name: "choi".to_owned(), role: "approver".to_owned() }, None)
        }
        "confirm" => {
            roster::imported(t, &roster::people(4), None).await.unwrap();
            let digest = roster::imported(t, &roster::people(6), None).await.unwrap().digest;
            (Act::Confirm { roster: "list".to_owned(), digest }, None)
        }
        other => panic!("an act that this test does not know: {other}"),
    }
}

/// A proposal that waits for somebody who decides; its number.
pub async fn waiting(t: &TestApp, act: &Act, round: Option<&round::Model>, by: &str) -> i64 {
    let by = store::clerk::find(t.db(), by).await.unwrap().unwrap().id;
    let row = proposal::ActiveModel {
        round_id: Set(round.map(|round| round.id)),
        kind: Set(act.kind().to_owned()),
        act: Set(act.to_json()),
        outcome: Set("waiting".to_owned()),
        words: Set(String::new()),
        proposed_by: Set(by),
        proposed_at: Set(t.now()),
        ..Default::default()
    };
    let txn = t.app.db.begin().await.unwrap();
    let id = store::proposal::insert(&txn, row).await.unwrap();
    txn.commit().await.unwrap();
    id
}

/// Everything that any of the acts would change.
async fn state(t: &TestApp, round: Option<&round::Model>) -> String {
    let journal = match round {
        Some(round) => journal(t, round).await,
        None => Vec::new(),
    };
    t.app.rounds.forget();
    let rounds: Vec<_> = t.app.rounds.list().await.unwrap().iter().map(|round| round.row.clone()).collect();
    let facts = match round {
        Some(round) => store::fact::count(t.db(), round.id).await.unwrap(),
        None => 0,
    };
    let purchases = match round {
        Some(round) => store::bought::count(t.db(), round.id).await.unwrap(),
        None => 0,
    };
    let roster = store::roster::find(t.db(), "list", "current").await.unwrap().map(|roster| roster.digest);
    let choi = store::clerk::find(t.db(), "choi").await.unwrap().map(|choi| choi.role);
    format!("{journal:?} {rounds:?} {facts} {purchases} {roster:?} {choi:?}")
}

async fn one_alone_does_none_of_them(engine: Engine) {
    for kind in Act::KINDS {
        let t = TestApp::start(engine).await;
        let (act, row) = possible(&t, kind).await;
        let mut clerk = t.staff("kim", Role::Clerk).await;
        let mut approver = t.staff("lee", Role::Approver).await;
        let mut other = t.staff("park", Role::Approver).await;
        let before = state(&t, row.as_ref()).await;
        let round = match &row {
            Some(row) => Some(t.round(row).await),
            None => None,
        };
        let seen = acts::preview(&t.app, &act, round.as_deref()).await.unwrap().seen(&act);
        let code = approver.code();
        let fields = [("seen", seen.as_str()), ("again", VALUES), ("code", code.as_str())];
        let mut last = 0;
        for (name, member, expected) in [
            ("kim", &mut clerk, StatusCode::FORBIDDEN),
            ("lee", &mut approver, StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            last = waiting(&t, &act, row.as_ref(), name).await;
            let page = member.see(&format!("/console/proposals/{last}")).await;
            assert!(!page.body().contains("/approve"), "{name} is offered to approve {kind}");
            let done = member.post(&format!("/console/proposals/{last}/approve"), &fields).await;
            assert_eq!(done.status, expected, "{name} alone: {kind}");
            assert_eq!(outcome(&t, last).await, "waiting", "{name} alone: {kind}");
        }
        // Nor by another way to write the same name, past the pages.
        let alone = Staff::new("lee", " LEE ");
        let word = acts::Word { again: Some(VALUES), seen: Some(&seen) };
        let refused = acts::settle(&t.app, &act, round.as_deref(), word, &alone).await;
        assert!(refused.is_err(), "{kind}");
        // Nor two, if it would do something else than what they have looked at: its own transaction finds out.
        let word = acts::Word { again: Some(VALUES), seen: Some("of another day") };
        let stale = acts::settle(&t.app, &act, round.as_deref(), word, &Staff::new("kim", "lee")).await;
        assert!(matches!(stale, Err(acts::ActError::Changed)), "{kind}: {stale:?}");
        assert_eq!(state(&t, row.as_ref()).await, before, "one alone did something: {kind}");
        // It was possible all the time: another does what was refused to one, with what was seen.
        other.see(&format!("/console/proposals/{last}")).await;
        let code = other.code();
        let fields = [("seen", seen.as_str()), ("again", VALUES), ("code", code.as_str())];
        let done = other.post(&format!("/console/proposals/{last}/approve"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "by two: {kind}: {}", done.body());
        assert_eq!(outcome(&t, last).await, "done", "by two: {kind}");
        assert_ne!(state(&t, row.as_ref()).await, before, "nothing was done: {kind}");
    }
}
