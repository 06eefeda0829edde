//! What a resident can take back on their own page can be taken back here: an entry until the close, a place until the
//! next offer, and that again. By whoever shows their papers, and noted before it is done.

use axum::http::HeaderMap;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    slip,
    whose::{Said, Whose, is_noted, whose},
};
use crate::{
    app::Round,
    domain::{
        event::{Act, Event},
        state::State,
    },
    lifecycle::{
        LifecycleError,
        after::facts,
        together::{self, Refused},
    },
    store::{self, inbox::Refusal},
    web::{
        answer::{Answer, Trouble},
        form::NAMES_THE_FIELD,
        pages::{mine::MyEntry, told::Told},
        path::Path,
        view::errors,
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![Route::take("/console/counter/{slug}/undo", Who::COUNTER, undo)]
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    /// The receipt on the slip that the page showed.
    seen: String,
    /// `withdraw` the entry, `return` the place, or `keep` it after all.
    act: String,
    id_seen: String,
    /// Where only a receipt was brought: birth date, phone or address, and the name where several are alike.
    born: String,
    contact: String,
    name: String,
}

impl Form {
    fn fields(&self) -> Vec<(String, String)> {
        let Self { csrf, seen, act, id_seen, born, contact, name } = self;
        let fields = [
            ("csrf", csrf),
            ("seen", seen),
            ("act", act),
            ("id_seen", id_seen),
            ("born", born),
            ("contact", contact),
            ("name", name),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.clone())).into()
    }
}

async fn undo(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let round = visit.round(&slug).await?;
    let (mut kept, shown) = slip::meant(&desk, &headers, &round, &form.seen).await?;
    let mut wrong = Vec::new();
    match whose(&desk, &round, &shown).await? {
        Whose::Shown => {}
        noted @ Whose::Noted { .. } => {
            let said = Said { born: &form.born, contact: &form.contact, name: &form.name };
            if !is_noted(&desk, &round, &noted, &said) {
                // Whoever tries out birth dates on a public number leaves lines.
                slip::note(&desk, "looked", &shown.receipt, "not shown to be theirs").await?;
                wrong.push(errors::counter_not_theirs(visit.lang));
            }
        }
        Whose::Code(_) | Whose::Nobody => {
            wrong.push(errors::counter_code_first(visit.lang));
            return Ok(visit.show_again(&slip::page(&desk, &round, &shown, ("", ""), wrong).await?));
        }
    }
    if form.id_seen.is_empty() {
        wrong.push(errors::counter_id_missing(visit.lang));
    }
    if !wrong.is_empty() {
        return Ok(visit.show_again(&slip::page(&desk, &round, &shown, ("", ""), wrong).await?));
    }
    let to = format!("/console/counter/{slug}/slip");
    let failed = |error| visit.failed(error);
    match form.act.as_str() {
        "withdraw" if round.state(visit.now) == State::Open => {
            slip::note(&desk, "undone", &shown.receipt, "withdrawn, papers seen").await?;
            let at = withdraw(&desk, &round, &shown.receipt, &form).await?;
            if let (Some(shown), Some(at)) = (&mut kept.shown, at) {
                let before = shown.entry.take();
                let receipt = shown.receipt.clone();
                let of = |get: fn(&MyEntry) -> &String| before.as_ref().map(get).cloned().unwrap_or_default();
                shown.entry = Some(MyEntry {
                    receipt,
                    want: before.as_ref().map_or(0, |entry| entry.want),
                    wish: before.as_ref().map_or("any".to_owned(), |entry| entry.wish.clone()),
                    fields: of(|entry| &entry.fields),
                    consent_digest: of(|entry| &entry.consent_digest),
                    seats: 1,
                    weight: 1,
                    miss_key: String::new(),
                    told: Told::Here,
                    lead: None,
                    at,
                    withdrawn: true,
                });
            }
        }
        "withdraw" => return Err(visit.ended(&round, Trouble::CounterClosed(&round)).await),
        // Whoever is in the entry of another cannot give it back for all of them; too late, the slip says so.
        "return" | "keep" if round.is_published(visit.now) => {
            let entry = store::entry::find(app.db.read(), round.row.id, &shown.receipt).await;
            if entry
                .map_err(failed)?
                .is_some_and(|entry| entry.lead.is_none() && entry.withdrawn_at.is_none())
            {
                let (returns, receipt) = (form.act == "return", shown.receipt.as_str());
                let said = if returns { "given back, papers seen" } else { "kept after all, papers seen" };
                slip::note(&desk, "undone", receipt, said).await?;
                let done = match returns {
                    true => facts::give_back(app, &round, receipt, visit.now).await,
                    false => facts::keep(app, &round, receipt, visit.now).await,
                };
                done.map_err(|error| match error {
                    LifecycleError::Database(error) => {
                        visit.database(error, &format!("/console/counter/{slug}/undo"), form.fields())
                    }
                    error => visit.failed(error),
                })?;
            }
        }
        _ => {}
    }
    Ok(kept.with(&desk, visit.go(&to)))
}

/// Withdraws, as the resident's own page would. When it counts from; `None` if there was nothing.
async fn withdraw(
    desk: &Desk,
    round: &Round,
    receipt: &str,
    form: &Form,
) -> Result<Option<chrono::DateTime<chrono::Utc>>, Answer> {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    visit.ends_with(round);
    let closed = || visit.ended(round, Trouble::CounterClosed(round));
    let action = format!("/console/counter/{}/undo", round.row.slug);
    if round.who.is_shared() {
        return match together::withdraw(app, round, receipt).await {
            Ok(done) => Ok(Some(done.at)),
            Err(Refused::NotOpen) => Err(closed().await),
            Err(Refused::Database(error)) => Err(visit.database(error, &action, form.fields())),
            Err(_) => Ok(None),
        };
    }
    let event = Event { round_id: round.row.id, receipt: receipt.to_owned(), act: Act::Withdraw };
    match app.inbox.append(event).await {
        Ok(at) => Ok(Some(at)),
        Err(Refusal::NotOpen) => Err(closed().await),
        Err(Refusal::Full | Refusal::Database) => Err(visit.busy(action, form.fields())),
    }
}
