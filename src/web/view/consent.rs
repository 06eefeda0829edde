//! What somebody agrees to: shown line by line, and kept word for word.

use public_audit::Digest;

/// The words of a consent, in one language.
#[derive(Clone, Debug)]
pub struct Consent {
    /// What each is about, and what is said.
    pub lines: Vec<(String, String)>,
}

impl Consent {
    /// The same as one text; its digest says later which version somebody agreed to.
    pub fn words(&self) -> String {
        self.lines.iter().map(|(about, said)| format!("{about}: {said}\n")).collect()
    }

    /// Names these words. The form that shows them bears it, so that nobody agrees to others than they were shown.
    pub fn digest(&self) -> String {
        Digest::of(self.words()).to_string()
    }
}
