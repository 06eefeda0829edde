//! The slip that somebody takes home: receipt, code, and their own time in large type.

use axum::http::HeaderMap;
use serde::Deserialize;

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Kept, Shown},
    people,
    seen::seen,
    whose::{Whose, whose},
};
use crate::{
    app::Round,
    domain::state::State,
    store,
    web::{
        answer::{Answer, Trouble},
        pages::mine::signed,
        path::Path,
        view::{CounterSlip, FieldError, Page, SlipWhose, errors, square},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}/slip", Who::COUNTER, show),
        Route::take("/console/counter/{slug}/slip", Who::COUNTER, choose),
    ]
}

/// Whose slip. In a form, since addresses are kept in many places.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    receipt: String,
}

async fn show(headers: HeaderMap, Path(slug): Path<String>, desk: Desk) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    let mut kept = Kept::of(&desk, &headers, &round);
    let Some(shown) = kept.shown.clone() else { return Ok(desk.visit.go("/console/counter")) };
    let page = page(&desk, &round, &shown, ("", ""), Vec::new()).await?;
    if let Some(shown) = &mut kept.shown {
        shown.fresh = false;
    }
    Ok(kept.with(&desk, desk.visit.show(&page)))
}

/// The slip of somebody who was looked up: who looks at it is noted before it is shown.
async fn choose(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let round = visit.round(&slug).await?;
    let entry = store::entry::find(app.db.read(), round.row.id, &form.receipt).await;
    if entry.map_err(|error| visit.failed(error))?.is_none() {
        return Err(visit.trouble(Trouble::NotFound));
    }
    note(&desk, "printed", &form.receipt, "slip").await?;
    let Kept { found, case, .. } = Kept::of(&desk, &headers, &round);
    // Whoever is being entered and has to show that this entry is theirs comes back to their answers.
    let case = case.filter(|case| case.receipt(&round).as_ref() == Some(&form.receipt));
    let shown = found.contains(&form.receipt);
    let shown = Some(Shown::of(form.receipt, shown));
    let kept = Kept { shown, found, case, ..Kept::new(&desk, &round) };
    Ok(kept.with(&desk, visit.go(&format!("/console/counter/{slug}/slip"))))
}

/// What the browser remembers, and whose slip it shows, if a form was served with that slip: one browser holds one
/// visitor, however many tabs it has, and nothing is done to another than the page showed.
///
/// # Errors
/// The answer to give instead; nothing was done.
pub async fn meant(
    desk: &Desk,
    headers: &HeaderMap,
    round: &Round,
    seen: &str,
) -> Result<(Kept, Shown), Answer> {
    let kept = Kept::of(desk, headers, round);
    match kept.shown.clone() {
        Some(shown) if shown.receipt == seen => Ok((kept, shown)),
        _ => Err(another(desk, round, &kept).await?),
    }
}

/// Whoever is meant in this browser now, and that nothing was done.
///
/// # Errors
/// The same, where it remembers nobody.
pub async fn another(desk: &Desk, round: &Round, kept: &Kept) -> Result<Answer, Answer> {
    let Some(shown) = &kept.shown else { return Err(desk.visit.trouble(Trouble::CounterGone)) };
    let wrong = vec![errors::counter_other_slip(desk.visit.lang)];
    Ok(desk.visit.show_again(&page(desk, round, shown, ("", ""), wrong).await?))
}

/// Notes that somebody's data were looked at.
///
/// # Errors
/// The answer to give instead: what is not noted is not shown.
pub async fn note(desk: &Desk, kind: &str, about: &str, reason: &str) -> Result<(), Answer> {
    desk.noted([kind, about, reason]).await
}

/// The page; what was typed of another of the household, with what is wrong with it.
///
/// # Errors
/// The answer to give instead.
pub async fn page(
    desk: &Desk,
    round: &Round,
    shown: &Shown,
    typed: (&str, &str),
    errors: Vec<FieldError>,
) -> Result<CounterSlip, Answer> {
    let visit = &desk.visit;
    let found = seen(desk, round, &shown.receipt, shown.entry.clone()).await?;
    let Some((mine, seen)) = found else { return Err(visit.trouble(Trouble::NotFound)) };
    let signed_receipt =
        if mine.withdrawn || mine.seats == 0 { String::new() } else { signed(visit, round, &mine)? };
    let asked = match whose(desk, round, shown).await? {
        Whose::Shown => SlipWhose::Shown,
        Whose::Noted { many, .. } => SlipWhose::Noted { many },
        Whose::Code(contact) => SlipWhose::Code {
            to: contact.masked(),
            digits: shown.code.as_ref().filter(|sent| sent.contact == contact).map(|sent| sent.digits.into()),
        },
        Whose::Nobody => SlipWhose::Nobody,
    };
    let (size, path) = square(&format!("{} {}", round.row.slug, shown.receipt)).unwrap_or_default();
    let is_open = round.state(visit.now) == State::Open && !mine.withdrawn;
    let household = match is_open && round.who.is_shared() {
        true => Some(people::household(desk, round, &mine, typed).await?),
        false => None,
    };
    Ok(CounterSlip {
        whose: asked,
        // Also after a mistake: the forms of a slip have no pages of their own.
        page: Page { path: format!("/console/counter/{}/slip", round.row.slug), ..desk.page_of(round) },
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        fresh: shown.fresh,
        is_open,
        seen,
        size,
        path,
        signed_receipt,
        household,
        errors,
    })
}
