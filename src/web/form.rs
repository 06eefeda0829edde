//! Forms as they come: every field optional text, so that what is missing is said in the form's
//! own words and not by a parser.

use axum::{
    Form,
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request, rejection::FormRejection},
    http::{StatusCode, header::CONTENT_TYPE},
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{
    answer::{Answer, Trouble},
    visit::Visit,
};
use crate::{app::App, domain::contact::is_registration_number};

/// A visit with a form that is ours and readable.
pub struct Posted<T>(pub Visit, pub T);

/// A form that bears the token it was served with.
pub trait Guarded {
    /// Whether its page says by itself in which field a resident registration number was typed. Every other form that
    /// holds one is refused as a whole, so that none is kept with a reason, a title or an answer.
    const NAMES_THE_FIELD: bool = false;

    /// The token.
    fn csrf(&self) -> &str;
}

/// A form, and whether it is to be refused for a registration number in it.
pub struct Read<T>(pub T, pub bool);

impl<T: DeserializeOwned + Guarded> Read<T> {
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
        let mut fields = form_urlencoded::parse(&sent);
        let held = !T::NAMES_THE_FIELD
            && fields.any(|(name, value)| name != "csrf" && is_registration_number(&value));
        // Of the head, a form depends on these two.
        let mut request = Request::new(Body::from(sent));
        *request.method_mut() = method;
        request.headers_mut().extend(kind.map(|kind| (CONTENT_TYPE, kind)));
        match Form::<T>::from_request(request, app).await {
            Ok(Form(form)) => Ok(Self(form, held)),
            Err(rejection) => Err(reason(&rejection)),
        }
    }
}

impl<T: DeserializeOwned + Guarded> FromRequest<App> for Posted<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        match Read::<T>::of(Request::from_parts(parts, body), app).await {
            Ok(Read(form, _)) if !visit.is_ours(form.csrf()) => Err(visit.trouble(Trouble::OldForm)),
            Ok(Read(_, true)) => Err(visit.trouble(Trouble::ResidentNumber)),
            Ok(Read(form, false)) => Ok(Self(visit, form)),
            Err(trouble) => Err(visit.trouble(trouble)),
        }
    }
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
