//! What somebody says to those whom neither mail nor text message reaches.

use entities::notice;
use sea_orm::DbErr;

use super::{Abouts, CONTACT};
use crate::{
    app::{App, Round},
    domain::contact::Contact,
    notify::message::Message,
    store::fact::{INELIGIBLE, RETURNED},
    words::Lang,
};

/// What somebody says to a person who is not reached by mail or text: on paper, or aloud.
pub struct Told {
    /// In which language.
    pub lang: Lang,
    /// What is true now, whatever it was when the notice was planned.
    pub message: Message,
    /// The address that did not work, if there was ever one.
    pub contact: Option<Contact>,
    /// What is known of the entry beside: `name=value`, as in the rules.
    pub fields: String,
}

/// What there is to tell about each notice, as things stand; nothing where it is no longer true, or nobody is left
/// to tell, or nobody need be told any more: they have bought, or gave their place back themselves.
///
/// # Errors
/// What the database said.
pub async fn told(app: &App, round: &Round, notices: &[notice::Model]) -> Result<Vec<Option<Told>>, DbErr> {
    let about = Abouts::find(app, notices, true).await?;
    let told = notices.iter().map(|notice| {
        let entry = about.entries.get(&(notice.round_id, notice.about.clone()))?;
        let place = (notice.round_id, entry.lead.clone().unwrap_or_else(|| entry.receipt.clone()));
        let said = about.facts.get(&place).map(|fact| fact.kind.as_str());
        // Who came with others was not asked when the entry was given back.
        let by_themselves = said == Some(RETURNED) && entry.lead.is_none();
        let is_out = said == Some(INELIGIBLE) && notice.reason != "ended";
        let has_it = about.bought.contains(&place) || by_themselves || is_out;
        let needless = has_it && notice.reason != "voided";
        // An entry without a way to reach it never had anything to erase; the round forgets everybody at once.
        if needless || round.row.purged_at.is_some() {
            return None;
        }
        let (sealed, lang, message) = about.entry(round, notice)?;
        let contact = app.keys.people().open(CONTACT, sealed);
        Some(Told { lang, message, contact, fields: entry.fields.clone() })
    });
    Ok(told.collect())
}
