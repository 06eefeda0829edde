//! A roster is served without entering, and nobody on it can be told of it.

use sea_orm::DbErr;

use crate::{
    app::App,
    domain::{
        draft::{Draft, Serves},
        roster::MatchBy,
    },
    store::roster,
};

/// What to say of a draft that serves a roster by name without addresses: nobody on it has entered, so no address is
/// known of theirs from elsewhere either, and a name alone opens nothing on the web.
///
/// # Errors
/// What the database said.
pub async fn unheard(app: &App, draft: &Draft) -> Result<Option<String>, DbErr> {
    let Some(name) = draft.roster.as_deref().filter(|_| draft.serves == Serves::Roster) else {
        return Ok(None);
    };
    let Some(current) = roster::find(app.db.read(), name, "current").await? else { return Ok(None) };
    if current.match_by.parse() != Ok(MatchBy::Name)
        || roster::is_any_reachable(app.db.read(), current.id).await?
    {
        return Ok(None);
    }
    Ok(Some(format!(
        "nobody on the roster `{name}` has an address: their times are told at counters alone, by name and birth date, \
         and not on the web; import it with a column of phones or addresses"
    )))
}
