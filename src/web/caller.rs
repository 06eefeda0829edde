//! Where a request comes from.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, request::Parts},
};

use super::accept::Peer;
use crate::app::App;

/// The address of whoever asks; empty where nobody knows.
pub struct Caller(pub String);

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(address(app, &parts.headers, &parts.extensions)))
    }
}

/// As the proxy says that the operator named, else as the connection does.
pub fn address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> String {
    let said = app.config.address_header.as_deref().and_then(|name| headers.get_all(name).iter().next_back());
    let said = said.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let peer = || extensions.get::<Peer>().map(|Peer(address)| *address);
    said.or_else(peer).map_or(String::new(), |address: IpAddr| address.to_canonical().to_string())
}
