//! The report: one page for people, the same as JSON for machines, and a signed note over both.

mod charts;
mod frame;
mod halted;
mod page;
mod tables;
mod text;

#[cfg(test)]
mod tests;

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use public_audit::Digest;

use super::{Halted, Outcome, Signature};
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

/// What a report of any drill says of how it was made.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    version: &'a str,
    scenario: &'a str,
    subject: Digest,
    title: &'a (String, String),
    at: DateTime<Utc>,
    seed: u64,
    scale: f64,
    sample: u32,
    capacity: u32,
}

impl<'a> From<&'a Outcome> for Made<'a> {
    fn from(of: &'a Outcome) -> Self {
        let Outcome { version, scenario, subject, title, made_at, seed, scale, sample, capacity, .. } = of;
        Self {
            version,
            scenario,
            subject: *subject,
            title,
            at: *made_at,
            seed: *seed,
            scale: *scale,
            sample: *sample,
            capacity: *capacity,
        }
    }
}

impl<'a> From<&'a Halted> for Made<'a> {
    fn from(of: &'a Halted) -> Self {
        let Halted { version, scenario, subject, title, made_at, seed, scale, sample, capacity, .. } = of;
        Self {
            version,
            scenario,
            subject: *subject,
            title,
            at: *made_at,
            seed: *seed,
            scale: *scale,
            sample: *sample,
            capacity: *capacity,
        }
    }
}

/// Figures, page and signed note of a drill that came to its end.
///
/// # Errors
/// When the name cannot sign.
pub fn files(outcome: &Outcome, signer: &(Signature, Whose)) -> anyhow::Result<[String; 3]> {
    let json = serde_json::to_string_pretty(outcome)?;
    signed(outcome.into(), json, signer, |key, whose| page::page(outcome, key, whose))
}

/// The same of one that came to a halt.
///
/// # Errors
/// When the name cannot sign.
pub fn halted(halted: &Halted, signer: &(Signature, Whose)) -> anyhow::Result<[String; 3]> {
    let json = serde_json::to_string_pretty(halted)?;
    signed(halted.into(), json, signer, |key, whose| halted::page(halted, key, whose))
}

fn signed(
    made: Made<'_>,
    json: String,
    (signature, whose): &(Signature, Whose),
    page: impl FnOnce(&str, Whose) -> String,
) -> anyhow::Result<[String; 3]> {
    let signer = signature.keys.signer(&signature.name)?;
    let (json, page) = (json + "\n", page(&signer.verifier().to_vkey(), *whose));
    let text = format!(
        "jebi drill {}\nsubject {}\n{JSON} {}\n{PAGE} {}\n",
        made.scenario,
        made.subject,
        Digest::of(&json),
        Digest::of(&page)
    );
    let note = signer.sign(&text)?;
    Ok([json, page, note])
}

/// Writes a report into a folder.
///
/// # Errors
/// What the file system said.
pub fn write(dir: &Path, [json, page, note]: &[String; 3]) -> io::Result<()> {
    fs::write(dir.join(JSON), json)?;
    fs::write(dir.join(PAGE), page)?;
    fs::write(dir.join(NOTE), note)
}

/// For who stands at the terminal, with where the page is, if it is anywhere.
///
/// # Errors
/// What the terminal said.
pub fn print(to: &mut impl Write, outcome: &Outcome, page: Option<&Path>) -> io::Result<()> {
    let sockets = &outcome.sockets;
    writeln!(
        to,
        "{}: {} people planned and drawn in process (one in {}), {} of them over sockets",
        outcome.scenario,
        grouped(outcome.people.whole),
        crate::domain::plan::number(outcome.people.one_in),
        grouped(outcome.people.sockets)
    )?;
    writeln!(
        to,
        "  {} came, {} bought at their time, {} at their second time, {} turned away",
        grouped(sockets.come),
        grouped(sockets.bought.0),
        grouped(sockets.bought.1),
        grouped(sockets.turned_away)
    )?;
    for policy in &outcome.policies {
        writeln!(to, "  {}", text::policy_line(policy))?;
    }
    if let Some(page) = page {
        writeln!(to, "  report: {}", page.display())?;
    }
    if outcome.held.is_empty() {
        return writeln!(to, "the round held");
    }
    writeln!(to, "the round did NOT hold:")?;
    outcome.held.iter().try_for_each(|reason| writeln!(to, "  {}", reason.en))
}

/// The same of a drill that came to a halt.
pub fn print_halted(halted: &Halted, page: &Path) {
    println!("{}: {halted}", halted.scenario);
    println!("  report: {}", page.display());
    println!("the round did NOT hold");
}
