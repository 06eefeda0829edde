//! The citizen's program, run as a citizen would: as another process, on the published files.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, ensure};
use tokio::process::Command;

/// What the verifier said.
pub struct Verdict {
    /// Whether every check passed.
    pub matches: bool,
    /// Its report, as printed for people.
    pub report: String,
}

/// Runs `jebi-audit verify` on a record.
///
/// # Errors
/// When the program cannot be found or built.
pub async fn verify(record: &Path) -> anyhow::Result<Verdict> {
    let program = program().await?;
    let output = Command::new(&program).arg("verify").arg(record).stdin(Stdio::null()).output().await;
    let output = output.with_context(|| format!("{} cannot be run", program.display()))?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(Verdict { matches: output.status.success(), report })
}

/// `jebi-audit` beside our own program; in a checkout, where `cargo run` builds only what it runs,
/// it is built first.
async fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let beside = own.with_file_name("jebi-audit");
    if let (Some(cargo), Some(manifest)) = (std::env::var_os("CARGO"), std::env::var_os("CARGO_MANIFEST_DIR"))
    {
        let release = own.parent().is_some_and(|folder| folder.ends_with("release"));
        let mut build = Command::new(cargo);
        build
            .args(["build", "--quiet", "--package", "public-audit", "--bin", "jebi-audit"])
            .current_dir(manifest);
        build.args(release.then_some("--release"));
        ensure!(build.status().await?.success(), "jebi-audit cannot be built");
    }
    ensure!(
        beside.is_file(),
        "jebi-audit is not beside {}: install both programs in one folder",
        own.display()
    );
    Ok(beside)
}
