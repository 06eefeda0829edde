//! Texts into a file.

use jebi::notify::sms::{File, Sms, SmsVendor as _, Text};

use super::{text, word};

#[tokio::test]
async fn a_file_takes_every_text_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.jsonl");
    let file = std::sync::Arc::new(Sms::File(File::open(folder.path()).await.unwrap()));
    let sends: Vec<_> = (0..50)
        .map(|number| {
            let file = file.clone();
            let text = Text { reference: format!("r1.e{number}"), ..text("두 줄\n\"입니다\"") };
            tokio::spawn(async move { file.send(&text).await })
        })
        .collect();
    for send in sends {
        assert_eq!(word(&send.await.unwrap()), "accepted");
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let mut references: Vec<_> = written
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((&line["to"], &line["body"]), (&"+821012345678".into(), &"두 줄\n\"입니다\"".into()));
            line["reference"].as_str().unwrap().to_owned()
        })
        .collect();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), 50);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}
