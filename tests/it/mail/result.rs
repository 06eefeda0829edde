//! A result in three parts: text, page and calendar.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use jebi::{
    config::{Dkim, Mail},
    notify::{
        invite::{self, Version},
        message::Message,
        smtp::{Outgoing, Smtp, SmtpConfig},
        tag::{self, Purpose},
    },
    words::Lang,
};

use super::{everything, key};
use crate::{
    peer::{SmtpPeer, read_mail},
    support::{Engine, TestApp, both},
};

both!(a_result_comes_in_three_parts_and_can_be_kept_in_a_calendar);

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
    let message =
        Message::Withdrawn { title: "통영사랑상품권".to_owned(), receipt: told.about.clone() };
    let version = Version { sequence: 9_000, stamped_at: t.now(), had_place: true };
    let from = "제비 <jebi@tongyeong.example>".parse().unwrap();
    let mail = Outgoing { calendar: invite::calendar(&message, Lang::Ko, version), ..everything() };
    Smtp::new(SmtpConfig::plain("127.0.0.1", peer.port, from)).unwrap().send(&mail).await;
    let gone = peer.mails().pop().unwrap();
    let read = read_mail(&gone.raw, &[]).await;
    let cancelled = &read["event"];
    assert_eq!((&cancelled["uid"], &cancelled["method"]), (&event["uid"], &"CANCEL".into()));
    assert_eq!((&cancelled["status"], &read["event_method"]), (&"CANCELLED".into(), &"CANCEL".into()));
    assert!(cancelled["sequence"].as_i64() > event["sequence"].as_i64(), "{cancelled} after {event}");
}
