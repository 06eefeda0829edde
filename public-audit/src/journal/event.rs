//! An event: one line of the journal.
//!
//! ```text
//! 2026-11-20T00:00:00Z announced example-2026-12 number=1 rules=4c68…
//! ```

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;
use crate::entry::number;
use crate::instant::Instant;
use crate::merkle;
use crate::slug::Slug;

#[cfg(test)]
mod tests;

/// The longest line, in bytes without its LF: a reason of [`MAX_REASON`] characters of four bytes,
/// each byte written as `%F0`, and what stands before it.
pub const MAX_LINE: usize = 12_288;
/// The longest reason, in characters.
pub const MAX_REASON: usize = 1000;
/// The longest shift, in seconds: 31 days.
pub const MAX_SHIFT: u64 = 2_678_400;

/// Something that happened to a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was logged.
    pub at: Instant,
    /// To which round.
    pub round: Slug,
    /// What.
    pub act: Act,
}

/// What can happen. Numbers have at most 16 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The rules were published.
    Announced {
        /// The round's number, from 1.
        number: u64,
        /// SHA-256 of `rules.json`.
        rules: Digest,
    },
    /// The municipality's own words of its notices; nothing of the draw depends on them.
    Worded {
        /// SHA-256 of their file.
        digest: Digest,
    },
    /// A batch of changes to the pool-to-be.
    Entered {
        /// Its number in the round, from 1.
        batch: u64,
        /// Its `+` and `-` lines, at least one.
        changes: u64,
        /// SHA-256 of its text.
        digest: Digest,
    },
    /// Nobody can enter any more.
    Closed,
    /// The pool was sealed.
    Sealed {
        /// As in the seal, from 1.
        version: u64,
        /// As in the seal.
        entries: u64,
        /// As in the seal.
        root: Digest,
        /// SHA-256 of `seal.txt`.
        seal: Digest,
    },
    /// The organiser seed was revealed.
    Revealed {
        /// The seed.
        seed: Digest,
    },
    /// The beacon has spoken.
    Pulse {
        /// As in `seed-input.txt`.
        pulse: Digest,
    },
    /// The draw was made.
    Drawn {
        /// The draw seed.
        seed: Digest,
        /// SHA-256 of `result.txt`.
        result: Digest,
        /// The Merkle root over its lines.
        root: Digest,
    },
    /// What had become free was offered to the waitlist.
    Offered {
        /// Its number in the round, from 1.
        offer: u64,
        /// The lines of its block after the first; may be none.
        changes: u64,
        /// SHA-256 of its block.
        digest: Digest,
    },
    /// The clock of the round stood still.
    Shifted {
        /// What starts then or later starts later.
        from: Instant,
        /// By so much, 1 to [`MAX_SHIFT`].
        seconds: u64,
        /// Why; see [`is_reason`].
        reason: String,
    },
    /// Nobody starts later, and who could buy between two instants is waited for.
    Extended {
        /// Whose hold ends later than that …
        from: Instant,
        /// … and who starts then or earlier; not before `from`.
        until: Instant,
        /// By so much, 1 to [`MAX_SHIFT`].
        seconds: u64,
        /// Why; see [`is_reason`].
        reason: String,
    },
    /// Publication waits for two clerks to look.
    Held {
        /// Why; see [`is_reason`].
        reason: String,
    },
    /// They looked.
    Released {
        /// What they found; see [`is_reason`].
        reason: String,
    },
    /// The round does not count.
    Voided {
        /// Why; see [`is_reason`].
        reason: String,
    },
    /// Personal data was purged.
    Erased {
        /// Of how many people.
        people: u64,
    },
}

/// Why a line is not an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    Long,
    /// It does not begin with an instant.
    #[error("the line does not begin with an instant")]
    Instant,
    /// The third word is not a slug.
    #[error("the third word is not a round's slug")]
    Round,
    /// There is no event of this kind.
    #[error("there is no event of this kind")]
    Kind,
    /// A field is missing, superfluous, in the wrong place or malformed.
    #[error("the field `{0}` is not there or not as it should be")]
    Field(&'static str),
}

/// Whether a text can be a reason: 1 to [`MAX_REASON`] characters, no control character.
#[must_use]
pub fn is_reason(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_REASON && !text.chars().any(char::is_control)
}

impl Act {
    /// The second word of the line.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Announced { .. } => "announced",
            Self::Worded { .. } => "worded",
            Self::Entered { .. } => "entered",
            Self::Closed => "closed",
            Self::Sealed { .. } => "sealed",
            Self::Revealed { .. } => "revealed",
            Self::Pulse { .. } => "pulse",
            Self::Drawn { .. } => "drawn",
            Self::Offered { .. } => "offered",
            Self::Shifted { .. } => "shifted",
            Self::Extended { .. } => "extended",
            Self::Held { .. } => "held",
            Self::Released { .. } => "released",
            Self::Voided { .. } => "voided",
            Self::Erased { .. } => "erased",
        }
    }
}

impl Event {
    /// The leaf hash of its line.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        merkle::leaf(self.to_string().as_bytes())
    }
}

/// The line without LF. It can be parsed if reasons are reasons ([`is_reason`]) and numbers are
/// within their bounds.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at, self.act.kind(), self.round)?;
        match &self.act {
            Act::Announced { number, rules } => write!(f, " number={number} rules={rules}"),
            Act::Worded { digest } => write!(f, " digest={digest}"),
            Act::Entered { batch, changes, digest } => {
                write!(f, " batch={batch} changes={changes} digest={digest}")
            }
            Act::Closed => Ok(()),
            Act::Sealed { version, entries, root, seal } => {
                write!(f, " version={version} entries={entries} root={root} seal={seal}")
            }
            Act::Revealed { seed } => write!(f, " seed={seed}"),
            Act::Pulse { pulse } => write!(f, " pulse={pulse}"),
            Act::Drawn { seed, result, root } => write!(f, " seed={seed} result={result} root={root}"),
            Act::Offered { offer, changes, digest } => {
                write!(f, " offer={offer} changes={changes} digest={digest}")
            }
            Act::Shifted { from, seconds, reason } => {
                write!(f, " from={from} seconds={seconds} reason=")?;
                write_encoded(reason, f)
            }
            Act::Extended { from, until, seconds, reason } => {
                write!(f, " from={from} until={until} seconds={seconds} reason=")?;
                write_encoded(reason, f)
            }
            Act::Held { reason } | Act::Released { reason } | Act::Voided { reason } => {
                f.write_str(" reason=")?;
                write_encoded(reason, f)
            }
            Act::Erased { people } => write!(f, " people={people}"),
        }
    }
}

/// The fields after the slug, read in their order.
struct Fields<'l>(std::str::Split<'l, char>);

impl<'l> Fields<'l> {
    fn text(&mut self, name: &'static str) -> Result<&'l str, EventError> {
        let field = self.0.next().and_then(|word| word.strip_prefix(name));
        field.and_then(|rest| rest.strip_prefix('=')).ok_or(EventError::Field(name))
    }

    fn digest(&mut self, name: &'static str) -> Result<Digest, EventError> {
        self.text(name)?.parse().map_err(|_| EventError::Field(name))
    }

    fn number(&mut self, name: &'static str, least: u64) -> Result<u64, EventError> {
        let number = number(self.text(name)?, name).map_err(|_| EventError::Field(name))?;
        if number < least { Err(EventError::Field(name)) } else { Ok(number) }
    }

    fn instant(&mut self, name: &'static str) -> Result<Instant, EventError> {
        self.text(name)?.parse().map_err(|_| EventError::Field(name))
    }

    fn seconds(&mut self) -> Result<u64, EventError> {
        let seconds = self.number("seconds", 1)?;
        if seconds <= MAX_SHIFT { Ok(seconds) } else { Err(EventError::Field("seconds")) }
    }

    fn reason(&mut self) -> Result<String, EventError> {
        let reason = decode(self.text("reason")?).filter(|reason| is_reason(reason));
        reason.ok_or(EventError::Field("reason"))
    }
}

impl FromStr for Event {
    type Err = EventError;

    /// Reads a line given without its LF; whatever is read is written again byte by byte.
    fn from_str(line: &str) -> Result<Self, EventError> {
        if line.len() > MAX_LINE {
            return Err(EventError::Long);
        }
        let mut words = line.split(' ');
        let at = words.next().and_then(|word| word.parse().ok()).ok_or(EventError::Instant)?;
        let kind = words.next().unwrap_or_default();
        let round = words.next().and_then(|word| word.parse().ok()).ok_or(EventError::Round)?;
        let mut fields = Fields(words);
        let act = match kind {
            "announced" => {
                Act::Announced { number: fields.number("number", 1)?, rules: fields.digest("rules")? }
            }
            "worded" => Act::Worded { digest: fields.digest("digest")? },
            "entered" => Act::Entered {
                batch: fields.number("batch", 1)?,
                changes: fields.number("changes", 1)?,
                digest: fields.digest("digest")?,
            },
            "closed" => Act::Closed,
            "sealed" => Act::Sealed {
                version: fields.number("version", 1)?,
                entries: fields.number("entries", 0)?,
                root: fields.digest("root")?,
                seal: fields.digest("seal")?,
            },
            "revealed" => Act::Revealed { seed: fields.digest("seed")? },
            "pulse" => Act::Pulse { pulse: fields.digest("pulse")? },
            "drawn" => Act::Drawn {
                seed: fields.digest("seed")?,
                result: fields.digest("result")?,
                root: fields.digest("root")?,
            },
            "offered" => Act::Offered {
                offer: fields.number("offer", 1)?,
                changes: fields.number("changes", 0)?,
                digest: fields.digest("digest")?,
            },
            "shifted" => Act::Shifted {
                from: fields.instant("from")?,
                seconds: fields.seconds()?,
                reason: fields.reason()?,
            },
            "extended" => {
                let (from, until) = (fields.instant("from")?, fields.instant("until")?);
                if until < from {
                    return Err(EventError::Field("until"));
                }
                Act::Extended { from, until, seconds: fields.seconds()?, reason: fields.reason()? }
            }
            "held" => Act::Held { reason: fields.reason()? },
            "released" => Act::Released { reason: fields.reason()? },
            "voided" => Act::Voided { reason: fields.reason()? },
            "erased" => Act::Erased { people: fields.number("people", 0)? },
            _ => return Err(EventError::Kind),
        };
        match fields.0.next() {
            Some(_) => Err(EventError::Field("nothing more")),
            None => Ok(Self { at, round, act }),
        }
    }
}

/// What RFC 3986 calls unreserved stands for itself; every other byte is `%` and two upper-case
/// hex characters.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn write_encoded(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.bytes().try_for_each(|byte| match is_plain(byte) {
        true => write!(f, "{}", char::from(byte)),
        false => write!(f, "%{byte:02X}"),
    })
}

/// The inverse, of its one spelling.
fn decode(token: &str) -> Option<String> {
    let nibble = |byte: Option<u8>| match byte? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        letter @ b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    };
    let (mut bytes, mut rest) = (Vec::with_capacity(token.len()), token.bytes());
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let byte = (nibble(rest.next())? << 4) | nibble(rest.next())?;
                if is_plain(byte) {
                    return None;
                }
                byte
            }
            plain if is_plain(plain) => plain,
            _ => return None,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}
