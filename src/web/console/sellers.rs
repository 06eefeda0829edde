//! Who the sellers are, and their keys: an approver gives and ends them, with a code beside the session. Both secrets are
//! on one page, once.

use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    rule::{Route, Who},
};
use crate::{
    domain::{because::Because, staff::Role},
    staff::{
        sellers::{self, Given, SellerError},
        step_up::step_up,
    },
    store::{self, access::Access},
    web::{
        answer::Answer,
        view::{FieldError, SellerKey, SellerLine, SellersPage, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/sellers", Who::OFFICE, show),
        Route::take("/console/sellers", Who::APPROVER, give),
        Route::take("/console/sellers/end", Who::APPROVER, end),
    ]
}

/// A key to give or to end.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    /// The first characters of the key that ends.
    id: String,
    code: String,
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, None, Vec::new()).await?))
}

async fn give(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let (app, now, name) = (&desk.visit.app, desk.visit.now, form.name.trim());
    if let Some(wrong) = unproven(&desk, &form.code).await? {
        return Ok(desk.visit.show_again(&page(&desk, None, vec![wrong]).await?));
    }
    let known = store::seller::find(app.db.read(), name).await.map_err(|error| desk.visit.failed(error))?;
    let given = match known {
        Some(_) => sellers::another(app, name, by(&desk), now).await,
        None => sellers::add(app, name, by(&desk), now).await,
    };
    match given {
        Ok(given) => Ok(desk.visit.show(&page(&desk, Some(given), Vec::new()).await?)),
        Err(error) => refused(&desk, error).await,
    }
}

async fn end(Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    if let Some(wrong) = unproven(&desk, &form.code).await? {
        return Ok(desk.visit.show_again(&page(&desk, None, vec![wrong]).await?));
    }
    match sellers::end(&desk.visit.app, &form.name, &form.id, by(&desk), desk.visit.now).await {
        Ok(()) => Ok(desk.visit.go("/console/sellers")),
        Err(error) => refused(&desk, error).await,
    }
}

fn by(desk: &Desk) -> Access<'_> {
    Access { clerk_id: Some(desk.signed.person.id), address: &desk.address, ..Access::default() }
}

/// What is wrong with the code, if anything is.
async fn unproven(desk: &Desk, code: &str) -> Result<Option<FieldError>, Answer> {
    let proven = step_up(&desk.visit.app, &desk.signed, code, &desk.address, desk.visit.now).await;
    let wrong =
        |why: Because| FieldError { field: "code".into(), ..errors::act_refused(desk.visit.lang, &why) };
    Ok(proven.map_err(|error| desk.visit.failed(error))?.err().map(wrong))
}

async fn refused(desk: &Desk, error: SellerError) -> Result<Answer, Answer> {
    match error {
        SellerError::Database(error) => Err(desk.visit.failed(error)),
        _ => {
            let wrong = vec![errors::seller_invalid(desk.visit.lang)];
            Ok(desk.visit.show_again(&page(desk, None, wrong).await?))
        }
    }
}

async fn page(desk: &Desk, given: Option<Given>, errors: Vec<FieldError>) -> Result<SellersPage, Answer> {
    let visit = &desk.visit;
    let (db, failed) = (visit.app.db.read(), |error| visit.failed(error));
    let rounds = visit.app.rounds.list().await.map_err(failed)?;
    let mut lines = Vec::new();
    for (seller, keys) in store::seller::list(db).await.map_err(failed)? {
        let used = rounds.iter().flat_map(|round| {
            let terms = round.sellers.iter().find(|terms| terms.name == seller.name)?;
            Some((round.row.slug.clone(), terms.level))
        });
        let last = store::seller::find_last_seen(db, &seller.name).await.map_err(failed)?;
        let key = |key: entities::seller_key::Model| SellerKey {
            id: key.digest.get(..8).unwrap_or_default().to_owned(),
            since: key.made_at,
            ended_at: key.revoked_at,
        };
        lines.push(SellerLine {
            rounds: used.collect(),
            since: seller.made_at,
            name: seller.name,
            last,
            keys: keys.into_iter().map(key).collect(),
        });
    }
    // Those that a draft names and nobody has given a key yet.
    let mut asked = std::collections::BTreeSet::new();
    for draft in store::draft::list_open(db, 50).await.map_err(failed)? {
        let draft = crate::domain::draft::Draft::parse(&draft.text);
        let named = draft.into_iter().flat_map(|draft| draft.seller).filter(|seller| seller.level >= 2);
        asked.extend(named.map(|seller| seller.name));
    }
    asked.retain(|name| !lines.iter().any(|line| line.name == *name));
    Ok(SellersPage {
        page: desk.page_at("/console/sellers"),
        bar: desk.bar(),
        sellers: lines,
        gives: desk.signed.role == Role::Approver,
        asked: asked.into_iter().collect(),
        given,
        errors,
    })
}
