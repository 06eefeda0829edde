//! What has to be known of an entrant: the questions of the round, before the amount.

use std::collections::BTreeMap;

use axum::extract::{Query, rejection::QueryRejection};
use chrono::Datelike;
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{check::with_seen, details::consented, mine::MyEntry};
use crate::{
    app::Round,
    domain::who::{
        self, Source,
        answers::{AnswerError, BIRTH_YEAR, Given},
        pairs, value_in,
    },
    lifecycle::misses,
    web::{
        answer::Answer,
        form::Posted,
        path::Path,
        view::{About, FieldError, Question, errors, field_label, value_label},
        visit::Visit,
        visitor::{Draft, Proven},
    },
};

/// The form: which fields it has is the round's business.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    #[serde(flatten)]
    answers: BTreeMap<String, String>,
}

/// The form's field of a question.
pub fn field_of(name: &str) -> String {
    if name == BIRTH_YEAR { name.to_owned() } else { format!("field_{name}") }
}

/// Where one goes from here: only to pages of ours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Aim {
    then: String,
}

fn next(slug: &str, then: &str) -> String {
    format!("/rounds/{slug}/{}", if then == "join" { "join" } else { "details" })
}

/// `GET /rounds/{slug}/about`
pub async fn show(
    visit: Visit,
    Path(slug): Path<String>,
    aim: Result<Query<Aim>, QueryRejection>,
) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, entry) = consented(&visit, &round).await?;
    if !round.who.asks() && answered(&visit, &round, &proven, entry.as_ref()).is_ok() {
        return Ok(visit.go(&next(&slug, "")));
    }
    let before = before(&visit, &round, &proven, entry.as_ref()).fields;
    let mut form = Form::default();
    form.answers.insert("then".to_owned(), aim.map(|Query(aim)| aim.then).unwrap_or_default());
    for field in &round.who.fields {
        let value = value_in(&before, &field.name).unwrap_or_default();
        form.answers.insert(field_of(&field.name), value.to_owned());
    }
    // Where nothing is asked, what is missing is missing in the roster.
    let errors = match round.who.asks() {
        true => Vec::new(),
        false => read(&visit, &round, listed(&proven, &round), &before, &form.answers, false)
            .err()
            .unwrap_or_default(),
    };
    let change = entry.is_some_and(|mine| !mine.withdrawn);
    Ok(visit.show(&page(&visit, &round, form, &before, change, errors)))
}

/// `POST /rounds/{slug}/about`
pub async fn note(Path(slug): Path<String>, Posted(visit, form): Posted<Form>) -> Result<Answer, Answer> {
    let round = visit.open_round(&slug).await?;
    let (proven, entry) = consented(&visit, &round).await?;
    let mut draft = before(&visit, &round, &proven, entry.as_ref());
    match read(&visit, &round, listed(&proven, &round), &draft.fields, &form.answers, false) {
        Ok(fields) => {
            draft.fields = fields;
            // Of an entry that is changed, what was remembered counts on.
            let counted = misses::weight(&visit.app, &round, &draft.miss_key).await;
            (draft.misses, draft.weight) = counted.map_err(|error| visit.failed(error))?;
            let mut visitor = visit.visitor();
            visitor.draft = Some(draft);
            let then = form.answers.get("then").map_or("", String::as_str);
            Ok(visit.with(&visitor, visit.go(&next(&slug, then))))
        }
        Err(errors) => {
            let change = entry.is_some_and(|mine| !mine.withdrawn);
            Ok(visit.show_again(&page(&visit, &round, form, &draft.fields, change, errors)))
        }
    }
}

/// What was answered before: in this browser, or in the entry; what only a counter says, in the entry alone.
fn before(visit: &Visit, round: &Round, proven: &Proven, entry: Option<&MyEntry>) -> Draft {
    let slug = round.row.slug.clone();
    let drafted =
        visit.visitor().draft.filter(|draft| draft.slug == slug && draft.by == proven.person.mark());
    let draft = drafted.unwrap_or_else(|| {
        let mut draft = Draft::new(slug, proven.person.mark());
        if let Some(mine) = entry.filter(|mine| mine.lead.is_none()) {
            draft.fields.clone_from(&mine.fields);
            draft.want = Some(mine.want);
            draft.wish.clone_from(&mine.wish);
            // Whoever has left agrees anew, or does not.
            if !mine.withdrawn {
                draft.miss_key.clone_from(&mine.miss_key);
            }
        }
        draft
    });
    with_seen(round, entry, draft)
}

/// The draft with every field answered: by the entrant before, by the roster as it is now, or by a rule.
///
/// # Errors
/// Back to the questions.
pub fn answered(
    visit: &Visit,
    round: &Round,
    proven: &Proven,
    entry: Option<&MyEntry>,
) -> Result<Draft, Answer> {
    let mut draft = before(visit, round, proven, entry);
    let known = pairs(&draft.fields).map(|(name, value)| (field_of(name), value.to_owned())).collect();
    match read(visit, round, listed(proven, round), &draft.fields, &known, false) {
        Ok(fields) => {
            draft.fields = fields;
            Ok(draft)
        }
        Err(_) => Err(visit.go(&format!("/rounds/{}/about", round.row.slug))),
    }
}

/// What a roster says of somebody.
pub fn listed<'p>(proven: &'p Proven, round: &Round) -> Option<&'p BTreeMap<String, String>> {
    proven.listed(round).map(|listed| &listed.fields)
}

/// The answers, as an entry keeps them: also for whoever is entered at a counter.
///
/// # Errors
/// Everything that is to be put right.
pub fn read(
    visit: &Visit,
    round: &Round,
    listed: Option<&BTreeMap<String, String>>,
    before: &str,
    answers: &BTreeMap<String, String>,
    counter: bool,
) -> Result<String, Vec<FieldError>> {
    let (lang, none) = (visit.lang, BTreeMap::new());
    let listed = listed.unwrap_or(&none);
    let typed = |name: &str| answers.get(&field_of(name)).cloned().unwrap_or_default();
    let year = round.row.closes_at.with_timezone(&Seoul).year();
    let given = Given { typed: &typed, listed, before, year, counter };
    let values = round.who.answers(&given).map_err(|wrong| {
        let said = wrong.into_iter().map(|(name, error)| match error {
            AnswerError::Missing if name == BIRTH_YEAR => errors::birth_year_missing(lang),
            AnswerError::NotOffered if name == BIRTH_YEAR => errors::birth_year_invalid(lang),
            AnswerError::Age => errors::birth_year_age(lang),
            AnswerError::Missing => {
                errors::answer_missing(lang, field_of(&name), &label(round, &name, visit))
            }
            AnswerError::NotOffered => errors::answer_not_offered(lang, field_of(&name)),
            AnswerError::Unlisted => errors::answer_unlisted(lang, &label(round, &name, visit)),
        });
        said.collect::<Vec<_>>()
    })?;
    Ok(who::joined(&round.who.fields, &values))
}

fn label(round: &Round, name: &str, visit: &Visit) -> String {
    round.who.field(name).map_or(name.to_owned(), |field| field_label(field, visit.lang))
}

fn page(
    visit: &Visit,
    round: &Round,
    form: Form,
    before: &str,
    change: bool,
    errors: Vec<FieldError>,
) -> About {
    let typed = |field: &str| form.answers.get(field).cloned().unwrap_or_default();
    About {
        page: visit.page_of(round),
        slug: round.row.slug.clone(),
        title: visit.title(round),
        csrf: visit.csrf(&visit.visitor()),
        birth_year: round.who.asks_year().then(|| typed(BIRTH_YEAR)),
        year_known: round.who.fits(before),
        then: if typed("then") == "join" { "join" } else { "" },
        questions: questions(visit, round, &form.answers, false),
        change,
        errors,
    }
}

/// The questions of a round, but for the birth year; at a counter also those that only a counter answers.
pub fn questions(
    visit: &Visit,
    round: &Round,
    answers: &BTreeMap<String, String>,
    counter: bool,
) -> Vec<Question> {
    let typed = |field: &str| answers.get(field).cloned().unwrap_or_default();
    let asked = round.who.fields.iter().filter(|field| match field.from {
        Source::Asked => true,
        Source::Counter => counter,
        Source::Roster => false,
    });
    let questions = asked.filter(|field| !field.kind.is_by_year()).map(|field| Question {
        field: field_of(&field.name),
        label: field_label(field, visit.lang),
        values: field
            .values
            .iter()
            .map(|value| (value.name.clone(), value_label(field, &value.name, visit.lang)))
            .collect(),
        chosen: typed(&field_of(&field.name)),
    });
    questions.collect()
}
