//! The report: one page for people, the same as JSON for machines, and a signed note over both.

mod charts;
mod page;
mod tables;
mod text;

#[cfg(test)]
mod tests;

use std::{fs, path::Path};

use public_audit::Digest;

use super::{Outcome, Signature};
use crate::words::number::grouped;

/// The page.
pub const PAGE: &str = "index.html";
/// The figures.
pub const JSON: &str = "report.json";
/// The signature: a C2SP signed note that names the digests of both.
pub const NOTE: &str = "report.note";

/// Whose key signs a report: what can be said about who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The deployment's, which stands in the rules of its rounds.
    Deployment,
    /// The drill's own, which nobody else knows.
    Drill,
}

/// Writes the report into a folder.
///
/// # Errors
/// What the file system said, or when the name cannot sign.
pub fn write(dir: &Path, outcome: &Outcome, (signature, whose): (Signature, Whose)) -> anyhow::Result<()> {
    let signer = signature.keys.signer(&signature.name)?;
    let json = serde_json::to_string_pretty(outcome)? + "\n";
    let page = page::page(outcome, &signer.verifier().to_vkey(), whose);
    let text = format!(
        "jebi drill {}\nsubject {}\n{JSON} {}\n{PAGE} {}\n",
        outcome.scenario,
        outcome.subject,
        Digest::of(&json),
        Digest::of(&page)
    );
    fs::write(dir.join(JSON), &json)?;
    fs::write(dir.join(PAGE), &page)?;
    fs::write(dir.join(NOTE), signer.sign(&text)?)?;
    Ok(())
}

/// For who stands at the terminal.
pub fn print(outcome: &Outcome, page: &Path) {
    let sockets = &outcome.sockets;
    println!(
        "{}: {} people planned and drawn in process (one in {}), {} of them over sockets",
        outcome.scenario,
        grouped(outcome.people.whole),
        crate::domain::plan::number(outcome.people.one_in),
        grouped(outcome.people.sockets)
    );
    println!(
        "  {} came, {} bought at their time, {} at their second time, {} turned away",
        grouped(sockets.come),
        grouped(sockets.bought.0),
        grouped(sockets.bought.1),
        grouped(sockets.turned_away)
    );
    for policy in &outcome.policies {
        println!("  {}", text::policy_line(policy));
    }
    println!("  report: {}", page.display());
    if outcome.held.is_empty() {
        println!("the round held");
    } else {
        println!("the round did NOT hold:");
        outcome.held.iter().for_each(|reason| println!("  {}", reason.en));
    }
}
