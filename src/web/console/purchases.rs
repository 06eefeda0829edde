//! Purchases that sellers of levels 0 to 2 tell of in a file: looked at first, and kept when two members of staff have sent
//! the same file. More than an entry's amount, or before its time, is not taken in here.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, TimeDelta, Utc};
use public_audit::Digest;

use super::{
    desk::Desk,
    propose::instant,
    rule::{Route, Who},
    upload::{Fields, Uploaded},
};
use crate::{
    app::Round,
    lifecycle::{
        LifecycleError,
        after::bought::{How, Report, taken},
    },
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{FieldError, PurchasesPage, Sentence, TakenIn, errors},
    },
};

/// The largest list: some 150,000 purchases.
const LIST: usize = 8 << 20;
/// What is noted of whoever wants a list to be kept, and how long that is somebody's word.
const WANTED: &str = "purchases_wanted";
const ASKED: TimeDelta = TimeDelta::days(1);
/// Lines of a page.
const SHOWN: usize = 200;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}/purchases", Who::DESK, show),
        Route::take("/console/rounds/{slug}/purchases", Who::DESK, take).with(DefaultBodyLimit::max(LIST)),
    ]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = told_by_file(&desk, &slug).await?;
    Ok(desk.visit.show(&page(&desk, &round, &Fields::default(), None, Vec::new())))
}

async fn take(Path(slug): Path<String>, Uploaded(desk, fields): Uploaded) -> Result<Answer, Answer> {
    let (visit, lang) = (&desk.visit, desk.visit.lang);
    let round = told_by_file(&desk, &slug).await?;
    let (list, seller, until) = (fields.bytes("list"), fields.text("seller"), fields.text("until"));
    let mut wrong = Vec::new();
    if list.is_empty() {
        wrong.push(errors::reconcile_list_missing(lang));
    }
    let named: Vec<&str> = names(&round);
    if !(named.contains(&seller) || named.is_empty() && seller.is_empty()) {
        wrong.push(errors::reconcile_seller_unknown(lang));
    }
    let until: Option<DateTime<Utc>> = instant(until);
    if until.is_none() && !fields.text("until").is_empty() {
        wrong.push(errors::until_invalid(lang));
    }
    if !wrong.is_empty() {
        return Ok(visit.show_again(&page(&desk, &round, &fields, None, wrong)));
    }
    let source = if seller.is_empty() { format!("list of {slug}") } else { format!("seller {seller}") };
    // What was looked at is what is kept: the same file, seller and time. And what two have taken back is not brought in
    // again on the word that one of them gave before.
    let back = store::taken_back::count(visit.app.db.read(), round.row.id).await;
    let back = back.map_err(|error| visit.failed(error))?;
    let seen = Digest::of(format!("{}\n{slug}\n{source}\n{until:?}\n{back}", Digest::of(list))).to_string();
    let asked = fields.text("seen") == seen;
    // One alone could end everybody's right to buy: it is kept when somebody else has asked for the same.
    let (me, since) = (desk.signed.person.id, visit.now - ASKED);
    let by_another = store::access::is_by_another(visit.app.db.read(), (WANTED, &seen), me, since).await;
    let keeps = asked && by_another.map_err(|error| visit.failed(error))?;
    if asked && !keeps {
        desk.noted([WANTED, &seen, &slug]).await?;
    }
    let how = How { keeps, capped: true };
    if keeps {
        desk.noted(["purchases", &slug, &source]).await?;
    }
    match taken(&visit.app, &round.row, list, &source, until, visit.now, how).await {
        Ok(report) => {
            let seen = if keeps { String::new() } else { seen };
            let shown = shown(&desk, report, seen, asked);
            Ok(visit.show(&page(&desk, &round, &fields, Some(shown), Vec::new())))
        }
        Err(LifecycleError::Refused(why)) => {
            let wrong = vec![errors::act_refused(lang, &why)];
            Ok(visit.show_again(&page(&desk, &round, &fields, None, wrong)))
        }
        Err(LifecycleError::Database(error)) => Err(visit.failed(error)),
    }
}

/// A round of which files tell. Where every seller tells us itself, signed and at once, no file is to say otherwise.
async fn told_by_file(desk: &Desk, slug: &str) -> Result<Arc<Round>, Answer> {
    let round = desk.visit.round(slug).await?;
    match round.knows_purchases() {
        true => Err(desk.visit.trouble(Trouble::NotFound)),
        false => Ok(round),
    }
}

/// The sellers that tell of purchases in a file; those of level 3 do it themselves.
fn names(round: &Round) -> Vec<&str> {
    round.sellers.iter().filter(|terms| terms.level < 3).map(|terms| terms.name.as_str()).collect()
}

fn shown(desk: &Desk, report: Report, seen: String, asked: bool) -> TakenIn {
    let lines = |some: Vec<(usize, String)>| -> Vec<(usize, Sentence)> {
        let some = some.into_iter().take(SHOWN);
        some.map(|(line, what)| (line, Sentence::of(&what, desk.visit.lang))).collect()
    };
    TakenIn {
        kept: report.kept as u64,
        won: u64::try_from(report.won).unwrap_or_default(),
        known: report.known as u64,
        missed: report.missed.map(|missed| missed as u64),
        not: report.refused.len() as u64,
        refused: lines(report.refused),
        strange: lines(report.strange),
        seen,
        asked,
    }
}

fn page(
    desk: &Desk,
    round: &Round,
    fields: &Fields,
    taken: Option<TakenIn>,
    errors: Vec<FieldError>,
) -> PurchasesPage {
    PurchasesPage {
        page: desk.page_at(&format!("/console/rounds/{}/purchases", round.row.slug)),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: desk.visit.title(round),
        sellers: names(round).into_iter().map(str::to_owned).collect(),
        seller: fields.text("seller").to_owned(),
        until: fields.text("until").to_owned(),
        taken,
        errors,
    }
}
