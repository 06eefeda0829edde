//! The citizen's program on a published record: agrees, and notices one changed byte anywhere.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::support::{Engine, TestApp, audit_program, both, downloaded};

both!(one_changed_byte_of_any_file_is_noticed);

fn verify(program: &Path, folder: &Path) -> Output {
    Command::new(program).arg("verify").arg(folder).output().unwrap()
}

fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

async fn one_changed_byte_of_any_file_is_noticed(engine: Engine) {
    let (t, round) = TestApp::open(engine).await;
    t.entered(&round, 30).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    let files = downloaded(&t, &round).await;
    assert_eq!(files.len(), 11);
    let program = audit_program();
    let folder = t.folder().join("citizen");
    fs::create_dir(&folder).unwrap();
    write(&folder, &files);
    let verdict = verify(&program, &folder);
    let said = String::from_utf8(verdict.stdout).unwrap();
    assert_eq!(verdict.status.code(), Some(0), "{said}");
    assert!(said.contains("The record matches"), "{said}");
    assert!(said.contains("a rehearsal: the organiser could have known the result"), "{said}");

    for (name, bytes) in &files {
        for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
            fs::write(folder.join(name), &changed).unwrap();
            let verdict = verify(&program, &folder);
            let said = String::from_utf8(verdict.stdout).unwrap();
            assert_eq!(verdict.status.code(), Some(1), "byte {at} of {name}: {said}");
            let (_, named) = said.rsplit_once("DOES NOT MATCH: ").expect("no check is named");
            assert!(named.contains(|c: char| c.is_ascii_lowercase()), "{said}");
        }
        fs::remove_file(folder.join(name)).unwrap();
        assert_eq!(verify(&program, &folder).status.code(), Some(1), "{name} is missing");
        fs::write(folder.join(name), bytes).unwrap();
    }
    assert_eq!(verify(&program, &folder).status.code(), Some(0));
    assert_eq!(verify(&program, &folder.join("nowhere")).status.code(), Some(2));
}
