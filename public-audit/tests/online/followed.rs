//! `watch`.

use std::{fs, io::Write as _};

use public_audit::{Digest, note::Signer};

use super::{ENDLESS, audit, checkpoint, city, folder, grown, watch};
use crate::common;

#[test]
fn a_journal_is_followed() {
    let ((server, lines), dir) = (city(), folder("follow"));
    let key = common::signer().verifier().to_vkey();
    server.publish(&lines[..3], &common::signer());
    let (code, said, wrong) = watch(&server, &dir, &[]);
    assert!(code == 0 && said.contains(&format!("from now on {key}")), "{said}{wrong}");
    assert!(said.contains("3 new events, 3 in all"), "{said}");
    let (code, said, _) = watch(&server, &dir, &["--key", &key]);
    assert_eq!((code, said.as_str()), (0, "nothing new: 3 events\n"));
    // What a crash has left behind the last checkpoint is cut off.
    let mut copy = fs::OpenOptions::new().append(true).open(dir.join("events.txt")).unwrap();
    copy.write_all(b"2026-12-05T00:00:00Z half a li").unwrap();
    for size in [lines.len(), 255, 256, 257, 700, 1024] {
        let log = grown(&lines, size - lines.len());
        server.publish(&log, &common::signer());
        let (code, said, wrong) = watch(&server, &dir, &[]);
        assert!(code == 0 && said.contains(&format!("{size} in all, 1 rounds")), "{said}{wrong}");
        let copy: String = log.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(fs::read_to_string(dir.join("events.txt")).unwrap(), copy);
    }
    let other = Signer::new("jebi.example/t", &[8; 32]).unwrap().verifier().to_vkey();
    assert_eq!(watch(&server, &dir, &["--key", &other]).0, 2);
    fs::write(dir.join("events.txt"), "2026-12-05T00:00:00Z closed x\n").unwrap();
    assert_eq!(watch(&server, &dir, &[]).0, 2, "a damaged copy is not the log's fault");
    assert!(!dir.join("split-view").exists());
}

#[test]
fn a_changed_past_is_shouted() {
    let (server, lines) = city();
    let (log, key) = (grown(&lines, 400), common::signer());
    let mut fork = log.clone();
    fork[300] = fork[300].replace("people=", "people=1");
    let changed = Signer::new("jebi.example/t", &[8; 32]).unwrap();
    let other = Signer::new("jebi.example/other", &[7; 32]).unwrap();
    let longer = |lines: &[String]| grown(lines, 300);
    for (name, theirs, signer) in [
        ("fork", fork.clone(), &key),
        ("fork-longer", longer(&fork), &key),
        ("shrink", log[..log.len() - 1].to_vec(), &key),
        ("replay", log[..5].to_vec(), &key),
        ("empty", Vec::new(), &key),
        ("key", longer(&log), &changed),
        ("origin", longer(&log), &other),
    ] {
        let dir = folder(name);
        server.publish(&log, &key);
        assert_eq!(watch(&server, &dir, &[]).0, 0);
        server.publish(&theirs, signer);
        for _ in 0..2 {
            let (code, _, wrong) = watch(&server, &dir, &[]);
            assert!(code == 3 && wrong.contains("TWO HISTORIES"), "{name}: {wrong}");
        }
        let evidence: Vec<String> = fs::read_dir(dir.join("split-view"))
            .unwrap()
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        assert_eq!(evidence.len(), 2, "{name}");
        assert!(
            evidence.contains(&checkpoint(&log, &key)) && evidence.contains(&checkpoint(&theirs, signer))
        );
        // Nothing of it was believed.
        server.publish(&longer(&log), &key);
        assert_eq!(watch(&server, &dir, &[]).0, 0, "{name}");
    }
}

#[test]
fn broken_tiles_are_not_believed() {
    let ((server, lines), dir) = (city(), folder("broken"));
    let (log, key) = (grown(&lines, 400), common::signer());
    server.publish(&log[..300], &key);
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    let copy = fs::read(dir.join("events.txt")).unwrap();
    let width = log.len() - 256;
    let (hashes, entries) =
        (format!("journal/tile/0/001.p/{width}"), format!("journal/tile/entries/001.p/{width}"));
    for path in [hashes.as_str(), entries.as_str(), "journal/checkpoint"] {
        for (how, expected) in [("cut", &[2][..]), ("missing", &[2]), ("endless", &[2]), ("bit", &[1])] {
            server.publish(&log, &key);
            match how {
                "cut" => server.change(path, |bytes| bytes.truncate(bytes.len() - 7)),
                "missing" => drop(server.remove(path)),
                "endless" => server.put(path, ENDLESS),
                _ => server.change(path, |bytes| *bytes.last_mut().unwrap() ^= 1),
            }
            let (code, _, wrong) = watch(&server, &dir, &[]);
            // A checkpoint with a wrong bit is not signed, or none at all.
            let expected = if path.ends_with("checkpoint") { &[2, 3][..] } else { expected };
            assert!(expected.contains(&code), "{path} {how}: {code} {wrong}");
            assert_eq!(fs::read(dir.join("events.txt")).unwrap(), copy);
        }
    }
    server.publish(&log, &key);
    server.change(&entries, |bytes| *bytes.last_mut().unwrap() = b'\n');
    assert_eq!(watch(&server, &dir, &[]).0, 1);
    server.publish(&log, &key);
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    assert_eq!(audit(&["watch", "http://127.0.0.1:1", "--state", dir.to_str().unwrap(), "--once"]).0, 2);
}

#[test]
fn rounds_have_no_gaps() {
    let ((server, mut lines), dir) = (city(), folder("gaps"));
    let announced = |slug: &str, number: u32| {
        format!("2026-12-05T00:00:00Z announced {slug} number={number} rules={}", Digest::ZERO)
    };
    lines.push(announced("second", 2));
    server.publish(&lines, &common::signer());
    assert_eq!(watch(&server, &dir, &[]).0, 0);
    lines.push(announced("fourth", 4));
    server.publish(&lines, &common::signer());
    for _ in 0..2 {
        let (code, _, wrong) = watch(&server, &dir, &[]);
        assert!(code == 1 && wrong.contains("number 4 where 3 should be"), "{wrong}");
    }
    lines.push("2026-12-05T00:00:00Z danced second".to_owned());
    server.publish(&lines, &common::signer());
    let (code, _, wrong) = watch(&server, &dir, &[]);
    assert!(code == 1 && wrong.contains("no event of this kind"), "{wrong}");
}

#[test]
fn a_key_that_cannot_be_found_must_be_given() {
    let ((server, lines), dir) = (city(), folder("key"));
    server.publish(&lines, &common::signer());
    server.change("rounds/t-2026-12/record/rules.json", |bytes| bytes.push(b'\n'));
    let (code, _, wrong) = watch(&server, &dir, &[]);
    assert!(code == 2 && wrong.contains("give --key"), "{wrong}");
    let key = common::signer().verifier().to_vkey();
    assert_eq!(watch(&server, &dir, &["--key", &key]).0, 0);
    assert_eq!(fs::read_to_string(dir.join("key")).unwrap(), format!("{key}\n"));
}
