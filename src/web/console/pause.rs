//! The sale stands still on one person's word, for at most an hour: what residents read is shown before it is done.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::incident::Kind,
    lifecycle::{
        LifecycleError,
        after::pause::{LONGEST, Pausing, pause, pausing, resume},
    },
    notify::content::title,
    store::access::Access,
    web::{
        answer::Answer,
        form::Press,
        path::Path,
        view::{Fault, FieldError, MineState, Page, PausePage, Paused, errors, incident_words},
    },
    words::Lang,
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}/pause", Who::DESK, show),
        Route::take("/console/rounds/{slug}/pause", Who::DESK, take),
        Route::take("/console/rounds/{slug}/resume", Who::DESK, go_on),
    ]
}

/// Minutes that are offered.
const LENGTHS: [u64; 4] = [10, 20, 30, 60];

/// The form; with `seen` what it does has been read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    minutes: String,
    reason: String,
    seen: String,
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    let form = Form { minutes: "30".to_owned(), ..Form::default() };
    Ok(desk.visit.show(&page(&desk, &round, form, None, Vec::new())))
}

async fn take(Path(slug): Path<String>, Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let reason = form.reason.trim().to_owned();
    let most = LONGEST.num_minutes().unsigned_abs();
    let minutes = form.minutes.trim().parse::<u64>().ok().filter(|minutes| (1..=most).contains(minutes));
    let mut wrong = Vec::new();
    if !public_audit::journal::event::is_reason(&reason) {
        wrong.push(errors::reason_missing(visit.lang));
    }
    let Some(minutes) = minutes.filter(|_| wrong.is_empty()) else {
        if minutes.is_none() {
            wrong.push(errors::minutes_invalid(visit.lang));
        }
        return Ok(visit.show_again(&page(&desk, &round, form, None, wrong)));
    };
    let name = desk.signed.person.name.as_str();
    if form.seen.is_empty() {
        return match pausing(&visit.app, &round.row, minutes, &reason, name, visit.now).await {
            Ok(to_come) => {
                let paused = shown(&desk, &round, &reason, &to_come);
                Ok(visit.show(&page(&desk, &round, form, Some(paused), Vec::new())))
            }
            Err(error) => refused(&desk, &round, form, error),
        };
    }
    let access = note(&desk, "paused", &slug, &reason);
    match pause(&visit.app, &round.row, minutes, &reason, (name, &access), visit.now).await {
        Ok(()) => Ok(visit.go(&format!("/console/rounds/{slug}/day"))),
        Err(error) => refused(&desk, &round, form, error),
    }
}

async fn go_on(Path(slug): Path<String>, Sent(desk, _): Sent<Press>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let access = note(&desk, "resumed", &slug, "");
    // Where it has gone on already there is nothing to do, and the day shows it.
    resume(&visit.app, &round.row, &access, visit.now).await.map_err(|error| visit.failed(error))?;
    Ok(visit.go(&format!("/console/rounds/{slug}/day")))
}

fn note<'a>(desk: &'a Desk, kind: &'a str, about: &'a str, reason: &'a str) -> Access<'a> {
    Access { clerk_id: Some(desk.signed.person.id), kind, about, address: &desk.address, reason }
}

fn refused(desk: &Desk, round: &Round, form: Form, error: LifecycleError) -> Result<Answer, Answer> {
    match error {
        LifecycleError::Database(error) => Err(desk.visit.failed(error)),
        LifecycleError::Refused(why) => {
            let wrong = vec![errors::act_refused(desk.visit.lang, &why)];
            Ok(desk.visit.show_again(&page(desk, round, form, None, wrong)))
        }
    }
}

/// What everybody would read, in every language: on the status page, and whoever's turn it is on their own.
fn shown(desk: &Desk, round: &Round, reason: &str, to_come: &Pausing) -> Paused {
    let Pausing { until, open, soon, late, .. } = *to_come;
    let fault = Fault { words: reason.to_owned(), until: Some(until) };
    let (starts_at, amount, rank, count) = (desk.visit.now, 0, 0, 0);
    let turn = MineState::Assigned { starts_at, until, amount, rank, count };
    let reads = Lang::ALL.map(|lang| {
        let page = Page { lang, ..desk.page() };
        let of_round = |_: &str| Some(title(round, lang).to_owned());
        let mut lines = vec![incident_words(Kind::Paused, &round.row.slug, of_round, &page)];
        lines.extend(fault.sentences(&turn, &page));
        (lang, lines)
    });
    Paused { until, open, soon, late, reads: reads.into() }
}

fn page(
    desk: &Desk,
    round: &Round,
    form: Form,
    to_come: Option<Paused>,
    errors: Vec<FieldError>,
) -> PausePage {
    let slug = round.row.slug.clone();
    PausePage {
        page: desk.page_at(&format!("/console/rounds/{slug}/pause")),
        bar: desk.bar(),
        title: desk.visit.title(round),
        slug,
        lengths: LENGTHS.to_vec(),
        minutes: form.minutes,
        reason: form.reason,
        paused_until: round.paused_until(desk.visit.now),
        to_come,
        errors,
    }
}
