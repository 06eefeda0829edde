//! A roster in a draft: who may enter, or who is served without entering.

use public_audit::rules::Mode;
use serde::Deserialize;

use super::{Draft, FieldDraft, times::local_instant};
use crate::domain::{
    roster::is_name,
    who::{Household, Source},
};

/// Whom a round serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Serves {
    /// Whoever enters.
    #[default]
    Entrants,
    /// Everybody on the roster; nobody has to enter.
    Roster,
}

impl Serves {
    /// As in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Entrants => "entrants",
            Self::Roster => "roster",
        }
    }
}

impl Draft {
    /// From when on members are enrolled: when it opens, unless something else is said.
    pub fn enrols_at(&self) -> Option<public_audit::Instant> {
        local_instant(self.enrols.as_ref().unwrap_or(&self.times.opens)).ok()
    }

    pub(super) fn roster_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut say = |what: &str| problems.push(what.to_owned());
        match &self.roster {
            Some(name) if !is_name(name) => say("roster: 1 to 64 characters of a-z, 0-9 and -"),
            None if self.serves == Serves::Roster => {
                say("serves: everybody on which roster? write `roster = \"…\"`");
            }
            None if self.household != Household::None => {
                say("household: who lives together is known from a roster only; write `roster = \"…\"`");
            }
            None if self.field.iter().any(|field| field.from == Source::Roster) => {
                say("field: `from = \"roster\"` needs a roster; write `roster = \"…\"`");
            }
            _ => {}
        }
        if self.serves == Serves::Roster {
            if self.mode != Mode::Everyone {
                say("serves: nobody asks for anything, so mode must be `everyone`");
            }
            if self.household == Household::Together {
                say(
                    "household: `together` needs people who come together; with `serves = \"roster\"` write `one`",
                );
            }
            // Who is not said to be anything would have no entry, and would never hear of it.
            let listed = |field: &&FieldDraft| field.from == Source::Roster && field.otherwise.is_none();
            if let Some(field) = self.field.iter().find(listed) {
                say(&format!(
                    "field `{}`: everybody on the roster is served, also of whom it does not say this, or says something \
                     else: write `otherwise = \"…\"`",
                    field.name
                ));
            }
            if self.field.iter().any(|field| field.from == Source::Asked) {
                say("serves: nobody is asked; write `from = \"roster\"` with each field");
            }
            if self.weighting.is_some() {
                say("serves: everybody is served, so a weighting says nothing; leave it out");
            }
        }
        if let Some(enrols) = &self.enrols {
            let opens = local_instant(&self.times.opens);
            let closes = local_instant(&self.times.closes);
            match (local_instant(enrols), opens, closes) {
                (Err(problem), ..) => problems.push(format!("enrols: {problem}")),
                (Ok(at), Ok(opens), Ok(closes)) if at < opens || at >= closes => {
                    problems.push("enrols: must be while the round is open".to_owned());
                }
                _ => {}
            }
            if self.serves != Serves::Roster {
                problems.push("enrols: is for `serves = \"roster\"` only; leave it out".to_owned());
            }
        }
        problems
    }
}
