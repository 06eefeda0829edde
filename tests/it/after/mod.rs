//! After the draw: second times, offers, places given back, time that stands still. Whatever happens is replayed by
//! the citizen's verifier.

mod commands;
mod course;
mod longer;
mod modes;
mod overtaken;
mod people;
mod said;
mod shifts;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{assignment, moved, notice, round};
use jebi::{
    app::App,
    domain::draft::{After, Draft, Opening, Part},
    jobs,
    lifecycle::{
        after::bought::{Report, bought},
        announce::Staff,
        record,
    },
    store,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{Resident, TestApp, kst, verified};

/// The day of purchase, and the offers after it.
const DAY: &str = "2026-11-28";
const OFFERS: [&str; 3] = ["2026-11-29 10:00", "2026-11-30 10:00", "2026-12-01 10:00"];

/// Places are held for four hours; the budget is `units` notes of 10,000 won, so with more entries some wait.
pub(crate) fn draft(t: &TestApp, residents: u32, units: u64) -> Draft {
    let mut draft = t.draft(residents);
    draft.goods.budget = units * 10_000;
    with_after(draft, residents)
}

/// The same round with offers and second times.
fn with_after(mut draft: Draft, residents: u32) -> Draft {
    draft.grace_hours = 4;
    draft.after = Some(After { offers: OFFERS.map(str::to_owned).into(), lead_minutes: 60 });
    for day in ["2026-11-29", "2026-11-30", "2026-12-01"] {
        draft.opening.push(Opening {
            first_day: day.to_owned(),
            days: 1,
            parts: vec![Part { name: "pm".to_owned(), from: "14:00".to_owned() }],
            until: "18:00".to_owned(),
            slot_minutes: 60,
            slot_capacity: Some(residents.div_ceil(4).max(1)),
            catch_up: true,
            ..Opening::default()
        });
    }
    draft
}

fn staff() -> Staff {
    Staff::new("a clerk", "an approver")
}

/// A drawn round whose results are out and told, just before the first time.
pub async fn drawn(t: &TestApp, residents: u32, units: u64) -> round::Model {
    let round = t.announced(draft(t, residents, units)).await;
    t.jump(round.opens_at);
    t.entered(&round, residents as usize).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(kst(&format!("{DAY} 08:59"))).await;
    t.row(&round).await
}

async fn places(t: &TestApp, round: &round::Model) -> Vec<assignment::Model> {
    store::assignment::list_by_rank(t.db(), round.id).await.unwrap()
}

async fn moves(t: &TestApp, round: &round::Model) -> Vec<moved::Model> {
    let all = moved::Entity::find().filter(moved::Column::RoundId.eq(round.id));
    all.order_by_asc(moved::Column::Offer).all(t.db()).await.unwrap()
}

/// Receipts an offer said `outcome` about.
async fn receipts(t: &TestApp, round: &round::Model, number: i64, outcome: &str) -> BTreeSet<String> {
    let moves = moves(t, round).await.into_iter();
    moves.filter(|m| m.offer == number && m.outcome == outcome).map(|m| m.receipt).collect()
}

/// A seller tells that these have bought, each at an instant, and that nothing before `until` is missing.
async fn told(
    t: &TestApp,
    round: &round::Model,
    buyers: &[(&str, DateTime<Utc>)],
    until: Option<DateTime<Utc>>,
) -> Report {
    let lines = buyers.iter().map(|(receipt, at)| format!("{receipt},{},10000\n", at.to_rfc3339()));
    let text: String = std::iter::once("receipt,time,amount\n".to_owned()).chain(lines).collect();
    bought(&t.app, round, text.as_bytes(), "bank.csv", until, t.now()).await.unwrap()
}

/// What the metronome does, on two instances at once, and again when the lease is free.
async fn both_tick(t: &TestApp, other: &App) {
    tokio::join!(jobs::tick(&t.app), jobs::tick(other), jobs::tick(&t.app), jobs::tick(other));
    t.pass(TimeDelta::seconds(61));
    tokio::join!(jobs::tick(other), jobs::tick(&t.app));
}

/// The record with what happened after the draw, judged by the citizen's verifier.
async fn verified_after(t: &TestApp, round: &round::Model) -> BTreeMap<String, Vec<u8>> {
    let mut files = verified(t, round).await;
    for name in public_audit::record::AFTER_FILES {
        let file = t.browser().get(&format!("/rounds/{}/record/{name}", round.slug)).await;
        // A page does not say what is wrong with us.
        let wrong = match file.status == StatusCode::OK {
            true => None,
            false => record::after::ensure(&t.app, &t.round(round).await).await.err(),
        };
        assert_eq!(file.status, StatusCode::OK, "{name}: {wrong:?}");
        assert_eq!(file.header(header::CACHE_CONTROL), "public, max-age=30");
        files.insert(name.to_owned(), file.bytes);
    }
    let report = public_audit::verify::verify(&files).unwrap();
    assert!(report.matches, "{report}");
    for check in ["after-form", "after-events", "offers-recomputed"] {
        let passed = report.to_string().lines().any(|line| line.contains("PASS") && line.contains(check));
        assert!(passed, "{check} did not pass: {report}");
    }
    record::after::check(&t.app, &t.round(round).await).await.unwrap();
    files
}

async fn reasons(t: &TestApp, receipt: &str) -> Vec<String> {
    let all = notice::Entity::find().filter(notice::Column::About.eq(receipt));
    let all = all.filter(notice::Column::State.eq("accepted")).order_by_asc(notice::Column::PlannedAt);
    all.all(t.db()).await.unwrap().into_iter().map(|notice| notice.reason).collect()
}

/// What a resident's page says.
async fn word(t: &TestApp, resident: &mut Resident) -> String {
    resident.identify(t, "my").await;
    resident.mine().await.word().to_owned()
}
