//! What an announcement is compared with: the round before, and who was on its list.
//!
//! Which round that is nobody chooses. A draft that was cloned from another, or from a rehearsal, would be compared with
//! that one, and all that differs from what residents know would look the same.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::roster::Model;
use public_audit::rules::Beacon;
use sea_orm::DbErr;

use crate::{
    app::{App, Round},
    domain::draft::Draft,
    lifecycle::{
        LifecycleError,
        replaced::{Replacing, compared},
    },
    store::{self, roster},
};

/// The round before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Its name.
    pub slug: String,
    /// Since when everybody knows it.
    pub announced_at: DateTime<Utc>,
    /// What it was announced with, if that was kept.
    pub text: Option<String>,
}

/// Who may enter, or is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The roster of this round.
    pub roster: String,
    /// The roster of the round before, if it had one.
    pub before: Option<String>,
    /// How they differ; everybody is new where there is none to compare with.
    pub replacing: Replacing,
}

impl People {
    /// Whether the two rounds have one list.
    pub fn is_same(&self) -> bool {
        self.replacing.rosters.0 == Some(self.replacing.rosters.1)
    }

    /// Whether there is none to compare with.
    pub fn is_first(&self) -> bool {
        self.replacing.rosters.0.is_none()
    }
}

/// The last round that is called the same but for its month, was sold in earnest and is not void. Another program's rules
/// would make everything look new.
///
/// # Errors
/// What the database said.
pub async fn before(app: &App, slug: &str) -> Result<Option<(Before, Arc<Round>)>, DbErr> {
    let is_before = |round: &Arc<Round>| {
        let in_earnest = !matches!(round.rules.beacon, Beacon::None {}) && round.row.voided_at.is_none();
        in_earnest && stem(&round.row.slug) == stem(slug)
    };
    let last = app.rounds.list().await?.into_iter().filter(is_before).max_by_key(|round| round.row.number);
    let Some(round) = last else { return Ok(None) };
    let text = store::draft::find_of(app.db.read(), round.row.id).await?.map(|draft| draft.text);
    let before = Before { slug: round.row.slug.clone(), announced_at: round.row.announced_at, text };
    Ok(Some((before, round)))
}

/// A round's name without the numbers at its end, which say the month.
pub fn stem(slug: &str) -> &str {
    slug.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// How the roster of a draft differs from that of the round before; `None` where anybody may enter. The first roster of a
/// name is in use on one person's word: here both of two see who is on it that was not, and who is not on it that was.
///
/// # Errors
/// [`LifecycleError`].
pub async fn people(
    app: &App,
    draft: &Draft,
    before: Option<&Round>,
) -> Result<Option<People>, LifecycleError> {
    let Some(name) = &draft.roster else { return Ok(None) };
    let Some(then) = roster::find(app.db.read(), name, "current").await? else { return Ok(None) };
    let (mut of_before, mut known) = (None, None);
    if let Some(before) = before
        && let Some(used) = store::round_roster::find(app.db.read(), before.row.id).await?
    {
        known = kept(app, &used.name, before.row.announced_at).await?;
        of_before = Some(used.name);
    }
    let replacing = compared(app, known.as_ref(), &then).await?;
    Ok(Some(People { roster: name.clone(), before: of_before, replacing }))
}

/// The roster of this name that a round was announced with, or what has replaced it since: two have compared that with it.
/// None where its people were erased meanwhile and somebody began anew.
async fn kept(app: &App, name: &str, announced_at: DateTime<Utc>) -> Result<Option<Model>, DbErr> {
    match roster::is_begun_anew(app.db.read(), name, announced_at).await? {
        true => Ok(None),
        false => roster::find(app.db.read(), name, "current").await,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_name_is_that_of_every_month() {
        assert_eq!(stem("tongyeong-2027-01"), "tongyeong");
        assert_eq!(stem("tongyeong"), "tongyeong");
        assert_ne!(stem("tongyeong-b-2027-01"), stem("tongyeong-2027-01"));
    }
}
