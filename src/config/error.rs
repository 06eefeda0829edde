//! All problems of a configuration, each a sentence that says what to do.

use std::fmt;

/// What is wrong with the configuration; never empty.
#[derive(Debug)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// The problems as an error, or nothing if there are none.
    pub(super) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self { problems }) }
    }

    /// The sentences, in the order an operator would fix them.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => writeln!(f, "The configuration has a problem:")?,
            n => writeln!(f, "The configuration has {n} problems:")?,
        }
        for problem in &self.problems {
            writeln!(f, "  - {problem}")?;
        }
        write!(f, "docs/jebi.example.toml explains every key; `jebi check-config` shows the result.")
    }
}

impl std::error::Error for ConfigError {}
