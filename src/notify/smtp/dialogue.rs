//! The dialogue for one mail, command by command, so that "before or after the final dot" is known.

use super::{
    outgoing::Composed,
    pool::Connection,
    reply::{Fault, Stage, tidy},
};
use crate::notify::outcome::Outcome;
use lettre::transport::smtp::{
    Error,
    commands::{Data, Mail, Rcpt, Rset},
    extension::{Extension, MailParameter},
    response::{Response, Severity},
};
use std::{
    iter,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::time;

/// How long a parked connection may take for its first answer before a fresh one is tried: a server that
/// vanished without a word must not cost a whole time-out.
const FIRST_ANSWER: Duration = Duration::from_secs(5);

/// How the attempt on one connection ended.
pub(super) enum Turn {
    /// The mail has its outcome; the connection is returned if it can be used again.
    Ended { outcome: Outcome, connection: Option<Connection> },
    /// A parked connection was dead before the mail began.
    Stale,
}

/// Sends one mail on one connection.
pub(super) async fn deliver(mut connection: Connection, composed: &Composed, patience: Duration) -> Turn {
    let recipient: &str = composed.to.as_ref();
    let mut parameters = Vec::new();
    if composed.needs_utf8() {
        if !connection.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
            let outcome = Outcome::permanent("the server cannot take an address beyond ASCII (no SMTPUTF8)");
            return Turn::Ended { outcome, connection: Some(connection) };
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let first = if connection.is_fresh() { patience } else { patience.min(FIRST_ANSWER) };
    let begun =
        step(connection.smtp.command(Mail::new(Some(composed.from.clone()), parameters)), first).await;
    if let Err(fault) = begun {
        if fault.ends_connection() && !connection.is_fresh() {
            return Turn::Stale;
        }
        return refused(connection, &fault, Stage::Sender, recipient, patience).await;
    }
    connection.count();

    let recipient_command = Rcpt::new(composed.to.clone(), Vec::new());
    if let Err(fault) = step(connection.smtp.command(recipient_command), patience).await {
        return refused(connection, &fault, Stage::Recipient, recipient, patience).await;
    }
    match step(connection.smtp.command(Data), patience).await {
        // Anything but 354 is not an invitation to send text (RFC 5321 section 4.3.2).
        Ok(go_ahead) if go_ahead.has_code(354) => {}
        Ok(odd) => {
            let fault = Fault::Broken(format!("answered DATA with {}", odd.code()));
            return refused(connection, &fault, Stage::Text, recipient, patience).await;
        }
        Err(fault) => return refused(connection, &fault, Stage::Text, recipient, patience).await,
    }

    // lettre asks for the next part only when the part before it has been written and flushed, and writes
    // the dot when there is none: at that moment the mail may begin to be the server's.
    let dot_may_be_out = AtomicBool::new(false);
    let parts = iter::once(composed.bytes.as_slice()).chain(iter::from_fn(|| {
        dot_may_be_out.store(true, Ordering::Relaxed);
        None
    }));
    match step(connection.smtp.message_iter(parts), patience).await {
        Ok(reply) if reply.code().severity == Severity::PositiveCompletion => {
            let words = tidy(&reply.message().collect::<Vec<_>>().join(" "), recipient);
            let reference = Some(words).filter(|words| !words.is_empty());
            Turn::Ended { outcome: Outcome::Accepted { reference }, connection: Some(connection) }
        }
        Ok(odd) => {
            let fault = Fault::Broken(format!("answered the mail with {}", odd.code()));
            refused(connection, &fault, Stage::Dot, recipient, patience).await
        }
        Err(fault) => {
            let stage = if dot_may_be_out.load(Ordering::Relaxed) { Stage::Dot } else { Stage::Text };
            refused(connection, &fault, stage, recipient, patience).await
        }
    }
}

/// After a proper refusal the connection is still good once `RSET` says so: on a list with bad addresses
/// that saves a connection for each.
async fn refused(
    mut connection: Connection,
    fault: &Fault,
    stage: Stage,
    recipient: &str,
    patience: Duration,
) -> Turn {
    let outcome = fault.outcome(stage, recipient);
    if fault.ends_connection()
        || step(connection.smtp.command(Rset), patience.min(FIRST_ANSWER)).await.is_err()
    {
        return Turn::Ended { outcome, connection: None };
    }
    Turn::Ended { outcome, connection: Some(connection) }
}

/// One command and its reply, within the time-out.
pub(super) async fn step<F>(command: F, patience: Duration) -> Result<Response, Fault>
where
    F: Future<Output = Result<Response, Error>>,
{
    match time::timeout(patience, command).await {
        Ok(answer) => answer.map_err(|error| Fault::of(&error)),
        Err(_) => Err(Fault::Silence(patience)),
    }
}
