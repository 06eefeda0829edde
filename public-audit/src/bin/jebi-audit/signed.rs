//! A signed note that belongs to no record: the report of a drill, for example.

use std::io::Read as _;
use std::path::Path;

use public_audit::note::{MAX_BYTES, NoteError, Verifier};
use public_audit::plain::plain;

use super::folder::{at, open_regular};

/// Its text, fit for a terminal; or why it is not what the key has signed. It could not be read at all: the sentence.
pub fn text(path: &Path, key: &str) -> Result<Result<String, NoteError>, String> {
    let key = Verifier::parse(key).map_err(|error| format!("--key: {error}"))?;
    let file = open_regular(path).map_err(|error| error.to_string())?;
    // One byte more than a note may have is enough to see that it is none.
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut note = String::new();
    file.take(most).read_to_string(&mut note).map_err(at(path)).map_err(|error| error.to_string())?;
    Ok(key.open(&note).map(|text| text.lines().map(plain).collect::<Vec<_>>().join("\n")))
}
