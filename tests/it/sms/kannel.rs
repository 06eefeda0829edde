//! Texts through Kannel to its centre, and the centre's reports back.

use std::time::Duration;

use entities::attempt;
use jebi::{
    config::{self, Secret},
    notify::{
        outcome::Outcome,
        sms::{Kannel, KannelConfig, Numbers, Sms, SmsVendor as _},
        vendor::Vendor,
    },
};
use sea_orm::EntityTrait;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::mpsc,
    time,
};

use super::{NOTICE, PASSWORD, gateway::Gateway, text, word};
use crate::support::{Engine, TestApp};

/// From the outbox through a real Kannel to its centre, and the centre's reports back to the live view's listener.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_kannel_reports_is_kept_with_its_text() {
    let gateway = Gateway::start().await;
    let _centre = gateway.centre().await;
    let (t, round) = TestApp::open(Engine::Sqlite).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let report_url = format!("http://{}/reports/kannel", listener.local_addr().unwrap());
    let site = jebi::web::live::router(t.app.clone());
    tokio::spawn(async move { axum::serve(listener, site).await });
    let config = config::Sms {
        from: "0556501234".into(),
        per_second: 1_000,
        kannel: Some(config::sms::Kannel {
            url: gateway.config().url,
            username: "jebi".into(),
            password: Some(Secret::new(PASSWORD)),
            report_url: Some(report_url.clone()),
            per_second: 1_000,
            ..Default::default()
        }),
        ..Default::default()
    };
    let vendor = Vendor::sms(&config, &t.app.config.municipality).await.unwrap();
    crate::outbox::codes(&t, round.id, 3).await;
    assert_eq!(t.send_by(&t.app, &vendor).await, 3);
    let attempts = async || attempt::Entity::find().all(t.db()).await.unwrap();
    for _ in 0..400 {
        if attempts().await.iter().all(|one| one.delivered_at.is_some()) {
            break;
        }
        time::sleep(Duration::from_millis(50)).await;
    }
    let made = attempts().await;
    assert!(made.len() == 3 && made.iter().all(|one| one.delivered_at.is_some()), "{made:?}");
    // Late, twice or made up: nothing changes.
    let known = made[0].reference.clone().unwrap();
    for (reference, kind, status) in
        [(known.as_str(), 1, 204), (&known, 2, 204), ("1-0000000000000000", 2, 404), ("x", 2, 404)]
    {
        let said = reqwest::get(format!("{report_url}?reference={reference}&kind={kind}")).await.unwrap();
        assert_eq!(said.status().as_u16(), status, "{reference}");
    }
    assert_eq!(attempts().await, made);
    assert!(t.notices().await.iter().all(|notice| notice.state == "accepted"));
}

#[tokio::test]
async fn a_text_reaches_the_centre_as_it_was_written_and_is_reported() {
    let gateway = Gateway::start().await;
    let mut centre = gateway.centre().await;
    let (report_url, mut reports) = report_listener().await;
    let config = KannelConfig { report_url: Some(report_url), ..gateway.config() };
    let kannel = Sms::Kannel(Kannel::new(config.clone()).unwrap());

    assert_eq!(kannel.name(), "kannel");
    assert_eq!(
        kannel.send(&text(NOTICE)).await,
        Outcome::Accepted { reference: Some("r1/e1.result".into()) }
    );
    assert_eq!(centre.next().await, ("+821012345678".to_owned(), NOTICE.to_owned()));
    // Kannel's number 8 is "taken by the centre", 1 is "delivered".
    for kind in ["8", "1"] {
        let report = time::timeout(Duration::from_secs(20), reports.recv()).await.unwrap().unwrap();
        assert!(report.contains(&format!("/report?id=r1%2Fe1.result&type={kind} ")), "{report}");
    }

    let korean = KannelConfig { numbers: Numbers::Korean, ..gateway.config() };
    let outcome = Kannel::new(korean).unwrap().send(&text("두 줄\n입니다")).await;
    assert_eq!(word(&outcome), "accepted");
    assert_eq!(centre.next().await, ("01012345678".to_owned(), "두 줄\n입니다".to_owned()));

    let long = "가나다라마바사아자차카타파하".repeat(10);
    assert_eq!(word(&kannel.send(&text(&long)).await), "accepted");
    let mut parts = String::new();
    for _ in 0..3 {
        parts += &centre.next().await.1;
    }
    assert_eq!(parts, long);
    let log = std::fs::read_to_string(gateway.folder.path().join("smsbox-access.log")).unwrap();
    assert!(!log.contains("p&s") && !log.contains("password"), "the password is in Kannel's access log");
}

#[tokio::test]
async fn a_gateway_in_trouble_is_told_from_a_bad_number() {
    let gateway = Gateway::start().await;
    let kannel = Kannel::new(gateway.config()).unwrap();

    // The link to the carrier is not up yet: Kannel keeps the text and delivers it later.
    assert_eq!(word(&kannel.send(&text("먼저")).await), "accepted");
    let mut centre = gateway.centre().await;
    assert_eq!(centre.next().await.1, "먼저");

    let wrong = KannelConfig { password: Secret::new("wrong"), ..gateway.config() };
    let refused = Kannel::new(wrong).unwrap().send(&text(NOTICE)).await;
    assert_eq!(refused, Outcome::Hold { reason: "403: Authorization failed for sendsms".into() });

    let missing =
        KannelConfig { url: format!("http://127.0.0.1:{}/elsewhere", gateway.send), ..gateway.config() };
    assert_eq!(word(&Kannel::new(missing).unwrap().send(&text(NOTICE)).await), "hold");

    gateway.admin("stop-smsc").await;
    gateway.until("the stop", |status| status.contains("(dead")).await;
    let stopped = kannel.send(&text(NOTICE)).await;
    assert_eq!(stopped, Outcome::Hold { reason: "403: Not routable. Do not try again.".into() });
}

/// An HTTP listener for delivery reports: gives the request line of each.
async fn report_listener() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url =
        format!("http://127.0.0.1:{}/report?id={{reference}}&type=%d", listener.local_addr().unwrap().port());
    let (reports, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let reports = reports.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    if line.starts_with("GET ") {
                        let _ = reports.send(line.clone());
                    }
                    if line.trim().is_empty() {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
                    }
                    line.clear();
                }
            });
        }
    });
    (url, received)
}
