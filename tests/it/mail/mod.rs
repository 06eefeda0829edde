//! Mails as others see them: signed, in three parts, unwanted, or sent back by a real mail server.

mod result;
mod returned;
mod signed;
mod unsubscribe;
mod wording;

use std::{path::Path, process::Command};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jebi::notify::smtp::Outgoing;

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
