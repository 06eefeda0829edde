//! One proposes, another decides (기안, 결재). What was decided is done in the same transaction: a proposal is never
//! approved and not done, nor done twice.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::proposal::{ActiveModel, Model};
use sea_orm::{ActiveValue::Set, DbErr};
use tokio::task::spawn_blocking;

use super::{
    SignedIn,
    acts::{ActError, Preview, Word, preview, settle},
    step_up::step_up,
};
use crate::{
    app::{App, Round},
    domain::{
        because::Because,
        proposal::{Act, Outcome},
        staff::Role,
    },
    lifecycle::announce::{Decision, Staff},
    store::{self, access::Access, proposal::Step},
};

/// A proposal with what it is about.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The row.
    pub row: Model,
    /// The act.
    pub act: Act,
    /// How far it has come.
    pub outcome: Outcome,
    /// The round it is about, if there is one.
    pub round: Option<Arc<Round>>,
}

impl Proposal {
    /// Whether this person may decide it: another than whoever proposed it, with the role for it.
    pub fn may_decide(&self, who: &SignedIn) -> bool {
        self.outcome == Outcome::Waiting && who.role.may_decide() && who.person.id != self.row.proposed_by
    }

    /// Whether this person may put it forward, or take it back.
    pub fn is_of(&self, who: &SignedIn) -> bool {
        who.person.id == self.row.proposed_by && who.role.may_propose()
    }
}

/// One of them.
///
/// # Errors
/// What the database said.
pub async fn find(app: &App, id: i64) -> Result<Option<Proposal>, DbErr> {
    let Some(row) = store::proposal::find(app.db.read(), id).await? else { return Ok(None) };
    open(app, row).await
}

/// Reads a row; `None` if it is of another version of this program.
async fn open(app: &App, row: Model) -> Result<Option<Proposal>, DbErr> {
    let (Some(act), Some(outcome)) = (Act::parse(&row.act), Outcome::from_key(&row.outcome)) else {
        return Ok(None);
    };
    let rounds = app.rounds.list().await?;
    let round = rounds.into_iter().find(|round| Some(round.row.id) == row.round_id);
    Ok(Some(Proposal { row, act, outcome, round }))
}

/// Those with one of these outcomes, the latest first.
///
/// # Errors
/// What the database said.
pub async fn list(app: &App, outcomes: &[Outcome], most: u64) -> Result<Vec<Proposal>, DbErr> {
    let keys: Vec<&str> = outcomes.iter().map(|outcome| outcome.key()).collect();
    let mut all = Vec::new();
    for row in store::proposal::list(app.db.read(), &keys, most).await? {
        all.extend(open(app, row).await?);
    }
    Ok(all)
}

/// Writes a proposal down; it waits for nobody yet. Returns its number.
///
/// # Errors
/// [`ActError`]: why the act would not be done.
pub async fn note(
    app: &App,
    who: &SignedIn,
    act: &Act,
    round: Option<&Round>,
    now: DateTime<Utc>,
) -> Result<i64, ActError> {
    if !who.role.may_propose() {
        return Err(ActError::because(Because::RoleProposesNothing));
    }
    preview(app, act, round).await?;
    let row = ActiveModel {
        round_id: Set(round.map(|round| round.row.id)),
        kind: Set(act.kind().to_owned()),
        act: Set(act.to_json()),
        outcome: Set(Outcome::Noted.key().to_owned()),
        words: Set(String::new()),
        proposed_by: Set(who.person.id),
        proposed_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        ..Default::default()
    };
    let txn = app.db.begin().await?;
    let id = store::proposal::insert(&txn, row).await?;
    let about = format!("{} {id}", act.kind());
    let access = Access { clerk_id: Some(who.person.id), kind: "noted", about: &about, ..Access::default() };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    Ok(id)
}

/// What it would do now.
///
/// # Errors
/// [`ActError`]: why it would not be done.
pub async fn look(app: &App, proposal: &Proposal) -> Result<Preview, ActError> {
    app.rounds.forget();
    preview(app, &proposal.act, fresh(app, proposal).await?.as_deref()).await
}

/// The round as it is now.
async fn fresh(app: &App, proposal: &Proposal) -> Result<Option<Arc<Round>>, DbErr> {
    match &proposal.round {
        Some(round) => app.rounds.find(&round.row.slug).await,
        None => Ok(None),
    }
}

/// Puts it forward: by whoever proposed it.
///
/// # Errors
/// [`ActError`].
pub async fn put_forward(
    app: &App,
    who: &SignedIn,
    proposal: &Proposal,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if !proposal.is_of(who) {
        return Err(ActError::because(Because::NotTheirs));
    }
    look(app, proposal).await?;
    let step = Step { from: "noted", to: "waiting", by: None, words: "" };
    take(app, who, proposal, step, "proposed", address, now).await
}

/// Takes it back: by whoever proposed it.
///
/// # Errors
/// [`ActError`].
pub async fn withdraw(
    app: &App,
    who: &SignedIn,
    proposal: &Proposal,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    if !proposal.is_of(who) {
        return Err(ActError::because(Because::NotTheirs));
    }
    let from = proposal.outcome.key();
    if !matches!(proposal.outcome, Outcome::Noted | Outcome::Waiting) {
        return Err(decided());
    }
    let step = Step { from, to: "withdrawn", by: Some(who.person.id), words: "" };
    take(app, who, proposal, step, "withdrawn", address, now).await
}

/// Declines it, with words that whoever proposed it reads.
///
/// # Errors
/// [`ActError`].
pub async fn decline(
    app: &App,
    who: &SignedIn,
    proposal: &Proposal,
    words: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    another(proposal, who)?;
    let step = Step { from: "waiting", to: "declined", by: Some(who.person.id), words };
    take(app, who, proposal, step, "declined", address, now).await
}

/// Approves it, which does it. `seen` names what was looked at; `again` is what was typed a second time, `code` says that
/// it is they.
///
/// # Errors
/// [`ActError`].
pub async fn approve(
    app: &App,
    who: &SignedIn,
    proposal: &Proposal,
    [seen, again, code]: [&str; 3],
    address: &str,
) -> Result<Option<entities::round::Model>, ActError> {
    another(proposal, who)?;
    let clerk = store::clerk::find_by_id(app.db.read(), proposal.row.proposed_by).await?;
    // Whoever may propose nothing any more is no half of two.
    let proposes = |key: &str| Role::from_key(key).is_some_and(Role::may_propose);
    let Some(clerk) = clerk.filter(|clerk| proposes(&clerk.role)) else {
        return Err(ActError::because(Because::ProposerGone));
    };
    if look(app, proposal).await?.seen(&proposal.act) != seen {
        return Err(ActError::Changed);
    }
    if let Err(why) = step_up(app, who, code, address, app.clock.now()).await? {
        return Err(ActError::because(why));
    }
    let decision = Decision { id: proposal.row.id, by: who.person.id, address: address.to_owned() };
    let approver = who.person.name.clone();
    let staff = Staff { clerk: clerk.name, approver, decision: Some(decision), looked: None };
    let (app, act, round) = (app.clone(), proposal.act.clone(), fresh(app, proposal).await?);
    let (again, seen, runtime) = (again.to_owned(), seen.to_owned(), tokio::runtime::Handle::current());
    // A thread of its own: some acts compute a whole draw again, and whoever pressed the button may leave meanwhile.
    let done = spawn_blocking(move || {
        let word = Word { again: Some(&again), seen: Some(&seen) };
        runtime.block_on(settle(&app, &act, round.as_deref(), word, &staff))
    });
    done.await.unwrap_or_else(|error| {
        Err(ActError::because(Because::Other(format!("it ended early, see the journal: {error}"))))
    })
}

fn another(proposal: &Proposal, who: &SignedIn) -> Result<(), ActError> {
    match () {
        () if proposal.outcome != Outcome::Waiting => Err(decided()),
        () if proposal.may_decide(who) => Ok(()),
        () => Err(ActError::because(Because::OnePerson)),
    }
}

fn decided() -> ActError {
    ActError::because(Because::Decided)
}

async fn take(
    app: &App,
    who: &SignedIn,
    proposal: &Proposal,
    step: Step<'_>,
    kind: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let txn = app.db.begin().await?;
    if !store::proposal::settle(&txn, proposal.row.id, step, now).await? {
        return Err(decided());
    }
    let about = format!("{} {}", proposal.act.kind(), proposal.row.id);
    let access = Access { clerk_id: Some(who.person.id), kind, about: &about, address, reason: step.words };
    store::access::insert(&txn, now, access).await?;
    txn.commit().await?;
    tracing::info!(kind, act = proposal.act.kind(), number = proposal.row.id, "proposal");
    Ok(())
}
