//! One mail: what the outbox gives, and the bytes that go on the wire (RFC 5322).
//!
//! Header injection is impossible by construction: addresses are parsed, the Message-ID is one ASCII token,
//! the subject may not hold a control character and is encoded (RFC 2047) by lettre.

use super::{
    dkim::Dkim,
    headers::{AutoSubmitted, ListUnsubscribe, ListUnsubscribePost},
    parts::{Parts, parts},
};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType},
    },
};
use std::{fmt, time::SystemTime};

/// A mail to one resident, complete: the same input gives the same bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// The recipient's address.
    pub to: String,
    /// Subject, in any script.
    pub subject: String,
    /// Plain text; any line endings.
    pub body: String,
    /// The same for who reads HTML.
    pub html: Option<String>,
    /// The appointment as a file.
    pub calendar: Option<Calendar>,
    /// Where one click ends mails about this entry (RFC 8058).
    pub unsubscribe: Option<String>,
    /// `<left@right>`, the same for every attempt, so that a duplicate can be recognised.
    pub message_id: String,
    /// The `Date` header.
    pub date: DateTime<Utc>,
    /// Where bounces go (RFC 5321 section 3.6.3), if not to the configured sender.
    pub envelope_from: Option<String>,
}

/// An iCalendar file (RFC 5545) and what it asks of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// `PUBLISH` or `CANCEL` (RFC 5546), the same as in the file.
    pub method: &'static str,
    /// The file.
    pub text: String,
}

impl fmt::Debug for Outgoing {
    /// Neither recipient nor text: the body of a code mail is a secret, the address is personal.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Outgoing").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// A mail that cannot be put on the wire, whatever the server.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Refusal {
    #[error("the recipient is not an e-mail address")]
    Recipient,
    #[error("the envelope sender is not an e-mail address")]
    Sender,
    #[error("the subject holds a control character")]
    Subject,
    #[error("the body holds a control character")]
    Body,
    #[error("the Message-ID is not of the form <left@right>")]
    MessageId,
    #[error("the address to unsubscribe at is not one")]
    Unsubscribe,
    #[error("the mail could not be composed: {0}")]
    Compose(String),
}

/// A composed mail.
pub(super) struct Composed {
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
}

impl Composed {
    /// Whether the server must know SMTPUTF8 (RFC 6531): a local part beyond ASCII.
    pub fn needs_utf8(&self) -> bool {
        let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        !(plain(&self.from) && plain(&self.to))
    }
}

pub(super) fn compose(mail: &Outgoing, from: &Mailbox, dkim: Option<&Dkim>) -> Result<Composed, Refusal> {
    let to = address(&mail.to).ok_or(Refusal::Recipient)?;
    let sender = match &mail.envelope_from {
        Some(sender) => address(sender).ok_or(Refusal::Sender)?,
        None => from.email.clone(),
    };
    if mail.subject.contains(char::is_control) {
        return Err(Refusal::Subject);
    }
    let message_id = message_id(&mail.message_id).ok_or(Refusal::MessageId)?;
    let composed = |error: &dyn fmt::Display| Refusal::Compose(error.to_string());
    let body = parts(lines(&mail.body)?, mail.html.clone(), mail.calendar.as_ref(), &message_id);
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(mail.subject.clone())
        .date(SystemTime::from(mail.date))
        .message_id(Some(message_id))
        .header(lettre::message::header::MIME_VERSION_1_0)
        .header(AutoSubmitted);
    if let Some(url) = &mail.unsubscribe {
        let plain =
            url.starts_with("http") && url.chars().all(|c| c.is_ascii_graphic() && !"<>,".contains(c));
        let url = plain.then(|| url.clone()).ok_or(Refusal::Unsubscribe)?;
        builder = builder.header(ListUnsubscribe(url)).header(ListUnsubscribePost);
    }
    let message = match body.map_err(|error| composed(&error))? {
        Parts::Text(text) => builder.header(ContentType::TEXT_PLAIN).body(text),
        // Every part is encoded already, so the whole is ASCII.
        Parts::Several(kind, bytes) => {
            builder.header(kind).body(Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::SevenBit))
        }
    };
    let mut message = message.map_err(|error| composed(&error))?;
    if let Some(dkim) = dkim {
        dkim.sign(&mut message);
    }
    Ok(Composed { from: sender, to, bytes: message.formatted() })
}

/// Parses an address; a domain in Hangul becomes its ASCII form (RFC 5891), so that any server takes it.
pub(super) fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.rsplit_once('@')?;
    let domain = if domain.is_ascii() { domain.to_owned() } else { idna::domain_to_ascii(domain).ok()? };
    let graphic = |part: &str| !part.contains(|c: char| c.is_control() || c.is_whitespace());
    // RFC 5321 section 4.5.3.1: a path has at most 256 octets.
    let short = user.len() <= 64 && domain.len() <= 255;
    if !(graphic(user) && graphic(&domain) && short) {
        return None;
    }
    Address::new(user, domain).ok()
}

/// `<left@right>` of RFC 5322 section 3.6.4, without its obsolete and quoted forms; a right side in Hangul
/// becomes ASCII as in an address.
fn message_id(text: &str) -> Option<String> {
    let (left, right) = text.strip_prefix('<')?.strip_suffix('>')?.split_once('@')?;
    let right = if right.is_ascii() { right.to_owned() } else { idna::domain_to_ascii(right).ok()? };
    let literal = right.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let atom = |part: &str, more: &str| {
        let known =
            |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || more.contains(c);
        !part.is_empty() && part.chars().all(known)
    };
    let sound = atom(left, "") && literal.map_or_else(|| atom(&right, ""), |inner| atom(inner, ":"));
    // A header line of more than 998 octets is invalid (RFC 5322 section 2.1.1); this stays far below.
    (sound && left.len() + right.len() <= 250).then(|| format!("<{left}@{right}>"))
}

/// The body with `\n` line ends only. A lone CR or another control character is how one mail is smuggled
/// inside another; none belongs in a notice.
fn lines(body: &str) -> Result<String, Refusal> {
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    if body.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(Refusal::Body);
    }
    Ok(body.trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests;
