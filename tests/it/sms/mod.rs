//! Texts through a real Kannel gateway with its fake message centre, and through a file.

mod file;
mod gateway;
mod kannel;
mod silent;

use std::time::Duration;

use jebi::{
    config::Secret,
    notify::{
        outcome::Outcome,
        sms::{KannelConfig, Numbers, Text},
    },
};

const PASSWORD: &str = "p&s+w rd";

fn config(port: u16) -> KannelConfig {
    KannelConfig {
        url: format!("http://127.0.0.1:{port}/cgi-bin/sendsms"),
        username: "jebi".into(),
        password: Secret::new(PASSWORD),
        sender: "0556501234".into(),
        numbers: Numbers::E164,
        report_url: None,
        timeout: Duration::from_secs(10),
    }
}

fn text(body: &str) -> Text {
    Text { to: "+821012345678".into(), body: body.into(), reference: "r1/e1.result".into(), code: None }
}

const NOTICE: &str = "[제비] 11월 24일(화) 10:00~12:00에 구매하실 수 있습니다. (1+1, 50%)";

#[track_caller]
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Rejected { permanent: true, .. } => "permanent",
        Outcome::Rejected { permanent: false, .. } => "later",
        other => other.word(),
    }
}
