//! One click ends mail, and a code tells whether a notice is ours.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use chrono::TimeDelta;
use entities::unmailed;
use jebi::notify::tag::{self, Purpose};
use sea_orm::EntityTrait;

use crate::support::{Engine, TestApp, both};

both!(one_click_ends_mail_and_nothing_else, nobody_can_unsubscribe_others_or_guess_a_notice);

async fn one_click_ends_mail_and_nothing_else(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 2).await;
    t.send().await;
    let told = t.mailbox.messages_for("r0@example.org").remove(0);
    let path = told.unsubscribe.strip_prefix(&t.app.config.public_url).unwrap().to_owned();
    // A scanner follows the link: nothing happens.
    let mut scanner = t.browser();
    let page = scanner.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body().contains("신청 취소가 아닙니다"), "{}", page.body());
    assert!(unmailed::Entity::find().all(t.db()).await.unwrap().is_empty());
    assert!(t.browser().in_english().get(&path).await.body().contains("does not withdraw"));
    // A mailbox posts for its owner: no cookie, no token, no redirect.
    for _ in 0..2 {
        let mut mailbox = t.browser();
        mailbox.csrf = String::new();
        let done = mailbox.post(&path, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body());
        assert!(done.body().contains("더 보내지 않습니다"), "{}", done.body());
    }
    let stopped = unmailed::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(stopped.iter().map(|row| row.cause.as_str()).collect::<Vec<_>>(), ["asked"]);
    // The entry takes part as before; its result leaves by no mail and is not called sent.
    let entries = t.entries(&round).await;
    assert!(entries.iter().all(|entry| entry.withdrawn_at.is_none()));
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    assert_eq!(t.mailbox.messages_for("r0@example.org").len(), 1);
    assert_eq!(t.mailbox.messages_for("r1@example.org").len(), 2);
    let states: BTreeMap<String, String> = t
        .notices()
        .await
        .into_iter()
        .filter(|notice| notice.reason == "result")
        .map(|notice| (notice.about, notice.state))
        .collect();
    assert_ne!(states[&stopped[0].receipt], "accepted");
    assert_eq!(states.values().filter(|state| *state == "accepted").count(), 1);
    // And it can be taken back.
    let mut owner = t.browser();
    let again = owner.get(&path).await;
    assert!(again.body().contains("다시 이메일로 받기"));
    assert_eq!(owner.post(&path, &[("again", "yes")]).await.to(), path);
    let done = owner.get(&path).await;
    assert!(done.body().contains("이메일을 그만 받으시겠습니까"), "{}", done.body());
    assert!(unmailed::Entity::find().all(t.db()).await.unwrap().is_empty());
    // By the button of the page: the same, and read again it sends nothing.
    for _ in 0..2 {
        assert_eq!(owner.post(&path, &[]).await.to(), path);
        assert!(owner.get(&path).await.body().contains("더 보내지 않습니다"));
    }
    assert_eq!(unmailed::Entity::find().all(t.db()).await.unwrap().len(), 1);
    owner.post(&path, &[("again", "yes")]).await.to();
    // The other way to write a form that RFC 8058 allows.
    let form =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let request = t.browser().request(Method::POST, &path);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    let done = t.browser().send(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body());
    assert_eq!(unmailed::Entity::find().all(t.db()).await.unwrap().len(), 1);
}

async fn nobody_can_unsubscribe_others_or_guess_a_notice(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 2).await;
    let mut resident = t.stranger_at(&round.slug, "r0@example.org");
    resident.ask("my").await;
    t.send().await;
    let notices = t.notices().await;
    let one = notices.iter().find(|notice| notice.reason == "entered").unwrap();
    let code_mail = notices.iter().find(|notice| notice.reason == "code").unwrap();
    let keys = &t.app.keys;
    for wrong in [
        tag::tag(keys, Purpose::Bounce, one.id),
        tag::tag(keys, Purpose::Unsubscribe, code_mail.id),
        tag::tag(keys, Purpose::Unsubscribe, 999),
        format!("{}.{}", one.id, "0".repeat(20)),
    ] {
        let answer = t.browser().post(&format!("/unsubscribe/{wrong}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert!(unmailed::Entity::find().all(t.db()).await.unwrap().is_empty());

    // A code from the notice is answered with the day; a wrong one in the same shape; neither names anybody.
    let code = tag::code(keys, one.id).unwrap();
    let told = t.mailbox.messages_for("r0@example.org");
    assert!(
        told.iter().any(|mail| mail.body.contains(&code))
            || t.mailbox.messages_for("r1@example.org")[0].body.contains(&code)
    );
    let mut browser = t.browser();
    assert_eq!(browser.get("/sent").await.status, StatusCode::OK);
    assert_eq!(browser.post("/sent", &[("code", &code.to_lowercase())]).await.to(), "/sent");
    let yes = browser.get("/sent").await;
    assert_eq!(browser.get("/sent").await.bytes, yes.bytes, "read again");
    assert!(
        !t.browser().get("/sent").await.body().contains("저희가 보낸 알림입니다"),
        "nobody else is answered"
    );
    assert!(
        yes.body().contains("저희가 보낸 알림입니다") && yes.body().contains("11월 23일(월)"),
        "{}",
        yes.body()
    );
    assert!(!yes.body().contains(&one.about) && !yes.body().contains("example.org"));
    let of_code = tag::code(keys, code_mail.id).unwrap();
    let unsent = tag::code(keys, 999).unwrap();
    for wrong in [of_code.as_str(), &unsent, "0000-0000", "nonsense", "7K3M-9QXU"] {
        assert_eq!(browser.post("/sent", &[("code", wrong)]).await.to(), "/sent");
        let no = browser.get("/sent").await;
        assert!(no.body().contains("저희가 보낸 알림이 아닙니다"), "{wrong}: {}", no.body());
        let shape = |body: &str| ["<dt>", "<h2", "<form", "<li>"].map(|piece| body.matches(piece).count());
        assert_eq!(shape(no.body()), shape(yes.body()), "{wrong}");
    }
    // Whoever guesses is stopped, and everybody else a minute later is not.
    let mut answer = browser.post("/sent", &[("code", "AAAA-AAAA")]).await;
    for _ in 0..400 {
        if answer.status != StatusCode::SEE_OTHER {
            break;
        }
        answer = browser.post("/sent", &[("code", "AAAA-AAAA")]).await;
    }
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    t.pass(TimeDelta::minutes(1));
    assert_eq!(browser.post("/sent", &[("code", &code)]).await.to(), "/sent");
    // An empty form is no question.
    assert_eq!(browser.post("/sent", &[("code", " ")]).await.to(), "/sent");
    assert!(!browser.get("/sent").await.body().contains("저희가 보낸 알림입니다"));
}
