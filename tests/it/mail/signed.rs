//! Signatures: a stranger verifies ours, and a key that cannot sign is said at once.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jebi::notify::{
    outcome::Outcome,
    smtp::{self, Outgoing, Smtp, SmtpConfig},
};

use super::{everything, key, openssl};
use crate::peer::{SmtpPeer, read_mail};

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
