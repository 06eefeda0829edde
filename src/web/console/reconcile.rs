//! A seller's list beside our ledger, to the won.

use axum::{
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    response::IntoResponse,
};

use super::{
    desk::Desk,
    rule::{Route, Who},
    upload::{Fields, Uploaded},
};
use crate::{
    app::Round,
    domain::reconcile::Reconciled,
    lifecycle::sale::reconcile::reconciled,
    staff::{
        export::{self, Taker},
        reconciled::{cells, csv, heads, side},
    },
    web::{
        answer::Answer,
        path::Path,
        view::{Compared, FieldError, ReconcilePage, errors},
    },
};

/// The largest list: some 150,000 purchases.
const LIST: usize = 8 << 20;
/// Differences of a page; a file has them all.
const SHOWN: usize = 200;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}/reconcile", Who::OFFICE, show),
        Route::take("/console/rounds/{slug}/reconcile", Who::OFFICE, compare)
            .with(DefaultBodyLimit::max(LIST)),
    ]
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = desk.visit.round(&slug).await?;
    Ok(desk.visit.show(&page(&desk, &round, "", None, Vec::new())))
}

async fn compare(Path(slug): Path<String>, Uploaded(desk, fields): Uploaded) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let round = visit.round(&slug).await?;
    let seller = fields.text("seller").to_owned();
    let mut wrong = Vec::new();
    if fields.bytes("list").is_empty() {
        wrong.push(errors::reconcile_list_missing(visit.lang));
    }
    if !seller.is_empty() && !round.sellers.iter().any(|terms| terms.name == seller) {
        wrong.push(errors::reconcile_seller_unknown(visit.lang));
    }
    let (takes, reason) = (fields.text("as") == "csv", reason(&fields));
    if takes && reason.is_none() {
        wrong.push(errors::export_reason_missing(visit.lang));
    }
    if !wrong.is_empty() {
        return Ok(visit.show_again(&page(&desk, &round, &seller, None, wrong)));
    }
    let of = (!seller.is_empty()).then_some(seller.as_str());
    let done = reconciled(&visit.app, &round, fields.bytes("list"), of).await;
    let done = done.map_err(|error| visit.failed(error))?;
    note(&desk, &round, &seller, reason.as_deref().unwrap_or_default(), &done).await?;
    if takes {
        let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
        let mut answer = (headers, csv(&done, visit.lang)).into_response();
        if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{slug}-differences.csv\""))
        {
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
        return Ok(answer);
    }
    Ok(visit.show(&page(&desk, &round, &seller, Some(&done), Vec::new())))
}

/// Why the file is taken away.
fn reason(fields: &Fields) -> Option<String> {
    let reason: String = fields.text("reason").chars().filter(|c| !c.is_control()).take(500).collect();
    (!reason.is_empty()).then_some(reason)
}

/// That it was compared stands in the log, with what came of it, and why a file of it was taken.
async fn note(
    desk: &Desk,
    round: &Round,
    seller: &str,
    reason: &str,
    done: &Reconciled,
) -> Result<(), Answer> {
    let (same, others) = (done.same, done.differences.len());
    let about = format!("{} {seller} (same {same}, other {others})", round.row.slug);
    let taker = Taker::of(&desk.signed, &desk.address, reason);
    let noted = export::note_as(&desk.visit.app, "reconciled", taker, &about, desk.visit.now).await;
    noted.map_err(|error| desk.visit.failed(error))
}

fn page(
    desk: &Desk,
    round: &Round,
    seller: &str,
    done: Option<&Reconciled>,
    errors: Vec<FieldError>,
) -> ReconcilePage {
    let lang = desk.visit.lang;
    let compared = |done: &Reconciled| Compared {
        ours: side(done.ours, lang),
        theirs: side(done.theirs, lang),
        same: done.same,
        even: done.is_even(),
        heads: heads(lang).map(str::to_owned).into(),
        rows: done.differences.iter().take(SHOWN).map(|one| cells(one, lang).into()).collect(),
        all: done.differences.len() as u64,
    };
    ReconcilePage {
        page: desk.page_at(&format!("/console/rounds/{}/reconcile", round.row.slug)),
        bar: desk.bar(),
        slug: round.row.slug.clone(),
        title: desk.visit.title(round),
        sellers: round.sellers.iter().map(|terms| terms.name.clone()).collect(),
        seller: seller.to_owned(),
        compared: done.map(compared),
        errors,
    }
}
