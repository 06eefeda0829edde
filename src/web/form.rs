//! Forms as they come: every field optional text, so that what is missing is said in the form's
//! own words and not by a parser.

use axum::{
    Form,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request, rejection::FormRejection},
    http::{StatusCode, header::CONTENT_TYPE},
};
use serde::{Deserialize, de::DeserializeOwned};
use url::form_urlencoded;

use super::{
    answer::{Answer, Trouble},
    visit::Visit,
};
use crate::{app::App, domain::contact::is_registration_number};

/// A visit with a form that is ours and readable. Where it is not `NAMED` (see [`NAMES_THE_FIELD`]), a form that holds a
/// resident registration number is refused as a whole, so that none is kept with a reason, a title or an answer.
pub struct Posted<T, const NAMED: bool = false>(pub Visit, pub T);

/// `Posted<Form, NAMES_THE_FIELD>`: the page of this form says by itself in which field such a number was typed.
pub const NAMES_THE_FIELD: bool = true;

/// A form with a button and nothing else.
#[derive(Debug, Deserialize)]
pub struct Press {}

/// A form as it was sent.
pub struct Read<T> {
    /// What was typed.
    pub form: T,
    /// The token that was served with it; empty where there is none. It is read here, once for all forms; a form has it
    /// as a field only where it is handed on, to be sent again from the page that says how busy it is.
    pub token: String,
    /// Whether there is a resident registration number in it.
    pub has_number: bool,
}

impl<T: DeserializeOwned> Read<T> {
    /// Reads what was sent.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub async fn of(request: Request, app: &App) -> Result<Self, Trouble<'static>> {
        let (method, kind) = (request.method().clone(), request.headers().get(CONTENT_TYPE).cloned());
        let sent = Bytes::from_request(request, app).await;
        let sent = sent.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge,
            _ => Trouble::BadForm,
        })?;
        let (mut token, mut has_number) = (String::new(), false);
        for (name, value) in form_urlencoded::parse(&sent) {
            match &*name {
                "csrf" => token = value.into_owned(),
                // Public numbers of a lottery, which two type: each is shorter than any part of such a number.
                "values" | "again" if is_short_numbers(&value) => {}
                _ => has_number |= is_registration_number(&value),
            }
        }
        // Of the head, a form depends on these two.
        let mut request = Request::new(Body::from(sent));
        *request.method_mut() = method;
        request.headers_mut().extend(kind.map(|kind| (CONTENT_TYPE, kind)));
        match Form::<T>::from_request(request, app).await {
            Ok(Form(form)) => Ok(Self { form, token, has_number }),
            Err(rejection) => Err(reason(&rejection)),
        }
    }
}

impl<T: DeserializeOwned, const NAMED: bool> FromRequest<App> for Posted<T, NAMED> {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        match Read::<T>::of(Request::from_parts(parts, body), app).await {
            Ok(read) if !visit.is_ours(&read.token) => Err(visit.trouble(Trouble::OldForm)),
            Ok(read) if read.has_number && !NAMED => Err(visit.trouble(Trouble::ResidentNumber)),
            Ok(read) => Ok(Self(visit, read.form)),
            Err(trouble) => Err(visit.trouble(trouble)),
        }
    }
}

fn is_short_numbers(typed: &str) -> bool {
    typed.is_ascii()
        && typed.split(|character: char| !character.is_ascii_digit()).all(|number| number.len() <= 2)
}

/// Why a form cannot be read.
pub fn reason(rejection: &FormRejection) -> Trouble<'static> {
    match rejection {
        FormRejection::BytesRejection(bytes) if bytes.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Trouble::TooLarge
        }
        _ => Trouble::BadForm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_lottery_are_no_registration_number() {
        let drawn = "2 11 13 19 26 40 21";
        assert!(is_registration_number(drawn) && is_short_numbers(drawn));
        for number in ["900101-1234568", "9001011234568", "９０ ０１ ０１ １２ ３４ ５６ ８"] {
            assert!(is_registration_number(number) && !is_short_numbers(number), "{number}");
        }
    }
}
