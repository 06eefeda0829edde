//! The personal minute as a calendar file (RFC 5545): it rings half an hour before, and moves or goes when
//! the minute does.
//!
//! Product and time stamp are given, not taken from the library: the same notice is the same file.

use chrono::{DateTime, TimeDelta, Utc};
use i18n_embed_fl::fl;
use icalendar::{Alarm, Calendar as File, Component, Event, EventLike, EventStatus, Property};

use super::{message::Message, smtp::Calendar};
use crate::words::{Lang, instant::minute, money::won};

/// Who makes such files.
const PRODUCT: &str = "-//jebi//notices 1//KO";
/// How long the appointment is shown: people buy in minutes, and the whole grace would block a day.
const LENGTH: TimeDelta = TimeDelta::minutes(30);
const RINGS_BEFORE: TimeDelta = TimeDelta::minutes(30);

/// Which appointment it is, and which of its versions.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// Higher than that of every file before it about the same entry.
    pub sequence: u32,
    /// When this version was made; in the file, so not the time of an attempt.
    pub stamped_at: DateTime<Utc>,
    /// Whether the entry has been told a minute before.
    pub had_place: bool,
}

/// When, until when, and how much.
type Place = (DateTime<Utc>, DateTime<Utc>, u64);

/// Title, receipt and place of a notice that gives a minute, moves it or takes it away.
fn appointment(message: &Message) -> Option<(&str, &str, Option<Place>)> {
    match message {
        Message::Assigned { title, receipt, starts_at, until, amount, .. } => {
            Some((title, receipt, Some((*starts_at, *until, *amount))))
        }
        Message::Withdrawn { title, receipt } | Message::Voided { title, receipt } => {
            Some((title, receipt, None))
        }
        Message::After(after) => {
            let place = after.held().map(|held| (held.starts_at, held.until, held.amount));
            Some((&after.title, &after.receipt, place))
        }
        _ => None,
    }
}

/// The calendar file of a notice, if it gives, moves or takes away a minute.
pub fn calendar(message: &Message, lang: Lang, version: Version) -> Option<Calendar> {
    let l = lang.loader();
    let (title, receipt, place) = appointment(message)?;
    let mut event = Event::new();
    event.uid(receipt).timestamp(version.stamped_at).sequence(version.sequence);
    let method = match place {
        Some((starts_at, until, amount)) => {
            event
                .starts(starts_at)
                .ends((starts_at + LENGTH).min(until).max(starts_at))
                .summary(&fl!(l, "invite-summary", title = title, amount = won(amount, lang)))
                .description(&fl!(l, "invite-text", until = minute(until, lang), receipt = receipt))
                .status(EventStatus::Confirmed);
            let mut alarm = Alarm::display(&fl!(l, "invite-alarm", title = title), -RINGS_BEFORE);
            // The library would put the present and a random number here.
            alarm.uid(&format!("{receipt}-alarm")).timestamp(version.stamped_at);
            event.alarm(alarm);
            "PUBLISH"
        }
        None if version.had_place => {
            event.summary(title).status(EventStatus::Cancelled);
            "CANCEL"
        }
        None => return None,
    };
    let mut file = File::empty();
    file.append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", PRODUCT))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", method))
        .push(event.done());
    Some(Calendar { method, text: file.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn a_file_is_the_same_whenever_it_is_made_and_has_no_link() {
        let message = Message::Assigned {
            title: "통영사랑상품권, 12월; 첫째".into(),
            receipt: "famx-6k54-dc9p-a7yz".into(),
            starts_at: at("2026-12-02T01:20:40Z"),
            until: at("2026-12-03T09:00:00Z"),
            amount: 200_000,
            rank: 1,
            count: 2,
        };
        let version = Version { sequence: 1, stamped_at: at("2026-11-30T01:00:00Z"), had_place: true };
        for lang in Lang::ALL {
            let made = calendar(&message, lang, version);
            assert_eq!(made, calendar(&message, lang, version));
            let Some(made) = made else { unreachable!() };
            for line in [
                "UID:famx-6k54-dc9p-a7yz\r\n",
                "DTSTAMP:20261130T010000Z\r\n",
                "SEQUENCE:1\r\n",
                "DTSTART:20261202T012040Z\r\n",
                "METHOD:PUBLISH\r\n",
                "TRIGGER:-PT1800S\r\n",
            ] {
                assert!(made.text.contains(line), "{line:?} is not in\n{}", made.text);
            }
            assert!(!made.text.contains("http") && !made.text.contains("ICALENDAR-RS"), "{}", made.text);
        }
        let gone = Message::Voided { title: "a".into(), receipt: "famx-6k54-dc9p-a7yz".into() };
        let made = calendar(&gone, Lang::Ko, Version { sequence: 2, ..version });
        let Some(made) = made else { unreachable!() };
        assert!(made.method == "CANCEL" && made.text.contains("STATUS:CANCELLED\r\n"), "{}", made.text);
        assert_eq!(calendar(&gone, Lang::Ko, Version { had_place: false, ..version }), None);
    }
}
