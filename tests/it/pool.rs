//! "Am I in the pool?" Anybody looks up a public receipt in the sealed list: before the seal, after it, and after the
//! results; what the page says is what the file says.

use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::support::{Browser, Engine, Page, TestApp, between, both};

both!(
    whoever_withdrew_or_joined_others_has_no_line,
    an_answer_may_be_read_again_and_is_nobody_elses,
    a_round_that_was_called_off_says_so,
);

async fn look(browser: &mut Browser, slug: &str, typed: &str) -> Page {
    let path = format!("/rounds/{slug}/pool");
    let page = browser.get(&path).await;
    // There is nothing to type into as long as there is no list.
    if !page.body().contains("id=\"receipt\"") {
        return page;
    }
    let sent = browser.post(&path, &[("receipt", typed)]).await;
    // What cannot be a receipt is said at once; what can is answered by a page that may be read again.
    if sent.status == StatusCode::UNPROCESSABLE_ENTITY {
        return sent;
    }
    assert_eq!(sent.to(), path);
    browser.get(&path).await
}

/// What the page says of a receipt: its line and the published text.
fn line(page: &Page) -> Option<(usize, String)> {
    let text = between(page.body(), "<dt>공개된 내용</dt><dd><code>", "<")?;
    let number = between(page.body(), "그 가운데 ", "번째 줄")?;
    Some((number.parse().unwrap(), text.to_owned()))
}

async fn whoever_withdrew_or_joined_others_has_no_line(engine: Engine) {
    let t = TestApp::start(engine).await;
    let draft =
        crate::who::round("mode = \"everyone\"", &format!("{}[joint]\nmost = 2\n", crate::who::PARITY));
    let round = t.announced(draft).await;
    t.jump(round.opens_at);
    let answers = [("birth_year", "1986")];
    let mut people = Vec::new();
    for address in ["minji@example.org", "gone@example.org", "jun@example.org"] {
        let mut one = t.stranger_at(&round.slug, address);
        one.identify(&t, "enter").await;
        one.tell(&answers).await.to();
        people.push(one);
    }
    let [minji, gone, jun] = &mut people[..] else { unreachable!() };
    minji.enter(100_000, &["pm"]).await;
    gone.enter(100_000, &["pm"]).await;
    gone.withdraw().await;
    t.tick().await;
    minji.get("people").await;
    minji.post("people", &[("act", "open")]).await.to();
    t.tick().await;
    let code = between(minji.get("people").await.body(), "<b class=\"code\">", "<").unwrap().to_owned();
    jun.get("join").await;
    jun.post("join", &[("code", &code)]).await.to();
    t.tick().await;
    let rows = t.entries(&round).await;
    let joined = rows.iter().find(|row| row.lead.is_some()).unwrap().receipt.clone();
    let left = rows.iter().find(|row| row.withdrawn_at.is_some()).unwrap().receipt.clone();
    let own = minji.mine().await.receipt().to_owned();
    t.draw_until_pulse(&round).await;
    let mut anybody = t.browser();
    assert!(line(&look(&mut anybody, &round.slug, &own).await).is_some());
    for receipt in [joined, left] {
        let page = look(&mut anybody, &round.slug, &receipt).await;
        assert!(line(&page).is_none() && page.body().contains("함께 들어가셨으면"), "{}", page.body());
    }
}

async fn an_answer_may_be_read_again_and_is_nobody_elses(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let mut crowd = t.crowd(&round.slug, 2).await;
    let [own, other] = &mut crowd[..] else { unreachable!() };
    let (own, other) = (own.mine().await.receipt().to_owned(), other.mine().await.receipt().to_owned());
    t.draw_until_pulse(&round).await;
    let (mut minji, path) = (t.browser(), format!("/rounds/{}/pool", round.slug));
    let first = look(&mut minji, &round.slug, &own).await;
    let found = line(&first).unwrap();
    // Reloaded, and gone back to: the same page, to nobody else, and with nothing of it in any address.
    for _ in 0..2 {
        assert_eq!(line(&minji.get(&path).await), Some(found.clone()));
        t.pass(TimeDelta::milliseconds(400));
    }
    let english = minji.clone().in_english().get(&path).await;
    assert!(english.body().contains(&own), "{}", english.body());
    assert!(!t.browser().get(&path).await.body().contains(&own));
    assert!(!minji.get("/sent").await.body().contains(&own), "another page answers nothing");
    // A storm asks once a second.
    t.pass(TimeDelta::seconds(1));
    minji.get(&path).await;
    t.pass(TimeDelta::milliseconds(1));
    let asked = t.app.db.asked();
    for _ in 0..9 {
        assert_eq!(line(&minji.get(&path).await), Some(found.clone()));
    }
    assert_eq!(t.app.db.asked(), asked);
    // A mistake is said at once, and what was answered stays answered; another receipt is another answer, in the same second.
    let wrong = minji.post(&path, &[("receipt", "x")]).await;
    assert_eq!(wrong.wrong_fields(), ["receipt"]);
    assert_eq!(line(&minji.get(&path).await), Some(found.clone()));
    let second = look(&mut minji, &round.slug, &other).await;
    assert!(second.body().contains(&other) && !second.body().contains(&own), "{}", second.body());
    // After ten minutes it is a form again.
    t.pass(TimeDelta::minutes(10));
    let page = minji.get(&path).await;
    assert!(line(&page).is_none() && !page.body().contains(&other), "{}", page.body());
}

async fn a_round_that_was_called_off_says_so(engine: Engine) {
    use jebi::lifecycle::{announce::Staff, void::void};

    let (t, round) = TestApp::open(engine).await;
    void(&t.app, &round, "정전", &Staff::new("kim", "lee"), t.now()).await.unwrap();
    t.app.rounds.forget();
    let page = look(&mut t.browser(), &round.slug, "0000-0000-0000-0000").await;
    assert!(page.status == StatusCode::OK && !page.body().contains("id=\"receipt\""), "{}", page.body());
}
