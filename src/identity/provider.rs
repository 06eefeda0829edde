//! An identity provider (OpenID Connect): authorization code with PKCE, state and nonce, each for one browser, once
//! and for some minutes.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    IssuerUrl, LanguageTag, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{
    Refused,
    claims::{Claims, Rule},
    trouble::{asked, looked, told, unproven},
};
use crate::{app::App, clock::Clock, config::identity::Provider as Config, store};

/// Patience for one request to a provider.
const PATIENCE: Duration = Duration::from_secs(4);
/// And for all that one visitor needs: less than our own limit for an answer.
const TOGETHER: Duration = Duration::from_secs(11);
/// Clocks differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// A sign-in older than this is not taken for a new one.
const FRESH: Duration = Duration::from_secs(60);
/// So long one may take at the provider.
const AWAY: TimeDelta = TimeDelta::minutes(15);

/// Follows no redirect: a provider that answers with one could send us anywhere.
static HTTP: LazyLock<Option<reqwest::Client>> = LazyLock::new(|| {
    let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
    client.no_proxy().build().ok()
});

/// Every claim that has no name of its own in the library.
#[derive(Debug, Deserialize, Serialize)]
struct Others(HashMap<String, Value>);

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Asking = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider, and where it sends people back to.
pub struct Provider<'a> {
    /// The service.
    pub app: &'a App,
    /// As configured.
    pub config: &'a Config,
    /// The path it sends people back to.
    pub back: &'static str,
}

/// What one browser asked a provider; in its sealed cookie until it comes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    until: DateTime<Utc>,
}

/// What came back with a browser.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Returned {
    /// The code.
    pub code: String,
    /// What was asked.
    pub state: String,
    /// Who answers (RFC 9207), if they say so.
    pub iss: Option<String>,
    /// Set when they have not let anybody in.
    pub error: Option<String>,
}

impl Provider<'_> {
    /// How its claims become a person.
    pub fn rule(&self) -> Rule<'_> {
        let Config { issuer, claim, vouches_for_names, .. } = self.config;
        Rule { issuer, claim, vouches_for_names: *vouches_for_names }
    }

    /// Where a browser is to go, and what it must remember. Whoever goes there signs in anew: the last person at a
    /// shared computer may still be known there.
    ///
    /// # Errors
    /// [`Refused::Silent`].
    pub async fn ask(&self, lang: &str, now: DateTime<Utc>) -> Result<(String, Asked), Refused> {
        let client = self.client(self.known(now).await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .add_prompt(CoreAuthPrompt::Login)
            // Beside it, since whoever is asked so has to say when they signed in (`auth_time`).
            .set_max_age(FRESH)
            .add_ui_locale(LanguageTag::new(lang.to_owned()));
        for scope in &self.config.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for class in &self.config.acr {
            request =
                request.add_auth_context_value(openidconnect::AuthenticationContextClass::new(class.clone()));
        }
        let (url, state, nonce) = request.url();
        let asked = Asked {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            until: now + AWAY,
        };
        Ok((url.to_string(), asked))
    }

    /// What the provider says of whoever came back, verified. Once for each question.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn hear(&self, asked: &Asked, back: Returned, now: DateTime<Utc>) -> Result<Claims, Refused> {
        if !bool::from(asked.state.as_bytes().ct_eq(back.state.as_bytes())) || now >= asked.until {
            return Err(Refused::Spent);
        }
        let what = self.app.keys.digest("oidc state", &asked.state);
        if !store::spent::take(&self.app.db, &what, asked.until).await? {
            return Err(Refused::Twice);
        }
        if back.error.is_some() {
            return Err(Refused::Declined);
        }
        if back.iss.as_ref().is_some_and(|issuer| *issuer != self.config.issuer) {
            return Err(Refused::Unproven("another issuer answers"));
        }
        Clock::within(TOGETHER, self.exchange(asked, back.code, now)).await.unwrap_or(Err(Refused::Silent))
    }

    async fn exchange(&self, asked_for: &Asked, code: String, now: DateTime<Utc>) -> Result<Claims, Refused> {
        let http = HTTP.as_ref().ok_or(Refused::Silent)?;
        let mut client = self.client(self.known(now).await?)?;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|_| Refused::Silent)?;
        let verifier = PkceCodeVerifier::new(asked_for.verifier.clone());
        let tokens = request.set_pkce_verifier(verifier).request_async(http).await.map_err(asked)?;
        let id_token = tokens.id_token().ok_or(Refused::Unproven("no ID token"))?;
        let nonce = Nonce::new(asked_for.nonce.clone());
        let verify = |client: &Asking| {
            let verifier = client.id_token_verifier().set_time_fn(move || now);
            id_token.claims(&verifier, &nonce).map(|claims| {
                let said = serde_json::to_value(claims).ok().and_then(object);
                (said, claims.subject().clone(), claims.access_token_hash().cloned())
            })
        };
        let mut verified = verify(&client);
        if verified.as_ref().is_err_and(is_unknown_key) {
            // Its keys may have changed since we last asked for them.
            client = self.client(self.discover(now).await?)?;
            verified = verify(&client);
        }
        let (said, subject, hash) = verified.map_err(unproven)?;
        if let Some(hash) = hash {
            self.check_hash(&client, id_token, &tokens, &hash)?;
        }
        let said = said.ok_or(Refused::Unproven("claims that cannot be read"))?;
        if is_older(&said, asked_for.until - AWAY) {
            return Err(Refused::Unproven("signed in before it was asked for"));
        }
        if !said.contains_key("auth_time") && self.app.complaints.may(&self.config.issuer, now) {
            tracing::warn!(
                issuer = self.config.issuer,
                "the identity provider does not say when somebody signed in (auth_time), though max_age asks for it: \
                 the last person at a shared computer could still be known there"
            );
        }
        if self.config.claim != "sub" || !self.config.scopes.is_empty() {
            // Many providers say more of somebody only when asked for it.
            let Ok(more) = client.user_info(tokens.access_token().clone(), Some(subject)) else {
                return Ok(said);
            };
            let more: UserInfoClaims<Others, CoreGenderClaim> =
                more.request_async(http).await.map_err(looked)?;
            let more = serde_json::to_value(more).ok().and_then(object).unwrap_or_default();
            return Ok(merged(said, more));
        }
        Ok(said)
    }

    /// The access token belongs to the ID token.
    fn check_hash(
        &self,
        client: &Asking,
        id_token: &openidconnect::IdToken<
            Others,
            CoreGenderClaim,
            CoreJweContentEncryptionAlgorithm,
            CoreJwsSigningAlgorithm,
        >,
        tokens: &Tokens,
        hash: &AccessTokenHash,
    ) -> Result<(), Refused> {
        let wrong = Refused::Unproven("the access token is another's");
        let verifier = client.id_token_verifier();
        let (Ok(alg), Ok(key)) = (id_token.signing_alg(), id_token.signing_key(&verifier)) else {
            return Err(wrong);
        };
        match AccessTokenHash::from_token(tokens.access_token(), alg, key) {
            Ok(right) if right == *hash => Ok(()),
            _ => Err(wrong),
        }
    }

    /// Whether the claims show the class and the methods of authentication that are asked for.
    pub fn is_strong(&self, claims: &Claims) -> bool {
        let Config { acr, amr, .. } = self.config;
        let class = claims.get("acr").and_then(Value::as_str);
        let used: Vec<&str> = claims
            .get("amr")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let classed = acr.is_empty() || class.is_some_and(|class| acr.iter().any(|one| one == class));
        classed && amr.iter().all(|method| used.contains(&method.as_str()))
    }

    /// The provider as it describes itself, asked when that is not known or old.
    async fn known(&self, now: DateTime<Utc>) -> Result<CoreProviderMetadata, Refused> {
        match self.app.issuers.find(&self.config.issuer, now) {
            Some(known) => known.ok_or(Refused::Silent),
            None => self.discover(now).await,
        }
    }

    async fn discover(&self, now: DateTime<Utc>) -> Result<CoreProviderMetadata, Refused> {
        let http = HTTP.as_ref().ok_or(Refused::Silent)?;
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|_| Refused::Silent)?;
        let found = Clock::within(2 * PATIENCE, CoreProviderMetadata::discover_async(issuer, http)).await;
        let found = found.and_then(|found| found.map_err(|error| told(&error)).ok());
        self.app.issuers.keep(&self.config.issuer, found.clone(), now);
        found.ok_or(Refused::Silent)
    }

    fn client(&self, known: CoreProviderMetadata) -> Result<Asking, Refused> {
        let secret = self.config.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let back = format!("{}{}", self.app.config.public_url, self.back);
        let back = RedirectUrl::new(back).map_err(|_| Refused::Silent)?;
        let client =
            Client::from_provider_metadata(known, ClientId::new(self.config.client_id.clone()), secret);
        Ok(client.set_redirect_uri(back))
    }
}

/// Whether a provider says that somebody signed in before they were sent there, though it was asked to let them do so anew:
/// the last person at a shared computer.
fn is_older(said: &Claims, asked_at: DateTime<Utc>) -> bool {
    let signed_in = said.get("auth_time").and_then(Value::as_i64);
    signed_in.and_then(|at| DateTime::from_timestamp(at, 0)).is_some_and(|at| at < asked_at - SKEW)
}

/// What is signed counts. An address and that it is verified are said in one place, or not at all.
fn merged(mut said: Claims, mut more: Claims) -> Claims {
    for name in ["email", "phone_number"] {
        let verified = format!("{name}_verified");
        if said.contains_key(name) && said.get(name) != more.get(name) {
            more.remove(&verified);
        } else if !said.contains_key(name) {
            said.remove(&verified);
        }
    }
    for (name, value) in more {
        said.entry(name).or_insert(value);
    }
    said
}

fn object(value: Value) -> Option<Claims> {
    if let Value::Object(claims) = value { Some(claims) } else { None }
}

fn is_unknown_key(error: &openidconnect::ClaimsVerificationError) -> bool {
    use openidconnect::{ClaimsVerificationError::SignatureVerification, SignatureVerificationError};
    matches!(error, SignatureVerification(SignatureVerificationError::NoMatchingKey))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        object(value).unwrap()
    }

    #[test]
    fn an_address_and_that_it_is_verified_come_from_one_place() {
        let both = |said, more| Value::Object(merged(claims(said), claims(more)));
        let theirs = json!({ "email": "b@c.example", "email_verified": true });
        assert_eq!(
            both(json!({ "email": "a@b.example" }), theirs.clone()),
            json!({ "email": "a@b.example" })
        );
        assert_eq!(both(json!({ "email_verified": false }), theirs.clone()), theirs);
        let same = json!({ "email": "b@c.example" });
        assert_eq!(both(same, theirs.clone()), theirs);
        let signed = json!({ "sub": "1", "email": "a@b.example", "email_verified": true });
        let more = json!({ "email": "b@c.example", "email_verified": false, "ci": "x" });
        let whole = json!({ "sub": "1", "email": "a@b.example", "email_verified": true, "ci": "x" });
        assert_eq!(both(signed, more), whole);
    }
}
