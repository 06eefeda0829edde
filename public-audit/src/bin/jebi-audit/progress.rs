//! The progress bar that reading a record moves.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use public_audit::record::{self, Files};

/// How often the bar is drawn: also while the draw is computed, when nothing is read.
const TICK: Duration = Duration::from_millis(200);

/// A bar for so many bytes, or none if nobody knows how many; who asked for an answer to be read by a program
/// sees none. Nor does anybody whose standard error is not a terminal.
pub fn bar(bytes: Option<u64>, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let (bar, style) = match bytes {
        Some(bytes) => {
            (ProgressBar::new(bytes), "{spinner} {msg:20} {wide_bar} {bytes}/{total_bytes} {elapsed}")
        }
        None => (ProgressBar::no_length(), "{spinner} {msg:20} {bytes} {bytes_per_sec} {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// A record, and how much of it has been read.
pub struct Progress<'f> {
    files: &'f dyn Files,
    bar: ProgressBar,
}

impl<'f> Progress<'f> {
    pub fn new(files: &'f dyn Files, quiet: bool) -> Self {
        Self { files, bar: bar(Some(to_read(files)), quiet) }
    }

    /// Takes the bar away before the report is printed.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Each file is read for its digest and again for its meaning, some more than once: the pool for its form, the
/// lots and the batches. A guess is enough, whatever the sizes.
fn to_read(files: &dyn Files) -> u64 {
    let size = |name: &str| files.size(name).ok().flatten().unwrap_or(0);
    let offers = size(record::OFFERS);
    let after =
        if offers > 0 { &[(record::POOL, 1), (record::JOURNAL, 1), (record::OFFERS, 3)][..] } else { &[] };
    let again = [(record::POOL, 2), (record::RESULT, 2), (record::BATCHES, 1), (record::JOURNAL, 3)];
    let all = record::FILES.map(|name| (name, 2));
    let times = all.iter().chain(&again).chain(after);
    times.fold(0, |sum, (name, times)| sum.saturating_add(size(name).saturating_mul(*times)))
}

impl Files for Progress<'_> {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Read + '_>>> {
        self.bar.set_message(name.to_owned());
        let file = self.files.open(name)?;
        Ok(file.map(|file| Box::new(self.bar.wrap_read(file)) as Box<dyn Read>))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        self.files.size(name)
    }
}
