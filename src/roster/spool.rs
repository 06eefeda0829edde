//! Between reading and inserting: what was read, in parts by the first byte of its key. A part is small
//! enough to be sorted in memory, so doubles meet and the database is filled in the order of its key,
//! which is the cheapest there is. Holds digests and sealed contacts only.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Also how far an import has come is counted in these: never to be changed.
pub const PARTS: usize = 256;

/// One person as spooled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Digest of what they are known by.
    pub key: [u8; 16],
    /// Where in the file.
    pub line: u64,
    /// The same for lines that say the same.
    pub alike: u64,
    /// Digest of the household; zeros if none is known.
    pub household: [u8; 16],
    /// `e`, `s` or a space.
    pub channel: u8,
    /// Whether notices are in English.
    pub english: bool,
    /// The sealed contact.
    pub contact: String,
    /// `name=value` lines.
    pub fields: String,
}

/// A folder that is gone when this is dropped.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    /// Whoever holds it has the folder to itself; the system lets go of it when a process is killed.
    _lock: File,
    /// Parts that there must be.
    made: Vec<bool>,
    /// Made when the first of a part comes: a short list needs few.
    files: Vec<Option<BufWriter<File>>>,
}

impl Spool {
    /// Begins in a folder of its own; what an import that was killed left there goes away.
    ///
    /// # Errors
    /// `ResourceBusy` while another import is in that folder.
    pub fn create(folder: PathBuf) -> io::Result<Self> {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent)?;
        }
        let lock = lock(&folder)?;
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self { folder, _lock: lock, made: vec![false; PARTS], files: (0..PARTS).map(|_| None).collect() })
    }

    /// Adds somebody.
    pub fn add(&mut self, record: &Record) -> io::Result<()> {
        let part = usize::from(record.key[0]);
        let Some(file) = self.files.get_mut(part) else { return Ok(()) };
        let file = match file {
            Some(file) => file,
            None => {
                let made = File::create(name(&self.folder, part))?;
                self.made[part] = true;
                file.insert(BufWriter::with_capacity(16 * 1024, made))
            }
        };
        file.write_all(&record.key)?;
        file.write_all(&record.line.to_le_bytes())?;
        file.write_all(&record.alike.to_le_bytes())?;
        file.write_all(&record.household)?;
        file.write_all(&[record.channel, u8::from(record.english)])?;
        for text in [&record.contact, &record.fields] {
            let length = u32::try_from(text.len()).map_err(io::Error::other)?;
            file.write_all(&length.to_le_bytes())?;
            file.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    /// Everything is added.
    pub fn finish(&mut self) -> io::Result<()> {
        for file in self.files.drain(..).flatten() {
            file.into_inner().map_err(io::IntoInnerError::into_error)?;
        }
        Ok(())
    }

    /// A part, sorted by key and line.
    pub fn part(&self, part: usize) -> io::Result<Vec<Record>> {
        if !self.made.get(part).is_some_and(|made| *made) {
            return Ok(Vec::new());
        }
        let bytes = fs::read(name(&self.folder, part))?;
        let mut records = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            records.push(record(&mut rest).ok_or_else(|| io::Error::other("the spool is damaged"))?);
        }
        records.sort_unstable_by_key(|record| (record.key, record.line));
        Ok(records)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whoever holds it works in this folder; it goes with the process, on whatever machine that shares the disk.
pub(super) fn lock(folder: &Path) -> io::Result<File> {
    let lock = File::create(beside(folder))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Where the lock of a folder lies.
pub(super) fn beside(folder: &Path) -> PathBuf {
    let mut beside = OsString::from(folder);
    beside.push(".lock");
    beside.into()
}

fn name(folder: &Path, part: usize) -> PathBuf {
    folder.join(format!("{part:02x}"))
}

fn record(rest: &mut &[u8]) -> Option<Record> {
    let key = take(rest)?;
    let line = u64::from_le_bytes(take(rest)?);
    let alike = u64::from_le_bytes(take(rest)?);
    let household = take(rest)?;
    let [channel, english] = take(rest)?;
    let contact = text(rest)?;
    let fields = text(rest)?;
    Some(Record { key, line, alike, household, channel, english: english == 1, contact, fields })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

fn text(rest: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    String::from_utf8(taken.to_vec()).ok()
}
