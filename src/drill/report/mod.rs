//! The report: one page for people, the same as JSON for machines, and a signed note over both.

mod charts;
mod frame;
mod halted;
mod page;
pub mod printed;
mod tables;
mod text;

#[cfg(test)]
mod figures;
#[cfg(test)]
mod tests;

use std::{
    fs,
    io::{self, StdoutLock, Write},
    path::{Path, PathBuf},
};

use public_audit::Digest;

use super::{
    Drill, Halted, Outcome, Signature,
    folder::{Folder, REPORT},
};

/// The page.
const PAGE: &str = "index.html";
/// The signature: a C2SP signed note that names the digests of both.
const NOTE: &str = "report.note";

/// Whose key signs a report: what can be said about who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The deployment's, which stands in the rules of its rounds.
    Deployment,
    /// The drill's own, which nobody else knows.
    Drill,
}

/// A report, and where it lies.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Figures, page and signed note.
    pub files: [String; 3],
    /// Its folder.
    pub dir: PathBuf,
    /// Whether it lies there. That it cannot be written says nothing about the round: who keeps it has it all the same.
    pub is_written: bool,
}

impl Report {
    /// Writes the report of a drill, which then takes the place of the one before.
    pub fn write(files: [String; 3], folder: &Folder) -> Self {
        let written = write(folder.next(), &files).and_then(|()| folder.settle());
        if let Err(error) = &written {
            tracing::error!(%error, "the report cannot be written");
        }
        Self { files, dir: folder.dir().to_owned(), is_written: written.is_ok() }
    }

    /// Prints the figures, or what is said in words, given where the page is, if it is anywhere.
    ///
    /// # Errors
    /// What standard output said.
    pub fn print(
        &self,
        json: bool,
        in_words: impl FnOnce(&mut StdoutLock<'static>, Option<&Path>) -> io::Result<()>,
    ) -> io::Result<()> {
        let ([figures, ..], page) = (&self.files, self.dir.join(PAGE));
        let mut to = io::stdout().lock();
        match json {
            true => to.write_all(figures.as_bytes())?,
            false => in_words(&mut to, self.is_written.then_some(page.as_path()))?,
        }
        to.flush()
    }
}

fn write(dir: &Path, [json, page, note]: &[String; 3]) -> io::Result<()> {
    fs::write(dir.join(REPORT), json)?;
    fs::write(dir.join(PAGE), page)?;
    fs::write(dir.join(NOTE), note)
}

/// Figures, page and signed note of a drill that came to its end.
///
/// # Errors
/// When the name cannot sign.
pub fn files(outcome: &Outcome, signer: &(Signature, Whose)) -> anyhow::Result<[String; 3]> {
    let json = serde_json::to_string_pretty(outcome)?;
    signed(&outcome.drill, json, signer, |key, whose| page::page(outcome, key, whose))
}

/// The same of one that came to a halt.
///
/// # Errors
/// When the name cannot sign.
pub fn halted(halted: &Halted, signer: &(Signature, Whose)) -> anyhow::Result<[String; 3]> {
    let json = serde_json::to_string_pretty(halted)?;
    signed(&halted.drill, json, signer, |key, whose| halted::page(halted, key, whose))
}

fn signed(
    drill: &Drill,
    json: String,
    (signature, whose): &(Signature, Whose),
    page: impl FnOnce(&str, Whose) -> String,
) -> anyhow::Result<[String; 3]> {
    let signer = signature.keys.signer(&signature.name)?;
    let (json, page) = (json + "\n", page(&signer.verifier().to_vkey(), *whose));
    let text = format!(
        "jebi drill {}\nsubject {}\n{REPORT} {}\n{PAGE} {}\n",
        drill.scenario,
        drill.subject,
        Digest::of(&json),
        Digest::of(&page)
    );
    let note = signer.sign(&text)?;
    Ok([json, page, note])
}
