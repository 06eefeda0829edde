//! `witness`: remembers the last state of each log in a file, and cosigns what continues it.
//!
//! ```text
//! DIR/logs.txt     a key of a log on each line, beside those given with --log
//! DIR/state.txt    what was cosigned last; on the disk before a cosignature is given away
//! ```

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use public_audit::Instant;
use public_audit::journal::cosignature::Cosigner;
use public_audit::journal::witness::{MAX_REQUEST, State, add_checkpoint};
use public_audit::note::Verifier;

use super::serve::{self, Answer};
use super::{Trouble, store};
use crate::folder::at;
use crate::out::{complain, say};

/// Writes a new secret key that only its owner can read, and prints the public one.
pub fn new_key(name: &str, path: &Path) -> Result<(), Trouble> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Trouble::Unreadable(error.to_string()))?;
    let cosigner = Cosigner::new(name, &secret).map_err(|error| Trouble::Unreadable(error.to_string()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(at(path))?;
    let written = file.write_all(format!("{}\n", cosigner.to_secret()).as_bytes());
    written.and_then(|()| file.sync_all()).map_err(at(path))?;
    Ok(say(cosigner.to_vkey())?)
}

/// Listens for ever.
pub fn run(dir: &Path, key: &Path, listen: &str, logs: &[String]) -> Result<(), Trouble> {
    let trouble = |error: &dyn std::fmt::Display| Trouble::Unreadable(error.to_string());
    let _lock = store::lock(dir)?;
    let secret = store::read(key, 4096)?
        .ok_or_else(|| trouble(&format_args!("{}: there is no key", key.display())))?;
    let cosigner = Cosigner::parse(secret.trim_end()).map_err(|error| trouble(&error))?;
    let mut keys = logs.to_vec();
    let listed = store::read(&dir.join("logs.txt"), 1 << 20)?.unwrap_or_default();
    keys.extend(listed.lines().filter(|line| !line.is_empty()).map(str::to_owned));
    let keys = keys.iter().map(|key| Verifier::parse(key)).collect::<Result<Vec<_>, _>>();
    let mut state = State::new(keys.map_err(|error| trouble(&error))?);

    let (path, begun) = (dir.join("state.txt"), dir.join("begun"));
    match store::read(&path, 16 << 20)? {
        Some(text) => state.remember(&text).map_err(|error| trouble(&error))?,
        None if fs::exists(&begun).map_err(at(&begun))? => {
            return Err(trouble(&"the state is lost: a witness that forgot must take a new key and folder"));
        }
        None => {
            store::replace(&path, state.text().as_bytes())?;
            store::replace(&begun, b"")?;
        }
    }
    let listener = TcpListener::bind(listen).map_err(at(Path::new(listen)))?;
    let (key, address) = (cosigner.to_vkey(), listener.local_addr()?);
    say(format_args!("{key} at http://{address}/add-checkpoint"))?;
    let state = Mutex::new(state);
    let answer = move |body: &[u8]| -> Answer {
        let unavailable = || (503, "text/plain; charset=utf-8", "not now\n".to_owned());
        // Looking, writing down and signing are one step: two requests must not both go first.
        let (Ok(mut state), Some(now)) = (state.lock(), now()) else { return unavailable() };
        let mut new = state.clone();
        match add_checkpoint(&mut new, body, &cosigner, now) {
            Ok(line) => match store::replace(&path, new.text().as_bytes()) {
                Ok(()) => {
                    *state = new;
                    (200, "text/plain; charset=utf-8", line)
                }
                Err(error) => {
                    complain(error);
                    unavailable()
                }
            },
            Err(refusal) => {
                let (kind, body) = refusal.answer();
                (refusal.status(), kind, body)
            }
        }
    };
    Ok(serve::serve(&listener, "/add-checkpoint", MAX_REQUEST, answer)?)
}

fn now() -> Option<Instant> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(seconds).ok().and_then(Instant::from_unix)
}
