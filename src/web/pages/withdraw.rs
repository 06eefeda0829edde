//! Leaving a round, until it closes.

use super::{
    check::{Form, append},
    mine::entry_of,
};
use crate::{
    domain::event::Act,
    web::{
        answer::{Answer, Trouble},
        form::{Guarded, Posted},
        path::Path,
        view::Withdraw,
        visit::Visit,
        visitor::Kept,
    },
};

/// `GET /rounds/{slug}/withdraw`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(&slug)));
    }
    let Some(mine) = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn) else {
        return Ok(visit.go(&format!("/rounds/{slug}/my")));
    };
    Ok(visit.show(&Withdraw {
        page: visit.page_of(&round),
        title: visit.title(&round),
        csrf: visit.csrf(&visit.visitor()),
        receipt: mine.receipt,
        closes_at: round.row.closes_at,
        errors: Vec::new(),
        slug,
    }))
}

/// `POST /rounds/{slug}/withdraw`
pub async fn withdraw(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let Some(proven) = visit.proven().cloned() else { return Err(visit.trouble(Trouble::SignedOut(&slug))) };
    let my = format!("/rounds/{slug}/my");
    let Some(mine) = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn) else {
        return Ok(visit.go(&my));
    };
    let mut visitor = visit.visitor();
    let kept = append(&visit, &round, &proven, Act::Withdraw, form.csrf()).await?;
    visitor.kept = Some(Kept { want: mine.want, wish: mine.wish, fields: mine.fields, ..kept });
    visitor.draft = None;
    Ok(visit.with(&visitor, visit.go(&my)))
}
