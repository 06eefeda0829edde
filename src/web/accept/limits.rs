//! What one connection, and all of them together, may take.

use std::time::Duration;

use crate::config;

/// Limits of the accept loop. A cut may come up to two ticks later than its limit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// From the first byte of a request to the end of the headers.
    pub header: Duration,
    /// From the end of the headers to the end of the body; later is answered 408.
    pub body: Duration,
    /// From the end of the headers to the first byte of the answer; later is answered 503.
    pub total: Duration,
    /// An open connection without a request, a new one too, or an answer that its reader does not take.
    pub idle: Duration,
    /// What requests in flight get when the server ends.
    pub drain: Duration,
}

impl Limits {
    /// How often connections are looked at: often enough that a cut is at most an eighth late.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.header.min(self.body).min(self.total).min(self.idle);
        (shortest / 16).clamp(Duration::from_millis(5), Duration::from_millis(500))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::from(&config::Limits::default())
    }
}

impl From<&config::Limits> for Limits {
    fn from(limits: &config::Limits) -> Self {
        Self {
            connections: limits.connections,
            header: Duration::from_millis(limits.header_ms),
            body: Duration::from_millis(limits.body_ms),
            total: Duration::from_millis(limits.total_ms),
            idle: Duration::from_millis(limits.idle_ms),
            drain: Duration::from_millis(limits.drain_ms),
        }
    }
}
