//! Whom neither mail nor text message reaches, why, and what they have to be told: one list, for the letters of the
//! city hall and for whoever calls from a dong office.

use chrono::{DateTime, Utc};
use entities::notice;
use sea_orm::DbErr;

use super::content::{self, Told};
use crate::{
    app::{App, Round},
    store::{self, mail::Cause, notice::LETTER},
};

/// Notices read at once.
const BATCH: usize = 1_000;

/// Somebody who has to be reached otherwise.
pub struct Person {
    /// The newest news about them.
    pub notice: notice::Model,
    /// What it is, as things stand.
    pub told: Told,
    /// Why it did not reach them.
    pub why: Why,
    /// The vendor's words about it, if it was ever given to one.
    pub said: Option<String>,
    /// When a letter about it was printed.
    pub printed_at: Option<DateTime<Utc>>,
}

/// Why somebody was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They are on a roster without one, or were entered by somebody else.
    NoAddress,
    /// They asked for no more mail.
    NoMail,
    /// Mail to them came back.
    CameBack,
    /// Refused by the vendor or the other side.
    Refused,
    /// Accepted, and never delivered.
    Undelivered,
    /// Nobody will ever know.
    Unknown,
    /// It could not leave in time.
    TooLate,
}

impl Why {
    /// In words, for a list.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoAddress => "no mail address and no mobile number",
            Self::NoMail => "wants no mail",
            Self::CameBack => "mail to them comes back",
            Self::Refused => "refused",
            Self::Undelivered => "accepted, but never delivered",
            Self::Unknown => "nobody knows whether it arrived",
            Self::TooLate => "it could not leave in time",
        }
    }

    fn of(notice: &notice::Model, has_address: bool, cause: Option<&str>) -> Self {
        match (cause, notice.state.as_str()) {
            _ if !has_address => Self::NoAddress,
            (Some(cause), _) if cause == Cause::Asked.key() => Self::NoMail,
            (Some(_), _) => Self::CameBack,
            (None, "rejected") => Self::Refused,
            (None, "unresolved") => Self::Unknown,
            (None, "expired") => Self::TooLate,
            // A letter in place of a mail that came back or was lost.
            (None, _) => Self::Undelivered,
        }
    }
}

/// Everybody of a round who has to be reached otherwise, in the order of receipts. Not on it: whoever bought, gave
/// their place back, or is told by something newer.
///
/// # Errors
/// What the database said.
pub async fn list(app: &App, round: &Round) -> Result<Vec<Person>, DbErr> {
    let (db, round_id) = (app.db.read(), round.row.id);
    // Letters are planned with the draw, and nobody reads a result before its hour.
    if round.row.voided_at.is_none() && !round.is_published(app.clock.now()) {
        return Ok(Vec::new());
    }
    let unreached = store::notice::list_unreached(db, round_id).await?;
    let mut people = Vec::new();
    for some in unreached.chunks(BATCH) {
        let notices: Vec<notice::Model> = some.iter().map(|one| one.notice.clone()).collect();
        let receipts: Vec<String> = notices.iter().map(|notice| notice.about.clone()).collect();
        let causes = store::mail::list_causes(db, round_id, &receipts).await?;
        let told = content::told(app, round, &notices).await?;
        people.extend(some.iter().zip(told).filter_map(|(one, told)| {
            let (told, notice) = (told?, one.notice.clone());
            let cause = causes.get(&notice.about).map(String::as_str);
            let is_printed = notice.channel == LETTER && notice.state == "accepted";
            Some(Person {
                why: Why::of(one.missed.as_ref().unwrap_or(&notice), told.contact.is_some(), cause),
                said: one.said.clone(),
                printed_at: notice.ended_at.filter(|_| is_printed),
                notice,
                told,
            })
        }));
    }
    Ok(people)
}
