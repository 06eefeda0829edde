//! Leaving a round, until it closes.

use super::{
    check::{Form, append, refusal},
    mine::entry_of,
};
use crate::{
    app::Round,
    domain::event::Act,
    lifecycle::together,
    web::{
        answer::{Answer, Trouble},
        form::Posted,
        path::Path,
        view::{Others, Purpose, Withdraw},
        visit::Visit,
        visitor::{Kept, Proven},
    },
};

/// `GET /rounds/{slug}/withdraw`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    if visit.proven().is_none() {
        return Err(visit.trouble(Trouble::SignedOut(&slug, Purpose::My)));
    }
    let Some(mine) = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn) else {
        return Ok(visit.go(&format!("/rounds/{slug}/my")));
    };
    Ok(visit.show(&Withdraw {
        page: visit.page_of(&round),
        title: visit.title(&round),
        csrf: visit.csrf(&visit.visitor()),
        receipt: mine.receipt,
        others: match mine.lead {
            Some(_) => Others::Member,
            None if mine.seats > 1 => Others::Opener,
            None => Others::None,
        },
        closes_at: round.row.closes_at,
        errors: Vec::new(),
        slug,
    }))
}

/// Leaves an entry that can hold several people.
async fn withdraw_shared(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    fields: Vec<(String, String)>,
) -> Result<Kept, Answer> {
    let slug = round.row.slug.clone();
    let Some(receipt) = round.receipt(proven.person_key(round)) else {
        return Err(visit.trouble(Trouble::Closed(round)));
    };
    let receipt = receipt.to_string();
    let done = match together::withdraw(&visit.app, round, &receipt).await {
        Ok(done) => done,
        Err(refused) => return Err(refusal(visit, round, refused, "withdraw", fields).await),
    };
    Ok(Kept {
        slug,
        receipt,
        at: done.at,
        want: 0,
        wish: String::new(),
        fields: String::new(),
        seats: 1,
        weight: 1,
        miss_key: String::new(),
        lead: None,
        withdrawn: true,
        fresh: true,
    })
}

/// `POST /rounds/{slug}/withdraw`
pub async fn withdraw(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.trouble(Trouble::SignedOut(&slug, Purpose::My)));
    };
    let my = format!("/rounds/{slug}/my");
    let Some(mine) = entry_of(&visit, &round).await?.filter(|mine| !mine.withdrawn) else {
        return Ok(visit.go(&my));
    };
    let mut visitor = visit.visitor();
    let fields = vec![("csrf".to_owned(), form.csrf)];
    let kept = match round.who.is_shared() {
        true => withdraw_shared(&visit, &round, &proven, fields).await?,
        false => append(&visit, &round, &proven, Act::Withdraw, fields).await?,
    };
    visitor.kept = Some(match mine.lead {
        // What stands in the entry of somebody else is not theirs.
        Some(_) => Kept { lead: mine.lead, ..kept },
        None => Kept { want: mine.want, wish: mine.wish, fields: mine.fields, ..kept },
    });
    visitor.draft = None;
    Ok(visit.with(&visitor, visit.go(&my)))
}
