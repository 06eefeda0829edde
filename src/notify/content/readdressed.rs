//! What an address is told that an entry's notices went to before.

use entities::{notice, readdressed};

use super::{Abouts, CONTACT, lang, told_title};
use crate::{
    app::{App, Round},
    domain::contact::Contact,
    notify::message::{Message, Readdressed},
    store::readdressed::READDRESSED,
    words::Lang,
};

impl Abouts {
    /// Where a notice goes, sealed.
    pub(super) fn sealed(&self, notice: &notice::Model) -> Option<&str> {
        match notice.reason.as_str() {
            "code" => self.codes.get(&notice.about).map(|code| code.address_sealed.as_str()),
            READDRESSED => self.former(notice).map(|former| former.address_sealed.as_str()),
            _ => {
                let entry = self.entries.get(&(notice.round_id, notice.about.clone()));
                entry.map(|entry| entry.person_sealed.as_str())
            }
        }
    }

    fn former(&self, notice: &notice::Model) -> Option<&readdressed::Model> {
        let is_its = |row: &&readdressed::Model| {
            (row.round_id, row.receipt.as_str(), row.version)
                == (notice.round_id, notice.about.as_str(), notice.version)
        };
        self.formers.iter().find(is_its)
    }

    /// Nothing where it is no longer true: the round is void, or its notices come here again.
    pub(super) fn readdressed(
        &self,
        app: &App,
        round: &Round,
        notice: &notice::Model,
    ) -> Option<(&str, Lang, Message)> {
        let former = self.former(notice)?;
        let entry = self.entries.get(&(notice.round_id, notice.about.clone()))?;
        let open = |sealed: &str| app.keys.people().open::<Contact>(CONTACT, sealed);
        if round.row.voided_at.is_some() || open(&former.address_sealed) == open(&entry.person_sealed) {
            return None;
        }
        let lang = lang(&former.lang);
        let message = Message::Readdressed(Readdressed {
            title: told_title(round, lang),
            receipt: entry.lead.clone().unwrap_or_else(|| entry.receipt.clone()),
            at: former.at,
            withdrawn: entry.withdrawn_at.is_some(),
        });
        Some((&former.address_sealed, lang, message))
    }
}
