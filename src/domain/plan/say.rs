//! Refusals and changes as sentences, minutes in Korean time.

use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Seoul;

use super::{Change, Per, Refusal, Spike, Why};

impl Display for Spike {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opening => "opening",
            Self::Deadline => "deadline",
            Self::Results => "results",
            Self::Starts => "slot start",
            Self::Leftovers => "leftovers",
        })
    }
}

impl Display for Per {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Second => "a second",
            Self::Minute => "a minute",
            Self::Day => "a day",
        })
    }
}

/// `Mon 2027-01-11 09:00`, Korean time.
pub fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Seoul).format("%a %Y-%m-%d %H:%M").to_string()
}

/// `1,234.5`: a tenth below a hundred, whole above.
pub fn number(value: f64) -> String {
    let text = if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() || rest == "0" { grouped } else { format!("{grouped}.{rest}") }
}

#[allow(clippy::cast_precision_loss, reason = "people")]
fn count(people: u64) -> String {
    number(people as f64)
}

/// `41 min`, `11 h`, `12 h 40 min`.
pub fn span(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        _ if minutes < 120 => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

impl Display for Why {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over(peak) => {
                let (load, limit) = (number(peak.load), number(peak.limit));
                let at = match peak.per {
                    Per::Day => peak.at.with_timezone(&Seoul).format("%a %Y-%m-%d").to_string(),
                    _ => local(peak.at),
                };
                let excess = number(peak.load - peak.limit);
                write!(f, "{} at {at}: {} must take {load} {}, ", peak.spike, peak.dependency, peak.per)?;
                write!(f, "its limit is {limit}, {excess} less")
            }
            Self::Room { cohort: Some(cohort), people, seats } => {
                write!(
                    f,
                    "room: {} people of `{cohort}` could enter, its slots seat {}, ",
                    count(*people),
                    count(*seats)
                )?;
                write!(f, "{} less", count(people - seats))
            }
            Self::Room { cohort: None, people, .. } => {
                write!(f, "room: {} people are in no cohort, so no slot is theirs", count(*people))
            }
            Self::Nowhere { who } => write!(
                f,
                "room: no opening is for people of whom `{who}` is said; one of them who enters, and the pool could not \
                 be sealed"
            ),
            Self::Together { cohort, most, widest } => write!(
                f,
                "room: up to {most} people come together, and no slot of `{cohort}` seats more than {widest}: they would \
                 wait for ever"
            ),
            Self::Fund { fund, people, amount, budget } => write!(
                f,
                "fund: `{fund}` would have to pay {} won for {} people, it has {}",
                count(*amount),
                count(*people),
                count(*budget)
            ),
            Self::Outage(outage) => {
                let (minutes, waiting) = (number(outage.minutes), number(outage.waiting));
                write!(
                    f,
                    "leftovers: after an outage of {minutes} min of {} {waiting} people wait; ",
                    outage.dependency
                )?;
                match outage.drain_minutes {
                    Some(drain) => write!(
                        f,
                        "that is gone after {} min, and places are held for {} min",
                        number(drain),
                        number(outage.grace_minutes)
                    ),
                    None => f.write_str(
                        "that is never gone, because nothing is free beside those who come anyway",
                    ),
                }
            }
            Self::Notices { last, first } => write!(
                f,
                "results: the last notice would leave at {} (none between 21:00 and 08:00), after the first slot has \
                 begun at {}",
                local(*last),
                local(*first)
            ),
            Self::Offer { at, told, starts } => write!(
                f,
                "leftovers: whoever is given the time of {} by the offer of {} would hear of it at {} (as many a \
                 minute as when results are told, none between 21:00 and 08:00)",
                local(*starts),
                local(*at),
                local(*told)
            ),
        }
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours { gave, needs } => {
                write!(f, "needs {} a day, you gave {}", span(*needs), span(*gave))
            }
            Self::Days { gave, needs } => write!(f, "needs {needs} days, you gave {gave}"),
            Self::Spread { gave, needs } => write!(f, "needs spread_hours = {needs}, you gave {gave}"),
            Self::Fund { fund, gave, needs } => {
                write!(f, "needs {} won in the fund `{fund}`, you gave {}", count(*needs), count(*gave))
            }
            Self::Limit { dependency, per, gave, needs } => {
                write!(f, "needs {} {per} of {dependency}, you gave {}", number(*needs), number(*gave))
            }
            Self::Personal { gave, needs, days } => {
                write!(f, "needs everybody's own minute, over {}", span(*needs))?;
                if *days > 1 {
                    write!(f, " on each of {days} days")?;
                }
                f.write_str("; you gave one moment for all")?;
                if gave == needs { Ok(()) } else { write!(f, " and {}", span(*gave)) }
            }
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.why)?;
        for (at, change) in self.changes.iter().enumerate() {
            write!(f, "{} {change}", if at == 0 { ":" } else { "; or" })?;
        }
        Ok(())
    }
}
