//! The gate: lets whoever has a valid pass through to the seller, so many a minute as the plan says, with
//! something signed that the seller can check without asking.

use chrono::{DateTime, TimeDelta, Utc};
use entities::handover;
use sea_orm::DbErr;

use super::Right;
use crate::{
    app::{App, Round},
    domain::{
        draft::Terms,
        pass::{Handover, Verdict, Window},
    },
    secret::TokenKind,
    store::{self, rate},
};

/// So long somebody has to arrive at the seller's.
pub const ARRIVING: TimeDelta = TimeDelta::minutes(3);

/// What the gate does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Leads on, with this.
    Through(String),
    /// Not yet: so many a minute, and it is not the turn's end that is near.
    Wait,
    /// The seller is closed at this hour, or has nothing left.
    Shut,
    /// Somebody is paying with this pass at another seller.
    Paying,
    /// There is nothing to let through.
    Refused(Verdict),
}

/// What the rate of a gate is called, for all instances.
pub fn scope(round: &Round, seller: &Terms) -> String {
    format!("gate {} {}", round.row.slug, seller.name)
}

/// Lets an entry through, or not. Asked again, the same person has the same hand-over as long as it holds.
///
/// # Errors
/// What the database said.
pub async fn passage(
    app: &App,
    round: &Round,
    seller: &Terms,
    receipt: &str,
    now: DateTime<Utc>,
) -> Result<Passage, DbErr> {
    let id = round.row.id;
    let scope = scope(round, seller);
    // In a storm of reloads the database is asked once for each whom it lets through.
    if app.gates.is_full(&scope, now) {
        return Ok(Passage::Wait);
    }
    if !is_selling(app, round, seller, now).await? {
        app.gates.fill(&scope, now + TimeDelta::seconds(10), now);
        return Ok(Passage::Shut);
    }
    let right = Right::find(app.db.read(), round, receipt).await?;
    let Some(right) = right.filter(|_| round.is_buyable(now)) else {
        return Ok(Passage::Refused(Verdict::NoPlace));
    };
    let window = match right.verdict(now) {
        Verdict::Valid(window) => window,
        other => return Ok(Passage::Refused(other)),
    };
    // Who is paying elsewhere would come back with two purchases.
    if let Some(live) = store::reservation::find_live(app.db.read(), id, receipt).await?
        && live.until_at > now
    {
        return Ok(Passage::Paying);
    }
    let open = store::handover::find_open(app.db.read(), id, receipt, &seller.name, now).await?;
    if let Some(open) = open {
        return Ok(Passage::Through(signed(app, round, &open, right.people, window)));
    }
    let txn = app.db.begin().await?;
    let usual = paced(seller.per_minute_at(now));
    let ask = rate::Ask { scope: scope.clone(), usual, keeps_one: false };
    let permit = rate::take(&txn, &[ask], 1, now).await?;
    if permit.count == 0 {
        app.gates.fill(&scope, permit.next_at.unwrap_or(now + TimeDelta::seconds(10)), now);
        return Ok(Passage::Wait);
    }
    let row = match store::handover::find_open(&txn, id, receipt, &seller.name, now).await? {
        // A double click, while the rate was asked for.
        Some(open) => open,
        None => {
            let row = handover::Model {
                id: name_of(app, round, seller, receipt),
                round_id: id,
                receipt: receipt.to_owned(),
                seller: seller.name.clone(),
                at: now,
                until_at: (now + ARRIVING).min(window.until),
            };
            store::handover::keep(&txn, row.clone()).await?;
            txn.commit().await?;
            row
        }
    };
    Ok(Passage::Through(signed(app, round, &row, right.people, window)))
}

/// So many a minute pass, so that no ten seconds, wherever they begin, hold more than the seller takes in ten seconds: a rate
/// lets one second's worth pass at once after a pause, and those are taken off here.
pub fn paced(per_minute: i64) -> i64 {
    // With one at a time there is nothing to take off.
    if per_minute <= 60 { per_minute } else { ((per_minute - 6) * 10 / 11).max(60) }
}

/// Whether a seller sells now: it is open, and what it told of leaves something of its stock.
///
/// # Errors
/// What the database said.
pub async fn is_selling(app: &App, round: &Round, seller: &Terms, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let Some(stock) = seller.stock.filter(|_| seller.is_open(now)) else { return Ok(seller.is_open(now)) };
    let source = store::bought::source_of(&seller.name);
    let sold = store::bought::count_people_from(app.db.read(), round.row.id, &source).await?;
    Ok(u64::try_from(sold).unwrap_or_default() < stock)
}

/// What an entry is called at this seller, whenever it comes: whoever has bought and comes again is known.
fn name_of(app: &App, round: &Round, seller: &Terms, receipt: &str) -> String {
    let digest = app.keys.digest("handover", &format!("{} {receipt} {}", round.row.slug, seller.name));
    digest.get(..32).unwrap_or_default().to_owned()
}

fn signed(app: &App, round: &Round, row: &handover::Model, people: u32, window: Window) -> String {
    let claims = Handover {
        iss: app.config.public_url.clone(),
        aud: row.seller.clone(),
        jti: row.id.clone(),
        nbf: row.at.timestamp(),
        exp: row.until_at.timestamp(),
        round: round.row.slug.clone(),
        amount: window.amount,
        people,
    };
    app.pass_keys.sign(TokenKind::Handover, &claims)
}
