//! What a draft allows and residents may suffer from, here: sentences for who announces it.

use public_audit::Rules;
use sea_orm::DbErr;

use super::unheard::unheard;
use crate::{
    app::App,
    config::Door,
    domain::{draft::Draft, roster::MatchBy},
    store::roster,
};

/// What can be said of a draft and of this deployment's doors. One person has one entry where everybody is known by one
/// thing, and by one that nobody has two of; of people whom others enter, only where a roster says who there is.
pub fn advice(app: &App, draft: &Draft, rules: &Rules) -> Vec<String> {
    let mut advice = draft.advice(rules);
    if draft.roster.is_some() {
        return advice;
    }
    let known_by: Vec<String> = app.config.known_by().into_iter().collect();
    if known_by.len() > 1 {
        advice.push(format!(
            "one person can have {} entries, one for each of what the open doors know people by ({}): keep the doors that \
             share one in `identity.doors`, or announce with a roster",
            known_by.len(),
            known_by.join(", ")
        ));
    }
    if app.config.doors().contains(&Door::Email) {
        advice.push(
            "one person can have any number of entries by the door `email`, one for each address, and who has a domain \
             has any number of these: leave it out of `identity.doors`, or announce with a roster"
                .to_owned(),
        );
    }
    advice.push(
        "one person can have a second entry at a counter, which knows whoever gives no phone and no address by name and \
         birth date: announce with a roster"
            .to_owned(),
    );
    advice.extend(unchecked(draft));
    advice
}

/// What can be said of a draft and the list that it names.
///
/// # Errors
/// What the database said.
pub async fn of_roster(app: &App, draft: &Draft) -> Result<Vec<String>, DbErr> {
    let mut advice: Vec<String> = unheard(app, draft).await?.into_iter().collect();
    if let Some(name) = draft.roster.as_deref().filter(|_| draft.helped.is_some()) {
        let current = roster::find(app.db.read(), name, "current").await?;
        // People who are entered by others are named, and nothing else is known of them.
        if current.is_some_and(|current| current.match_by.parse() != Ok(MatchBy::Name)) {
            advice.extend(unchecked(draft));
        }
    }
    Ok(advice)
}

/// That people whom others enter may not exist.
fn unchecked(draft: &Draft) -> Option<String> {
    let most = draft.helped.map_or(0, |helped| helped.minors + helped.adults);
    (most > 0).then(|| {
        format!(
            "everybody who enters can add {most} people whom nobody has seen, under any name: announce with a roster by \
             name, or leave out [helped]"
        )
    })
}
