//! A notice as a mail: its text, the same text as HTML, its calendar file, and its names on the envelope.

use chrono::{DateTime, Utc};

use super::{
    message::{self, Mail, Message, Sender},
    smtp::Outgoing,
    vendor::Ready,
    wording::Said,
};
use crate::words::Lang;

/// The mail of a notice, the same at every attempt but for its date.
pub fn outgoing(ready: &Ready, sender: &Sender, domain: &str, date: DateTime<Utc>) -> Outgoing {
    let mail = whole(&ready.message, &ready.said, ready.lang, sender, ready.code.as_deref());
    Outgoing {
        to: ready.contact.address.clone(),
        html: message::html(&mail, ready.lang),
        subject: mail.subject,
        body: mail.body,
        calendar: ready.calendar.clone(),
        unsubscribe: ready.unsubscribe.clone(),
        message_id: format!("<{}@{domain}>", ready.reference),
        date,
        envelope_from: ready.return_path.clone(),
    }
}

/// The whole mail of a notice: in the round's own words where it has some, above the usual end that says who
/// sends it and whom to ask.
pub fn whole(message: &Message, said: &Said, lang: Lang, sender: &Sender, code: Option<&str>) -> Mail {
    let mut mail = message::compose(message, lang, sender);
    if let Some(subject) = &said.subject {
        mail.subject.clone_from(subject);
    }
    if let Some(body) = &said.mail {
        // Below the first line of dashes stands what no words replace: the seal, who sends it, whom to ask.
        let end = mail.body.split_once("\n----\n").map(|(_, end)| end.to_owned()).unwrap_or_default();
        mail.body = format!("{body}\n\n----\n{end}");
    }
    message::with_code(mail, lang, code)
}

/// `bounce@example.org` as the return path of one notice: `bounce+TAG@example.org` (VERP).
pub fn return_path(address: &str, tag: &str) -> Option<String> {
    let (name, domain) = address.rsplit_once('@')?;
    Some(format!("{name}+{tag}@{domain}"))
}

/// The tag of a return path of ours.
pub fn returned_tag<'a>(address: &str, path: &'a str) -> Option<&'a str> {
    let (name, domain) = address.rsplit_once('@')?;
    let (local, at) = path.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    let (front, tag) = local.split_once('+')?;
    (front.eq_ignore_ascii_case(name) && at.eq_ignore_ascii_case(domain)).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_is_read_back_and_no_other() {
        let path = return_path("bounce@example.org", "7.0f").unwrap_or_default();
        assert_eq!(path, "bounce+7.0f@example.org");
        assert_eq!(returned_tag("bounce@example.org", "<Bounce+7.0f@EXAMPLE.org>"), Some("7.0f"));
        for other in
            ["bounce@example.org", "b+7.0f@example.org", "bounce+7.0f@example.com", "bounce+7.0f", ""]
        {
            assert_eq!(returned_tag("bounce@example.org", other), None, "{other}");
        }
    }
}
