//! The form of a counter, read: with the same checks as the resident's own pages.

use std::collections::BTreeMap;

use chrono::Datelike;
use chrono_tz::Asia::Seoul;
use serde::Deserialize;

use super::{super::desk::Desk, case::Case};
use crate::{
    app::Round,
    domain::{
        contact::{Channel, Contact, ContactError, is_registration_number},
        counter::{Helper, Relation, parse_paper},
        roster::{MatchBy, MemberKey, name_key},
        who::{
            answers::BIRTH_YEAR,
            helped::{Helped, HelpedError},
        },
    },
    identity::{Listed, find_listed},
    web::{
        answer::Answer,
        pages::{about, consent, details, identity::channels, roster::match_by},
        view::{FieldError, errors},
    },
    words::Lang,
};

/// The form: which fields it has is the round's business.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    csrf: String,
    #[serde(flatten)]
    typed: BTreeMap<String, String>,
}

impl Form {
    /// What was typed in a field, trimmed; a registration number is not even shown back.
    pub fn get(&self, field: &str) -> String {
        let typed = self.typed.get(field).map(|typed| typed.trim().to_owned()).unwrap_or_default();
        if is_registration_number(&typed) { String::new() } else { typed }
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, field: &str) -> bool {
        self.typed.get(field).is_some_and(|typed| !typed.is_empty())
    }

    /// Everything that was typed, by field.
    pub fn answers(&self) -> &BTreeMap<String, String> {
        &self.typed
    }

    /// Everything that was sent, token included.
    pub fn fields(&self) -> Vec<(String, String)> {
        let typed = self.typed.iter().map(|(name, value)| (name.clone(), value.clone()));
        std::iter::once(("csrf".to_owned(), self.csrf.clone())).chain(typed).collect()
    }

    /// Sets a field before the form is shown.
    pub fn set(&mut self, field: &str, value: &str) {
        self.typed.insert(field.to_owned(), value.to_owned());
    }

    fn raw(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn person(&self, desk: &Desk, name: &'static str, born: &'static str) -> Result<Helped, Vec<FieldError>> {
        let (lang, today) = (desk.visit.lang, desk.visit.now.with_timezone(&Seoul).date_naive());
        let at = |field: &'static str, error: FieldError| FieldError { field: field.into(), ..error };
        Helped::parse(self.raw(name), self.raw(born), today).map_err(|wrong| {
            let said = wrong.into_iter().map(|error| match error {
                HelpedError::NameMissing => at(name, errors::person_name_missing(lang)),
                HelpedError::NameInvalid => at(name, errors::name_invalid(lang)),
                HelpedError::RegistrationNumber if is_registration_number(self.raw(born)) => {
                    errors::resident_number(lang, born)
                }
                HelpedError::RegistrationNumber => errors::resident_number(lang, name),
                HelpedError::BornMissing => at(born, errors::born_missing(lang)),
                HelpedError::BornInvalid => at(born, errors::born_invalid(lang)),
            });
            said.collect()
        })
    }
}

/// Takes what is right, and adds what is wrong to `wrong`.
fn kept<T>(read: Result<T, Vec<FieldError>>, wrong: &mut Vec<FieldError>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(errors) => {
            wrong.extend(errors);
            None
        }
    }
}

/// Who stands at the counter and what they want; `paper` says that a form of paper lies there instead.
///
/// # Errors
/// The answer to give instead; inside, everything that is to be put right.
pub async fn read(
    desk: &Desk,
    round: &Round,
    form: &Form,
    paper: bool,
    with: Option<String>,
) -> Result<Result<Case, Vec<FieldError>>, Answer> {
    let (visit, lang) = (&desk.visit, desk.visit.lang);
    let mut wrong = Vec::new();
    let number = kept(read_paper(desk, form, paper), &mut wrong);
    let person = kept(form.person(desk, "name", "born"), &mut wrong);
    let contact = kept(read_contact(desk, form), &mut wrong);
    let listed = match (&person, &contact) {
        (Some(person), Some(contact)) => {
            kept(read_listed(desk, round, form, person, contact.as_ref()).await?, &mut wrong).flatten()
        }
        _ => None,
    };
    let mut answers = form.answers().clone();
    if let Some(person) = &person {
        // Read on their papers already: nobody is asked twice.
        answers.insert(BIRTH_YEAR.to_owned(), person.born().year().to_string());
    }
    let said = listed.as_ref().map(|listed| &listed.fields);
    let fields = match person {
        Some(_) => kept(about::read(visit, round, said, "", &answers, true), &mut wrong),
        None => None,
    };
    let wishes = details::WISHES.map(|field| form.raw(field));
    let wanted = match &fields {
        Some(fields) => kept(details::read(visit, round, fields, form.raw("want"), wishes), &mut wrong),
        None => None,
    };
    let helper = kept(read_helper(desk, form, person.as_ref()), &mut wrong);
    // The year is part of the birth date here.
    for error in &mut wrong {
        if error.field == BIRTH_YEAR {
            error.field = "born".into();
        }
    }
    if !form.is_ticked("id_seen") {
        wrong.push(errors::counter_id_missing(lang));
    }
    let consent = consent::at_a_counter(visit, round);
    if !form.is_ticked("consent") {
        wrong.push(errors::counter_consent_missing(lang));
    } else if form.raw("words") != consent.digest() {
        wrong.push(errors::consent_changed(lang));
    }
    let (Some(paper), Some(person), Some(contact), Some(fields), Some((want, wish)), Some(helper)) =
        (number, person, contact, fields, wanted, helper)
    else {
        return Ok(Err(wrong));
    };
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let lang = Lang::from_tag(form.raw("lang")).unwrap_or(lang).tag().to_owned();
    let remember = round.rules.weighting.is_some() && form.is_ticked("remember");
    let consent_digest = consent::keep(&desk.visit, &consent).await;
    let consent_digest = consent_digest.map_err(|error| desk.visit.failed(error))?;
    Ok(Ok(Case {
        person,
        contact,
        lang,
        listed,
        fields,
        want,
        wish,
        remember,
        helper,
        paper,
        with,
        consent_digest,
    }))
}

fn read_paper(desk: &Desk, form: &Form, paper: bool) -> Result<String, Vec<FieldError>> {
    match paper {
        false => Ok(String::new()),
        true => {
            parse_paper(form.raw("paper")).ok_or_else(|| vec![errors::counter_paper_invalid(desk.visit.lang)])
        }
    }
}

/// A phone number, a mail address, or neither.
fn read_contact(desk: &Desk, form: &Form) -> Result<Option<Contact>, Vec<FieldError>> {
    let lang = desk.visit.lang;
    let offered = channels(&desk.visit.app);
    let typed = |channel: Channel| {
        let field = if channel == Channel::Sms { "phone" } else { "email" };
        Some(form.raw(field).trim()).filter(|typed| offered.contains(&channel) && !typed.is_empty())
    };
    match (typed(Channel::Sms), typed(Channel::Email)) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(vec![errors::counter_contact_twice(lang)]),
        (Some(phone), None) => Contact::parse(Channel::Sms, phone).map(Some).map_err(|error| {
            vec![match error {
                ContactError::RegistrationNumber => errors::resident_number(lang, "phone"),
                _ => errors::phone_invalid(lang),
            }]
        }),
        (None, Some(email)) => Contact::parse(Channel::Email, email).map(Some).map_err(|error| {
            vec![match error {
                ContactError::RegistrationNumber => errors::resident_number(lang, "email"),
                _ => errors::email_invalid(lang),
            }]
        }),
    }
}

/// Who the roster says it is, where the round has one.
async fn read_listed(
    desk: &Desk,
    round: &Round,
    form: &Form,
    person: &Helped,
    contact: Option<&Contact>,
) -> Result<Result<Option<Listed>, Vec<FieldError>>, Answer> {
    let lang = desk.visit.lang;
    let key = match (match_by(round), contact) {
        (None, _) => return Ok(Ok(None)),
        (Some(MatchBy::Name), _) => name_key(form.raw("name").trim(), person.born()),
        (Some(_), Some(contact)) => MemberKey(contact.person_key()),
        (Some(MatchBy::Email), None) => return Ok(Err(vec![errors::email_missing(lang)])),
        (Some(_), None) => return Ok(Err(vec![errors::phone_missing(lang)])),
    };
    let found = find_listed(&desk.visit.app, round, &key).await;
    let found = found.map_err(|error| desk.visit.failed(error))?;
    Ok(found.map(Some).ok_or_else(|| vec![errors::counter_unlisted(lang)]))
}

/// Who came for them, if it is another.
fn read_helper(desk: &Desk, form: &Form, person: Option<&Helped>) -> Result<Option<Helper>, Vec<FieldError>> {
    let lang = desk.visit.lang;
    let Some(relation) = Relation::from_key(form.raw("relation")) else {
        // Somebody's name with nothing said of them is a form half filled in.
        let named = !form.raw("helper_name").trim().is_empty();
        return if named { Err(vec![errors::counter_relation_missing(lang)]) } else { Ok(None) };
    };
    let mut wrong = Vec::new();
    let helper = kept(form.person(desk, "helper_name", "helper_born"), &mut wrong);
    if helper.is_some() && helper.as_ref() == person {
        wrong.push(errors::counter_helper_same(lang));
    }
    if !form.is_ticked("evidence") {
        wrong.push(errors::counter_evidence_missing(lang));
    }
    match helper {
        Some(person) if wrong.is_empty() => Ok(Some(Helper { person, relation })),
        _ => Err(wrong),
    }
}
