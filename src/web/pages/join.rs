//! Joining the entry of others by their link code.

use serde::Deserialize;

use super::{about::answered, admit::told_at, roster::listed};
use crate::{
    app::Round,
    domain::{
        contact::is_registration_number,
        event::Wanted,
        who::{Source, is_entitling},
    },
    lifecycle::together::{self, Refused},
    notify::content::CONTACT,
    web::{
        answer::{Answer, Trouble},
        form::Posted,
        path::Path,
        view::{FieldError, Join, Purpose, errors},
        visit::Visit,
        visitor::{Draft, Kept, Proven},
    },
};

/// The form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    code: String,
}

/// `GET /rounds/{slug}/join`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, _) = agreed(&visit, &round).await?;
    draft(&visit, &round, &proven)?;
    Ok(visit.show(&page(&visit, &round, Form::default(), Vec::new())))
}

/// `POST /rounds/{slug}/join`
pub async fn join(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, receipt) = agreed(&visit, &round).await?;
    let draft = draft(&visit, &round, &proven)?;
    let lang = visit.lang;
    let again =
        |form: Form, error: FieldError| Ok(visit.show_again(&page(&visit, &round, form, vec![error])));
    if form.code.trim().is_empty() {
        return again(form, errors::link_missing(lang));
    }
    let contact = told_at(&visit, &round, &proven, Purpose::Join)?;
    let person_sealed = visit.app.keys.people().seal(CONTACT, &contact);
    let channel = contact.channel;
    let wanted = Wanted {
        fields: draft.fields,
        consent_digest: proven.consented(&slug).unwrap_or_default().to_owned(),
        ..Wanted::alone(0, "any".to_owned(), person_sealed, channel, lang.tag())
    };
    match together::join(&visit.app, &round, &receipt, &form.code, wanted).await {
        Ok(done) => {
            let mut visitor = visit.visitor();
            visitor.draft = None;
            visitor.kept = Some(Kept {
                slug: slug.clone(),
                receipt,
                at: done.at,
                want: 0,
                wish: "any".to_owned(),
                fields: String::new(),
                seats: done.seats,
                weight: 1,
                miss_key: String::new(),
                lead: Some(done.entry),
                withdrawn: false,
                fresh: true,
            });
            Ok(visit.with(&visitor, visit.go(&format!("/rounds/{slug}/my"))))
        }
        Err(Refused::NotOpen) => Err(visit.ended(&round, Trouble::Closed(&round)).await),
        Err(Refused::Database(error)) => {
            let fields = vec![("csrf".to_owned(), form.csrf), ("code".to_owned(), form.code)];
            Err(visit.database(error, &format!("/rounds/{slug}/join"), fields))
        }
        Err(Refused::TooMany) => again(form, errors::link_too_many(lang)),
        Err(Refused::Full) => again(form, errors::link_full(lang)),
        Err(Refused::Own) => again(form, errors::link_own(lang)),
        Err(Refused::Elsewhere) => again(form, errors::link_elsewhere(lang)),
        Err(Refused::Others) => again(form, errors::link_others(lang)),
        Err(Refused::NoCode | Refused::NoEntry) => again(form, errors::link_wrong(lang)),
    }
}

/// Who it is, and their receipt; whoever has not agreed to what this round keeps is asked first.
async fn agreed(visit: &Visit, round: &Round) -> Result<(Proven, String), Answer> {
    let slug = round.row.slug.as_str();
    if round.who.joint_most < 2 {
        // Nobody comes together here: the page of the round says what there is.
        return Err(visit.go(&format!("/rounds/{slug}")));
    }
    let Some(proven) = visit.proven().cloned() else {
        return Err(visit.go(&format!("/rounds/{slug}/enter?purpose=join")));
    };
    if proven.consented(slug).is_none() {
        return Err(visit.go(&format!("/rounds/{slug}/enter?purpose=join&agree=yes")));
    }
    listed(visit, round, &proven, Purpose::Join).await?;
    told_at(visit, round, &proven, Purpose::Join)?;
    match round.receipt(proven.person_key(round)).map(|receipt| receipt.to_string()) {
        Some(receipt) => Ok((proven, receipt)),
        None => Err(visit.trouble(Trouble::Closed(round))),
    }
}

/// The answers, where others' places or money must be for this person too.
fn draft(visit: &Visit, round: &Round, proven: &Proven) -> Result<Draft, Answer> {
    let needed = |field: &crate::domain::who::Field| {
        field.from == Source::Asked && is_entitling(&round.rules, &field.name)
    };
    match answered(visit, round, proven, None) {
        Err(_) if round.who.fields.iter().any(needed) => {
            Err(visit.go(&format!("/rounds/{}/about?then=join", round.row.slug)))
        }
        Err(_) => Ok(Draft::new(round.row.slug.clone(), proven.person.mark())),
        answered => answered,
    }
}

fn page(visit: &Visit, round: &Round, form: Form, errors: Vec<FieldError>) -> Join {
    Join {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(&visit.visitor()),
        // A registration number is not even shown back.
        code: if is_registration_number(&form.code) { String::new() } else { form.code },
        errors,
    }
}
