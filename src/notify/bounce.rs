//! Mail that comes back (RFC 3464), read and remembered.
//!
//! Which notice it was stands in the return path, under a keyed digest: nobody can make an address look
//! dead that we did not write to.

use chrono::{DateTime, Utc};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use sea_orm::DbErr;

use super::{
    content::CONTACT,
    mail::returned_tag,
    sent_to,
    tag::{self, Purpose},
};
use crate::{
    app::App,
    domain::contact::Contact,
    store::{self, mail::Cause, readdressed::READDRESSED},
};

/// What a message that came to the return path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It will not arrive. `hard`: nothing at this address ever will.
    Failed {
        /// The enhanced status code, `5.1.1`.
        status: String,
        /// A class 5 status (RFC 3463) that is about the address and not about one message.
        hard: bool,
    },
    /// The other server is still trying.
    Delayed,
    /// Something else: a holiday answer, a person, an advertisement.
    Other,
}

/// What followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The notice counts as undelivered.
    Undelivered {
        /// Whether the address is marked as dead.
        hard: bool,
    },
    /// It was known already.
    Known,
    /// Nothing: no failure, or none that a return path of ours proves.
    Nothing(&'static str),
}

/// Reads a message, given the address it came to if the mail server said so.
///
/// # Errors
/// What the database said; reading it again is safe.
pub async fn read(
    app: &App,
    message: &[u8],
    came_to: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Followed, DbErr> {
    let Some(address) = app.config.mail.as_ref().and_then(|mail| mail.return_path.as_deref()) else {
        return Ok(Followed::Nothing("`mail.return_path` is not set, so nothing can be read back"));
    };
    let Some(parsed) = MessageParser::default().parse(message) else {
        return Ok(Followed::Nothing("it is not a mail"));
    };
    let status = match report(&parsed) {
        Report::Failed { status, hard } => (status, hard),
        Report::Delayed => return Ok(Followed::Nothing("the other server is still trying")),
        Report::Other => return Ok(Followed::Nothing("it is not a delivery report (RFC 3464)")),
    };
    let tag = came_to.map(str::to_owned).into_iter().chain(recipients(&parsed)).find_map(|path| {
        returned_tag(address, &path).and_then(|tag| tag::find(&app.keys, Purpose::Bounce, tag))
    });
    let Some(notice_id) = tag else {
        return Ok(Followed::Nothing("it did not come to a return path of ours"));
    };
    settle(app, notice_id, &status.0, status.1, now).await
}

async fn settle(
    app: &App,
    notice_id: i64,
    status: &str,
    hard: bool,
    now: DateTime<Utc>,
) -> Result<Followed, DbErr> {
    let Some(notice) = store::mail::find_notice(app.db.read(), notice_id).await? else {
        return Ok(Followed::Nothing("the notice is forgotten"));
    };
    let txn = app.db.begin().await?;
    let contact: Option<Contact> = match notice.reason.as_str() {
        "code" => {
            let code = store::code::list(&txn, std::slice::from_ref(&notice.about)).await?.pop();
            code.and_then(|code| app.keys.people().open(CONTACT, &code.address_sealed))
        }
        // Known until it was sent, which it was if it came back; kept longer it would be for this alone.
        READDRESSED => None,
        // Of an address that the entry has left nothing follows: it is told things elsewhere.
        _ => {
            let entry = store::entry::find_held(&txn, notice.round_id, &notice.about).await?;
            sent_to::still_there(app, &txn, &notice, entry).await?
        }
    };
    let news = store::mail::settle_bounce(&txn, notice_id, status, hard, now).await?;
    let dead = contact.filter(|_| hard);
    if let Some(contact) = &dead {
        store::mail::insert_dead(&txn, address_key(app, contact), now).await?;
        if notice.reason != "code" {
            store::mail::insert_unmailed(&txn, notice.round_id, &notice.about, Cause::Bounced, now).await?;
        }
    }
    txn.commit().await?;
    if news {
        tracing::info!(notice = notice_id, status, hard, "a mail came back");
    }
    Ok(if news { Followed::Undelivered { hard: dead.is_some() } } else { Followed::Known })
}

/// How an address is known without being kept.
pub fn address_key(app: &App, contact: &Contact) -> String {
    app.keys.digest("dead address", &contact.address)
}

/// What the machine-readable part says of the recipient.
pub fn report(message: &Message<'_>) -> Report {
    let part = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"));
    let text = match part.map(|part| &part.body) {
        Some(PartType::Text(text) | PartType::Html(text)) => text.to_string(),
        Some(PartType::Binary(bytes) | PartType::InlineBinary(bytes)) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => return Report::Other,
    };
    let field = |name: &str| {
        // The fields of the message come first, then a group for each recipient: we write to one.
        text.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let action = field("Action").unwrap_or_default().to_ascii_lowercase();
    // "5.1.1", or "5.1.1 (bad destination mailbox address)".
    let status: String =
        field("Status").unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned();
    match action.as_str() {
        "failed" if is_status(&status) => Report::Failed { hard: is_hard(&status), status },
        "failed" => Report::Failed { hard: false, status: "5.0.0".to_owned() },
        "delayed" => Report::Delayed,
        _ => Report::Other,
    }
}

fn is_status(text: &str) -> bool {
    let mut parts = text.split('.');
    let digits = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next()) && digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
}

/// Class 5 about the address (5.1.x), about a mailbox that is shut (5.2.1) or about a domain that does not
/// exist (5.4.4). A full mailbox, a policy or a size are about today.
fn is_hard(status: &str) -> bool {
    status.starts_with("5.1.") || status == "5.2.1" || status == "5.4.4"
}

/// Where the message came to, as mail servers note it.
fn recipients(message: &Message<'_>) -> Vec<String> {
    let noted = ["Delivered-To", "X-Original-To", "Envelope-To"];
    let mut found: Vec<String> = noted
        .iter()
        .filter_map(|name| message.header_raw(*name))
        .map(|value| value.trim().to_owned())
        .collect();
    let to = message.to().into_iter().flat_map(|to| to.iter());
    found.extend(to.filter_map(|to| to.address.as_deref().map(str::to_owned)));
    found
}

#[cfg(test)]
mod tests;
