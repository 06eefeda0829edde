//! A draw as people watch it in a hall: what has been fixed, step by step, as the database and the rules have it.
//! Nothing happens here. Each step comes by the clock, and would come with nobody in the room.

use chrono::{DateTime, Utc};
use entities::ceremony;
use public_audit::{Digest, record::Pulse, rules::Beacon};
use sea_orm::{ActiveValue::Set, DbErr};

use super::SignedIn;
use crate::{
    app::{App, Round, utc},
    store::{self, access::Access, lease},
};

/// What is fixed in which order (protocol §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The list of who takes part.
    Seal,
    /// The organiser's seed, to which it is committed since the announcement.
    Reveal,
    /// The public pulse.
    Pulse,
    /// The draw.
    Draw,
}

impl Kind {
    /// As in digests and on pages.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Reveal => "reveal",
            Self::Pulse => "pulse",
            Self::Draw => "draw",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: Kind,
    /// When the rules say that it is taken.
    pub due_at: DateTime<Utc>,
    /// Whether it was.
    pub is_done: bool,
    /// When, where that is kept.
    pub done_at: Option<DateTime<Utc>>,
    /// What can be seen of it by now: name and value.
    pub facts: Vec<(&'static str, String)>,
}

/// The steps of a round, as it stands.
pub fn steps(round: &Round) -> [Step; 4] {
    let (row, rules) = (&round.row, &round.rules);
    let some = |facts: Vec<(&'static str, Option<String>)>| {
        facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    };
    let pulse = row.pulse.as_deref().and_then(|pulse| Pulse::parse(pulse).ok());
    let source = match &rules.beacon {
        Beacon::None {} => "none".to_owned(),
        Beacon::Drand { chain_hash, round, .. } => format!("drand {chain_hash} {round}"),
        Beacon::Declared { source } => source.clone(),
    };
    let numbered = pulse.as_ref().and_then(|pulse| match pulse {
        Pulse::Drand { round, .. } => Some(round.to_string()),
        Pulse::Declared { values } => Some(values.clone()),
        Pulse::None {} => None,
    });
    [
        Step {
            kind: Kind::Seal,
            due_at: row.seals_at,
            is_done: row.sealed_at.is_some(),
            done_at: row.sealed_at,
            facts: some(vec![
                ("rules", Some(Digest::of(&row.rules).to_string())),
                (
                    "entries",
                    row.entrant_count.filter(|_| row.sealed_at.is_some()).map(|count| count.to_string()),
                ),
                ("root", row.pool_root.clone()),
            ]),
        },
        Step {
            kind: Kind::Reveal,
            due_at: row.reveals_at,
            is_done: row.revealed_at.is_some(),
            done_at: row.revealed_at,
            facts: some(vec![
                ("commitment", Some(rules.commitment.to_string())),
                ("seed", row.organiser_seed.clone()),
                // No round of ours draws with dice of its own: the seed's text has a dash there.
                ("dice", Some("-".to_owned())),
            ]),
        },
        Step {
            kind: Kind::Pulse,
            due_at: utc(rules.times.pulse_at),
            is_done: pulse.is_some(),
            done_at: None,
            facts: some(vec![
                ("source", Some(source)),
                ("values", numbered),
                ("pulse", pulse.as_ref().map(|pulse| pulse.value().to_string())),
            ]),
        },
        Step {
            kind: Kind::Draw,
            due_at: row.pulse_at,
            is_done: row.drawn_at.is_some(),
            done_at: row.drawn_at,
            facts: some(vec![("draw_seed", row.draw_seed.clone()), ("result", row.result_digest.clone())]),
        },
    ]
}

/// How many steps were taken, and the digest over what they show: what an observer signs for.
pub fn seen(round: &Round, steps: &[Step]) -> (usize, String) {
    let done: Vec<&Step> = steps.iter().take_while(|step| step.is_done).collect();
    let mut text = format!("jebi-ceremony-1\n{}\n", round.row.slug);
    for step in &done {
        for (name, value) in &step.facts {
            text += &format!("{} {name} {value}\n", step.kind.key());
        }
    }
    (done.len(), Digest::of(text).to_string())
}

/// An observer, as they want to stand in the minutes.
#[derive(Clone, Debug)]
pub struct Observer {
    /// Their name.
    pub name: String,
    /// Whom they stand for.
    pub belongs: String,
}

/// Keeps that somebody has seen these steps; `false` where this account has signed for them, or for somebody else: one
/// observer, one account, one name in the minutes.
///
/// # Errors
/// What the database said.
pub async fn sign_off(
    app: &App,
    round: &Round,
    who: &SignedIn,
    observer: Observer,
    address: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (count, seen) = seen(round, &steps(round));
    let row = ceremony::ActiveModel {
        round_id: Set(round.row.id),
        name: Set(observer.name),
        belongs: Set(observer.belongs),
        steps: Set(i32::try_from(count).unwrap_or_default()),
        seen: Set(seen),
        clerk_id: Set(who.person.id),
        at: Set(now),
        ..Default::default()
    };
    let txn = app.db.begin().await?;
    lease::queue(&txn, &format!("ceremony {} {}", round.row.id, who.person.id)).await?;
    let before = store::ceremony::list(&txn, round.row.id).await?;
    let mut own = before.iter().filter(|one| one.clerk_id == who.person.id);
    if own.any(|one| Set(one.name.clone()) != row.name || Set(one.seen.clone()) == row.seen) {
        return Ok(false);
    }
    store::ceremony::insert(&txn, row).await?;
    let about = format!("{} {count}", round.row.slug);
    let access = Access {
        clerk_id: Some(who.person.id),
        kind: "observed",
        about: &about,
        address,
        ..Access::default()
    };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(true)
}
