//! Several people in one entry, and lots for those who drew in vain: whoever is faster, whoever leaves,
//! one person is in one entry, and every state that was acknowledged is in the journal.

mod code;
mod leave;
mod lots;
mod races;
mod rules;

use axum::http::StatusCode;
use entities::round;

use crate::{
    support::{Engine, Resident, TestApp, between},
    who::{PARITY, round},
};

const TOGETHER: &str = "[joint]\nmost = 3\n[helped]\nminors = 2\nadults = 1\n";

async fn start(engine: Engine) -> (TestApp, round::Model) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", &format!("{PARITY}{TOGETHER}"))).await;
    t.jump(round.opens_at);
    (t, round)
}

/// Somebody born in an even year, who has entered.
async fn somebody(t: &TestApp, address: &str) -> Resident {
    let mut somebody = t.resident("groups", address).await;
    assert_eq!(somebody.tell(&[("birth_year", "1986")]).await.to(), "/rounds/groups/details");
    somebody.enter(100_000, &["pm"]).await;
    somebody
}

async fn code_of(opener: &mut Resident) -> String {
    assert_eq!(opener.get("people").await.status, StatusCode::OK);
    assert_eq!(opener.post("people", &[("act", "open")]).await.to(), "/rounds/groups/people");
    let page = opener.get("people").await;
    between(page.body(), "<b class=\"code\">", "<").unwrap().to_owned()
}
