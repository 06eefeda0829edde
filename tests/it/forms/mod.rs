//! Every form, every field, everything a form can be sent: never an error of ours, always a page
//! in the reader's language, with what was typed still there and nothing of it alive.

mod answers;
mod fields;
mod refused;

use axum::http::StatusCode;
use jebi::config::{Sms, sms};

use crate::support::{Engine, Page, TestApp};

async fn start(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, |config| {
        let path = config.state_dir.join("texts");
        std::fs::create_dir_all(&path).unwrap();
        config.sms = Some(Sms { file: Some(sms::File { path, ..Default::default() }), ..Sms::default() });
        // Not what is tried here.
        config.codes.per_contact_per_hour = 100;
        config.codes.per_contact_per_day = 1_000;
        config.codes.tries = 20;
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// A page of ours, whatever was sent: in the language asked for, with nothing of it alive.
fn is_a_page(page: &Page, language: &str, about: &str) {
    assert!(page.status.as_u16() < 500, "{about}: {}", page.status);
    if page.status == StatusCode::SEE_OTHER {
        assert!(
            page.to().starts_with("/rounds/") || ["/stay", "/sent"].contains(&page.to()),
            "{about}: {}",
            page.to()
        );
        return;
    }
    assert_eq!(page.language(), language, "{about}: {} {}", page.status, page.body());
    assert_eq!(page.body().matches("<h1").count(), 1, "{about}");
    // Ours has an address.
    for alive in ["<script>", "<img src=x", "onfocus='", "\" onerror", "' onfocus"] {
        assert!(!page.body().contains(alive), "{about}: {alive} is alive");
    }
}
