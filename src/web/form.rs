//! Forms as they come: every field optional text, so that what is missing is said in the form's
//! own words and not by a parser.

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request, rejection::FormRejection},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::{
    answer::{Answer, Trouble},
    visit::Visit,
};
use crate::app::App;

/// A visit with a form that is ours and readable.
pub struct Posted<T>(pub Visit, pub T);

/// A form that bears the token it was served with.
pub trait Guarded {
    /// The token.
    fn csrf(&self) -> &str;
}

impl<T: DeserializeOwned + Guarded> FromRequest<App> for Posted<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, app: &App) -> Result<Self, Answer> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        match Form::<T>::from_request(Request::from_parts(parts, body), app).await {
            Ok(Form(form)) if visit.is_ours(form.csrf()) => Ok(Self(visit, form)),
            Ok(_) => Err(visit.trouble(Trouble::OldForm)),
            Err(rejection) => Err(visit.trouble(reason(&rejection))),
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
