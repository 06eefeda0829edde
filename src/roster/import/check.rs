//! Reading a roster, and checking it as a whole: what is wrong with it is said before anything is kept.

use std::{
    hash::{BuildHasher, RandomState},
    io,
    path::PathBuf,
};

use super::{Import, ImportError, Progress};
use crate::{
    app::{household_key, member_key},
    domain::{
        contact::Channel,
        roster::{Columns, Member, Reason, Wrong, line},
    },
    notify::content::CONTACT,
    roster::{
        FileError, Looked, Report, file, rows,
        spool::{PARTS, Record, Spool},
    },
    secret::Keys,
};

/// What was read.
#[derive(Debug)]
pub struct Summary {
    /// The roster's name.
    pub name: String,
    /// What the file is.
    pub looked: Looked,
    /// What its columns hold.
    pub columns: Columns,
    /// Lines below the heading.
    pub lines: u64,
    /// Different people with nothing wrong.
    pub people: u64,
    /// What is wrong.
    pub report: Report,
    /// `checked`, `current` or `complete`.
    pub state: &'static str,
    /// The keyed digest of the file: names the roster in minutes and complaints, tells nobody who is on it.
    pub digest: String,
}

/// A file that was read and checked.
pub struct Checked {
    pub(super) spool: Spool,
    /// What there is to say.
    pub summary: Summary,
}

/// Reads and checks a file; keeps nothing but the spool. `folder` is for the spool alone.
///
/// # Errors
/// [`ImportError`].
pub fn check(
    keys: &Keys,
    import: &Import,
    folder: PathBuf,
    sealing: bool,
    progress: &Progress,
) -> Result<Checked, ImportError> {
    let looked = file::look(&import.file)?;
    let spool = Spool::create(folder).map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy => FileError::Busy,
        _ => error.into(),
    })?;
    let mut reading = Reading {
        keys,
        import,
        sealing,
        columns: None,
        spool,
        report: Report::default(),
        lines: 0,
        alike: RandomState::new(),
    };
    let (mut done, of) = (0, looked.bytes);
    rows(
        &import.file,
        &looked,
        &mut |bytes| {
            done += bytes;
            progress("reading", done, of);
        },
        &mut |(line, cells)| reading.take(line, cells),
    )?;
    // Columns and digest were those of another file, if somebody writes to it meanwhile.
    if std::fs::metadata(&import.file).map_err(FileError::from)?.len() != looked.bytes {
        return Err(FileError::Changed.into());
    }
    let Reading { columns, mut spool, mut report, lines, .. } = reading;
    let columns = columns.ok_or(FileError::Empty)?;
    spool.finish().map_err(FileError::from)?;
    let mut people = 0;
    for part in 0..PARTS {
        let records = spool.part(part).map_err(FileError::from)?;
        for (at, record) in records.iter().enumerate() {
            match at.checked_sub(1).and_then(|before| records.get(before)) {
                Some(before) if before.key == record.key => {
                    let alike = before.alike == record.alike;
                    let reason = if alike { Reason::Twice } else { Reason::Differs };
                    report.note(record.line, Wrong { column: 0, reason }, before.line);
                }
                _ => people += 1,
            }
        }
        progress("comparing", part as u64 + 1, PARTS as u64);
    }
    let digest = keys.digest("roster file", &format!("{} {:?}", looked.digest, columns));
    let name = import.name.clone();
    let summary = Summary { name, looked, columns, lines, people, report, state: "checked", digest };
    Ok(Checked { spool, summary })
}

#[cfg(test)]
impl Checked {
    pub(in crate::roster) fn spool(&self) -> &Spool {
        &self.spool
    }
}

struct Reading<'a> {
    keys: &'a Keys,
    import: &'a Import,
    sealing: bool,
    columns: Option<Columns>,
    spool: Spool,
    report: Report,
    lines: u64,
    alike: RandomState,
}

impl Reading<'_> {
    fn take(&mut self, number: u64, cells: &[&str]) -> Result<(), FileError> {
        let Some(columns) = &self.columns else {
            self.columns = Some(Columns::of(cells, &self.import.maps, self.import.match_by)?);
            return Ok(());
        };
        self.lines += 1;
        match line::read(columns, cells) {
            Ok(member) => {
                let record = self.record(number, &member);
                self.spool.add(&record)?;
            }
            Err(wrongs) => wrongs.into_iter().for_each(|wrong| self.report.note(number, wrong, 0)),
        }
        Ok(())
    }

    fn record(&self, line: u64, member: &Member) -> Record {
        let address = member.contact.as_ref().map(|contact| contact.address.as_str());
        let particulars = (&member.name, member.birth, &member.household, &member.fields, address);
        Record {
            key: member_key(self.keys, &member.key),
            line,
            alike: self.alike.hash_one(particulars),
            household: member.household.as_ref().map_or([0; 16], |known| household_key(self.keys, known)),
            channel: match member.contact.as_ref().map(|contact| contact.channel) {
                Some(Channel::Email) => b'e',
                Some(Channel::Sms) => b's',
                None => b' ',
            },
            english: member.english,
            contact: match &member.contact {
                Some(contact) if self.sealing => self.keys.people().seal(CONTACT, contact),
                _ => String::new(),
            },
            fields: if self.sealing { member.fields.clone() } else { String::new() },
        }
    }
}

impl Summary {
    /// Why this file is not imported, if so.
    pub fn refusal(&self, leave_out: bool) -> Option<String> {
        let counts = self.report.counts();
        if let Some(count) = counts.get(&Reason::RegistrationNumber) {
            let lines = numbers(&self.report.first(Reason::RegistrationNumber, 20));
            return Some(format!(
                "{count} lines hold resident registration numbers (주민등록번호), which jebi never takes: lines {lines}; \
                 delete them from the file and from wherever it came from",
            ));
        }
        if self.people == 0 {
            return Some("no line of the file is a person that can be kept".to_owned());
        }
        let wrong: u64 =
            counts.iter().filter(|(reason, _)| !reason.is_harmless()).map(|(_, count)| count).sum();
        (wrong > 0 && !leave_out).then(|| {
            format!(
                "{wrong} things are wrong with its lines; mend them by the report and import again, or leave those lines \
                 out with --leave-out"
            )
        })
    }

    /// Lines that nobody was made of.
    pub fn left_out(&self) -> u64 {
        self.lines.saturating_sub(self.people)
    }
}

fn numbers(lines: &[u64]) -> String {
    let words: Vec<String> = lines.iter().map(u64::to_string).collect();
    words.join(", ")
}
