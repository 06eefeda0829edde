//! Texts through several vendors: nobody is lost, nobody is told twice, no minute holds more than was decided.

mod curve;
mod kills;
mod lent;
mod onward;
mod reminders;
mod reports;
mod stopped;
mod unknown;
mod waiting;
mod workers;

use std::{collections::BTreeMap, ops::Range};

use chrono::TimeDelta;
use entities::attempt;
use jebi::{
    config::{Secret, Sms, sms},
    domain::contact::{Channel, Contact},
    notify::{content::CODE, vendor::Vendor},
    store,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use crate::{support::TestApp, vendors::NodePeer};

pub const SENDER: &str = "0550000000";

/// `[sms]` with SOLAPI at a port first and a file behind it.
pub fn solapi_then_file(t: &std::path::Path, port: u16) -> Sms {
    Sms {
        from: SENDER.to_owned(),
        per_second: 100_000,
        timeout_seconds: 1,
        look_up_seconds: 1,
        solapi: Some(sms::Solapi {
            url: format!("http://127.0.0.1:{port}"),
            key: "NCSKEY".to_owned(),
            secret: Some(Secret::new("S3CRET")),
            per_second: 100_000,
            ..sms::Solapi::default()
        }),
        file: Some(sms::File { path: t.join("texts.jsonl"), priority: 2, per_second: 100_000 }),
        ..Sms::default()
    }
}

pub async fn solapi(options: serde_json::Value) -> NodePeer {
    let mut all = json!({ "key": "NCSKEY", "secret": "S3CRET", "from": SENDER });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    NodePeer::start("solapi.mjs", all).await
}

/// Codes to so many phones: words that need nothing but a row.
pub async fn codes(t: &TestApp, round_id: i64, count: usize) {
    codes_by(t, round_id, count, Channel::Sms).await;
}

/// The same by a channel.
pub async fn codes_by(t: &TestApp, round_id: i64, count: usize, channel: Channel) {
    codes_of(t, round_id, 0..count, channel).await;
}

/// The same to phones or mailboxes of these numbers.
async fn codes_of(t: &TestApp, round_id: i64, numbers: Range<usize>, channel: Channel) {
    let now = t.now();
    let valid = TimeDelta::days(2);
    let key = channel.key();
    let txn = t.app.db.begin().await.unwrap();
    for number in numbers.clone() {
        let address = match channel {
            Channel::Sms => format!("0101{number:07}"),
            Channel::Email => format!("r{number}@example.org"),
        };
        let contact = Contact::parse(channel, &address).unwrap();
        let people = t.app.keys.people();
        let code = entities::code::ActiveModel {
            caller_key: Set(String::new()),
            id: Set(format!("{key}{number}")),
            round_id: Set(round_id),
            address_key: Set(format!("key {key}{number}")),
            address_sealed: Set(people.seal(jebi::notify::content::CONTACT, &contact)),
            channel: Set(key.to_owned()),
            lang: Set("ko".to_owned()),
            code_key: Set(String::new()),
            code_sealed: Set(people.seal(CODE, &format!("{number:06}"))),
            tries: Set(0),
            made_at: Set(now),
            expires_at: Set(now + valid),
            used_at: Set(None),
        };
        store::code::insert(&txn, code).await.unwrap();
    }
    let planned =
        |number| store::notice::planned(round_id, &format!("{key}{number}"), "code", 1, key, now, valid);
    store::notice::insert_all(&txn, numbers.map(planned)).await.unwrap();
    txn.commit().await.unwrap();
}

async fn states(t: &TestApp) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for notice in t.notices().await {
        *states.entry(notice.state).or_default() += 1;
    }
    states
}

async fn attempts_of(t: &TestApp, vendor: &str) -> usize {
    let all = attempt::Entity::find().all(t.db()).await.unwrap();
    all.iter().filter(|one| one.vendor.as_deref() == Some(vendor)).count()
}

fn lines(t: &TestApp) -> usize {
    std::fs::read_to_string(t.folder().join("texts.jsonl")).unwrap_or_default().lines().count()
}

async fn vendor_of(t: &TestApp, config: &Sms) -> Vendor {
    Vendor::sms(config, &t.app.config.municipality).await.unwrap()
}

/// What the stand-in says about itself.
async fn said(port: u16) -> serde_json::Value {
    let url = format!("http://127.0.0.1:{port}/stand-in");
    serde_json::from_str(&reqwest::get(url).await.unwrap().text().await.unwrap()).unwrap()
}
