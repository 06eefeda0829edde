//! A text whose fate is unknown is looked up at its own vendor, and at nobody else's, before anything happens
//! to it. Only when the vendor says that it has not the text is it planned again. A mail server cannot be asked
//! (RFC 1047 describes how it comes to that), nor can some vendors of texts: what follows then is for the operator
//! to say, and each risk is counted.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::{
    carriers::Carriers,
    content::{self, Untold},
    sms::{Found, SmsVendor, Text},
    vendor::Vendor,
};
use crate::{
    app::App,
    config::sms::Unresolved,
    store::{
        self,
        notice::{Fate, Open},
    },
};

/// How often one text is asked for.
const AGAIN: TimeDelta = TimeDelta::seconds(30);
/// Asked for in one go.
const SOME: u64 = 50;
/// Answers that a vendor may owe us before it is asked no more in this go: each may take a whole time-out.
const SILENT: usize = 3;
/// So often one notice is sent once more without knowing; then somebody calls.
const MOST_RISKS: i32 = 7;

/// When a vendor is believed, and what follows when it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// "I have not got it" counts so long after the attempt.
    pub believed_after: TimeDelta,
    /// Nobody asks any more so long after the attempt, and twice as long after each risk that was taken: whoever
    /// was silent once may be silent for hours.
    pub resolve_within: TimeDelta,
    /// What happens then.
    pub unresolved: Unresolved,
}

/// What an answer means for a notice that was handed over at `since`, after `risks` were taken with it.
fn fate(found: Found, policy: Policy, risks: i32, since: DateTime<Utc>, now: DateTime<Utc>) -> Fate {
    let resolved_at = since + policy.resolve_within * (1 << risks.clamp(0, MOST_RISKS));
    let overdue = now >= resolved_at;
    match found {
        Found::Taken(reference) => Fate::Accepted(reference),
        Found::Missing if now >= since + policy.believed_after => Fate::Missing,
        Found::Missing => Fate::Later((now + AGAIN).min(since + policy.believed_after)),
        Found::Silent(_) | Found::Deaf if overdue => match policy.unresolved {
            Unresolved::Again if risks < MOST_RISKS => Fate::Risked,
            Unresolved::Again | Unresolved::List => Fate::Unresolved,
        },
        Found::Silent(_) => Fate::Later(now + AGAIN),
        Found::Deaf => Fate::Later(resolved_at),
    }
}

/// Asks for every notice whose fate is unknown and due to be asked for. Returns how many are settled.
///
/// # Errors
/// What the database said; the next call asks again.
pub async fn look_up(
    app: &App,
    vendor: &Vendor,
    carriers: Option<&Carriers>,
    policy: Policy,
) -> Result<usize, DbErr> {
    let now = app.clock.now();
    let due = store::notice::list_unknown(&app.db, vendor.channel().key(), now, now + AGAIN, SOME).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let notices: Vec<_> = due.iter().map(|open| open.notice.clone()).collect();
    // Whoever cannot be asked need not be told what is asked for.
    let ready = match carriers {
        Some(_) => content::ready(app, &notices).await?,
        None => notices.iter().map(|_| Err(Untold::Nobody)).collect(),
    };
    let mut settled = 0;
    let mut silent: HashMap<String, usize> = HashMap::new();
    for (Open { notice, vendor: name, since }, ready) in due.into_iter().zip(ready) {
        let unheard =
            name.as_ref().is_some_and(|name| silent.get(name).is_some_and(|count| *count >= SILENT));
        let found = match (carriers.zip(name.as_deref()).and_then(|(some, name)| some.find(name)), ready) {
            (Some(_), _) if unheard => Found::Silent("not asked: it was silent about others".to_owned()),
            (Some(carrier), Ok(ready)) => {
                let text = Text {
                    to: ready.contact.address.clone(),
                    body: vendor.text(&ready),
                    reference: ready.reference,
                    code: ready.code,
                };
                carrier.sms.find(&text, since).await
            }
            _ => Found::Deaf,
        };
        if let Found::Silent(reason) = &found
            && !unheard
        {
            *silent.entry(name.clone().unwrap_or_default()).or_default() += 1;
            tracing::warn!(
                notice = notice.id,
                vendor = name,
                reason,
                "the vendor does not say whether it has a text"
            );
        }
        let fate = fate(found, policy, notice.risks, since, now);
        settled += usize::from(!matches!(fate, Fate::Later(_)));
        store::notice::resolve(&app.db, &notice, name.as_deref().unwrap_or_default(), fate, app.clock.now())
            .await?;
    }
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_again_before_the_vendor_said_that_it_has_not_got_it() {
        let at = |minutes: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let policy = Policy {
            believed_after: TimeDelta::minutes(2),
            resolve_within: TimeDelta::minutes(60),
            unresolved: Unresolved::List,
        };
        let of = |found: Found, minutes| fate(found, policy, 0, at(0), at(minutes));
        let silent = || Found::Silent("500".to_owned());
        assert_eq!(of(Found::Taken(None), 0), Fate::Accepted(None));
        // Its list may be a little behind.
        assert_eq!(of(Found::Missing, 1), Fate::Later(at(1) + AGAIN));
        assert_eq!(of(Found::Missing, 2), Fate::Missing);
        assert_eq!(of(silent(), 59), Fate::Later(at(59) + AGAIN));
        assert_eq!(of(silent(), 60), Fate::Unresolved);
        assert_eq!(of(Found::Deaf, 1), Fate::Later(at(60)));
        assert_eq!(of(Found::Deaf, 60), Fate::Unresolved);
        let again = Policy { unresolved: Unresolved::Again, ..policy };
        assert_eq!(fate(Found::Deaf, again, 0, at(0), at(60)), Fate::Risked);
        assert_eq!(fate(Found::Taken(None), again, 0, at(0), at(60)), Fate::Accepted(None));
        // Whoever was silent may stay so: each time twice as long, and not for ever.
        assert_eq!(fate(Found::Deaf, again, 2, at(0), at(239)), Fate::Later(at(240)));
        assert_eq!(fate(Found::Deaf, again, 2, at(0), at(240)), Fate::Risked);
        assert_eq!(fate(Found::Deaf, again, MOST_RISKS, at(0), at(60 * 128)), Fate::Unresolved);
    }
}
