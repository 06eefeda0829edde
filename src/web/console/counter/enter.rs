//! Somebody is entered: one page, since the clerk types and the visitor speaks.

use axum::{extract::RawQuery, http::HeaderMap};

use super::{
    super::{
        desk::{Desk, Sent},
        rule::{Route, Who},
    },
    case::{Case, Kept},
    check::remembered,
    open_round,
    read::{Form, read},
};
use crate::{
    app::Round,
    domain::{contact::Channel, counter::Relation, roster::MatchBy},
    web::{
        answer::Answer,
        form::NAMES_THE_FIELD,
        pages::{
            about::questions,
            consent,
            details::{WISHES, amounts},
            identity::channels,
            roster::match_by,
            round::{mode, parts, price_percent},
        },
        path::Path,
        view::{About, CounterForm, Details, FieldError, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/counter/{slug}", Who::COUNTER, show),
        Route::take("/console/counter/{slug}", Who::COUNTER, note),
    ]
}

async fn show(
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    Path(slug): Path<String>,
    desk: Desk,
) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let before = Kept::of(&desk, &headers, &round);
    let asks = |what: &str| query.as_deref().is_some_and(|query| query.split('&').any(|pair| pair == what));
    // Without a word about others, it is somebody new, and whoever came before is forgotten.
    let with = before.with.filter(|_| asks("with=yes"));
    // Whoever has typed a code changes what they entered.
    let shown = before.shown.filter(|shown| shown.by_code && asks("own=yes"));
    let kept = Kept { with, shown, ..Kept::new(&desk, &round) };
    let form = fresh(&desk, &round);
    let page = page(&desk, &round, &form, None, kept.with.clone(), Vec::new());
    Ok(kept.with(&desk, desk.visit.show(&page)))
}

async fn note(
    headers: HeaderMap,
    Path(slug): Path<String>,
    Sent(desk, mut form): Sent<Form, NAMES_THE_FIELD>,
) -> Result<Answer, Answer> {
    let round = open_round(&desk, &slug).await?;
    let mut kept = Kept::of(&desk, &headers, &round);
    // The page names the entry that they come into: another tab may have begun with others since.
    let with = kept.with.clone().filter(|with| *with == form.get("with"));
    if form.is_ticked("with") && with.is_none() {
        let wrong = vec![errors::counter_other_with(desk.visit.lang)];
        return Ok(desk.visit.show_again(&page(&desk, &round, &form, None, None, wrong)));
    }
    let read = match read(&desk, &round, &form, false, with.clone()).await? {
        Ok(case) => would_forget(&desk, &round, &mut form, case).await?,
        wrong => wrong,
    };
    match read {
        Ok(case) => {
            kept.case = Some(case);
            Ok(kept.with(&desk, desk.visit.go(&format!("/console/counter/{slug}/check"))))
        }
        Err(errors) => {
            let page = page(&desk, &round, &form, None, with, errors);
            Ok(desk.visit.show_again(&page))
        }
    }
}

/// An empty form: what most people want stands there already.
pub fn fresh(desk: &Desk, round: &Round) -> Form {
    let mut form = Form::default();
    form.set("want", &round.rules.goods.cap.to_string());
    form.set("lang", desk.visit.lang.tag());
    form
}

/// Whoever asked to be remembered is not forgotten by a box that nobody has looked at: the form is shown once more, with
/// the box ticked, and what is sent then counts.
///
/// # Errors
/// The answer to give instead; inside, what to look at.
pub async fn would_forget(
    desk: &Desk,
    round: &Round,
    form: &mut Form,
    case: Case,
) -> Result<Result<Case, Vec<FieldError>>, Answer> {
    // In the entry of others nobody is remembered.
    let asks = round.rules.weighting.is_some() && !case.remember && case.with.is_none();
    let receipt = case.receipt(round).filter(|receipt| asks && form.get("looked_at") != *receipt);
    let Some(receipt) = receipt else { return Ok(Ok(case)) };
    if remembered(desk, round, &receipt).await?.is_empty() {
        return Ok(Ok(case));
    }
    form.set("remember", "yes");
    form.set("looked_at", &receipt);
    Ok(Err(vec![errors::counter_remembered(desk.visit.lang)]))
}

/// The page; `paper` for forms of paper, with what was entered last.
pub fn page(
    desk: &Desk,
    round: &Round,
    form: &Form,
    paper: Option<Option<(String, String)>>,
    with: Option<String>,
    errors: Vec<FieldError>,
) -> CounterForm {
    let (visit, app) = (&desk.visit, &desk.visit.app);
    let frame = || desk.page_of(round);
    let (slug, title) = (round.row.slug.clone(), visit.title(round));
    let offered = channels(app);
    CounterForm {
        about: About {
            page: frame(),
            slug: slug.clone(),
            title: title.clone(),
            csrf: desk.csrf(),
            then: "",
            // The birth date is read on their papers.
            birth_year: None,
            year_known: false,
            questions: questions(visit, round, form.answers(), true),
            change: false,
            errors: Vec::new(),
        },
        details: Details {
            page: frame(),
            slug: slug.clone(),
            title: title.clone(),
            csrf: desk.csrf(),
            mode: mode(round),
            amounts: amounts(round),
            shared: round.who.is_shared(),
            most_lots: round.rules.weighting.map(|weighting| u64::from(weighting.most)),
            remember: form.is_ticked("remember"),
            price_percent: price_percent(round),
            want: form.get("want"),
            days: Vec::new(),
            parts: parts(round),
            wishes: WISHES.map(|field| form.get(field)),
            change: false,
            errors: Vec::new(),
        },
        page: frame(),
        bar: desk.bar(),
        name: form.get("name"),
        born: form.get("born"),
        phone: offered.contains(&Channel::Sms).then(|| form.get("phone")),
        email: offered.contains(&Channel::Email).then(|| form.get("email")),
        roster: match_by(round).map(MatchBy::key),
        told_in: form.get("lang"),
        consents_to: consent::at_a_counter(visit, round),
        id_seen: form.is_ticked("id_seen"),
        consent: form.is_ticked("consent"),
        relation: Relation::from_key(&form.get("relation")),
        helper_name: form.get("helper_name"),
        helper_born: form.get("helper_born"),
        evidence: form.is_ticked("evidence"),
        most_per_helper: u64::from(app.config.counter.most_per_helper),
        known: None,
        looked_at: form.get("looked_at"),
        paper: paper.is_some().then(|| form.get("paper")),
        last: paper.flatten(),
        closes_at: round.row.closes_at,
        with,
        slug,
        title,
        errors,
    }
}
