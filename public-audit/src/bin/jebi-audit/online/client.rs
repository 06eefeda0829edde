//! `GET` with limits.

use std::io::{self, Read};
use std::time::Duration;

use ureq::Agent;

/// A request that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same for files that may be gigabytes.
const LONG_PATIENCE: Duration = Duration::from_secs(3600);
/// Above this, a file may take long.
const LARGE: u64 = 16 << 20;

/// Fetches what lies beneath an address.
pub struct Client {
    agent: Agent,
    base: String,
}

impl Client {
    /// Whether this is an address and not a folder.
    pub fn is_address(text: &str) -> bool {
        text.starts_with("https://") || text.starts_with("http://")
    }

    /// Beneath `base`, with or without a slash at its end.
    pub fn new(base: &str) -> io::Result<Self> {
        if !Self::is_address(base) {
            return Err(io::Error::other(format!("{base} is not an http address")));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(3)
            .timeout_connect(Some(Duration::from_secs(15)))
            .max_response_header_size(16 << 10)
            .user_agent(concat!("jebi-audit/", env!("CARGO_PKG_VERSION")));
        Ok(Self { agent: config.build().new_agent(), base: base.trim_end_matches('/').to_owned() })
    }

    /// Writes a file of at most `most` bytes to `to`; `false` if there is none.
    pub fn copy(&self, path: &str, most: u64, to: &mut impl io::Write) -> io::Result<bool> {
        let address = format!("{}/{path}", self.base);
        let failed = |error: &dyn std::fmt::Display| io::Error::other(format!("{address}: {error}"));
        let patience = if most > LARGE { LONG_PATIENCE } else { PATIENCE };
        let request = self.agent.get(&address).config().timeout_global(Some(patience)).build();
        let mut answer = request.call().map_err(|error| failed(&error))?;
        match answer.status().as_u16() {
            200 => {}
            204 | 404 | 410 => return Ok(false),
            other => return Err(failed(&format_args!("status {other}"))),
        }
        let mut body = answer.body_mut().as_reader().take(most + 1);
        let read = io::copy(&mut body, to).map_err(|error| failed(&error))?;
        if read > most {
            return Err(failed(&format_args!("larger than {most} bytes")));
        }
        Ok(true)
    }

    /// A small file as a whole.
    pub fn bytes(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        Ok(self.copy(path, most as u64, &mut bytes)?.then_some(bytes))
    }
}
