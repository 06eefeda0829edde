//! Checkpoints: the signed state of the log ([C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint)).
//!
//! ```text
//! jebi.example/tongyeong
//! 23
//! ZZTJVm0UnBxoTOEVIEoGTL7Yo3lbGeOS7nDz0VhIi4M=
//! ```

use base64ct::{Base64, Encoding as _};

use crate::digest::Digest;
use crate::entry::number;
use crate::note::{self, NoteError, Signer, Verifier};

/// What the log was at some moment. Extension lines are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log: the name of the key that signs.
    pub origin: String,
    /// Events in it.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Why a text is not a checkpoint, or not one of this log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not origin, size and root on three lines.
    #[error("not three lines with origin, size and root")]
    Form,
    /// It is of another log.
    #[error("the origin is `{0}`, which is not the key's name")]
    Origin(String),
    /// The note around it is malformed or not signed by the expected key.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The signed text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, Base64::encode_string(&self.root.0))
    }

    /// Reads the signed text.
    ///
    /// # Errors
    /// [`CheckpointError::Form`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.splitn(5, '\n').collect();
        let [origin, size, root, ""] = lines[..] else { return Err(CheckpointError::Form) };
        let mut buffer = [0; 32];
        let whole = Base64::decode(root, &mut buffer).is_ok_and(|bytes| bytes.len() == 32);
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: number(size, "").map_err(|_| CheckpointError::Form)?,
            root: Digest(buffer),
        };
        let same = whole && !origin.is_empty() && checkpoint.text() == text;
        if same { Ok(checkpoint) } else { Err(CheckpointError::Form) }
    }

    /// `checkpoint.txt`: the signed note.
    ///
    /// # Errors
    /// When the origin has a control character.
    pub fn sign(&self, signer: &Signer) -> Result<String, NoteError> {
        signer.sign(&self.text())
    }

    /// Reads a signed checkpoint of the log whose key this is. Signatures of others, such as the
    /// cosignatures of witnesses, are passed over.
    ///
    /// # Errors
    /// When it is not signed by this key, not a checkpoint, or of another origin than the key's
    /// name.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(verifier.open(note)?)?;
        if checkpoint.origin != verifier.name() {
            return Err(CheckpointError::Origin(checkpoint.origin));
        }
        Ok(checkpoint)
    }

    /// Reads a checkpoint without looking at who signed it.
    ///
    /// # Errors
    /// When the note or the checkpoint in it is malformed.
    pub fn peek(note: &str) -> Result<Self, CheckpointError> {
        Self::parse(note::split(note)?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_is_signed() {
        let signer = Signer::new("city.example/jebi", &[7; 32]).unwrap();
        let verifier = signer.verifier();
        let good = Checkpoint { origin: "city.example/jebi".to_owned(), size: 23, root: Digest([9; 32]) };
        let note = good.sign(&signer).unwrap();
        assert_eq!(Checkpoint::open(&note, &verifier), Ok(good.clone()));
        let other = Signer::new("witness.example", &[8; 32]).unwrap();
        let both = format!("{note}{}", other.sign(&good.text()).unwrap().rsplit_once("\n\n").unwrap().1);
        assert_eq!(Checkpoint::open(&both, &verifier), Ok(good.clone()));
        assert_eq!(Checkpoint::open(&both, &other.verifier()), {
            Err(CheckpointError::Origin("city.example/jebi".to_owned()))
        });
        assert_eq!(Checkpoint::peek(&both), Ok(good.clone()));
        let foreign = Checkpoint { origin: "town.example/jebi".to_owned(), ..good };
        let foreign = Checkpoint::open(&foreign.sign(&signer).unwrap(), &verifier);
        assert_eq!(foreign, Err(CheckpointError::Origin("town.example/jebi".to_owned())));
    }

    #[test]
    fn one_spelling() {
        let root = Base64::encode_string(&[9; 32]);
        assert!(Checkpoint::parse(&format!("o\n0\n{root}\n")).is_ok());
        for bad in [
            format!("o\n00\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            format!("o\n1\n{root}"),
            format!("o\n1\n{root}\n\n"),
            format!("o\n1\n{root}\nextension\n"),
            format!("\n1\n{root}\n"),
            "o\n1\nAAAA\n".to_owned(),
            format!("o\n1\n{}\n", root.trim_end_matches('=')),
            format!("o\n1\n {root}\n"),
            String::new(),
        ] {
            assert_eq!(Checkpoint::parse(&bad), Err(CheckpointError::Form), "{bad}");
        }
    }
}
