//! The vendors' own formats, judged by what we did not write: SOLAPI's SDK and a stand-in that it accepts, Twilio's
//! published interface, an SMPP message centre. SENS has no second implementation: its test is one-sided.

mod peer;

pub use peer::{NodePeer, Prism};

use std::{process::Stdio, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jebi::{
    config::Secret,
    notify::{
        outcome::Outcome,
        sms::{
            Found, Sens, SensConfig, Smpp, SmppConfig, SmsVendor, Solapi, SolapiConfig, Text, Twilio,
            TwilioConfig,
        },
    },
};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{process::Command, sync::mpsc};

use crate::peer::{free_port, program};

const SENDER: &str = "0550000000";

fn text(number: &str, reference: &str, body: &str) -> Text {
    Text { to: number.into(), body: body.into(), reference: reference.into(), code: None }
}

/// What became of texts: the word, and whether for good.
fn words(outcomes: &[Outcome]) -> Vec<&'static str> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Rejected { permanent: true, .. } => "permanent",
        Outcome::Rejected { permanent: false, .. } => "later",
        Outcome::Stop { .. } => "stop",
        other => other.word(),
    };
    outcomes.iter().map(word).collect()
}

fn solapi(port: u16, secret: &str) -> Solapi {
    Solapi::new(SolapiConfig {
        url: format!("http://127.0.0.1:{port}"),
        key: "NCSKEY".into(),
        secret: Secret::new(secret),
        sender: SENDER.into(),
        timeout: Duration::from_secs(5),
    })
    .unwrap()
}

/// The stand-in is only worth something because the vendor's own SDK is content with it, and is refused for the
/// same faults.
#[tokio::test]
async fn solapis_own_sdk_accepts_the_stand_in() {
    let peer =
        NodePeer::start("solapi.mjs", json!({ "key": "NCSKEY", "secret": "S3CRET", "from": SENDER })).await;
    let sdk = Command::new("node")
        .arg(program("sms").join("solapi_sdk.mjs"))
        .args([&peer.port.to_string(), "NCSKEY", "S3CRET", SENDER])
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    let seen: Value = serde_json::from_slice(&sdk.stdout).unwrap();
    assert_eq!(seen["sent"], json!({ "total": 2, "failed": 0, "codes": ["2000", "2000"] }));
    assert_eq!(seen["listed"], json!([["[제비] 인증번호 123456", "sdk.1"]]));
    assert_eq!(seen["balance"], 1_000_000);
    assert_eq!((&seen["wrong"], &seen["unregistered"]), (&json!("SignatureDoesNotMatch"), &json!(["1062"])));
}

#[tokio::test]
async fn solapi_takes_a_batch_and_is_asked_for_what_it_took() {
    let fail = json!({ "01000000001": "1026", "01000000002": "1030" });
    let options = json!({ "key": "NCSKEY", "secret": "S3CRET", "from": SENDER, "fail": fail });
    let peer = NodePeer::start("solapi.mjs", options).await;
    let solapi = solapi(peer.port, "S3CRET");
    let long = "가".repeat(60);
    let batch = [
        text("+821012345678", "r.1", "[제비] 인증번호 123456"),
        text("+821012345678", "r.2", &long),
        text("+821000000001", "r.3", "하나"),
        text("+821000000002", "r.4", "둘"),
    ];
    let began = Utc::now();
    let outcomes = solapi.send_batch(&batch).await;
    assert_eq!(words(&outcomes), ["accepted", "accepted", "permanent", "stop"]);
    // Each has its own number, and the list names ours.
    let Found::Taken(Some(number)) = solapi.find(&batch[1], began).await else { panic!("not found") };
    assert_eq!(outcomes[1], Outcome::Accepted { reference: Some(number.clone()) });
    assert_eq!(solapi.find(&batch[3], began).await, Found::Missing);
    assert_eq!(solapi.find(&text("+821012345678", "r.9", "x"), began).await, Found::Missing);
    let reports = solapi.reports(began - TimeDelta::minutes(1)).await.unwrap();
    assert!(reports.iter().any(|report| report.reference == number && report.delivered_at.is_some()));
    assert_eq!(solapi.balance().await, Some(1_000_100.0));
    // A wrong secret is about the account, not about this resident.
    let wrong = self::solapi(peer.port, "other");
    assert_eq!(words(&wrong.send_batch(&batch[..2]).await), ["stop", "stop"]);
    assert!(matches!(wrong.find(&batch[0], began).await, Found::Silent(_)));
    let gone = self::solapi(free_port(), "S3CRET");
    assert_eq!(words(&gone.send_batch(&batch[..1]).await), ["hold"]);
}

#[tokio::test]
async fn solapi_that_took_it_and_fell_silent_is_unknown_until_it_is_asked() {
    let options = json!({ "key": "NCSKEY", "secret": "S3CRET", "from": SENDER, "silent": 1.0 });
    let peer = NodePeer::start("solapi.mjs", options).await;
    let solapi = Solapi::new(SolapiConfig {
        url: format!("http://127.0.0.1:{}", peer.port),
        key: "NCSKEY".into(),
        secret: Secret::new("S3CRET"),
        sender: SENDER.into(),
        timeout: Duration::from_millis(500),
    })
    .unwrap();
    let (one, began) = (text("+821012345678", "r.1", "하나"), Utc::now());
    assert_eq!(words(&[solapi.send(&one).await]), ["unknown"]);
    assert!(matches!(solapi.find(&one, began).await, Found::Taken(Some(_))));
}

#[tokio::test]
async fn twilios_published_interface_accepts_our_requests() {
    let prism = Prism::start().await;
    let account = format!("AC{}", "0".repeat(32));
    let config = TwilioConfig {
        url: format!("http://127.0.0.1:{}", prism.port),
        account: account.clone(),
        token: Secret::new("token"),
        sender: "+15005550006".into(),
        timeout: Duration::from_secs(10),
    };
    let twilio = Twilio::new(config.clone()).unwrap();
    let one = text("+821012345678", "r.1", "[제비] 인증번호 123456");
    let sent = twilio.send(&one).await;
    let example = Some(format!("SM{}", "a".repeat(32)));
    assert_eq!(sent, Outcome::Accepted { reference: example });
    let service = TwilioConfig { sender: format!("MG{}", "0".repeat(32)), ..config.clone() };
    assert_eq!(words(&[Twilio::new(service).unwrap().send(&one).await]), ["accepted"]);
    // The examples of the description are of other texts.
    assert_eq!(twilio.find(&one, Utc::now()).await, Found::Missing);
    // That it validates: an account that is none, and no login.
    let wrong = TwilioConfig { account: "AC1".into(), ..config };
    assert_eq!(words(&[Twilio::new(wrong).unwrap().send(&one).await]), ["hold"]);
    let url = format!("http://127.0.0.1:{}/2010-04-01/Accounts/{account}/Messages.json", prism.port);
    let bare = reqwest::Client::new().post(url).form(&[("To", "+821012345678")]).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED.as_u16());
}

fn smpp(port: u16, password: &str, timeout: Duration) -> Smpp {
    Smpp::new(SmppConfig {
        host: "127.0.0.1".into(),
        port,
        system_id: "jebi".into(),
        password: Secret::new(password),
        sender: SENDER.into(),
        timeout,
    })
}

#[tokio::test]
async fn a_message_centre_gets_hangul_in_parts_and_sends_receipts() {
    let refuse = json!({ "01000000001": 0x0B, "01000000002": 0x0A, "01000000003": 0x58 });
    let options = json!({ "system_id": "jebi", "password": "s3cret", "refuse": refuse });
    let mut centre = NodePeer::start("smsc.mjs", options).await;
    let smpp = smpp(centre.port, "s3cret", Duration::from_secs(5));
    let short = "[제비] 11월 24일(화) 10:00에 구매하실 수 있습니다.";
    assert_eq!(
        smpp.send(&text("+821012345678", "r.1", short)).await,
        Outcome::Accepted { reference: Some("1".into()) }
    );
    let seen = centre.saw().await;
    // UCS-2, no special mode, a receipt wanted.
    assert_eq!(
        (&seen["to"], &seen["text"], &seen["esm_class"], &seen["data_coding"], &seen["receipt"]),
        (&json!("01012345678"), &json!(short), &json!(0), &json!(8), &json!(1))
    );
    let long: String = ('가'..='힣').step_by(70).take(150).filter(|c| jebi_carries(*c)).collect();
    assert_eq!(words(&[smpp.send(&text("+821012345678", "r.2", &long)).await]), ["accepted"]);
    let (mut whole, mut together) = (String::new(), Vec::new());
    while whole.chars().count() < long.chars().count() {
        let part = centre.saw().await;
        assert_eq!(part["esm_class"], 64);
        whole += part["text"].as_str().unwrap();
        let udh = part["udh"][0].as_str().unwrap().to_owned();
        together.push(udh[..udh.len() - 2].to_owned());
    }
    together.dedup();
    assert_eq!((whole, together.len()), (long, 1));
    let refused = [1, 2, 3].map(|n| text(&format!("+82100000000{n}"), &format!("r.{n}"), "안녕"));
    assert_eq!(words(&smpp.send_batch(&refused).await), ["permanent", "stop", "hold"]);
    let mut reported = Vec::new();
    for _ in 0..200 {
        reported.extend(smpp.reports(Utc::now()).await.unwrap());
        if reported.iter().any(|report| report.reference == "1" && report.delivered_at.is_some()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no receipt: {reported:?}");
}

fn jebi_carries(c: char) -> bool {
    jebi::notify::sms::bytes::measure(&c.to_string()).is_ok()
}

#[tokio::test]
async fn a_message_centre_that_refuses_us_is_silent_or_gone() {
    let options = json!({ "system_id": "jebi", "password": "s3cret", "silent": true });
    let mut centre = NodePeer::start("smsc.mjs", options).await;
    let one = text("+821012345678", "r.1", "안녕");
    let wrong = smpp(centre.port, "wrong", Duration::from_secs(2));
    assert_eq!(words(&[wrong.send(&one).await]), ["stop"]);
    let silent = smpp(centre.port, "s3cret", Duration::from_millis(700));
    assert_eq!(words(&[silent.send(&one).await]), ["unknown"]);
    centre.saw().await;
    assert_eq!(silent.find(&one, Utc::now()).await, Found::Deaf);
    centre.kill().await;
    let gone = smpp(free_port(), "s3cret", Duration::from_secs(2));
    assert_eq!(words(&[gone.send(&one).await]), ["hold"]);
}

/// One request as SENS would get it.
#[derive(Debug)]
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Value,
}

/// What SENS' list says of the texts to a number, and what it says of one of them.
fn listed(path: &str) -> Value {
    let one = |id: &str| json!({ "requestId": "VORSSA-1", "messageId": id, "to": "01012345678" });
    let content = match path.rsplit('/').next() {
        Some("0-a") => "[제비] 인증번호 123456",
        Some("0-b") => "짧은 글",
        _ => return json!({ "messages": [one("0-a"), one("0-b")] }),
    };
    let mut one = one("0-a");
    one["content"] = json!(content);
    json!({ "messages": [one] })
}

/// One-sided: this only says that we send what the documentation asks for.
#[tokio::test]
async fn sens_gets_what_its_documentation_asks_for() {
    let (asked, mut asks) = mpsc::unbounded_channel();
    let answer = async |State(asked): State<mpsc::UnboundedSender<Asked>>,
                        method: Method,
                        uri: Uri,
                        headers: HeaderMap,
                        body: Bytes| {
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let (is_post, path) = (method == Method::POST, uri.path().to_owned());
        asked.send(Asked { method, uri, headers, body }).unwrap();
        match is_post {
            true => {
                (StatusCode::ACCEPTED, json!({ "requestId": "VORSSA-1", "statusCode": "202" }).to_string())
            }
            false => (StatusCode::OK, listed(&path).to_string()),
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(
        async move { axum::serve(listener, Router::new().fallback(answer).with_state(asked)).await },
    );
    let sens = Sens::new(SensConfig {
        url: format!("http://127.0.0.1:{port}"),
        service: "ncp:sms:kr:1:jebi".into(),
        key: "access".into(),
        secret: Secret::new("secret"),
        sender: SENDER.into(),
        timeout: Duration::from_secs(5),
    })
    .unwrap();
    let batch = [text("+821012345678", "r.1", "짧은 글"), text("+821087654321", "r.2", &"긴 글".repeat(30))];
    let taken = Outcome::Accepted { reference: Some("VORSSA-1".into()) };
    assert_eq!(sens.send_batch(&batch).await, [taken.clone(), taken]);
    assert_eq!(sens.find(&batch[0], Utc::now()).await, Found::Taken(Some("VORSSA-1".into())));
    // Others to the same number are not it: it may be sent again, or somebody is never told.
    let other = text("+821012345678", "r.3", "다른 글");
    assert_eq!(sens.find(&other, Utc::now()).await, Found::Missing);
    for (kind, to) in [("SMS", "01012345678"), ("LMS", "01087654321")] {
        let asked = asks.recv().await.unwrap();
        assert_eq!((&asked.body["type"], &asked.body["messages"][0]["to"]), (&json!(kind), &json!(to)));
        assert_eq!((&asked.body["from"], &asked.body["contentType"]), (&json!(SENDER), &json!("COMM")));
        signed(&asked, "POST");
    }
    let asked = asks.recv().await.unwrap();
    assert!(asked.uri.query().unwrap().contains("to=01012345678"), "{}", asked.uri);
    signed(&asked, "GET");
}

/// The signature of the documentation, computed once more.
#[track_caller]
fn signed(asked: &Asked, method: &str) {
    assert_eq!(asked.method, method);
    let header = |name: &str| asked.headers[name].to_str().unwrap();
    let path = asked.uri.path_and_query().unwrap();
    let words = format!("{method} {path}\n{}\n{}", header("x-ncp-apigw-timestamp"), "access");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
    mac.update(words.as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(header("x-ncp-apigw-signature-v2"), signature);
    let time: i64 = header("x-ncp-apigw-timestamp").parse().unwrap();
    assert!((Utc::now().timestamp_millis() - time).abs() < 60_000);
}
