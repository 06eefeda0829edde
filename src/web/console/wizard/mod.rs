//! A draft as a form of a few steps. It is kept on the server with each step; its text holds all settings, and what no
//! step asks for stays as it is there. Going back in the browser and sending a step again is what it looks like.

mod dates;
mod goods;
mod groups;
mod hours;
mod load;
mod look;
mod mode;
mod notices;
mod steps;
mod theirs;
mod typed;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entities::draft;
use serde::Deserialize;
use toml::Table;

pub use steps::Step;

use self::{look::Look, typed::Typed};
use super::{
    compare::{compared, expected},
    desk::{Desk, Sent},
    drafts::{LONGEST, find, instant},
    rule::{Route, Who},
    shown::{drawn, title_of},
};
use crate::{
    domain::draft::{
        Draft,
        edit::{Edit, edited},
    },
    lifecycle::announce::look as look_at,
    store,
    web::{
        answer::{Answer, Trouble},
        path::Path,
        view::{FieldError, Sentence, WizardField, WizardPage, WizardStep, errors, step_name, wizard_lead},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/drafts/{id}/steps/{step}", Who::DESK, show),
        Route::take("/console/drafts/{id}/steps/{step}", Who::DESK, save),
    ]
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    /// As of when the draft was shown, in microseconds.
    seen: String,
    /// Where to go with it.
    then: String,
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

/// A draft that can be changed step by step, and one of its steps.
struct At {
    row: draft::Model,
    table: Table,
    step: Step,
}

/// The step of an address; the page of the draft where it cannot be gone through.
async fn at(desk: &Desk, id: i64, step: &str) -> Result<At, Answer> {
    let row = find(desk, id).await?;
    let whole = || desk.visit.go(&format!("/console/drafts/{id}"));
    if row.round_id.is_some() {
        return Err(whole());
    }
    // Its page says which line cannot be read.
    let Ok(table) = row.text.parse::<Table>() else { return Err(whole()) };
    let step = Step::all(&table).into_iter().find(|one| one.key() == step);
    let step = step.ok_or_else(|| desk.visit.trouble(Trouble::NotFound))?;
    Ok(At { row, table, step })
}

async fn show(desk: Desk, Path((id, step)): Path<(i64, String)>) -> Result<Answer, Answer> {
    let at = at(&desk, id, &step).await?;
    Ok(desk.visit.show(&page(&desk, &at, None, Vec::new()).await?))
}

async fn save(Path((id, step)): Path<(i64, String)>, Sent(desk, form): Sent<Form>) -> Result<Answer, Answer> {
    let mut at = at(&desk, id, &step).await?;
    let (lang, now, me) = (desk.visit.lang, desk.visit.now, desk.signed.person.id);
    let seen = instant(&form.seen);
    let whole = |error: FieldError| vec![FieldError { field: "form".into(), ..error }];
    // Limits and openings are known by their number: after one was left out, the same number is another.
    let counted = matches!(at.step, Step::Hours(_) | Step::Load) || form.then == "remove";
    for _ in 0..4 {
        // One's own later steps are no reason to read this one again; somebody else's are, however long ago.
        let own = at.row.changed_by == Some(me) && at.row.others_at.is_none_or(|others| others <= seen);
        if seen != at.row.changed_at && (counted || !own) {
            break;
        }
        let mut typed = Typed::new(lang, &form.fields);
        let edits = match form.then.as_str() {
            "remove" => removal(&at),
            "second" => {
                let mut edits = edits(&at, &mut typed, now);
                edits.extend(hours::second_chance(&at.table));
                edits
            }
            _ => edits(&at, &mut typed, now),
        };
        if !typed.errors.is_empty() {
            let errors = typed.errors;
            return again(&desk, &at, &form, errors).await;
        }
        let text = edited(&at.row.text, &edits).map_err(|error| desk.visit.failed(error))?;
        if text.len() > LONGEST {
            return again(&desk, &at, &form, whole(errors::draft_long(lang))).await;
        }
        let saved = async {
            let txn = desk.visit.app.db.begin().await?;
            let saved = store::draft::update(&txn, id, at.row.changed_at, &text, me, now).await?;
            if saved && text != at.row.text {
                desk.note(&txn, ["draft_changed", &id.to_string(), ""]).await?;
            }
            txn.commit().await.map(|()| saved)
        };
        if saved.await.map_err(|error| desk.visit.failed(error))? {
            return Ok(desk.visit.go(&next(id, &at, &text, &form.then)));
        }
        // Somebody was in between: on what is there now.
        at = self::at(&desk, id, &step).await?;
    }
    let errors = whole(errors::draft_changed(lang));
    // What was typed belongs to numbers that may be others by now.
    let mut page = page(&desk, &at, Some(&form.fields).filter(|_| !counted), errors).await?;
    if !counted {
        let look = Look { page: &page.page, table: &at.table, typed: None };
        page.theirs = theirs::list(&fields(&look, at.step), &page.fields);
    }
    Ok(desk.visit.show_again(&page))
}

/// The step once more, with what was typed and what is wrong with it.
async fn again(desk: &Desk, at: &At, form: &Form, errors: Vec<FieldError>) -> Result<Answer, Answer> {
    Ok(desk.visit.show_again(&page(desk, at, Some(&form.fields), errors).await?))
}

/// The fields of a step.
fn fields(look: &Look<'_>, step: Step) -> Vec<WizardField> {
    match step {
        Step::Goods => goods::fields(look),
        Step::Mode => mode::fields(look),
        Step::Dates => dates::fields(look),
        Step::Groups => groups::fields(look),
        Step::Hours(at) => hours::fields(look, at),
        Step::Load => load::fields(look),
        Step::Notices => notices::fields(look),
    }
}

/// What was typed, as changes of the draft.
fn edits(at: &At, typed: &mut Typed<'_>, now: DateTime<Utc>) -> Vec<Edit> {
    match at.step {
        Step::Goods => goods::edits(typed),
        Step::Mode => mode::edits(typed, &at.table),
        Step::Dates => dates::edits(typed, &at.table, now),
        Step::Groups => groups::edits(typed, &at.table, Draft::parse(&at.row.text).ok().as_ref()),
        Step::Hours(number) => hours::edits(typed, &at.table, number),
        Step::Load => load::edits(typed, &at.table),
        Step::Notices => notices::edits(typed, &at.table),
    }
}

/// Leaving an opening out: not the last one that is nobody's second chance.
fn removal(at: &At) -> Vec<Edit> {
    let is_own = |number: &usize| !hours::whose(&at.table, *number).1;
    let own = (0..steps::openings(&at.table)).filter(is_own).count();
    match at.step {
        Step::Hours(number) if own > 1 || !is_own(&number) => vec![Edit::Remove("opening", number)],
        _ => Vec::new(),
    }
}

/// Where one goes from a step.
fn next(id: i64, at: &At, text: &str, then: &str) -> String {
    let steps = text.parse::<Table>().map(|table| Step::all(&table)).unwrap_or_default();
    let here = steps.iter().position(|step| *step == at.step);
    let next = match then {
        "stay" => Some(at.step),
        "remove" => Some(Step::Hours(0)),
        "second" => steps.iter().rfind(|step| matches!(step, Step::Hours(_))).copied(),
        _ => here.and_then(|here| steps.get(here + 1)).copied(),
    };
    match next {
        Some(step) => format!("/console/drafts/{id}/steps/{}", step.key()),
        None => format!("/console/drafts/{id}"),
    }
}

/// The steps of a draft, each with what is wrong with it.
pub fn list(desk: &Desk, id: i64, table: &Table, refusals: &[String]) -> Vec<WizardStep> {
    let one = |step: Step| {
        let (whose, catch_up) = match step {
            Step::Hours(at) => hours::whose(table, at),
            _ => (Vec::new(), false),
        };
        let key = step.key();
        WizardStep {
            href: format!("/console/drafts/{id}/steps/{key}"),
            name: step_name(&desk.page(), &key, &whose, catch_up),
            key,
            wrong: refusals.iter().any(|refusal| Step::of(refusal) == Some(step)),
        }
    };
    Step::all(table).into_iter().map(one).collect()
}

async fn page(
    desk: &Desk,
    at: &At,
    typed: Option<&BTreeMap<String, String>>,
    errors: Vec<FieldError>,
) -> Result<WizardPage, Answer> {
    let (id, key) = (at.row.id, at.step.key());
    let page = desk.page_at(&format!("/console/drafts/{id}/steps/{key}"));
    let (mut refusals, mut plan, mut side_by_side) = (Vec::new(), None, None);
    match Draft::parse(&at.row.text) {
        Ok(draft) => {
            let looked = look_at(&desk.visit.app, &draft).await.map_err(|error| desk.visit.failed(error))?;
            plan = drawn(&looked, &page);
            if let (Step::Mode, Some(rules)) = (at.step, &looked.rules) {
                let (wants, people) = expected(rules, draft.expect.entrants.unwrap_or(0));
                side_by_side = compared(desk, rules, wants, people).await;
            }
            refusals = looked.refusals;
        }
        Err(problem) => refusals.push(problem),
    }
    let steps = list(desk, id, &at.table, &refusals);
    let shows_plan = matches!(at.step, Step::Dates | Step::Hours(_) | Step::Load | Step::Notices);
    let is_hours = matches!(at.step, Step::Hours(_));
    let is_second = matches!(at.step, Step::Hours(number) if hours::whose(&at.table, number).1);
    Ok(WizardPage {
        bar: desk.bar(),
        id,
        title: title_of(&at.row.text).unwrap_or_default(),
        seen: at.row.changed_at.timestamp_micros(),
        name: steps.iter().find(|step| step.key == key).map(|step| step.name.clone()).unwrap_or_default(),
        lead: wizard_lead(&page, &key, is_second),
        fields: fields(&Look { page: &page, table: &at.table, typed }, at.step),
        theirs: Vec::new(),
        problems: refusals
            .iter()
            .filter(|one| Step::of(one) == Some(at.step))
            .map(|one| Sentence::of(one, desk.visit.lang))
            .collect(),
        plan: plan.filter(|_| shows_plan),
        compared: side_by_side,
        removes: !removal(at).is_empty(),
        adds: is_hours && hours::second_chance(&at.table).is_some(),
        key,
        steps,
        page,
        errors,
    })
}
