//! The program: one answer each, and exit codes that mean something.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use public_audit::note::Signer;
use public_audit::rules::Mode;

/// Exit code and standard output.
fn audit(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jebi-audit")).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Exit code and standard error, with standard output going there.
fn complaint(arguments: &[&str], stdout: impl Into<Stdio>) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
    let output = command.args(arguments).stdout(stdout).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A fresh folder with a record.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    let rules = common::rules(Mode::Share);
    for (name, bytes) in common::record(&rules, &common::pool(&rules, 20, 8), None) {
        fs::write(dir.join(name), bytes).unwrap();
    }
    dir
}

/// With `script` of bsdutils, which every Debian has.
#[test]
fn on_a_terminal_there_is_a_bar_but_not_for_programs() {
    let dir = folder("bar");
    let on_a_terminal = |more: &str| {
        let program = env!("CARGO_BIN_EXE_jebi-audit");
        let command = format!("'{program}' verify '{}' {more}", dir.display());
        let mut script = Command::new("script");
        let output = script.env("TERM", "xterm").args(["-qec", &command, "/dev/null"]).output();
        let output = output.expect("this test needs `script`: apt-get install bsdutils");
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let (told, json) = (on_a_terminal(""), on_a_terminal("--json"));
    assert!(told.contains("\u{1b}[") && told.contains("The record matches"), "{told:?}");
    assert!(!json.contains('\u{1b}') && json.starts_with('{'), "{json:?}");
}

#[test]
fn verify_says_which_check_failed() {
    let dir = folder("verify");
    let path = dir.to_str().unwrap();
    let (code, said) = audit(&["verify", path]);
    assert_eq!((code, said.lines().count()), (0, 29), "{said}");
    assert!(said.starts_with("01 files-present      PASS"), "{said}");
    let (code, json) = audit(&["verify", path, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["matches"]), (0, &true.into()));
    assert_eq!(json["checks"][19]["name"], "result-recomputed");

    // `sha256sum` is the first auditor, and everyone has it.
    let mut sums = Command::new("sha256sum");
    sums.args(["--strict", "-c", "manifest.txt"]).current_dir(&dir);
    assert!(sums.output().unwrap().status.success());

    let result = fs::read_to_string(dir.join("result.txt")).unwrap();
    fs::write(dir.join("result.txt"), result.replacen("1 ", "2 ", 1)).unwrap();
    let (code, said) = audit(&["verify", path]);
    assert_eq!(code, 1);
    assert!(
        said.ends_with("DOES NOT MATCH: manifest, result-form, result-recomputed, journal-events\n"),
        "{said}"
    );
    let (code, json) = audit(&["verify", path, "--json"]);
    assert_eq!((code, json.contains("\"matches\":false")), (1, true));
}

#[test]
fn a_record_of_somebody_else_with_the_same_name_is_refused() {
    let dir = folder("key");
    let path = dir.to_str().unwrap();
    let key = |secret: u8| Signer::new("jebi.example/t", &[secret; 32]).unwrap().verifier().to_vkey();
    assert_eq!(audit(&["verify", path, "--key", &key(7)]).0, 0);
    for other in [&key(8), "jebi.example/t", ""] {
        let (code, said) = audit(&["verify", path, "--key", other]);
        assert!(code == 1 && said.ends_with("DOES NOT MATCH: seal-signature\n"), "{said}");
        assert!(said.contains(&key(7)), "{said}");
    }
}

/// Else whoever wrote the record could clear the screen and write there that it matches.
#[test]
fn no_file_writes_to_the_terminal() {
    let dir = folder("escapes");
    let path = dir.to_str().unwrap();
    let receipt = "0000-0000-0000-0000";
    let hidden =
        |told: &str| told.contains(r"\u{1b}[2J") && !told.contains(|c: char| c.is_control() && c != '\n');
    fs::write(dir.join("result.txt"), "\u{1b}[2JThe record matches\r\u{9b}H\n").unwrap();
    let (code, said) = audit(&["verify", path]);
    assert!(code == 1 && hidden(&said), "{said:?}");
    fs::write(dir.join("rules.json"), r#"{"\u001b[2J": 1}"#).unwrap();
    let (code, said) = audit(&["verify", path]);
    assert!(code == 1 && hidden(&said), "{said:?}");
    let (code, said) = complaint(&["explain", path, "--receipt", receipt], Stdio::null());
    assert!(code == 2 && hidden(&said), "{said:?}");
}

#[test]
fn unreadable_is_not_a_mismatch() {
    assert_eq!(audit(&["verify", "/nonexistent"]), (2, String::new()));
    assert_eq!(audit(&["verify", file!()]), (2, String::new()));
    assert_eq!(audit(&["root", "/nonexistent"]), (2, String::new()));
    assert_eq!(audit(&["verify"]).0, 2);
    assert_eq!(audit(&["lot", "--seed", "01", "--receipt", "x"]).0, 2);
}

#[test]
fn errors_name_the_path() {
    let dir = folder("paths");
    let missing = dir.join("missing");
    let missing = missing.to_str().unwrap();
    for arguments in [
        &["verify", missing][..],
        &["root", missing],
        &["sample", missing],
        &["explain", missing, "--receipt", "0000-0000-0000-0000"],
        #[cfg(feature = "online")]
        &["watch", "http://127.0.0.1:9", "--once", "--state", "/dev/null/state"],
        #[cfg(feature = "online")]
        &["witness", "--key", missing, "--state", dir.to_str().unwrap()],
    ] {
        let (code, said) = complaint(arguments, Stdio::null());
        let named = said.contains(missing) || said.contains("/dev/null/state");
        assert!(code == 2 && named && said.lines().count() == 1, "{arguments:?}: {said}");
    }
}

#[test]
#[cfg(unix)]
fn only_regular_files_are_opened() {
    for name in ["pool.txt", "manifest.txt", "rules.json", "seed-input.txt"] {
        let dir = folder("pipes");
        let (file, path) = (dir.join(name), dir.to_str().unwrap());
        // A symlink is fine.
        fs::rename(&file, dir.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("elsewhere", &file).unwrap();
        assert_eq!(audit(&["verify", path]).0, 0);
        // A pipe would keep its reader for ever.
        fs::remove_file(&file).unwrap();
        assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
        let mut commands = vec![vec!["verify", path]];
        if name != "manifest.txt" {
            commands.push(vec!["sample", path]);
        }
        for arguments in commands {
            let (code, said) = complaint(&arguments, Stdio::null());
            assert_eq!((code, said), (2, format!("jebi-audit: {}: not a regular file\n", file.display())));
        }
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let dir = folder("large");
    let path = dir.to_str().unwrap();
    // Terabytes of nothing: reading them would take hours.
    for (name, most) in [("rules.json", 4 << 20), ("seed-input.txt", 64 << 10)] {
        let file = fs::File::options().write(true).open(dir.join(name)).unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(1 << 42).unwrap();
        let (code, said) = audit(&["verify", path]);
        let reason = format!("FAIL  {name} has 4398046511104 bytes, and at most {most} are allowed\n");
        assert!(code == 1 && said.contains(&reason), "{said}");
        let (code, said) = complaint(&["sample", path], Stdio::null());
        assert!(code == 2 && said.contains("and at most"), "{said}");
        file.set_len(length).unwrap();
    }
    assert_eq!(audit(&["verify", path]).0, 0);
}

#[test]
#[cfg(target_os = "linux")]
fn printing_nowhere_is_an_error_and_no_panic() {
    let dir = folder("nowhere");
    let path = dir.to_str().unwrap();
    let zeros = "0".repeat(64);
    for arguments in [
        &["verify", path][..],
        &["verify", path, "--json"],
        &["sample", path],
        &["selftest"],
        &["lot", "--seed", &zeros, "--receipt", "zzzz-zzzz-zzzz-zzzz"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let (code, said) = complaint(arguments, full);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.starts_with("jebi-audit: standard output: No space left"), "{said}");
        // Whoever has closed the pipe has read enough, and the verdict stays.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(complaint(arguments, writer), (0, String::new()), "{arguments:?}");
        // Nothing can be said there either.
        let mut command = Command::new(env!("CARGO_BIN_EXE_jebi-audit"));
        let full = || fs::File::options().write(true).open("/dev/full").unwrap();
        let status = command.args(arguments).stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn one_answer_each() {
    let zeros = "0".repeat(64);
    let receipt =
        audit(&["receipt", "--round", "tongyeong-2026-12", "--salt", &zeros, "--person", "ci:test"]);
    assert_eq!(receipt, (0, "famx-6k54-dc9p-a7yz\n".to_owned()));
    let seed = "01".repeat(32);
    let lot = audit(&["lot", "--seed", &seed, "--receipt", "zzzz-zzzz-zzzz-zzzz", "--weight", "20"]);
    assert_eq!(lot, (0, "346421158188952227\n".to_owned()));
    let dir = folder("root");
    let pool = dir.join("pool.txt");
    let root = public_audit::merkle::root_of_lines(&fs::read(&pool).unwrap());
    assert_eq!(audit(&["root", pool.to_str().unwrap()]), (0, format!("{root}\n")));
}

#[test]
fn beacon_prints_the_randomness_or_says_why_not() {
    let signature =
        "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b";
    let randomness = "1466a6cd24e327188770752f6134001c64d6efcc590ccc26b721611ad96f165a\n";
    let beacon = |round: &str| audit(&["beacon", "--round", round, "--signature", signature]);
    assert_eq!(beacon("1"), (0, randomness.to_owned()));
    assert_eq!(beacon("2"), (1, String::new()));
    assert_eq!(beacon("0"), (1, String::new()));
    assert_eq!(audit(&["beacon", "--round", "1", "--signature", "zz"]), (1, String::new()));
}

#[test]
fn the_example_can_be_asked() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/example");
    assert_eq!(audit(&["verify", example]).0, 0);
    let (code, told) = audit(&["explain", example, "--receipt", "qeca-dx5d-kc6h-ad31"]);
    assert_eq!(code, 0);
    assert!(told.contains("\nrank     5 of 5: 4 drew smaller lots"), "{told}");
    assert_eq!(audit(&["explain", example, "--receipt", "0000-0000-0000-0000"]), (1, String::new()));
    assert_eq!(audit(&["explain", "/nonexistent", "--receipt", "0000-0000-0000-0000"]).0, 2);
    let (code, sample) = audit(&["sample", example, "--count", "3"]);
    assert_eq!((code, sample.lines().count()), (0, 3));
}

#[test]
fn what_happened_after_the_draw_is_told() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/example-after");
    let (code, said) = audit(&["verify", example]);
    assert!(code == 0 && !said.contains("SKIP"), "{said}");
    let (code, told) = audit(&["explain", example, "--receipt", "hcqs-23jq-dybt-0x1s"]);
    assert_eq!(code, 0);
    assert!(told.contains("\noffer 1  missed: late, from 2027-01-08T00:00:00Z"), "{told}");
    assert!(told.ends_with("\noffer 2  missed: it is out of it\n"), "{told}");
}

#[test]
fn the_catalogue_is_run() {
    let (code, said) = audit(&["selftest"]);
    let count = public_audit::tamper::catalogue().len();
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.lines().count(), count + 1);
    assert!(said.ends_with(&format!(
        "{count} of {count} tamperings were caught by the check that must catch them\n"
    )));
}

#[test]
fn note_prints_what_the_key_has_signed_and_nothing_else() {
    let dir = folder("note");
    let path = dir.join("report.note");
    let signer = Signer::new("draw.city.example", &[7; 32]).unwrap();
    let text = "jebi drill round.toml\nreport.json 00ff\n한글\u{202e}\n";
    fs::write(&path, signer.sign(text).unwrap()).unwrap();
    let (file, key) = (path.to_str().unwrap(), signer.verifier().to_vkey());
    let said = "jebi drill round.toml\nreport.json 00ff\n한글\\u{202e}\n".to_owned();
    assert_eq!(audit(&["note", file, "--key", &key]), (0, said));
    // Another key of the same name, another text, and what is no note.
    let other = Signer::new("draw.city.example", &[8; 32]).unwrap().verifier().to_vkey();
    assert_eq!(audit(&["note", file, "--key", &other]), (1, String::new()));
    for changed in [signer.sign(text).unwrap().replace("00ff", "00fe"), text.to_owned(), "x".repeat(70_000)] {
        fs::write(&path, changed).unwrap();
        assert_eq!(audit(&["note", file, "--key", &key]), (1, String::new()));
    }
    // Neither a key nor a file.
    assert_eq!(audit(&["note", file, "--key", "draw.city.example"]), (2, String::new()));
    assert_eq!(audit(&["note", dir.to_str().unwrap(), "--key", &key]), (2, String::new()));
}
