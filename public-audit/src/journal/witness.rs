//! What a witness does ([C2SP tlog-witness](https://c2sp.org/tlog-witness)): it remembers the last
//! state of each log, and cosigns a new one only with a proof that nothing of it was changed.
//!
//! There is no network and no file here: a request's body goes in, a cosignature or a refusal comes
//! out, and whoever calls writes the new state down **before** giving the cosignature away.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding as _};

use super::checkpoint::{Checkpoint, CheckpointError};
use super::cosignature::Cosigner;
use crate::digest::Digest;
use crate::entry::number;
use crate::instant::Instant;
use crate::merkle;
use crate::note::{self, NoteError, Verifier};

/// The largest request, in bytes: a note, and 63 hashes.
pub const MAX_REQUEST: usize = note::MAX_BYTES + 4096;
/// The most lines of a proof.
const MAX_PROOF: usize = 63;
/// The first line of a written state.
const STATE: &str = "jebi-witness-1";

/// The logs that a witness knows, and the last state of each that it cosigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    logs: BTreeMap<String, Log>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Log {
    keys: Vec<Verifier>,
    size: u64,
    root: Digest,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not a request.
    #[error("not an old size, a proof and a checkpoint")]
    Malformed,
    /// It is of a log that this witness does not know.
    #[error("this witness does not know the log")]
    UnknownLog,
    /// No key of the log has signed it.
    #[error("not signed by the log")]
    Unsigned,
    /// The old size is larger than the new.
    #[error("the old size is larger than the checkpoint's")]
    Backwards,
    /// The old size is not that of the last cosigned state, which is given here; or it is, and this
    /// is another tree of the same size.
    #[error("the last cosigned size is {0}")]
    Conflict(u64),
    /// The proof does not hold.
    #[error("the proof of consistency does not hold")]
    Inconsistent,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::Backwards => 400,
            Self::Unsigned => 403,
            Self::UnknownLog => 404,
            Self::Conflict(_) => 409,
            Self::Inconsistent => 422,
        }
    }

    /// The answer's content type and body.
    #[must_use]
    pub fn answer(self) -> (&'static str, String) {
        match self {
            Self::Conflict(size) => ("text/x.tlog.size", format!("{size}\n")),
            other => ("text/plain; charset=utf-8", format!("{other}\n")),
        }
    }
}

/// A written state is malformed; lines are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} of the witness's state is not as it should be")]
pub struct StateError(pub usize);

impl State {
    /// Knows these logs, and nothing of them yet. Several keys of one name belong to one log.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = Verifier>) -> Self {
        let mut state = Self::default();
        for key in keys {
            let unseen = Log { keys: Vec::new(), size: 0, root: Digest::of(b"") };
            state.logs.entry(key.name().to_owned()).or_insert(unseen).keys.push(key);
        }
        state
    }

    /// The size of the last cosigned state of a log.
    #[must_use]
    pub fn size(&self, origin: &str) -> Option<u64> {
        self.logs.get(origin).map(|log| log.size)
    }

    /// What is to be remembered: for each log its origin, size and root.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |(origin, log): (&String, &Log)| format!("{origin} {} {}\n", log.size, log.root);
        format!("{STATE}\n{}", self.logs.iter().map(line).collect::<String>())
    }

    /// Remembers what [`State::text`] wrote. A log without a key is forgotten no sooner than its key
    /// is given again: it is refused here, because who forgets a log would cosign its beginning
    /// anew.
    ///
    /// # Errors
    /// When the text is malformed or names a log without a key.
    pub fn remember(&mut self, text: &str) -> Result<(), StateError> {
        let mut lines = text.strip_suffix('\n').ok_or(StateError(1))?.split('\n');
        if lines.next() != Some(STATE) {
            return Err(StateError(1));
        }
        for (at, line) in (2..).zip(lines) {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            let [origin, size, root] = words[..] else { return Err(StateError(at)) };
            let log = self.logs.get_mut(origin).ok_or(StateError(at))?;
            log.size = number(size, "").map_err(|_| StateError(at))?;
            log.root = root.parse().map_err(|_| StateError(at))?;
        }
        Ok(())
    }
}

/// Old size, proof and checkpoint note of a request.
fn parse(body: &[u8]) -> Option<(u64, Vec<Digest>, &str)> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= MAX_REQUEST)?;
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = number(lines.next()?.strip_prefix("old ")?, "").ok()?;
    let mut proof = Vec::new();
    for line in lines {
        let mut hash = [0; 32];
        let whole = Base64::decode(line, &mut hash).is_ok_and(|bytes| bytes.len() == 32);
        if !whole || proof.len() == MAX_PROOF {
            return None;
        }
        proof.push(Digest(hash));
    }
    Some((old, proof, note))
}

/// Answers `POST /add-checkpoint`: the cosignature line, if the checkpoint is signed by a known log
/// and the proof shows that it continues what was cosigned last. `state` has changed then, and must
/// be written down before the line is given away.
///
/// # Errors
/// [`Refusal`], with the state as it was.
pub fn add_checkpoint(
    state: &mut State,
    body: &[u8],
    cosigner: &Cosigner,
    now: Instant,
) -> Result<String, Refusal> {
    let (old, proof, note) = parse(body).ok_or(Refusal::Malformed)?;
    let checkpoint = Checkpoint::peek(note).map_err(|_| Refusal::Malformed)?;
    let log = state.logs.get_mut(&checkpoint.origin).ok_or(Refusal::UnknownLog)?;
    let opened = |key| match Checkpoint::open(note, key) {
        Err(CheckpointError::Note(NoteError::Form)) => Err(Refusal::Malformed),
        other => Ok(other.is_ok()),
    };
    let signed = log.keys.iter().map(opened).collect::<Result<Vec<bool>, Refusal>>()?;
    if !signed.contains(&true) {
        return Err(Refusal::Unsigned);
    }
    if old > checkpoint.size {
        return Err(Refusal::Backwards);
    }
    let forked = old == checkpoint.size && log.root != checkpoint.root;
    if old != log.size || forked {
        return Err(Refusal::Conflict(log.size));
    }
    if !merkle::is_consistent(log.size, &log.root, checkpoint.size, &checkpoint.root, &proof) {
        return Err(Refusal::Inconsistent);
    }
    (log.size, log.root) = (checkpoint.size, checkpoint.root);
    Ok(cosigner.cosign(&checkpoint.text(), now))
}

/// The body of a request.
#[must_use]
pub fn request(old: u64, proof: &[Digest], note: &str) -> String {
    let proof: String = proof.iter().map(|hash| Base64::encode_string(&hash.0) + "\n").collect();
    format!("old {old}\n{proof}\n{note}")
}

#[cfg(test)]
mod tests {
    use super::super::cosignature::Witness;
    use super::*;
    use crate::note::Signer;

    struct Log {
        signer: Signer,
        leaves: Vec<Digest>,
    }

    impl Log {
        fn new(salt: u8) -> Self {
            let leaves = (0..40_u8).map(|n| merkle::leaf(&[salt, n])).collect();
            Self { signer: Signer::new("city.example/jebi", &[1; 32]).unwrap(), leaves }
        }

        fn note(&self, size: usize) -> String {
            let origin = "city.example/jebi".to_owned();
            let root = merkle::root_of_leaves(&self.leaves[..size]);
            Checkpoint { origin, size: size as u64, root }.sign(&self.signer).unwrap()
        }

        fn body(&self, old: usize, new: usize) -> String {
            let proof = merkle::consistency(&self.leaves[..new], old).unwrap_or_default();
            request(old as u64, &proof, &self.note(new))
        }
    }

    #[test]
    fn a_log_is_followed_and_held_to_its_past() {
        let (log, fork) = (Log::new(0), Log::new(1));
        let cosigner = Cosigner::new("witness.example/w1", &[2; 32]).unwrap();
        let witness = Witness::parse(&cosigner.to_vkey()).unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut state = State::new([log.signer.verifier()]);
        let mut add = |body: &str| {
            let before = state.clone();
            let answer = add_checkpoint(&mut state, body.as_bytes(), &cosigner, now);
            assert!(answer.is_ok() || state == before, "a refusal changes nothing");
            answer
        };
        let line = add(&log.body(0, 7)).unwrap();
        assert_eq!(witness.open(&format!("{}{line}", log.note(7))), Ok(now));
        assert_eq!(add(&log.body(0, 7)), Err(Refusal::Conflict(7)));
        assert!(add(&log.body(7, 7)).is_ok());
        assert!(add(&log.body(7, 20)).is_ok());
        assert_eq!(add(&log.body(7, 30)), Err(Refusal::Conflict(20)));
        assert_eq!(add(&log.body(20, 19)), Err(Refusal::Backwards));
        assert_eq!(add(&fork.body(20, 20)), Err(Refusal::Conflict(20)));
        assert_eq!(add(&fork.body(20, 30)), Err(Refusal::Inconsistent));
        let stolen = log.body(20, 30).replace(&log.note(30), &fork.note(30));
        assert_eq!(add(&stolen), Err(Refusal::Inconsistent));
        assert_eq!(add(&request(20, &[], &log.note(30))), Err(Refusal::Inconsistent));
        let mut other = Log::new(0);
        other.signer = Signer::new("city.example/jebi", &[9; 32]).unwrap();
        assert_eq!(add(&other.body(20, 30)), Err(Refusal::Unsigned));
        let unknown = Signer::new("town.example/jebi", &[1; 32]).unwrap();
        let root = merkle::root_of_leaves(&log.leaves[..1]);
        let unknown = Checkpoint { origin: "town.example/jebi".to_owned(), size: 1, root }.sign(&unknown);
        assert_eq!(add(&request(0, &[], &unknown.unwrap())), Err(Refusal::UnknownLog));
        assert!(add(&log.body(20, 40)).is_ok());

        let mut again = State::new([log.signer.verifier()]);
        again.remember(&state.text()).unwrap();
        assert_eq!((&again, again.size("city.example/jebi")), (&state, Some(40)));
        assert!(State::default().remember(&state.text()).is_err(), "a log is not forgotten");
        assert!(again.remember("jebi-witness-1\ncity.example/jebi 1\n").is_err());
        assert!(again.remember("").is_err());
    }

    #[test]
    fn malformed_requests() {
        let log = Log::new(0);
        let cosigner = Cosigner::new("witness.example/w1", &[2; 32]).unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let hash = Base64::encode_string(&[0; 32]);
        for bad in [
            String::new(),
            log.note(3),
            format!("old 00\n\n{}", log.note(3)),
            format!("old -1\n\n{}", log.note(3)),
            format!("old 0\n{}", log.note(3)),
            format!("old 0\nAAAA\n\n{}", log.note(3)),
            format!("old 0\n{}\n{}", format!("{hash}\n").repeat(64), log.note(3)),
            format!("old 0\n\n{}x", log.note(3)),
            format!("old 0\n\n{}", "a".repeat(MAX_REQUEST)),
        ] {
            let mut state = State::new([log.signer.verifier()]);
            let answer = add_checkpoint(&mut state, bad.as_bytes(), &cosigner, now);
            assert_eq!(answer, Err(Refusal::Malformed), "{bad:.80}");
        }
    }
}
