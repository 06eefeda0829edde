//! `verify URL`.

use std::{collections::BTreeMap, fs, process::Command};

use public_audit::{journal::Checkpoint, note::Signer, rules::Mode};

use super::{ENDLESS, NOTHING, Server, audit, city, folder};
use crate::common;

#[test]
fn a_record_is_verified_where_it_lies() {
    let (server, _) = city();
    let url = format!("{}/rounds/t-2026-12/record/", server.url);
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, said.lines().count()), (0, 29), "{said}");
    let pool = server.remove("rounds/t-2026-12/record/pool.txt");
    let (code, said, _) = audit(&["verify", &url]);
    assert!(code == 1 && said.contains("not there: pool.txt"), "{said}");
    server.put("rounds/t-2026-12/record/pool.txt", pool);
    for name in ["rules.json", "manifest.txt", "checkpoint.txt"] {
        let path = format!("rounds/t-2026-12/record/{name}");
        let good = server.remove(&path);
        server.put(&path, ENDLESS);
        let (code, _, wrong) = audit(&["verify", &url]);
        assert!(code == 2 && wrong.contains("larger than"), "{wrong}");
        server.put(&path, good);
    }
    assert_eq!(audit(&["verify", &url]).0, 0);
    assert_eq!(audit(&["verify", "http://127.0.0.1:1/"]).0, 2);
    assert_eq!(audit(&["verify", &server.url]).0, 1);
}

#[test]
fn what_is_not_downloaded_is_no_mismatch() {
    let (server, _) = city();
    let path = |name: &str| format!("rounds/t-2026-12/record/{name}");
    for (count, expected) in [(100, 0), (101, 2)] {
        let mut record = server.files.lock().unwrap().now.clone();
        record.retain(|name, _| name.starts_with("/rounds/") && !name.ends_with("manifest.txt"));
        record.extend(
            (0..count).map(|number| (format!("/{}", path(&format!("plan-{number:03}.txt"))), vec![b'x'])),
        );
        let files: Vec<_> =
            record.iter().map(|(name, bytes)| (name.rsplit('/').next().unwrap(), bytes.as_slice())).collect();
        let manifest = public_audit::record::manifest(&files);
        record.iter().for_each(|(name, bytes)| server.put(&name[1..], bytes.clone()));
        server.put(&path("manifest.txt"), manifest);
        let (code, said, wrong) = audit(&["verify", &format!("{}/{RECORD}", server.url)]);
        assert_eq!(code, expected, "{said}{wrong}");
    }
}

#[test]
#[cfg(unix)]
fn of_who_is_interrupted_nothing_stays_behind() {
    let ((server, _), dir) = (city(), folder("interrupted"));
    fs::create_dir_all(&dir).unwrap();
    let asked = format!("/{RECORD}/pool.txt");
    server.put(&asked[1..], ENDLESS);
    server.files.lock().unwrap().later = Some((asked, BTreeMap::new()));
    let mut verify = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
    verify.args(["verify", &format!("{}/{RECORD}", server.url)]).env("TMPDIR", &dir);
    let mut child = verify.spawn().unwrap();
    while server.files.lock().unwrap().later.is_some() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before the pool");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
}

const RECORD: &str = "rounds/t-2026-12/record";

/// A city that has published what happened after its draw, and its files.
fn city_after() -> (Server, BTreeMap<String, Vec<u8>>) {
    let mut rules = common::rules(Mode::Share);
    rules.after = Some(common::after());
    let record = common::course::record_after(&rules, &common::pool(&rules, 40, 8), 3);
    let server = Server::start();
    record.iter().for_each(|(name, bytes)| server.put(&format!("{RECORD}/{name}"), bytes.clone()));
    (server, record)
}

fn checks(said: &str, verdict: &str) -> Vec<String> {
    let of = |line: &str| line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    said.lines().filter(|line| line.contains(&format!(" {verdict}  "))).map(of).collect()
}

#[test]
fn what_happened_after_the_draw_is_verified_where_it_lies() {
    let (server, record) = city_after();
    let url = format!("{}/{RECORD}/", server.url);
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, checks(&said, "PASS").len()), (0, 28), "{said}");
    let offers = String::from_utf8(record["offers.txt"].clone()).unwrap();
    assert!(offers.contains(" caught_up ") && offers.contains(" missed\n"), "{offers}");

    // A place given to somebody else: the log has another digest, and the draw another answer.
    let line = offers.lines().find(|line| line.contains(" caught_up ")).unwrap();
    let worse = line.replace(" caught_up ", " assigned ");
    server.put(&format!("{RECORD}/offers.txt"), offers.replace(line, &worse));
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!(
        (code, checks(&said, "FAIL")),
        (1, vec!["after-events".to_owned(), "offers-recomputed".to_owned()])
    );
    assert!(said.contains(&format!("computed `{line}`, published `{worse}`")), "{said}");
    server.put(&format!("{RECORD}/offers.txt"), offers);

    // Signed by somebody else, cut off, or without end.
    let own = &record["after-checkpoint.txt"];
    let theirs = Signer::new("jebi.example/t", &[8; 32]).unwrap();
    let signed = Checkpoint::peek(std::str::from_utf8(own).unwrap()).unwrap().sign(&theirs).unwrap();
    for (name, bytes, code, failed) in [
        ("after-checkpoint.txt", signed.as_bytes(), 1, vec!["after-events"]),
        ("after-journal.txt", &record["after-journal.txt"][..99], 1, vec!["after-form"]),
        ("after-checkpoint.txt", ENDLESS, 2, vec![]),
        ("offers.txt", NOTHING, 1, vec!["after-form"]),
    ] {
        server.put(&format!("{RECORD}/{name}"), bytes);
        let (found, said, wrong) = audit(&["verify", &url]);
        assert_eq!(
            (found, checks(&said, "FAIL")),
            (code, failed.iter().map(ToString::to_string).collect()),
            "{name}"
        );
        assert!(code != 2 || wrong.contains("larger than"), "{wrong}");
        server.put(&format!("{RECORD}/{name}"), record[name].clone());
    }

    // Nothing yet is no mistake.
    for name in public_audit::record::AFTER_FILES {
        server.put(&format!("{RECORD}/{name}"), NOTHING);
    }
    let (code, said, _) = audit(&["verify", &url]);
    assert_eq!((code, checks(&said, "SKIP").len()), (0, 3), "{said}");
}

#[test]
fn an_offer_made_while_one_downloads_is_no_mistake() {
    let (server, record) = city_after();
    let after = public_audit::record::AFTER_FILES;
    for asked in after {
        // Before it there was nothing.
        after.iter().for_each(|name| server.put(&format!("{RECORD}/{name}"), NOTHING));
        let files = after.iter().map(|name| (format!("/{RECORD}/{name}"), record[*name].clone())).collect();
        server.files.lock().unwrap().later = Some((format!("/{RECORD}/{asked}"), files));
        let (code, said, _) = audit(&["verify", &format!("{}/{RECORD}", server.url)]);
        assert_eq!((code, checks(&said, "PASS").len()), (0, 28), "{asked}: {said}");
    }
}
