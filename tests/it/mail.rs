//! Mails as others see them: signed, in three parts, unwanted, or sent back by a real mail server.

use std::{collections::BTreeMap, path::Path, process::Command, time::Duration};

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use entities::{dead_address, notice, unmailed};
use jebi::{
    clock::Clock,
    config::{Dkim, Mail},
    domain::{draft::Draft, roster::MatchBy},
    lifecycle,
    notify::{
        bounce::{self, Followed},
        invite::{self, Version},
        letter::Words,
        outcome::Outcome,
        smtp::{self, Outgoing, Smtp, SmtpConfig},
        tag::{self, Purpose},
    },
    store::notice::{Ask, Ending, Outcome as Settled},
    words::Lang,
};
use sea_orm::EntityTrait;

use crate::{
    peer::{Postfix, SmtpPeer, read_mail},
    roster::imported,
    support::{Engine, TestApp, both, verified},
};

both!(
    a_result_comes_in_three_parts_and_can_be_kept_in_a_calendar,
    one_click_ends_mail_and_nothing_else,
    nobody_can_unsubscribe_others_or_guess_a_notice,
    a_mail_that_comes_back_is_read_and_ends_mail_to_that_address,
    a_mended_mailbox_is_written_to_again_also_by_a_roster,
    only_a_return_path_of_ours_is_believed,
    a_mail_that_comes_back_at_once_is_not_called_delivered_by_its_sender,
    a_round_speaks_in_its_own_words_and_in_the_usual_ones_when_they_are_broken,
    words_of_the_draft_hold_from_the_beginning_and_the_journal_has_their_digest,
);

fn openssl(folder: &Path, words: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A key as the documentation says to make it, and what DNS would hold.
fn key(folder: &Path, kind: &str) -> (String, (String, String)) {
    let bits: &[&str] = if kind == "rsa" { &["-pkeyopt", "rsa_keygen_bits:2048"] } else { &[] };
    let file = format!("{kind}.pem");
    openssl(folder, &[&["genpkey", "-algorithm", kind, "-out", &file], bits].concat());
    let public = openssl(folder, &["pkey", "-in", &file, "-pubout", "-outform", "DER"]);
    // RFC 8463 section 4: of an Ed25519 key the 32 bytes alone.
    let public = if kind == "rsa" { public } else { public[public.len() - 32..].to_vec() };
    let record = format!("v=DKIM1; k={kind}; p={}", BASE64_STANDARD.encode(public));
    let pem = std::fs::read_to_string(folder.join(file)).unwrap();
    (pem, (format!("{kind}._domainkey.tongyeong.example"), record))
}

fn everything() -> Outgoing {
    Outgoing {
        to: "kim@example.org".into(),
        subject: "[통영시] 구매 시간이 정해졌습니다".into(),
        body: "11월 24일(화) 10:00부터  구매하실 수 있습니다. \n\n.\n통영시\n".into(),
        html: Some("<p>11월 24일(화) 10:00부터</p>".into()),
        unsubscribe: Some("https://jebi.tongyeong.example/unsubscribe/7.0f1e2d".into()),
        message_id: "<r1.result@tongyeong.example>".into(),
        ..Outgoing::default()
    }
}

#[tokio::test]
async fn a_stranger_verifies_our_signature_and_sees_what_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start("accept", &[]).await;
    let mut records = Vec::new();
    for kind in ["rsa", "ed25519"] {
        let (pem, record) = key(folder.path(), kind);
        records.push(record);
        let mut config =
            SmtpConfig::plain("127.0.0.1", peer.port, "통영시 <notice@tongyeong.example>".parse().unwrap());
        config.dkim = Some(smtp::Dkim::new(kind, "tongyeong.example", &pem).unwrap());
        let smtp = Smtp::new(config).unwrap();
        for mail in [everything(), Outgoing { html: None, unsubscribe: None, ..everything() }] {
            let outcome = smtp.send(&mail).await;
            assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        }
    }
    let mails = peer.mails();
    assert_eq!(mails.len(), 4);
    for mail in &mails {
        let read = read_mail(&mail.raw, &records).await;
        assert_eq!(read["signed"], true, "{read}");
        assert_eq!(read["defects"].as_array().unwrap().len(), 0, "{read}");
        assert_eq!(read_mail(&mail.raw, &[]).await["signed"], false, "without a key there is no proof");
    }
    // Negative controls: each of these was changed on the way, and each must be noticed.
    for mail in [&mails[0], &mails[2]] {
        let text = String::from_utf8(BASE64_STANDARD.decode(&mail.raw).unwrap()).unwrap();
        for (was, becomes) in [
            ("/unsubscribe/7.0f1e2d", "/unsubscribe/8.0f1e2d"),
            ("List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Clicks"),
            ("kim@example.org", "lee@example.org"),
            ("r1.result@", "r2.result@"),
            ("multipart/alternative", "multipart/mixed"),
            ("Date: Thu, 01 Jan 1970", "Date: Thu, 01 Jan 1971"),
        ] {
            assert!(text.contains(was), "{was} is not in {text}");
            let changed = BASE64_STANDARD.encode(text.replace(was, becomes));
            assert_ne!(read_mail(&changed, &records).await["signed"], true, "{was} was changed unnoticed");
        }
        // What a mail did not have cannot be added where it is protected.
    }
    let bare = String::from_utf8(BASE64_STANDARD.decode(&mails[1].raw).unwrap()).unwrap();
    let added = format!("List-Unsubscribe: <https://elsewhere.example/>\r\n{bare}");
    assert_ne!(read_mail(&BASE64_STANDARD.encode(added), &records).await["signed"], true);
}

#[test]
fn a_key_that_cannot_sign_is_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let make = |words: &[&str]| {
        openssl(folder.path(), &[words, &["-out", "k.pem"]].concat());
        std::fs::read_to_string(folder.path().join("k.pem")).unwrap()
    };
    let refused = |pem: &str| smtp::Dkim::new("s", "d.example", pem).unwrap_err();
    let short = make(&["genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024"]);
    assert_eq!(refused(&short), smtp::DkimError::Short);
    let curve = make(&["genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    assert_eq!(refused(&curve), smtp::DkimError::Kind);
    assert_eq!(refused("nothing"), smtp::DkimError::Pem);
    openssl(folder.path(), &["genrsa", "-traditional", "-out", "old.pem", "2048"]);
    let old = std::fs::read_to_string(folder.path().join("old.pem")).unwrap();
    assert!(old.contains("BEGIN RSA") && smtp::Dkim::new("s", "d.example", &old).is_ok());
    assert_eq!(smtp::Dkim::new("s; v", "d.example", &old).unwrap_err(), smtp::DkimError::Name);
}

async fn a_result_comes_in_three_parts_and_can_be_kept_in_a_calendar(engine: Engine) {
    let keys = tempfile::tempdir().unwrap();
    let (_, record) = key(keys.path(), "rsa");
    let peer = SmtpPeer::start("accept", &[]).await;
    let t = TestApp::start_with(engine, |config| {
        config.public_url = "https://jebi.tongyeong.example".to_owned();
        let mail = config.mail.as_mut().unwrap();
        *mail = Mail {
            return_path: Some("bounce@back.tongyeong.example".to_owned()),
            dkim: Some(Dkim { selector: "rsa".into(), domain: None, key_file: keys.path().join("rsa.pem") }),
            ..mail.clone()
        };
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    let vendor = t.vendor_at(peer.port);
    t.entered(&round, 1).await;
    t.send_by(&t.app, &vendor).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until_by(&t.app, &vendor, round.results_at + TimeDelta::hours(6)).await;
    let mails = peer.mails();
    let [entered, result] = &mails[..] else { panic!("{} mails", mails.len()) };
    assert!(!entered.body.contains("http") && !result.body.contains("http"), "no link in a text");

    let read = read_mail(&result.raw, std::slice::from_ref(&record)).await;
    assert_eq!((&read["signed"], &read["defects"]), (&true.into(), &serde_json::json!([])), "{read}");
    let kinds = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"];
    assert_eq!(read["kinds"], serde_json::json!(kinds));
    let notices = t.notices().await;
    let told = notices.iter().find(|notice| notice.reason == "result").unwrap();
    let (plain, html) = (read["plain"].as_str().unwrap(), read["html"].as_str().unwrap());
    let code = tag::code(&t.app.keys, told.id).unwrap();
    for fact in ["250,000원", told.about.as_str(), code.as_str(), "055-000-0000"] {
        assert!(plain.contains(fact) && html.contains(fact), "{fact}");
    }
    for remote in ["http", "src=", "href=", "url(", "<script", "<img", "<form"] {
        assert!(!html.contains(remote), "{remote} in {html}");
    }
    let place = jebi::store::assignment::list_by_rank(t.db(), round.id).await.unwrap().remove(0);
    let starts_at = place.starts_at.unwrap();
    let event = &read["event"];
    assert_eq!(event["uid"], told.about);
    assert_eq!(event["start"], starts_at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    assert_eq!((&event["method"], &read["event_method"]), (&"PUBLISH".into(), &"PUBLISH".into()));
    assert_eq!(event["alarms"], serde_json::json!([-1800.0]));
    assert_eq!(event["stamp"], told.planned_at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    assert!(event["summary"].as_str().unwrap().contains("250,000원"), "{event}");
    let headers: BTreeMap<String, String> =
        serde_json::from_value::<Vec<(String, String)>>(read["headers"].clone())
            .unwrap()
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect();
    let unsubscribe = tag::tag(&t.app.keys, Purpose::Unsubscribe, told.id);
    assert_eq!(
        headers["list-unsubscribe"],
        format!("<https://jebi.tongyeong.example/unsubscribe/{unsubscribe}>")
    );
    assert_eq!(headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    let bounce = tag::tag(&t.app.keys, Purpose::Bounce, told.id);
    assert_eq!(result.from, format!("bounce+{bounce}@back.tongyeong.example"));

    // The place is given back: the appointment goes.
    let words = Words::Withdrawn { title: "통영사랑상품권".to_owned(), receipt: told.about.clone() };
    let version = Version { sequence: 9_000, stamped_at: t.now(), had_place: true };
    let from = "제비 <jebi@tongyeong.example>".parse().unwrap();
    let mail = Outgoing { calendar: invite::calendar(&words, Lang::Ko, version), ..everything() };
    Smtp::new(SmtpConfig::plain("127.0.0.1", peer.port, from)).unwrap().send(&mail).await;
    let gone = peer.mails().pop().unwrap();
    let read = read_mail(&gone.raw, &[]).await;
    let cancelled = &read["event"];
    assert_eq!((&cancelled["uid"], &cancelled["method"]), (&event["uid"], &"CANCEL".into()));
    assert_eq!((&cancelled["status"], &read["event_method"]), (&"CANCELLED".into(), &"CANCEL".into()));
    assert!(cancelled["sequence"].as_i64() > event["sequence"].as_i64(), "{cancelled} after {event}");
}

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

const RETURN_PATH: &str = "bounce@back.tongyeong.example";

async fn with_return_path(engine: Engine) -> (TestApp, entities::round::Model) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().return_path = Some(RETURN_PATH.to_owned());
    })
    .await;
    let round = t.announced(t.draft(100)).await;
    t.jump(round.opens_at);
    (t, round)
}

/// jebi hands a mail to a real Postfix, the mailbox's own server refuses it, and Postfix writes its report to
/// the return path: what `jebi bounce` is given in production.
async fn a_mail_that_comes_back_is_read_and_ends_mail_to_that_address(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    let far = SmtpPeer::start("accept", &[]).await;
    let postfix = Postfix::start(far.port).await;
    let mut good = t.resident(&round.slug, "good@example.org").await;
    good.enter(250_000, &["am"]).await;
    let mut bad = t.resident(&round.slug, "bad.minji@example.org").await;
    bad.enter(250_000, &["am"]).await;
    t.tick().await;
    assert_eq!(t.send_by(&t.app, &t.vendor_at(postfix.port)).await, 2);
    // Both are accepted by our own server: only later does the other one say no.
    let all = |state: &'static str| move |notice: &notice::Model| notice.state == state;
    assert!(t.notices().await.iter().all(all("accepted")));
    let mut report = None;
    for _ in 0..300 {
        report = far.mails().into_iter().find(|mail| mail.to[0].starts_with("bounce+"));
        if report.is_some() {
            break;
        }
        Clock::pause(Duration::from_millis(100)).await;
    }
    let report = report.expect("Postfix wrote no report");
    let message = BASE64_STANDARD.decode(&report.raw).unwrap();
    assert!(report.from.trim_matches(['<', '>']).is_empty(), "a report has no sender: {}", report.from);
    // Postfix hands the envelope's recipient to a pipe; without it the report's own To is looked at.
    assert_eq!(
        bounce::read(&t.app, &message, Some(&report.to[0]), t.now()).await.unwrap(),
        Followed::Undelivered { hard: true }
    );
    assert_eq!(bounce::read(&t.app, &message, None, t.now()).await.unwrap(), Followed::Known);
    let notices = t.notices().await;
    let undelivered: Vec<_> = notices.iter().filter(|notice| notice.state == "undelivered").collect();
    assert_eq!((undelivered.len(), undelivered[0].reason.as_str()), (1, "entered"));
    let stopped = unmailed::Entity::find().all(t.db()).await.unwrap();
    assert_eq!((stopped.len(), stopped[0].cause.as_str()), (1, "bounced"));
    assert_eq!(stopped[0].receipt, undelivered[0].about);
    assert_eq!(dead_address::Entity::find().all(t.db()).await.unwrap().len(), 1);
    // The result is not mailed there again, and counts as told to nobody.
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    let results: Vec<_> = t.notices().await.into_iter().filter(|notice| notice.reason == "result").collect();
    let told: BTreeMap<_, _> = results.into_iter().map(|notice| (notice.about, notice.state)).collect();
    assert_ne!(told[&stopped[0].receipt], "accepted");
    assert_eq!(told.values().filter(|state| *state == "accepted").count(), 1);
    // Somebody who has mended their mailbox proves it with a code.
    let mut mended = t.stranger_at(&round.slug, "bad.minji@example.org");
    mended.identify(&t, "my").await;
    assert!(dead_address::Entity::find().all(t.db()).await.unwrap().is_empty());
}

/// What a mail server writes to a return path.
fn report(to: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nno\r\n--B\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; r0@example.org\r\nAction: failed\r\nStatus: {status}\r\n\r\n--B--\r\n"
    )
}

async fn only_a_return_path_of_ours_is_believed(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    t.entered(&round, 1).await;
    t.send().await;
    let notice = t.notices().await.remove(0);
    let path = |tag: &str| format!("bounce+{tag}@back.tongyeong.example");
    let ours = path(&tag::tag(&t.app.keys, Purpose::Bounce, notice.id));
    for forged in [
        path(&format!("{}.{}", notice.id, "0".repeat(20))),
        path(&tag::tag(&t.app.keys, Purpose::Unsubscribe, notice.id)),
        ours.replace("back.", "fake."),
        RETURN_PATH.to_owned(),
    ] {
        let followed =
            bounce::read(&t.app, report(&forged, "5.1.1").as_bytes(), None, t.now()).await.unwrap();
        assert!(matches!(followed, Followed::Nothing(_)), "{forged}: {followed:?}");
    }
    assert_eq!(t.notices().await[0].state, "accepted");
    // A full mailbox is about today: undelivered, but the address lives.
    let followed = bounce::read(&t.app, report(&ours, "5.2.2").as_bytes(), None, t.now()).await.unwrap();
    assert_eq!(followed, Followed::Undelivered { hard: false });
    assert_eq!(t.notices().await[0].state, "undelivered");
    assert!(dead_address::Entity::find().all(t.db()).await.unwrap().is_empty());
    assert!(unmailed::Entity::find().all(t.db()).await.unwrap().is_empty());
}

/// In a round with a roster the receipt does not come from the address: it is known only once the roster is asked.
async fn a_mended_mailbox_is_written_to_again_also_by_a_roster(engine: Engine) {
    let t = TestApp::start_with(engine, |config| {
        config.mail.as_mut().unwrap().return_path = Some(RETURN_PATH.to_owned());
    })
    .await;
    let list =
        "이름,이메일,생년월일\n김민지,minji@example.org,1986-01-02\n김하늘,sky@example.org,1948-03-01\n";
    imported(&t, list, Some(MatchBy::Name)).await.unwrap();
    let round = t.announced(Draft { roster: Some("list".to_owned()), ..t.draft(100) }).await;
    t.jump(round.opens_at);
    let comes = async |address: &str, name: &str, birth: &str| {
        let mut comes = t.stranger_at(&round.slug, address);
        comes.identify(&t, "enter").await;
        comes.get("roster?purpose=enter").await;
        let who = [("purpose", "enter"), ("name", name), ("birth", birth)];
        assert_eq!(comes.post("roster", &who).await.to(), comes.path("details"));
        comes
    };
    let mut minji = comes("minji@example.org", "김민지", "1986-01-02").await;
    minji.enter(250_000, &["am"]).await;
    let mut sky = comes("sky@example.org", "김하늘", "1948-03-01").await;
    sky.enter(250_000, &["am"]).await;
    t.tick().await;
    t.send().await;
    for notice in t.notices().await.iter().filter(|notice| notice.reason == "entered") {
        let ours =
            format!("bounce+{}@back.tongyeong.example", tag::tag(&t.app.keys, Purpose::Bounce, notice.id));
        let followed = bounce::read(&t.app, report(&ours, "5.1.1").as_bytes(), None, t.now()).await.unwrap();
        assert_eq!(followed, Followed::Undelivered { hard: true });
    }
    assert_eq!(unmailed::Entity::find().all(t.db()).await.unwrap().len(), 2);
    t.pass(TimeDelta::minutes(1));
    // Who types the code reads the mail; whose entry that is the roster says. The other one's stays as it is.
    comes("minji@example.org", "김민지", "1986-01-02").await;
    let left = unmailed::Entity::find().all(t.db()).await.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].receipt, sky.mine().await.receipt());
    t.draw(&round).await;
    t.jump(round.results_at);
    t.send_until(round.results_at + TimeDelta::hours(8)).await;
    let told = t.mailbox.messages_for("minji@example.org");
    assert!(told.iter().any(|mail| mail.body.contains("11월 28일")), "{told:?}");
}

/// A dead mailbox's report may be read while the sender still waits for the slowest of its handful.
async fn a_mail_that_comes_back_at_once_is_not_called_delivered_by_its_sender(engine: Engine) {
    let (t, round) = with_return_path(engine).await;
    t.entered(&round, 1).await;
    let (db, now) = (&t.app.db, t.now());
    let until = now + TimeDelta::minutes(2);
    let ask = Ask { channel: "email", class: "notice", now, horizon: now, until, limit: 10 };
    let claimed = jebi::store::notice::claim(db, ask).await.unwrap();
    let held = jebi::store::notice::attempt(db, claimed, now, until).await.unwrap();
    let (notice_id, claim) = (held[0].id, held[0].claim);
    let ours = format!("bounce+{}@back.tongyeong.example", tag::tag(&t.app.keys, Purpose::Bounce, notice_id));
    let followed = bounce::read(&t.app, report(&ours, "5.1.1").as_bytes(), None, now).await.unwrap();
    assert_eq!(followed, Followed::Undelivered { hard: true });
    let outcome = Settled { notice_id, claim, outcome: "accepted", detail: None, ending: Ending::Accepted };
    for _ in 0..2 {
        jebi::store::notice::settle(db, std::slice::from_ref(&outcome), now).await.unwrap();
        assert_eq!(t.notices().await[0].state, "undelivered");
    }
}

/// Two people's words, set behind the command's checks where they are broken: as a restored or older database
/// might hold them.
async fn a_round_speaks_in_its_own_words_and_in_the_usual_ones_when_they_are_broken(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    let set = async |text: &str| {
        let txn = t.app.db.begin().await.unwrap();
        jebi::store::wording::set(&txn, round.id, text, "a, b", t.now()).await.unwrap();
        txn.commit().await.unwrap();
    };
    let own = "[[words]]\nreason = \"entered\"\nlang = \"ko\"\nsubject = \"{{ title }} 접수\"\nmail = ";
    set(&format!("{own}\"{{{{ receipt }}}} 접수했습니다.\"")).await;
    t.entered(&round, 1).await;
    t.send().await;
    let told = t.mailbox.messages_for("r0@example.org").remove(0);
    assert!(told.subject.ends_with(" 접수") && told.body.contains(" 접수했습니다."), "{told:?}");
    assert!(!told.body.contains("먼저 신청해도"), "the usual words are still there: {}", told.body);
    for by_code in ["055-000-0000", "통영시 누리집", "누를 링크가 없습니다", "확인번호: "]
    {
        assert!(told.body.contains(by_code), "{by_code} is added by code: {}", told.body);
    }
    // Each of these is refused by `jebi words set`.
    let broken = [format!("{own}\"{{{{ nothing }}}}\""), format!("{own}\"{{% for\""), "nonsense".to_owned()];
    for (broken, number) in broken.iter().zip(1..) {
        set(broken).await;
        t.entered(&round, number + 1).await;
        t.send().await;
        let told = t.mailbox.messages_for(&format!("r{number}@example.org"));
        assert!(told[0].body.contains("먼저 신청해도"), "{broken}: {told:?}");
    }
}

async fn words_of_the_draft_hold_from_the_beginning_and_the_journal_has_their_digest(engine: Engine) {
    let t = TestApp::start(engine).await;
    let mut draft = t.draft(100);
    let text = "[[words]]\nreason = \"entered\"\nlang = \"ko\"\nmail = \"{{ receipt }} 접수했습니다.\"\n";
    (draft.words, draft.words_text) = (Some("words.toml".to_owned()), Some(text.to_owned()));
    let round = t.announced(draft).await;
    let digest = public_audit::Digest::of(text.as_bytes());
    let worded = async || jebi::store::journal::list_kinds(t.db(), round.id, &["worded"]).await.unwrap();
    assert!(worded().await[0].line.ends_with(&format!(" worded {} digest={digest}", round.slug)));
    t.jump(round.opens_at);
    t.entered(&round, 2).await;
    t.send().await;
    assert!(t.mailbox.messages_for("r0@example.org")[0].body.contains(" 접수했습니다."));
    // Others two days later: the journal knows both, and the draw depends on neither.
    let txn = t.app.db.begin().await.unwrap();
    lifecycle::wording::set(&txn, &round, &text.replace("접수", "등록"), "a, b", t.now()).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(worded().await.len(), 2);
    t.draw(&round).await;
    t.jump(round.results_at);
    verified(&t, &round).await;
}
