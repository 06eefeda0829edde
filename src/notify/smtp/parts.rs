//! The parts of a mail: plain text; the same as HTML; a calendar file.

use super::outgoing::Calendar;
use lettre::message::{Attachment, MultiPart, SinglePart, header::ContentType};
use sha2::{Digest, Sha256};

/// One part if there is nothing but text, else as nested as needed (RFC 2046 section 5.1). Boundaries come
/// from the Message-ID: the same mail has the same bytes at every attempt.
pub(super) enum Parts {
    Text(String),
    /// Their Content-Type and their bytes. Not lettre's own kind of body: it writes that header after it has
    /// signed the others, so that no signature of a mail in parts would hold.
    Several(ContentType, Vec<u8>),
}

pub(super) fn parts(
    text: String,
    html: Option<String>,
    calendar: Option<&Calendar>,
    message_id: &str,
) -> Result<Parts, String> {
    let boundary = |name: &str| {
        let digest = Sha256::digest(format!("{name}:{message_id}"));
        let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        // "=_" never occurs in quoted-printable or base64 (RFC 2045 section 6.7).
        format!("=_{name}_{hex}")
    };
    let plain = SinglePart::plain;
    let readable = html.map(|html| {
        MultiPart::alternative()
            .boundary(boundary("a"))
            .singlepart(plain(text.clone()))
            .singlepart(SinglePart::html(html))
    });
    let Some(calendar) = calendar else {
        return readable.map_or(Ok(Parts::Text(text)), |readable| several(&readable));
    };
    let kind = format!("text/calendar; charset=utf-8; method={}", calendar.method);
    let kind = ContentType::parse(&kind).map_err(|error| error.to_string())?;
    let file = Attachment::new("jebi.ics".to_owned()).body(calendar.text.clone(), kind);
    let mixed = MultiPart::mixed().boundary(boundary("m"));
    several(&match readable {
        Some(readable) => mixed.multipart(readable).singlepart(file),
        None => mixed.singlepart(plain(text)).singlepart(file),
    })
}

fn several(parts: &MultiPart) -> Result<Parts, String> {
    let kind = parts.headers().get::<ContentType>().ok_or("parts without a Content-Type")?;
    let bytes = parts.formatted();
    let end_of_headers =
        bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or("parts without an end")?;
    Ok(Parts::Several(kind, bytes.get(end_of_headers + 4..).unwrap_or_default().to_vec()))
}
