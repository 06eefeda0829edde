//! The record as a citizen gets it, judged by the citizen's verifier.

use std::{collections::BTreeMap, path::PathBuf, process::Command, sync::OnceLock};

use axum::http::{StatusCode, header};
use entities::round;
use public_audit::record::{FILES, MANIFEST, parse_manifest};

use super::TestApp;

/// Downloads a record over HTTP.
pub async fn downloaded(t: &TestApp, round: &round::Model) -> BTreeMap<String, Vec<u8>> {
    t.app.rounds.forget();
    let mut browser = t.browser();
    let mut files = BTreeMap::new();
    let of = |name: &str| format!("/rounds/{}/record/{name}", round.slug);
    let manifest = browser.get(&of(MANIFEST)).await.body().to_owned();
    let listed = parse_manifest(&manifest).unwrap();
    assert!(FILES.iter().all(|name| listed.iter().any(|(listed, _)| listed == name)), "{manifest}");
    for name in listed.into_iter().map(|(name, _)| name).chain([MANIFEST]) {
        let file = browser.get(&of(name)).await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
        assert_eq!(file.header(header::CONTENT_LENGTH), file.bytes.len().to_string());
        files.insert(name.to_owned(), file.bytes);
    }
    files
}

/// Downloads a record and has the public verifier recompute it: what every scenario that draws
/// ends with. Published, stored and recomputed bytes are the same.
pub async fn verified(t: &TestApp, round: &round::Model) -> BTreeMap<String, Vec<u8>> {
    let files = downloaded(t, round).await;
    let report = public_audit::verify::verify(&files).unwrap();
    assert!(report.matches, "{report}");
    for (name, bytes) in &files {
        let stored = std::fs::read(t.app.record_dir(&round.slug).join(name)).unwrap();
        assert!(stored == *bytes, "{name} is published and stored differently");
    }
    files
}

/// The program `jebi-audit` with all it can do, as this checkout builds it.
pub fn audit_program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build_audit).clone()
}

fn build_audit() -> PathBuf {
    let jebi = PathBuf::from(env!("CARGO_BIN_EXE_jebi"));
    // `cargo test --workspace` has built it, but without the network; `cargo test --test it` has not, or
    // another day.
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--locked", "--workspace", "--bin", "jebi-audit"]);
    build.args(["--features", "public-audit/online"]);
    build.arg("--target-dir").arg(jebi.parent().and_then(|profile| profile.parent()).unwrap());
    if jebi.parent().unwrap().ends_with("release") {
        build.arg("--release");
    }
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo cannot be started");
    assert!(built.success(), "jebi-audit cannot be built");
    jebi.with_file_name("jebi-audit")
}
