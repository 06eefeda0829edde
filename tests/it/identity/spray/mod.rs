//! Who guesses at everybody's codes, asks for codes to everybody's phone, or for all of somebody else's: budgets for a
//! number, a network and all together, and what they cost honest people.

mod guessed;
mod plan;
mod texts;
mod untyped;

use axum::http::{StatusCode, header};
use jebi::config::Config;

use crate::support::{Browser, Engine, Page, TestApp};

fn behind_a_proxy(config: &mut Config) {
    config.address_header = Some("x-real-ip".to_owned());
}

async fn open_with(engine: Engine, change: impl FnOnce(&mut Config)) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, change).await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// Asks for a code from an address; the answer.
async fn ask(browser: &Browser, slug: &str, from: &str, to: &str) -> Page {
    let mut browser = browser.clone().from(from);
    let path = format!("/rounds/{slug}/enter");
    browser.get(&path).await;
    let (channel, field) = if to.contains('@') { ("email", "email") } else { ("sms", "phone") };
    browser.post(&path, &[("purpose", "enter"), ("channel", channel), (field, to), ("consent", "yes")]).await
}

fn is_busy(page: &Page) -> bool {
    let waits = page.header(header::RETRY_AFTER).parse::<u64>().is_ok_and(|seconds| seconds >= 30);
    page.status == StatusCode::SERVICE_UNAVAILABLE && waits
}
