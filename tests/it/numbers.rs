//! Resident registration numbers are refused wherever something can be typed, and stand nowhere afterwards.

use axum::http::StatusCode;
use jebi::domain::{draft::Draft, staff::Role};

use crate::{
    support::{Engine, TestApp, both},
    who::{PARITY, round},
};

both!(a_number_among_other_words_is_kept_nowhere);

const TYPED: &str = "홍길동(900101-1234567) 님이 물으심";

async fn a_number_among_other_words_is_kept_nowhere(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(round("mode = \"everyone\"", PARITY)).await;
    t.jump(round.opens_at);
    let slug = round.slug.as_str();
    let mut minji = t.resident(slug, "minji@example.org").await;
    minji.get("about").await;
    let mut lee = t.staff("lee", Role::Clerk).await;
    lee.see("/console/find").await;
    let about = format!("/rounds/{slug}/about");
    let person = [("round", slug), ("receipt", "famx-6k54-dc9p-a7yz"), ("reason", TYPED)];
    let pages = [
        minji.browser.post(&about, &[("birth_year", "900101-1234567")]).await,
        minji.browser.post("/sent", &[("code", TYPED)]).await,
        minji.browser.post(&format!("/rounds/{slug}/join"), &[("code", TYPED)]).await,
        lee.post("/console/find", &[("round", slug), ("what", TYPED)]).await,
        lee.post("/console/find/person", &person).await,
        lee.post("/console/exports", &[("round", slug), ("reason", TYPED)]).await,
        lee.post(&format!("/console/rounds/{slug}/propose/void"), &[("reason", TYPED)]).await,
        lee.post(&format!("/console/counter/{slug}/paper"), &[("paper", TYPED), ("name", TYPED)]).await,
    ];
    for (at, page) in pages.iter().enumerate() {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{at}: {}", page.body());
        assert!(
            page.body().contains("주민등록번호") && !page.body().contains("1234567"),
            "{at}: {}",
            page.body()
        );
    }
    // From an address that only takes forms one is led to a page.
    assert_eq!(pages[4].way_out().as_deref(), Some("/console/find"));
    lee.see("/console/find").await;
    for (table, rows) in t.dump().await {
        assert!(!rows.contains("1234567"), "{table}");
    }
    // A draft is published as it stands, whoever reads it in.
    let draft = include_str!("../../docs/round.example.toml");
    assert!(Draft::parse(draft).is_ok());
    let titled = draft.replacen("title_ko = \"", "title_ko = \"문의 900101-1234567 ", 1);
    assert!(Draft::parse(&titled).unwrap_err().contains("registration number"));
}
