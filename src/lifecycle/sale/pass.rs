//! Passes as they are shown, and read again. A pass is computed each time; the same window is the same text.

use std::{convert::Infallible, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Refusal, Right, SaleError};
use crate::{
    app::{App, Round},
    domain::{
        draft::Terms,
        pass::{Claims, Verdict, Window},
        scan::Scan,
    },
    secret::TokenKind,
};

/// What a pass is for; the same for whatever one entry is ever shown.
fn jti(app: &App, round: &Round, receipt: &str) -> String {
    let digest = app.keys.digest("pass", &format!("{} {receipt}", round.row.slug));
    digest.get(..32).unwrap_or_default().to_owned()
}

/// The pass of an entry in its window, signed, and as a code to scan. Not to be shown a second before the window begins.
pub fn shown(
    app: &App,
    round: &Round,
    receipt: &str,
    people: u32,
    window: Window,
    now: DateTime<Utc>,
) -> Arc<(String, Option<Scan>)> {
    let claims = Claims {
        iss: app.config.public_url.clone(),
        aud: round.sellers.iter().map(|terms| terms.name.clone()).collect(),
        sub: receipt.to_owned(),
        jti: jti(app, round, receipt),
        nbf: ceil(window.from),
        exp: window.until.timestamp(),
        round: round.row.slug.clone(),
        amount: window.amount,
        people,
    };
    // By all that is signed: another window, amount or seller is another pass. The key is this instance's only one.
    let from = serde_json::to_vec(&claims).unwrap_or_default();
    let sign = || {
        let token = app.pass_keys.sign(TokenKind::Pass, &claims);
        let code = Scan::of(&token);
        Ok::<_, Infallible>((token, code))
    };
    let Ok(made) = app.passes.get(&from, now, sign);
    made
}

/// Whole seconds, never too early.
fn ceil(at: DateTime<Utc>) -> i64 {
    at.timestamp() + i64::from(at.timestamp_subsec_nanos() > 0)
}

/// The receipt of a pass of ours, of this round, for this seller. When it buys is not asked here: what the pass
/// says of that may be older than what holds.
///
/// # Errors
/// [`Refusal::NotAPass`].
pub fn read(app: &App, round: &Round, seller: &Terms, token: &str) -> Result<Claims, Refusal> {
    let claims: Claims = app.pass_keys.open(TokenKind::Pass, token).ok_or(Refusal::NotAPass)?;
    let ours = claims.iss == app.config.public_url
        && claims.round == round.row.slug
        && claims.aud.contains(&seller.name)
        && claims.jti == jti(app, round, &claims.sub);
    if ours { Ok(claims) } else { Err(Refusal::NotAPass) }
}

/// What a pass is worth now.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whose.
    pub receipt: String,
    /// What it is worth.
    pub verdict: Verdict,
    /// When it buys and how much, if there is a place.
    pub window: Option<Window>,
    /// People in the entry.
    pub people: u32,
}

/// Looks a pass up. Nothing is changed.
///
/// # Errors
/// [`SaleError`].
pub async fn check(
    app: &App,
    round: &Round,
    seller: &Terms,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Checked, SaleError> {
    let claims = read(app, round, seller, token)?;
    let right = Right::find(app.db.read(), round, &claims.sub).await?.ok_or(Refusal::NotAPass)?;
    let verdict = if round.is_buyable(now) { right.verdict(now) } else { Verdict::NoPlace };
    // What the verdict says it is worth: while the sale stands still it buys later than its place says.
    let window = match verdict {
        Verdict::Valid(window) | Verdict::NotYet(window) | Verdict::Over(window) => Some(window),
        _ => right.window(),
    };
    Ok(Checked { receipt: claims.sub, verdict, window, people: right.people })
}
