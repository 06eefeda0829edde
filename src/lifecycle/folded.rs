//! What an act makes of an entry: anew, changed, withdrawn, or the same once more.

use chrono::{DateTime, TimeDelta, Utc};
use entities::{entry, inbox};
use public_audit::Digest;

use super::readdressed::Former;
use crate::{
    domain::{
        contact::{CONTACT, Channel, Contact},
        event::{Act, Event, Wanted},
    },
    secret::Keys,
};

/// An entry while it is folded.
#[derive(Default)]
pub(super) struct Folded {
    pub entry: Option<entry::Model>,
    /// Whether it has a row already.
    pub known: bool,
    /// What it is in the pool-to-be.
    pub leaf: Option<Digest>,
    pub changed: bool,
    /// Whether it came by another door than before.
    pub other_door: bool,
    /// Since when it is told things where it is; `None`: since before this fold.
    pub since: Option<DateTime<Utc>>,
    /// Where it was told things before.
    pub formers: Vec<Former>,
}

impl Folded {
    /// The state that an event made of the entry, if later ones were seen before it: with several
    /// instances, rows may be committed in another order than that of their ids.
    pub fn overtaken(&self, row: &inbox::Model, event: &Event) -> Option<entry::Model> {
        let entry = self.entry.as_ref().filter(|entry| row.id < entry.inbox_id)?;
        match &event.act {
            Act::Enter(wanted) => {
                Some(entered(event, wanted, row)).filter(|past| past.receipt == entry.receipt)
            }
            Act::Withdraw => None,
        }
    }

    pub fn apply(&mut self, keys: &Keys, row: &inbox::Model, event: &Event) {
        match (&mut self.entry, &event.act) {
            // With several instances a row may be seen after a later one: it is history already.
            (Some(entry), _) if row.id < entry.inbox_id => {}
            (Some(entry), Act::Enter(wanted)) => {
                let other = entry.person_sealed != wanted.person_sealed;
                let former = other.then(|| Former::of(entry, self.since));
                let (before, by_counter) = (entry.changed_at, entry.attended);
                self.changed |= enter_again(keys, entry, wanted, row);
                if by_counter != wanted.attended {
                    came_by(entry, wanted, (row, before));
                    self.other_door = true;
                }
                if let Some(former) = former.and_then(|former| former.left(keys, entry)) {
                    self.formers.push(former);
                    self.since = Some(row.written_at);
                }
            }
            (Some(entry), Act::Withdraw) if entry.withdrawn_at.is_none() => {
                entry.withdrawn_at = Some(row.written_at);
                touch(entry, row);
                self.changed = true;
            }
            (Some(_), Act::Withdraw) | (None, Act::Withdraw) => {}
            (None, Act::Enter(wanted)) => {
                self.entry = Some(entered(event, wanted, row));
                (self.changed, self.since) = (true, Some(row.written_at));
            }
        }
    }
}

/// What an act makes where nothing was.
pub(super) fn entered(event: &Event, wanted: &Wanted, row: &inbox::Model) -> entry::Model {
    entry::Model {
        round_id: event.round_id,
        receipt: event.receipt.clone(),
        seats: wanted.seats,
        want: wanted.want,
        weight: wanted.weight,
        wish: wanted.wish.clone(),
        fields: wanted.fields.clone(),
        person_sealed: wanted.person_sealed.clone(),
        channel: channel_of(wanted).to_owned(),
        lang: wanted.lang.clone(),
        entered_at: row.written_at,
        changed_at: row.written_at,
        withdrawn_at: None,
        version: 1,
        inbox_id: row.id,
        lead: wanted.lead.clone(),
        miss_key: wanted.miss_key.clone(),
        consent_digest: wanted.consent_digest.clone(),
        attended: wanted.attended,
    }
}

/// How an entrant is told things, as in tables; empty for on paper.
fn channel_of(wanted: &Wanted) -> &'static str {
    wanted.channel.map_or("", Channel::key)
}

/// A double tap changes nothing and is told nothing twice.
fn enter_again(keys: &Keys, entry: &mut entry::Model, wanted: &Wanted, row: &inbox::Model) -> bool {
    let same = entry.want == wanted.want
        && entry.wish == wanted.wish
        && entry.seats == wanted.seats
        && entry.weight == wanted.weight
        && entry.fields == wanted.fields
        && entry.lead == wanted.lead
        && entry.miss_key == wanted.miss_key
        && entry.withdrawn_at.is_none()
        && is_told_alike(keys, entry, wanted);
    if !same {
        entry.want = wanted.want;
        entry.wish.clone_from(&wanted.wish);
        entry.seats = wanted.seats;
        entry.weight = wanted.weight;
        entry.fields.clone_from(&wanted.fields);
        entry.lead.clone_from(&wanted.lead);
        entry.miss_key.clone_from(&wanted.miss_key);
        // Who changes what they entered before agrees to nothing new.
        if !wanted.consent_digest.is_empty() {
            entry.consent_digest.clone_from(&wanted.consent_digest);
        }
        entry.person_sealed.clone_from(&wanted.person_sealed);
        channel_of(wanted).clone_into(&mut entry.channel);
        entry.lang.clone_from(&wanted.lang);
        entry.withdrawn_at = None;
        touch(entry, row);
    }
    !same
}

/// By another door than before the same answers are an act of their own: whoever repeats on the web what a counter has
/// entered has read a code, and what the counter noted of whom it saw says nothing of them.
fn came_by(entry: &mut entry::Model, wanted: &Wanted, (row, before): (&inbox::Model, DateTime<Utc>)) {
    entry.attended = wanted.attended;
    // Acts are in the order of their rows. Whoever compares when they were handed in must not take this one for the earlier.
    entry.changed_at = row.written_at.max(before + TimeDelta::microseconds(1));
    entry.inbox_id = row.id;
}

/// Whether they go on being told things in the same place and language. Sealed twice, an address looks like two.
fn is_told_alike(keys: &Keys, entry: &entry::Model, wanted: &Wanted) -> bool {
    let open = |sealed: &str| keys.people().open::<Contact>(CONTACT, sealed);
    entry.channel == channel_of(wanted)
        && entry.lang == wanted.lang
        && (entry.person_sealed == wanted.person_sealed
            || open(&entry.person_sealed) == open(&wanted.person_sealed))
}

fn touch(entry: &mut entry::Model, row: &inbox::Model) {
    entry.changed_at = row.written_at;
    entry.version += 1;
    entry.inbox_id = row.id;
}
