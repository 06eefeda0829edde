//! A draw on a big screen, the observers' word that they saw it, and its minutes as a sheet of paper.

use axum::{http::header, response::IntoResponse};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::staff::Role,
    notify::paper::{self, Layout, Sheet},
    staff::ceremony::{self, Observer, steps},
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{CeremonyPage, FieldError, Signed, errors, minutes},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}/ceremony", Who::ROUND, show),
        Route::take("/console/rounds/{slug}/ceremony", Who::Staff(&[Role::Observer]), sign),
        Route::show("/console/rounds/{slug}/ceremony/minutes.pdf", Who::ROUND, print),
    ]
}

/// Who saw it, and what they saw.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    belongs: String,
    seen: String,
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    Ok(desk.visit.show(&page(&desk, &round, Form::default(), Vec::new()).await?))
}

async fn sign(Path(slug): Path<String>, Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    // As it is now, not as it was a second ago: it is signed for.
    visit.app.rounds.forget();
    let round = visit.round(&slug).await?;
    let (count, seen) = ceremony::seen(&round, &steps(&round));
    let line = |text: &str| -> String { text.trim().chars().filter(|c| !c.is_control()).take(80).collect() };
    let observer = Observer { name: line(&form.name), belongs: line(&form.belongs) };
    let mut wrong = Vec::new();
    if observer.name.is_empty() {
        wrong.push(errors::observer_missing(visit.lang));
    }
    match () {
        () if count == 0 => wrong.push(errors::ceremony_early(visit.lang)),
        () if seen != form.seen => wrong.push(errors::ceremony_moved(visit.lang)),
        () => {}
    }
    if !wrong.is_empty() {
        return Ok(visit.show_again(&page(&desk, &round, form, wrong).await?));
    }
    let signed =
        ceremony::sign_off(&visit.app, &round, &desk.signed, observer, &desk.address, visit.now).await;
    if !signed.map_err(|error| visit.failed(error))? {
        let wrong = vec![errors::ceremony_signed(visit.lang)];
        return Ok(visit.show_again(&page(&desk, &round, form, wrong).await?));
    }
    Ok(visit.go(&format!("/console/rounds/{slug}/ceremony")))
}

async fn print(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let signed = signed(&desk, &round).await?;
    let title = round.row.title_ko.clone();
    let sheet = Sheet {
        sender: visit.app.config.municipality.name.clone(),
        heading: minutes::heading(&title),
        facts: Vec::new(),
        text: minutes::text(&slug, &steps(&round), round.row.voided_at, &signed),
        scanned: format!("{slug} ceremony"),
        receipt: slug.clone(),
        contact: String::new(),
        layout: Layout::Letter,
    };
    let printed = spawn_blocking(move || paper::print(&[sheet], paper::font(None)?)).await;
    match printed.map_err(|error| visit.failed(error))? {
        Ok(pdf) => {
            let named = format!("inline; filename=\"{slug}-minutes.pdf\"");
            let headers =
                [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, named)];
            Ok((headers, pdf).into_response())
        }
        Err(problem) => {
            tracing::error!(problem, "minutes cannot be printed");
            Err(visit.trouble(Trouble::NoFont))
        }
    }
}

async fn signed(desk: &Desk, round: &Round) -> Result<Vec<Signed>, Answer> {
    let rows = store::ceremony::list(desk.visit.app.db.read(), round.row.id).await;
    let rows = rows.map_err(|error| desk.visit.failed(error))?;
    let signed = rows.into_iter().map(|row| Signed {
        name: row.name,
        belongs: row.belongs,
        steps: u64::try_from(row.steps).unwrap_or_default(),
        seen: row.seen,
        at: row.at,
    });
    Ok(signed.collect())
}

async fn page(
    desk: &Desk,
    round: &Round,
    form: Form,
    errors: Vec<FieldError>,
) -> Result<CeremonyPage, Answer> {
    let slug = &round.row.slug;
    let steps = steps(round);
    let (count, seen) = ceremony::seen(round, &steps);
    Ok(CeremonyPage {
        page: crate::web::view::Page {
            signed_in: true,
            path: format!("/console/rounds/{slug}/ceremony"),
            ..desk.visit.page_of(round)
        },
        bar: desk.bar(),
        slug: slug.clone(),
        title: desk.visit.title(round),
        next: steps.iter().position(|step| !step.is_done).filter(|_| round.row.voided_at.is_none()),
        voided: round.row.voided_at.is_some(),
        steps: steps.into(),
        signs: desk.signed.role == Role::Observer && count > 0,
        seen,
        name: form.name,
        belongs: form.belongs,
        signed: signed(desk, round).await?,
        errors,
    })
}
