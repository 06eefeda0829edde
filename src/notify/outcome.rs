//! What became of one attempt to hand a notice to a mail server or an SMS gateway.

use std::fmt;

/// The four answers a transport can give, and what each obliges the outbox to do.
///
/// A transport never retries by itself once anything of the message has left: only the outbox knows how
/// often, how late and through whom a notice may still go. Reasons are written for a clerk's screen and a
/// log line; they never quote the recipient, the text or a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took responsibility for the message (SMTP: a 2yz reply to the final dot, RFC 5321
    /// section 4.2.5; SMS: the gateway stored it).
    ///
    /// The outbox stores the reference and never sends this notice again on any channel.
    Accepted {
        /// The other side's own words or number for the message, if it gave one: what to ask it about.
        reference: Option<String>,
    },
    /// The other side refused *this message*, or nothing that could be delivered has left us.
    ///
    /// `permanent: true`: do not retry; whoever was to hear it joins the unreached. No address is marked as dead by it:
    /// a server that refuses everybody for an hour must not cost them their mail for good.
    /// `permanent: false`: retry later with the same Message-ID or reference, counted and with back-off.
    Rejected {
        /// Why, in the other side's words where it used any.
        reason: String,
        /// Whether a retry is pointless.
        permanent: bool,
    },
    /// The *channel* does not work: refused connection, refused credentials, stopped gateway.
    /// It says nothing about this resident.
    ///
    /// The outbox gives the notice to the next vendor at once, and puts it off when none is left. After a few in a row
    /// it leaves the vendor alone for a while; it counts no try against the notice, and shows the reason to a clerk.
    Hold {
        /// What a clerk has to repair.
        reason: String,
    },
    /// The *account* does not work: no balance, sender number not registered, password refused. Every
    /// message would fail alike, and trying on would only make a long list of failures.
    ///
    /// The outbox stops this vendor for everybody until a clerk has repaired it, does not count a try, and
    /// lets the next vendor take over at once.
    Stop {
        /// What a clerk has to repair.
        reason: String,
    },
    /// The message may or may not have been taken (RFC 1047 describes how this happens in SMTP).
    ///
    /// Never resend blindly and never try another vendor: look it up first, or let a person or a stated
    /// policy accept the risk of a duplicate, which is then counted.
    Unknown {
        /// What happened, for whoever decides.
        reason: String,
    },
}

impl Outcome {
    /// The word used in tables, metrics and pages: `accepted`, `rejected`, `hold` or `unknown`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::Hold { .. } | Self::Stop { .. } => "hold",
            Self::Unknown { .. } => "unknown",
        }
    }

    pub(crate) fn permanent(reason: impl Into<String>) -> Self {
        Self::Rejected { reason: reason.into(), permanent: true }
    }

    pub(crate) fn later(reason: impl Into<String>) -> Self {
        Self::Rejected { reason: reason.into(), permanent: false }
    }

    pub(crate) fn hold(reason: impl Into<String>) -> Self {
        Self::Hold { reason: reason.into() }
    }

    pub(crate) fn stop(reason: impl Into<String>) -> Self {
        Self::Stop { reason: reason.into() }
    }

    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { reference: Some(reference) } => write!(out, "accepted ({reference})"),
            Self::Accepted { reference: None } => out.write_str("accepted"),
            Self::Rejected { reason, permanent: true } => write!(out, "rejected for good: {reason}"),
            Self::Rejected { reason, permanent: false } => write!(out, "rejected for now: {reason}"),
            Self::Hold { reason } => write!(out, "hold: {reason}"),
            Self::Stop { reason } => write!(out, "stopped: {reason}"),
            Self::Unknown { reason } => write!(out, "unknown: {reason}"),
        }
    }
}
