//! "Am I in the pool?" A receipt is looked up in the sealed list. Receipts and list are public: nobody says who they are.
//!
//! The form leads to a page that answers: it may be read again, and gone back to, and sends nothing.

use serde::Deserialize;

use crate::{
    app::Round,
    domain::{
        contact::is_registration_number,
        receipt::{self, Misread},
    },
    lifecycle::record::{self, pool::InPool},
    web::{
        answer::Answer,
        form::{NAMES_THE_FIELD, Posted},
        path::Path,
        view::{FieldError, PoolAnswer, PoolPage, PoolState, errors},
        visit::Visit,
    },
};

/// The form. A receipt is no secret, but it stays out of addresses: logs of others keep them beside the reader's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    receipt: String,
}

/// What is typed is shown again, so it is cut.
const LONGEST: usize = 40;

/// `GET /rounds/{slug}/pool`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let visitor = visit.visitor();
    let looked_up = visitor.looked_up(&path(&slug)).and_then(|typed| receipt::read(typed).ok());
    let page = page(&visit, &round, visit.csrf(&visitor), String::new());
    let Some(receipt) = looked_up.filter(|_| page.state == PoolState::Sealed) else {
        return Ok(visit.show_own(&visitor, &page));
    };
    let found = record::in_pool(&visit.app, &round, receipt, visit.now).await;
    let answer = found.map_err(|error| visit.failed(error))?.map(|found| match found {
        InPool::At { line, count, text } => PoolAnswer::At { line, count, text },
        InPool::Near(other) => PoolAnswer::Near(other),
        InPool::Absent => PoolAnswer::Absent,
    });
    Ok(visit.show_own(&visitor, &PoolPage { answer, typed: receipt.to_string(), ..page }))
}

fn path(slug: &str) -> String {
    format!("/rounds/{slug}/pool")
}

/// `POST /rounds/{slug}/pool`
pub async fn look(
    Path(slug): Path<String>,
    Posted(visit, form): Posted<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = visit.round(&slug).await?;
    let typed: String = form.receipt.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let page = page(&visit, &round, form.csrf, typed);
    if page.state != PoolState::Sealed {
        return Ok(visit.go(&path(&slug)));
    }
    let receipt = match receipt::read(&form.receipt) {
        Ok(receipt) => receipt,
        Err(wrong) => {
            return Ok(visit.show_again(&PoolPage { errors: vec![error(&visit, wrong)], ..page }));
        }
    };
    let mut visitor = visit.visitor();
    visitor.look_up(&path(&slug), receipt.to_string(), visit.now);
    Ok(visit.with(&visitor, visit.go(&path(&slug))))
}

fn error(visit: &Visit, wrong: Misread) -> FieldError {
    match wrong {
        Misread::Missing => errors::receipt_missing(visit.lang),
        Misread::Length(count) => errors::receipt_length(visit.lang, count),
        Misread::Strange(sign) => errors::receipt_strange(visit.lang, sign),
    }
}

fn page(visit: &Visit, round: &Round, csrf: String, typed: String) -> PoolPage {
    let row = &round.row;
    PoolPage {
        page: visit.page_of(round),
        slug: row.slug.clone(),
        title: visit.title(round),
        csrf,
        // A registration number is not even shown back.
        typed: if is_registration_number(&typed) { String::new() } else { typed },
        state: match (row.pool_root.is_some(), row.voided_at.is_some()) {
            (true, _) => PoolState::Sealed,
            (false, true) => PoolState::Voided,
            (false, false) if visit.now < row.seals_at => PoolState::Before,
            (false, false) => PoolState::Late,
        },
        seals_at: row.seals_at,
        published: round.is_published(visit.now),
        shared: round.who.is_shared(),
        answer: None,
        errors: Vec::new(),
    }
}
