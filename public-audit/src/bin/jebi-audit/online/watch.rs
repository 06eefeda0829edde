//! `watch`: follows a journal, keeps its own copy, and shouts when the past changes.
//!
//! ```text
//! DIR/key            the log's key, as given or as found at first use
//! DIR/checkpoint     the last one that was verified, signed
//! DIR/events.txt     the events under it; what is longer is left from a crash and cut off
//! DIR/split-view/    both checkpoints, if they contradict each other
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use public_audit::journal::checkpoint::CheckpointError;
use public_audit::journal::event::MAX_LINE;
use public_audit::journal::rounds::Rounds;
use public_audit::journal::tiles::{self, Reader, TileError};
use public_audit::journal::{Act, Checkpoint, Event, TilePath};
use public_audit::merkle::Builder;
use public_audit::note::{self, NoteError, Verifier};
use public_audit::{Digest, Rules, rules};

use super::Trouble;
use super::client::Client;
use super::store;
use crate::folder::at;
use crate::out::{complain, say};

/// The most that is appended to the copy in one pass.
const MAX_BYTES: u64 = 1 << 30;
/// What is wrong is counted, and this many are told.
const MAX_TOLD: usize = 100;

/// What this watcher has.
struct Own {
    dir: PathBuf,
    key: Option<Verifier>,
    /// The last checkpoint, if there was one, and what is in it.
    note: Option<String>,
    tree: Builder,
    rounds: Rounds,
    /// What is wrong in the events so far, and how much there is of it.
    wrong: Vec<String>,
    wrongs: usize,
    /// Bytes of the copy that belong to the checkpoint.
    bytes: u64,
    _lock: File,
}

impl Own {
    fn load(dir: &Path, given: Option<&str>) -> Result<Self, Trouble> {
        let damaged = |what: &str| Trouble::Unreadable(format!("{}: {what}", dir.display()));
        let lock = store::lock(dir)?;
        let pinned = store::read(&dir.join("key"), 4096)?.map(|key| key.trim_end().to_owned());
        let key = match (pinned, given) {
            (Some(pinned), Some(given)) if pinned != given => {
                return Err(damaged("another key than the given one was used here before"));
            }
            (pinned, given) => pinned.or_else(|| given.map(str::to_owned)),
        };
        let key = key.map(|key| Verifier::parse(&key)).transpose();
        let mut own = Self {
            dir: dir.to_owned(),
            key: key.map_err(|error| damaged(&error.to_string()))?,
            note: store::read(&dir.join("checkpoint"), note::MAX_BYTES as u64)?,
            tree: Builder::new(),
            rounds: Rounds::default(),
            wrong: Vec::new(),
            wrongs: 0,
            bytes: 0,
            _lock: lock,
        };
        let Some(note) = own.note.clone() else { return Ok(own) };
        let checkpoint = Checkpoint::peek(&note).map_err(|error| damaged(&error.to_string()))?;
        let mut file = BufReader::new(open(dir)?);
        let mut line = Vec::new();
        while own.tree.count() < checkpoint.size {
            line.clear();
            (&mut file).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
            let text = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix('\n'));
            own.take(text.ok_or_else(|| damaged("events.txt is not what was written"))?);
        }
        match own.tree.root() == checkpoint.root {
            true => Ok(own),
            false => Err(damaged("events.txt is not what the checkpoint says")),
        }
    }

    /// Takes a line that is in the copy.
    fn take(&mut self, line: &str) {
        let taken = line.parse::<Event>().map_err(|error| error.to_string());
        if let Err(wrong) = taken.and_then(|event| self.rounds.take(&event)) {
            self.wrongs += 1;
            if self.wrong.len() < MAX_TOLD {
                self.wrong.push(format!("event {}: {wrong}", self.tree.count()));
            }
        }
        self.tree.push_line(line.as_bytes());
        self.bytes += line.len() as u64 + 1;
    }

    /// Keeps both checkpoints as evidence, under names that do not hide earlier evidence.
    fn shout(&self, theirs: &str, why: &str) -> Trouble {
        let dir = self.dir.join("split-view");
        let ours = self.note.as_deref().unwrap_or_default();
        let save = || {
            fs::create_dir_all(&dir)?;
            for (who, note) in [("ours", ours), ("theirs", theirs)] {
                let digest = Digest::of(note).to_string();
                store::replace(&dir.join(format!("{who}-{}.txt", &digest[..16])), note.as_bytes())?;
            }
            Ok::<(), io::Error>(())
        };
        let saved = match save() {
            Ok(()) => format!("both checkpoints are in {}", dir.display()),
            Err(error) => format!("and the evidence could not be saved: {error}\n{ours}\n{theirs}"),
        };
        Trouble::Split(format!("{why}; {saved}"))
    }
}

/// The copy, to be read.
fn open(dir: &Path) -> io::Result<File> {
    let path = dir.join("events.txt");
    File::open(&path).map_err(at(&path))
}

/// Follows until something is wrong, or once.
pub fn run(
    url: &str,
    dir: &Path,
    key: Option<&str>,
    once: bool,
    every: std::time::Duration,
) -> Result<(), Trouble> {
    let client = Client::new(url)?;
    let mut own = Own::load(dir, key)?;
    loop {
        match pass(&mut own, &client) {
            Ok(()) => {}
            // Whoever is away may come back.
            Err(Trouble::Unreadable(reason)) if !once => complain(reason),
            Err(trouble) => return Err(trouble),
        }
        for wrong in &own.wrong {
            complain(wrong);
        }
        if once {
            return match own.wrongs {
                0 => Ok(()),
                some => Err(Trouble::Wrong(format!("{some} events are not as they should be"))),
            };
        }
        std::thread::sleep(every);
    }
}

/// Looks once.
fn pass(own: &mut Own, client: &Client) -> Result<(), Trouble> {
    let theirs = client.bytes("journal/checkpoint", note::MAX_BYTES)?;
    let theirs = theirs.and_then(|bytes| String::from_utf8(bytes).ok());
    let theirs = theirs.ok_or_else(|| Trouble::Unreadable("there is no checkpoint".to_owned()))?;
    let (key, found) = match &own.key {
        Some(key) => (key.clone(), false),
        None => (find_key(client, &theirs)?, true),
    };
    let checkpoint = match Checkpoint::open(&theirs, &key) {
        Ok(checkpoint) => checkpoint,
        Err(error @ (CheckpointError::Form | CheckpointError::Note(NoteError::Form))) => {
            return Err(Trouble::Unreadable(format!("not a checkpoint: {error}")));
        }
        Err(error) => return Err(own.shout(&theirs, &format!("the key is not {}: {error}", key.to_vkey()))),
    };
    let (old, new) = (own.tree.count(), checkpoint.size);
    if new < old {
        return Err(own.shout(&theirs, &format!("it had {old} events and now has {new}")));
    }
    if new == old && own.note.is_some() {
        if own.tree.root() != checkpoint.root {
            return Err(own.shout(&theirs, &format!("there are two trees of {old} events")));
        }
        return Ok(say(format_args!("nothing new: {old} events"))?);
    }
    append(own, client, &theirs, &checkpoint)?;
    if own.note.is_none() {
        store::replace(&own.dir.join("key"), format!("{}\n", key.to_vkey()).as_bytes())?;
    }
    if found {
        say(format_args!("the key was not given and is from now on {}", key.to_vkey()))?;
    }
    store::replace(&own.dir.join("checkpoint"), theirs.as_bytes())?;
    (own.key, own.note) = (Some(key), Some(theirs));
    let (more, rounds, root) = (new - old, own.rounds.count(), checkpoint.root);
    Ok(say(format_args!("{more} new events, {new} in all, {rounds} rounds; root {root}"))?)
}

/// Downloads and verifies what is new, and appends it to the copy.
fn append(own: &mut Own, client: &Client, theirs: &str, checkpoint: &Checkpoint) -> Result<(), Trouble> {
    let path = own.dir.join("events.txt");
    let mut file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
    file.set_len(own.bytes)?;
    file.seek(io::SeekFrom::End(0))?;
    let mut copy = BufWriter::new(&file);
    let mut appended = 0;
    let mut new = Vec::new();
    let fetch = |path: &TilePath| client.bytes(&format!("journal/{path}"), path.most());
    let followed = Reader::new(checkpoint.size, fetch).follow(&own.tree, &checkpoint.root, |line| {
        // What cannot be a line of the copy can be no event either.
        if line.is_empty() || line.len() > MAX_LINE || !line.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an entry of the journal is not a line"));
        }
        appended += line.len() as u64 + 1;
        if appended > MAX_BYTES {
            return Err(io::Error::other(format!("more than {MAX_BYTES} bytes at once")));
        }
        if new.len() < MAX_TOLD && !line.contains(" entered ") {
            new.push(line.to_owned());
        }
        copy.write_all(line.as_bytes())?;
        copy.write_all(b"\n")
    });
    let followed = followed.and_then(|tree| {
        copy.flush()?;
        Ok(tree)
    });
    drop(copy);
    if let Err(error) = followed {
        file.set_len(own.bytes)?;
        return Err(match error {
            TileError::Fork(_) | TileError::Shrunk(..) => own.shout(theirs, &error.to_string()),
            TileError::Root(_) | TileError::Entries(_) | TileError::Contradiction => {
                Trouble::Wrong(error.to_string())
            }
            TileError::Io(error) => error.into(),
            other => Trouble::Unreadable(other.to_string()),
        });
    }
    file.sync_all()?;
    for line in new {
        say(line)?;
    }
    // What was followed is read back from the copy, as it will be at the next start.
    let mut lines = BufReader::new(open(&own.dir)?);
    lines.seek(io::SeekFrom::Start(own.bytes))?;
    for line in lines.lines() {
        own.take(&line?);
    }
    if own.tree.root() != checkpoint.root {
        return Err(Trouble::Wrong("events.txt changed while it was written".to_owned()));
    }
    Ok(())
}

/// The key of a log that was never seen: that of the first round announced in it, whose rules the
/// journal binds. Nothing else vouches for it.
fn find_key(client: &Client, theirs: &str) -> Result<Verifier, Trouble> {
    let unknown =
        |why: &str| Trouble::Unreadable(format!("the log's key cannot be found, give --key: {why}"));
    let checkpoint = Checkpoint::peek(theirs).map_err(|error| unknown(&error.to_string()))?;
    let width = u16::try_from(checkpoint.size.min(u64::from(tiles::WIDTH))).unwrap_or(tiles::WIDTH);
    let first = TilePath::Entries { index: 0, width: width.max(1) };
    let bundle = match client.bytes(&format!("journal/{first}"), first.most())? {
        None => client.bytes(&format!("journal/{}", first.full()), first.most())?,
        some => some,
    };
    let bundle = bundle.ok_or_else(|| unknown("there are no entries"))?;
    let lines = tiles::parse_bundle(&bundle).ok_or_else(|| unknown("there are no entries"))?;
    let announced = lines.iter().find_map(|line| match line.parse::<Event>().ok()? {
        Event { round, act: Act::Announced { rules, .. }, .. } => Some((round, rules)),
        _ => None,
    });
    let (round, digest) = announced.ok_or_else(|| unknown("no round was announced at its beginning"))?;
    let bytes = client.bytes(&format!("rounds/{round}/record/rules.json"), rules::MAX_BYTES)?;
    let bytes = bytes.ok_or_else(|| unknown("the rules of its first round are not there"))?;
    if Digest::of(&bytes) != digest {
        return Err(unknown("the rules of its first round are not those announced"));
    }
    let key = Rules::parse(&bytes).map_err(|error| unknown(&error.to_string()))?.signing_key;
    Verifier::parse(&key).map_err(|error| unknown(&error.to_string()))
}
