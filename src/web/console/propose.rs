//! Writing down an act about a round: what, from when, for how long, why. What it would do is shown next.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{
    desk::{Desk, Sent},
    home,
    rule::{Route, Who},
};
use crate::{
    app::Round,
    domain::{ineligible::Reason, proposal::Act},
    notify::message::reason_in_words,
    staff::{acts::ActError, proposals},
    store,
    web::{
        answer::{Answer, Trouble},
        form::Press,
        path::Path,
        view::{FieldError, ProposePage, errors},
    },
};

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rounds/{slug}/propose/{kind}", Who::DESK, show),
        Route::take("/console/rounds/{slug}/propose/{kind}", Who::DESK, note),
        Route::take("/console/rosters/{name}/propose", Who::DESK, replace),
    ]
}

/// The forms there are.
const FORMS: [&str; 8] =
    ["shift", "extend", "void", "release", "ineligible", "take-back", "strike", "declare"];

/// Minutes that are offered.
pub const LENGTHS: [u64; 6] = [10, 20, 30, 60, 120, 240];

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    from: String,
    minutes: String,
    reason: String,
    days: String,
    receipt: String,
    receipts: String,
    category: String,
    values: String,
}

async fn show(desk: Desk, Path((slug, kind)): Path<(String, String)>) -> Result<Answer, Answer> {
    let (round, kind) = find(&desk, &slug, &kind).await?;
    let form =
        Form { from: local(desk.visit.now), minutes: "30".into(), days: "0".into(), ..Form::default() };
    Ok(desk.visit.show(&page(&desk, &round, kind, form, Vec::new())))
}

async fn note(
    Path((slug, kind)): Path<(String, String)>,
    Sent(desk, form): Sent<Form>,
) -> Result<Answer, Answer> {
    let (round, kind) = find(&desk, &slug, &kind).await?;
    let act = match read(&desk, kind, &form) {
        Ok(act) => act,
        Err(errors) => return Ok(desk.visit.show_again(&page(&desk, &round, kind, form, errors))),
    };
    match proposals::note(&desk.visit.app, &desk.signed, &act, Some(&round), desk.visit.now).await {
        Ok(id) => Ok(desk.visit.go(&format!("/console/proposals/{id}"))),
        Err(ActError::Database(error)) => Err(desk.visit.failed(error)),
        Err(ActError::Changed) => Err(desk.visit.failed("nothing was seen that could have changed")),
        Err(ActError::Refused(why)) => {
            let errors = why.iter().map(|why| errors::act_refused(desk.visit.lang, why)).collect();
            Ok(desk.visit.show_again(&page(&desk, &round, kind, form, errors)))
        }
    }
}

async fn replace(Path(name): Path<String>, Sent(desk, _): Sent<Press>) -> Result<Answer, Answer> {
    let visit = &desk.visit;
    let complete = store::roster::find(visit.app.db.read(), &name, "complete").await;
    let complete = complete.map_err(|error| visit.failed(error))?;
    let Some(complete) = complete else { return Err(visit.trouble(Trouble::NotFound)) };
    let act = Act::Confirm { roster: name, digest: complete.digest };
    match proposals::note(&visit.app, &desk.signed, &act, None, visit.now).await {
        Ok(id) => Ok(visit.go(&format!("/console/proposals/{id}"))),
        // What keeps it from being replaced stands above the list it was asked for from.
        Err(ActError::Refused(why)) => {
            let errors = why.iter().map(|why| errors::act_refused(visit.lang, why)).collect();
            Ok(visit.show_again(&home::page(&desk, errors).await?))
        }
        Err(error) => Err(visit.failed(error)),
    }
}

async fn find(desk: &Desk, slug: &str, kind: &str) -> Result<(std::sync::Arc<Round>, &'static str), Answer> {
    let round = desk.visit.round(slug).await?;
    let kind = FORMS.into_iter().find(|form| *form == kind);
    kind.map(|kind| (round, kind)).ok_or_else(|| desk.visit.trouble(Trouble::NotFound))
}

/// The value of a field for date and time, Korean.
fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Seoul).format("%Y-%m-%dT%H:%M").to_string()
}

/// What was typed into such a field.
pub(super) fn instant(local: &str) -> Option<DateTime<Utc>> {
    let local = local.trim().replace(' ', "T");
    let read = NaiveDateTime::parse_from_str(&local, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(&local, "%Y-%m-%dT%H:%M:%S"));
    Seoul.from_local_datetime(&read.ok()?).single().map(|at| at.to_utc())
}

fn read(desk: &Desk, kind: &str, form: &Form) -> Result<Act, Vec<FieldError>> {
    let lang = desk.visit.lang;
    let mut wrong = Vec::new();
    let reason = form.reason.trim().to_owned();
    let asks_why = matches!(kind, "shift" | "extend" | "void" | "release" | "take-back");
    if asks_why && !public_audit::journal::event::is_reason(&reason) {
        wrong.push(errors::reason_missing(lang));
    }
    let from = match kind {
        // Since when nobody could buy; what is to come is no outage yet.
        "extend" => instant(&form.from).filter(|from| *from <= desk.visit.now),
        "shift" => instant(&form.from),
        _ => Some(desk.visit.now),
    };
    let minutes = form.minutes.trim().parse::<u64>().ok().filter(|minutes| (1..=44_640).contains(minutes));
    let act = match kind {
        "shift" | "extend" => {
            if from.is_none() {
                wrong.push(errors::from_invalid(lang));
            }
            if minutes.is_none() {
                wrong.push(errors::minutes_invalid(lang));
            }
            let until = whole_second(desk.visit.now);
            from.zip(minutes).map(|(from, minutes)| match kind {
                "shift" => Act::Shift { from: whole_second(from), minutes, reason },
                _ => Act::Extend { from: whole_second(from), until, minutes, reason },
            })
        }
        "void" => Some(Act::Void { reason }),
        "release" => {
            let days = form.days.trim().parse::<u32>().ok().filter(|days| *days <= 31);
            if days.is_none() {
                wrong.push(errors::days_invalid(lang));
            }
            days.map(|shift_days| Act::Release { reason, shift_days })
        }
        "ineligible" | "strike" => {
            let category = Reason::from_key(&form.category);
            if category.is_none() && form.category != "eligible" {
                wrong.push(errors::category_missing(lang));
            }
            let category = category.map(|reason| reason.key().to_owned());
            let receipt = form.receipt.trim().to_ascii_lowercase();
            Some(match kind {
                "strike" => Act::Strike { receipt, category },
                _ => Act::Ineligible { receipt, category },
            })
        }
        "take-back" => {
            let receipts = form.receipts.split([' ', ',', ';', '\n', '\r', '\t']);
            let receipts = receipts.filter(|one| !one.is_empty()).map(str::to_ascii_lowercase).collect();
            Some(Act::TakeBack { receipts, reason })
        }
        _ => Some(Act::Declare { values: form.values.clone() }),
    };
    act.filter(|_| wrong.is_empty()).ok_or(wrong)
}

fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

fn page(desk: &Desk, round: &Round, kind: &'static str, form: Form, errors: Vec<FieldError>) -> ProposePage {
    let slug = round.row.slug.clone();
    let lang = desk.visit.lang;
    ProposePage {
        page: desk.page_at(&format!("/console/rounds/{slug}/propose/{kind}")),
        bar: desk.bar(),
        title: desk.visit.title(round),
        slug,
        kind,
        from: form.from,
        minutes: form.minutes,
        lengths: LENGTHS.to_vec(),
        reason: form.reason,
        days: form.days,
        receipt: form.receipt,
        receipts: form.receipts,
        categories: Reason::ALL.map(|reason| (reason.key(), reason_in_words(reason, lang))).into(),
        category: form.category,
        values: form.values,
        errors,
    }
}
