//! Cosignatures: a witness says that at this time, this was the largest state of the log that it had
//! seen, and that it was consistent with all before
//! ([C2SP tlog-cosignature](https://c2sp.org/tlog-cosignature), the Ed25519 kind).

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::instant::Instant;
use crate::note::{self, NoteError, is_key_name, key_id};

/// The byte that says "cosignature/v1 with Ed25519" in keys and key ids.
const COSIGNATURE: u8 = 0x04;
/// What Go's signed notes put before a secret key.
const SECRET: &str = "PRIVATE+KEY+";

fn message(text: &str, at: u64) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

fn key_text(name: &str, public: &[u8; 32], key: &[u8; 32]) -> String {
    let id = crate::hex::encode(&key_id(COSIGNATURE, name, public));
    let mut blob = vec![COSIGNATURE];
    blob.extend(key);
    format!("{name}+{id}+{}", Base64::encode_string(&blob))
}

/// Name, key id and 32 bytes.
fn parse_key(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteError::Key);
    };
    let mut buffer = [0; 33];
    let bytes = Base64::decode(key, &mut buffer).map_err(|_| NoteError::Key)?;
    let [COSIGNATURE, key @ ..] = bytes else { return Err(NoteError::Key) };
    let key = key.try_into().map_err(|_| NoteError::Key)?;
    if !is_key_name(name) {
        return Err(NoteError::Key);
    }
    Ok((name, crate::hex::decode(id).map_err(|_| NoteError::Key)?, key))
}

/// Cosigns in one name. The key must not be used for anything else.
pub struct Cosigner {
    name: String,
    key: SigningKey,
}

impl Cosigner {
    /// From 32 secret bytes, which the caller keeps.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::Name);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(secret) })
    }

    /// From the text of [`Cosigner::to_secret`].
    ///
    /// # Errors
    /// [`NoteError::Key`].
    pub fn parse(secret: &str) -> Result<Self, NoteError> {
        let (name, id, key) = parse_key(secret.strip_prefix(SECRET).ok_or(NoteError::Key)?)?;
        let cosigner = Self::new(name, &key)?;
        let own = key_id(COSIGNATURE, name, cosigner.key.verifying_key().as_bytes());
        if own == id { Ok(cosigner) } else { Err(NoteError::Key) }
    }

    /// The secret key on one line, as Go's signed notes write it: `PRIVATE+KEY+name+id+base64`.
    #[must_use]
    pub fn to_secret(&self) -> String {
        format!("{SECRET}{}", key_text(&self.name, self.key.verifying_key().as_bytes(), self.key.as_bytes()))
    }

    /// The public key, `name+id+base64(0x04 ‖ public key)`.
    #[must_use]
    pub fn to_vkey(&self) -> String {
        let public = self.key.verifying_key();
        key_text(&self.name, public.as_bytes(), public.as_bytes())
    }

    /// The signature line, with LF, over the text of a checkpoint.
    #[must_use]
    pub fn cosign(&self, text: &str, at: Instant) -> String {
        let at = at.seconds();
        let mut blob = key_id(COSIGNATURE, &self.name, self.key.verifying_key().as_bytes()).to_vec();
        blob.extend(at.to_be_bytes());
        blob.extend(self.key.sign(message(text, at).as_bytes()).to_bytes());
        format!("— {} {}\n", self.name, Base64::encode_string(&blob))
    }
}

impl std::fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cosigner").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Checks the cosignatures of one witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    name: String,
    key: VerifyingKey,
}

impl Witness {
    /// From a vkey of type 4.
    ///
    /// # Errors
    /// [`NoteError::Key`].
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let (name, id, public) = parse_key(vkey)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteError::Key)?;
        if id != key_id(COSIGNATURE, name, &public) || key.is_weak() {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// When this witness cosigned the checkpoint in a note. The latest time counts.
    ///
    /// # Errors
    /// When the note is malformed, this witness has not cosigned it, or one of its cosignatures is
    /// wrong.
    pub fn open(&self, note: &str) -> Result<Instant, NoteError> {
        let (text, signatures) = note::split(note)?;
        let ours = key_id(COSIGNATURE, &self.name, self.key.as_bytes());
        let mut latest = None;
        for (name, blob) in signatures {
            if name != self.name || blob[..4] != ours {
                continue;
            }
            let (at, signature) = blob[4..].split_first_chunk().ok_or(NoteError::Signature)?;
            let at = u64::from_be_bytes(*at);
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::Signature)?;
            let fits = self.key.verify_strict(message(text, at).as_bytes(), &signature);
            fits.map_err(|_| NoteError::Signature)?;
            let at = i64::try_from(at).ok().and_then(Instant::from_unix).ok_or(NoteError::Signature)?;
            latest = latest.max(Some(at));
        }
        latest.ok_or(NoteError::Unsigned)
    }

    /// This witness's cosignature of the checkpoint in `note`, from the lines that it answered: one
    /// line with LF, ready to be appended to the note. Lines of other keys are passed over.
    ///
    /// # Errors
    /// When there is none, or one that is malformed or wrong.
    pub fn pick<'a>(&self, note: &str, answer: &'a str) -> Result<&'a str, NoteError> {
        let (text, _) = note::split(note)?;
        let mut latest = None;
        for line in answer.split_inclusive('\n').take(note::MAX_SIGNATURES) {
            match self.open(&format!("{text}\n{line}")) {
                Ok(at) => latest = latest.max(Some((at, line))),
                Err(NoteError::Unsigned) => {}
                Err(error) => return Err(error),
            }
        }
        latest.map(|(_, line)| line).ok_or(NoteError::Unsigned)
    }

    /// The name in its cosignatures.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Signer;

    const TEXT: &str = "city.example/jebi\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn cosignatures_are_checked() {
        let log = Signer::new("city.example/jebi", &[1; 32]).unwrap();
        let cosigner = Cosigner::new("witness.example/w1", &[2; 32]).unwrap();
        let witness = Witness::parse(&cosigner.to_vkey()).unwrap();
        let (first, later) =
            ("2026-01-01T00:00:00Z".parse().unwrap(), "2026-02-01T00:00:00Z".parse().unwrap());
        let note = log.sign(TEXT).unwrap();
        assert_eq!(witness.open(&note), Err(NoteError::Unsigned));
        let once = format!("{note}{}", cosigner.cosign(TEXT, first));
        assert_eq!(witness.open(&once), Ok(first));
        assert_eq!(log.verifier().open(&once), Ok(TEXT));
        let twice = format!("{once}{}", cosigner.cosign(TEXT, later));
        assert_eq!(witness.open(&twice), Ok(later));
        let wrong = format!("{note}{}", cosigner.cosign("another\n", first));
        assert_eq!(witness.open(&wrong), Err(NoteError::Signature));
        let other = Cosigner::new("witness.example/w1", &[3; 32]).unwrap();
        assert_eq!(witness.open(&format!("{note}{}", other.cosign(TEXT, first))), Err(NoteError::Unsigned));
        // Of an answer only what is this witness's own, and only if it is of this checkpoint.
        let (theirs, ours, again) =
            (other.cosign(TEXT, later), cosigner.cosign(TEXT, first), cosigner.cosign(TEXT, later));
        assert_eq!(witness.pick(&note, &format!("{theirs}{again}{ours}")), Ok(again.as_str()));
        assert_eq!(witness.pick(&once, &ours), Ok(ours.as_str()));
        assert_eq!(witness.pick(&note, &theirs), Err(NoteError::Unsigned));
        assert_eq!(witness.pick(&note, &cosigner.cosign("another\n", first)), Err(NoteError::Signature));
        for nothing in ["", "\n", "— x\n", ours.trim_end(), "<html>\n"] {
            assert!(witness.pick(&note, nothing).is_err(), "{nothing}");
        }
    }

    #[test]
    fn keys_return() {
        let cosigner = Cosigner::new("witness.example/w1", &[2; 32]).unwrap();
        let again = Cosigner::parse(&cosigner.to_secret()).unwrap();
        assert_eq!(again.to_vkey(), cosigner.to_vkey());
        let log = Signer::new("witness.example/w1", &[2; 32]).unwrap();
        assert!(Witness::parse(&log.verifier().to_vkey()).is_err());
        assert!(Cosigner::parse(&cosigner.to_vkey()).is_err());
        assert!(Cosigner::parse(&cosigner.to_secret().replace("w1", "w2")).is_err());
        assert!(Cosigner::new("a b", &[2; 32]).is_err());
    }
}
