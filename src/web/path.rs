//! Parts of an address. One that cannot be read is an address that does not exist, and is told so
//! like any other.

use axum::{
    extract::{FromRequestParts, Path as Parts},
    http::request,
};
use serde::de::DeserializeOwned;

use super::{
    answer::{Answer, Trouble},
    visit::Visit,
};
use crate::app::App;

/// The variable parts of an address.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Answer> {
        match Parts::<T>::from_request_parts(parts, app).await {
            Ok(Parts(path)) => Ok(Self(path)),
            Err(_) => {
                let Ok(visit) = Visit::from_request_parts(parts, app).await;
                Err(visit.trouble(Trouble::NotFound))
            }
        }
    }
}
