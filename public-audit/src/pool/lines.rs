//! `pool.txt` read strictly, one line at a time, whatever becomes of the lines.

use std::io::{BufRead, Read as _};

use super::PoolError;
use crate::entry::{EntryError, LineForm, LineParts, MAX_LINE};
use crate::receipt::Receipt;
use crate::rules::Rules;

/// A line that is as the rules say.
pub(crate) struct Line<'l> {
    pub parts: LineParts<'l>,
    /// Cohort and reserve values, each followed by a space.
    pub others: &'l str,
    /// With its LF.
    pub bytes: &'l [u8],
}

/// What a line must be, after those before it.
#[derive(Debug)]
pub(crate) struct Strict {
    form: LineForm,
    count: u64,
    last: Option<Receipt>,
    others: String,
}

impl Strict {
    pub fn new(rules: &Rules) -> Self {
        Self { form: LineForm::new(rules), count: 0, last: None, others: String::new() }
    }

    pub fn form(&self) -> &LineForm {
        &self.form
    }

    /// Lines so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The next line, given with its LF.
    pub fn take<'l>(&'l mut self, bytes: &'l [u8]) -> Result<Line<'l>, PoolError> {
        let number = self.count + 1;
        if number >= u64::from(u32::MAX) {
            return Err(PoolError::Many);
        }
        let line = bytes.strip_suffix(b"\n").ok_or(PoolError::Unended)?;
        let ascii = std::str::from_utf8(line).ok().filter(|text| text.is_ascii());
        let text = ascii.ok_or(PoolError::Ascii(number))?;
        let parsed = self.form.parse(text, &mut self.others);
        let parts = parsed.map_err(|error| PoolError::Line(number, error))?;
        if self.last.is_some_and(|last| last >= parts.receipt) {
            return Err(PoolError::Order(number, parts.receipt));
        }
        self.last = Some(parts.receipt);
        self.count = number;
        Ok(Line { parts, others: &self.others, bytes })
    }
}

/// Shows every line, in memory that does not grow.
pub(crate) fn read<E: From<PoolError>>(
    strict: &mut Strict,
    reader: impl BufRead,
    mut each: impl FnMut(Line<'_>) -> Result<(), E>,
) -> Result<(), E> {
    raw(reader, |bytes| {
        if bytes.len() > MAX_LINE + 1 {
            return Err(PoolError::Line(strict.count + 1, EntryError::Long).into());
        }
        each(strict.take(bytes)?)
    })
}

/// Shows every line as it is, with its LF; of one that is too long the beginning.
pub(crate) fn raw<E: From<PoolError>>(
    mut reader: impl BufRead,
    mut each: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut line = Vec::new();
    loop {
        line.clear();
        // One byte more than is allowed is enough to see that it is too long.
        let mut bounded = (&mut reader).take(MAX_LINE as u64 + 2);
        if bounded.read_until(b'\n', &mut line).map_err(PoolError::from)? == 0 {
            return Ok(());
        }
        each(&line)?;
    }
}
