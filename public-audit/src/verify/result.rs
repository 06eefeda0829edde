//! The checks of the result: computed once more, and compared line by line with what was published.

use std::io::{self, BufRead, Read};

use super::Refusal;
use super::steps::{Outcome, Steps, demand};
use crate::draw::{self, Long, LongError};
use crate::pool::PoolError;
use crate::{record, result};

impl Steps<'_> {
    pub fn result_form(&self) -> Outcome {
        let mut file = self.open(record::RESULT)?;
        let (mut line, mut number) = (Vec::new(), 0_u32);
        while next_line(&mut file, &mut line)? {
            number = number.saturating_add(1);
            let ended = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix('\n'));
            let parsed = ended.and_then(|line| result::Line::parse(line).ok());
            let sound = parsed.is_some_and(|line| line.rank == number);
            demand(sound, || format!("line {number} is not the line of rank {number}"))?;
        }
        Ok(format!("{number} lines in rank order"))
    }

    pub fn result_recomputed(&self) -> Outcome {
        let (rules, pool, seed) = (self.rules()?, self.pool()?, self.seed()?.draw_seed());
        let mut file = self.open(record::RESULT)?;
        let (mut found, mut expected) = (Vec::new(), String::new());
        let drawn = draw::long(rules, self.open(record::POOL)?, &seed, self.desk, |row| {
            expected.clear();
            result::write_line(rules, row, &mut expected);
            expected.push('\n');
            next_line(&mut file, &mut found)?;
            demand(found == expected.as_bytes(), || {
                let found = String::from_utf8_lossy(&found).trim_end().to_owned();
                format!("rank {}: computed `{}`, published `{found}`", row.rank, expected.trim_end())
            })
        })?;
        let more = next_line(&mut file, &mut found)?;
        demand(!more, || format!("more than the {} lines of the pool", pool.count))?;
        Ok(summary(&drawn))
    }
}

impl From<LongError> for Refusal {
    fn from(error: LongError) -> Self {
        match error {
            LongError::Draw(error) => Self::Fail(error.to_string()),
            LongError::Io(error) | LongError::Pool(PoolError::Io(error)) => Self::Unreadable(error),
            // It was a pool when it was read before.
            LongError::Pool(error) => {
                Self::Unreadable(io::Error::other(format!("{} has changed: {error}", record::POOL)))
            }
        }
    }
}

fn summary(drawn: &Long) -> String {
    let Long { share_level, assigned, waitlisted } = drawn;
    let level = share_level.map(|level| format!(", share level {level} won"));
    format!("identical: {assigned} assigned, {waitlisted} waitlisted{}", level.unwrap_or_default())
}

/// The next line with its LF, but never more of it than any line of a result can have.
fn next_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Refusal> {
    line.clear();
    Ok(file.take(256).read_until(b'\n', line)? > 0)
}
