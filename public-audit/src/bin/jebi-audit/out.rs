//! What is printed. Where nothing can be written that is an error, and never a panic.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

use public_audit::plain::plain;

/// Prints a line. Whoever closed the other end of the pipe has read enough.
pub fn say(line: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(io::Error::new(error.kind(), format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints lines to standard error, if there is one. They may cite a stranger's file.
pub fn complain(reason: impl Display) {
    let reason = reason.to_string();
    let lines: Vec<String> = reason.split('\n').map(plain).collect();
    let _ = writeln!(io::stderr(), "jebi-audit: {}", lines.join("\n"));
}
