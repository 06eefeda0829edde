//! What one proposes and another decides: 기안, 결재.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    round::held_table,
    rule::{Route, Who},
    shown,
};
use crate::{
    domain::{
        because::Because,
        proposal::{Act, Outcome},
    },
    staff::{
        acts::ActError,
        proposals::{self, Proposal},
    },
    store,
    web::{
        answer::{Answer, Trouble},
        form::Press,
        path::Path,
        view::{FieldError, ProposalLine, ProposalPage, ProposalsPage, because, errors},
    },
};

/// Decided ones that are listed.
const MOST: u64 = 50;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/proposals", Who::OFFICE, list),
        Route::show("/console/proposals/{id}", Who::OFFICE, show),
        Route::take("/console/proposals/{id}/put-forward", Who::DESK, put_forward),
        Route::take("/console/proposals/{id}/withdraw", Who::DESK, withdraw),
        Route::take("/console/proposals/{id}/approve", Who::APPROVER, approve),
        Route::take("/console/proposals/{id}/decline", Who::APPROVER, decline),
    ]
}

/// The form of whoever decides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Decide {
    seen: String,
    again: String,
    code: String,
    words: String,
}

async fn list(desk: Desk) -> Result<Answer, Answer> {
    let waiting = lines(&desk, &[Outcome::Waiting, Outcome::Noted]).await?;
    let decided = lines(&desk, &[Outcome::Done, Outcome::Declined, Outcome::Withdrawn]).await?;
    Ok(desk.visit.show(&ProposalsPage { page: desk.page(), bar: desk.bar(), waiting, decided }))
}

/// Proposals as lists show them; what is only noted is shown to whoever wrote it.
pub async fn lines(desk: &Desk, outcomes: &[Outcome]) -> Result<Vec<ProposalLine>, Answer> {
    let failed = |error| desk.visit.failed(error);
    let app = &desk.visit.app;
    let people = store::clerk::list(app.db.read()).await.map_err(failed)?;
    let name = |id| people.iter().find(|person| Some(person.id) == id).map(|person| person.name.clone());
    let all = proposals::list(app, outcomes, MOST).await.map_err(failed)?;
    let is_theirs =
        |one: &Proposal| one.outcome != Outcome::Noted || one.row.proposed_by == desk.signed.person.id;
    let line = |one: Proposal| ProposalLine {
        id: one.row.id,
        kind: one.act.kind(),
        outcome: one.outcome,
        about: match &one.round {
            Some(round) => desk.visit.title(round),
            None => shown::about(&one.act).unwrap_or_default(),
        },
        by: name(Some(one.row.proposed_by)).unwrap_or_default(),
        at: one.row.proposed_at,
        decided_by: name(one.row.decided_by),
        yours: one.may_decide(&desk.signed),
    };
    Ok(all.into_iter().filter(is_theirs).map(line).collect())
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Result<Answer, Answer> {
    let proposal = find(&desk, id).await?;
    Ok(desk.visit.show(&page(&desk, &proposal, Vec::new()).await?))
}

async fn find(desk: &Desk, id: i64) -> Result<Proposal, Answer> {
    let found = proposals::find(&desk.visit.app, id).await.map_err(|error| desk.visit.failed(error))?;
    let theirs =
        found.filter(|one| one.outcome != Outcome::Noted || one.row.proposed_by == desk.signed.person.id);
    theirs.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))
}

async fn put_forward(Path(id): Path<i64>, Sent(desk, _): Sent<Press>) -> Result<Answer, Answer> {
    let proposal = find(&desk, id).await?;
    let visit = &desk.visit;
    let done = proposals::put_forward(&visit.app, &desk.signed, &proposal, &desk.address, visit.now).await;
    settled(&desk, &proposal, done).await
}

async fn withdraw(Path(id): Path<i64>, Sent(desk, _): Sent<Press>) -> Result<Answer, Answer> {
    let proposal = find(&desk, id).await?;
    let visit = &desk.visit;
    let done = proposals::withdraw(&visit.app, &desk.signed, &proposal, &desk.address, visit.now).await;
    settled(&desk, &proposal, done).await
}

async fn approve(Path(id): Path<i64>, Sent(desk, form): Sent<Decide>) -> Result<Answer, Answer> {
    let proposal = find(&desk, id).await?;
    let typed = [form.seen.as_str(), &form.again, &form.code];
    let done = proposals::approve(&desk.visit.app, &desk.signed, &proposal, typed, &desk.address).await;
    settled(&desk, &proposal, done.map(drop)).await
}

async fn decline(Path(id): Path<i64>, Sent(desk, form): Sent<Decide>) -> Result<Answer, Answer> {
    let proposal = find(&desk, id).await?;
    let words = form.words.trim();
    if words.is_empty() || words.chars().count() > 1_000 {
        let errors = vec![errors::words_missing(desk.visit.lang)];
        return Ok(desk.visit.show_again(&page(&desk, &proposal, errors).await?));
    }
    let visit = &desk.visit;
    let done = proposals::decline(&visit.app, &desk.signed, &proposal, words, &desk.address, visit.now).await;
    settled(&desk, &proposal, done).await
}

/// Back to the proposal; where nothing was done, with why.
async fn settled(desk: &Desk, proposal: &Proposal, done: Result<(), ActError>) -> Result<Answer, Answer> {
    let why = match done {
        Ok(()) => return Ok(desk.visit.go(&format!("/console/proposals/{}", proposal.row.id))),
        Err(ActError::Database(error)) => return Err(desk.visit.failed(error)),
        Err(ActError::Changed) => vec![errors::act_changed(desk.visit.lang)],
        Err(ActError::Refused(why)) => why.iter().map(|why| refusal(desk, why)).collect(),
    };
    let proposal = find(desk, proposal.row.id).await?;
    Ok(desk.visit.show_again(&page(desk, &proposal, why).await?))
}

/// Why nothing was done, at the field that is at fault if one is.
fn refusal(desk: &Desk, why: &Because) -> FieldError {
    let field = if matches!(why, Because::Code | Because::Wait(_)) { "code" } else { "form" };
    FieldError { field: field.into(), ..errors::act_refused(desk.visit.lang, why) }
}

/// The report of the drill on which a draft was announced. A proposal to announce has no round: the draft knows what it
/// became.
async fn drilled(desk: &Desk, draft_id: Option<i64>) -> Result<Option<i64>, Answer> {
    let (db, failed) = (desk.visit.app.db.read(), |error| desk.visit.failed(error));
    let Some(id) = draft_id else { return Ok(None) };
    let draft = store::draft::find(db, id).await.map_err(failed)?;
    match draft.and_then(|draft| draft.round_id) {
        Some(round) => store::drill::find_of(db, round).await.map_err(failed),
        None => Ok(None),
    }
}

async fn page(desk: &Desk, proposal: &Proposal, errors: Vec<FieldError>) -> Result<ProposalPage, Answer> {
    let app = &desk.visit.app;
    let failed = |error| desk.visit.failed(error);
    let people = store::clerk::list(app.db.read()).await.map_err(failed)?;
    let name = |id: i64| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
    let is_open = matches!(proposal.outcome, Outcome::Noted | Outcome::Waiting);
    let (mut seen, mut refused, mut shows) = (String::new(), Vec::new(), shown::Shown::default());
    if is_open {
        match proposals::look(app, proposal).await {
            Ok(preview) => {
                seen = preview.seen(&proposal.act);
                shows = shown::shown(desk, proposal, &preview);
                if let Some(round) = &proposal.round {
                    shows.bias = match proposal.act {
                        Act::Release { .. } => held_table(desk, round).await?,
                        _ => Vec::new(),
                    };
                    if let Act::Void { .. } = proposal.act {
                        let told = store::entry::count(app.db.read(), round.row.id).await.map_err(failed)?;
                        shows.told = Some(told);
                        shows.reads = shown::voided(desk, round);
                    }
                }
            }
            Err(ActError::Refused(why)) => {
                refused = why.iter().map(|why| because(why, desk.visit.lang)).collect();
            }
            Err(ActError::Changed) => {}
            Err(ActError::Database(error)) => return Err(failed(error)),
        }
    } else if let Act::Announce { draft_id, text, .. } = &proposal.act {
        shows.text = text.clone();
        if proposal.outcome == Outcome::Done {
            shows.drill = drilled(desk, *draft_id).await?;
        }
    }
    let decides = proposal.may_decide(&desk.signed);
    Ok(ProposalPage {
        page: desk.page_at(&format!("/console/proposals/{}", proposal.row.id)),
        bar: desk.bar(),
        id: proposal.row.id,
        kind: proposal.act.kind(),
        outcome: proposal.outcome,
        round: proposal.round.as_ref().map(|round| (round.row.slug.clone(), desk.visit.title(round))),
        by: name(proposal.row.proposed_by).unwrap_or_default(),
        at: proposal.row.proposed_at,
        decided: proposal.row.decided_by.and_then(name).zip(proposal.row.decided_at),
        words: proposal.row.words.clone(),
        facts: shown::facts(desk, &proposal.act, !decides || !is_open),
        shown: shows,
        refused,
        seen,
        is_theirs: proposal.is_of(&desk.signed),
        decides,
        types_again: matches!(proposal.act, Act::Declare { .. }),
        errors,
    })
}
