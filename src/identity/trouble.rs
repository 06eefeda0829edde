//! What went wrong at a provider, said in the log without anything it said about a person.

use openidconnect::{
    ClaimsVerificationError, DiscoveryError, ErrorResponse, RequestTokenError, UserInfoError,
};

use super::Refused;

type Silent = openidconnect::HttpClientError<reqwest::Error>;

fn silent(what: &'static str) -> Refused {
    tracing::warn!(what, "the identity provider does not answer as it should");
    Refused::Silent
}

/// It did not describe itself.
pub(super) fn told(error: &DiscoveryError<Silent>) {
    let what = match error {
        DiscoveryError::Validation(_) => "it calls itself by another issuer than `issuer` says",
        DiscoveryError::Request(_) => "no connection",
        _ => "no description",
    };
    drop(silent(what));
}

/// It did not take a code.
pub(super) fn asked<T: ErrorResponse + 'static>(error: RequestTokenError<Silent, T>) -> Refused {
    match error {
        // The code is another's, was used, or is too old: all the same to us.
        RequestTokenError::ServerResponse(_) => Refused::Spent,
        RequestTokenError::Request(_) => silent("no connection"),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => silent("no tokens"),
    }
}

/// It did not say more of somebody.
pub(super) fn looked(error: UserInfoError<Silent>) -> Refused {
    match error {
        UserInfoError::ClaimsVerification(error) => unproven(error),
        UserInfoError::Request(_) => silent("no connection"),
        _ => silent("no claims"),
    }
}

/// What it said does not hold. The texts of these errors may have a subject in them.
pub(super) fn unproven(error: ClaimsVerificationError) -> Refused {
    Refused::Unproven(match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "for another audience",
        ClaimsVerificationError::InvalidIssuer(_) => "from another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "for another nonce",
        ClaimsVerificationError::InvalidSubject(_) => "about another subject",
        ClaimsVerificationError::SignatureVerification(_) => "not signed as it should be",
        _ => "not as it should be",
    })
}
