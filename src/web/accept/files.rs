//! File descriptors: each connection is one, and the default limit of 1,024 is soon reached.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for everything that is not a resident's connection: database, mail, logs.
const RESERVE: u64 = 128;

/// Raises this process's limit to what the system allows, and says how many connections fit.
pub(super) fn for_connections() -> usize {
    let maximum = getrlimit(Resource::Nofile).maximum;
    // If refused, the lower limit stays in force.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    match getrlimit(Resource::Nofile).current {
        Some(files) => usize::try_from(files.saturating_sub(RESERVE).max(16)).unwrap_or(usize::MAX),
        None => usize::MAX,
    }
}
