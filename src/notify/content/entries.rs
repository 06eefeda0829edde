//! What entries are told of themselves: that they are there, what they drew, when their turn is.

use entities::{assignment, notice};

use super::{Abouts, Waiting, lang, told_title};
use crate::{
    app::Round,
    domain::{
        reminding,
        standing::{Place, Step},
    },
    notify::message::{After, Message},
    store,
    words::Lang,
};

impl Abouts {
    pub(super) fn entry(&self, round: &Round, notice: &notice::Model) -> Option<(&str, Lang, Message)> {
        let key = (notice.round_id, notice.about.clone());
        let entry = self.entries.get(&key)?;
        let lang = lang(&entry.lang);
        // A member is told of the entry that they are in: its receipt, its place.
        let receipt = entry.lead.clone().unwrap_or_else(|| entry.receipt.clone());
        let (title, place) = (told_title(round, lang), (notice.round_id, receipt.clone()));
        if round.row.voided_at.is_some() && notice.reason != "voided" {
            return None;
        }
        let message = match notice.reason.as_str() {
            "entered" => {
                let want = u64::try_from(entry.want).unwrap_or_default();
                Message::Entered {
                    title,
                    receipt,
                    want,
                    closes_at: round.row.closes_at,
                    results_at: round.row.results_at,
                }
            }
            "withdrawn" => Message::Withdrawn { title, receipt },
            "sealed" => {
                let checkpoint = self.checkpoints.get(&notice.round_id).cloned().unwrap_or_default();
                Message::Sealed { title, receipt, seal: round.row.seal.clone()?, checkpoint }
            }
            "voided" => Message::Voided { title, receipt },
            "eve" | "soon" | "open" => {
                let held = self.reminded(round, &place)?;
                let has_begun = notice.reason == "open";
                reminder(notice.version, title, receipt, held, has_begun)?
            }
            "result" => self.result(round, title, receipt, self.places.get(&place)?)?,
            _ => Message::After(After {
                title,
                receipt,
                news: self.news(round, notice, &place, entry.lead.is_some())?,
            }),
        };
        Some((&entry.person_sealed, lang, message))
    }

    fn result(
        &self,
        round: &Round,
        title: String,
        receipt: String,
        place: &assignment::Model,
    ) -> Option<Message> {
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let steps = self.steps(&(round.row.id, receipt.clone()))?;
        let Some(held) = round.standing(&steps).place() else {
            let Waiting(ranks) = self.waiting.get(&round.row.id)?;
            let position = ranks.partition_point(|rank| *rank <= place.rank) as u64;
            return Some(Message::Waitlisted { title, receipt, position, count: ranks.len() as u64 });
        };
        Some(Message::Assigned {
            title,
            receipt,
            starts_at: held.turn.starts_at,
            until: held.turn.until,
            amount: held.amount,
            rank: count(place.rank),
            count: count(round.row.entrant_count.unwrap_or_default()),
        })
    }

    /// What the draw and each offer said about an entry.
    pub(super) fn steps(&self, key: &(i64, String)) -> Option<Vec<Step>> {
        let moves = self.moves.get(key).map_or(&[][..], Vec::as_slice);
        Some(store::offer::steps(self.places.get(key)?, moves))
    }

    /// The place of which an entry is to be reminded: nobody who bought it, gave it back or is out is.
    fn reminded(&self, round: &Round, key: &(i64, String)) -> Option<Place> {
        let place = round.standing(&self.steps(key)?).place()?;
        let gone = self.facts.get(key).is_some_and(|fact| fact.kind != store::fact::KEPT);
        (!gone && !self.bought.contains(key)).then_some(place)
    }
}

/// A reminder of a start that is still this one's.
fn reminder(version: i32, title: String, receipt: String, held: Place, has_begun: bool) -> Option<Message> {
    let Place { turn, amount, .. } = held;
    let (starts_at, until) = (turn.starts_at, turn.until);
    (reminding::version(starts_at) == version).then_some(match has_begun {
        false => Message::Reminder { title, receipt, starts_at, until, amount },
        true => Message::StillOpen { title, receipt, starts_at, until, amount },
    })
}
