//! One-time codes: whoever types what was sent to an address reads what is sent there.

use chrono::{DateTime, TimeDelta, Utc};
use entities::code;
use sea_orm::{ActiveValue::Set, DbErr};

use super::{
    Door, Person, Refused, misuse,
    network::caller_key,
    ringing::{self, Ring},
    room,
};
use crate::{
    app::{App, Round},
    domain::contact::{Channel, Contact},
    notify::{
        bounce,
        content::{CODE, CONTACT},
    },
    secret::{random_code, random_id},
    store::{self, code::Tried},
    words::Lang,
};

/// Codes of one round.
pub struct Codes<'a> {
    /// The service.
    pub app: &'a App,
    /// Their round.
    pub round: &'a Round,
}

/// What came of asking for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way; its row and its digits.
    On(String, u8),
    /// This address had too many in the last hour, or day; since when it may have another.
    TooOften(DateTime<Utc>),
    /// There is no room for it now.
    Busy,
}

/// A code that somebody typed.
pub struct Typed<'a> {
    /// The row of the code that was sent to this session.
    pub code_id: &'a str,
    /// Where it was sent.
    pub contact: &'a Contact,
    /// What was typed of it.
    pub typed: &'a str,
    /// How many digits it has.
    pub digits: u8,
}

impl Codes<'_> {
    /// Makes a code and plans its notice, in one transaction. `caller` is the address it is asked for from. Known and
    /// unknown people get the same answer.
    ///
    /// # Errors
    /// What the database said.
    pub async fn send(
        &self,
        contact: &Contact,
        caller: &str,
        lang: Lang,
        now: DateTime<Utc>,
    ) -> Result<Sent, DbErr> {
        let (app, codes, round_id) = (self.app, &self.app.config.codes, self.round.row.id);
        let digits = misuse::digits(app.db.read(), app, now).await?;
        let (id, code) = (random_id(), random_code(digits));
        let caller_key = caller_key(app, caller);
        let address_key = app.keys.digest("address", &contact.address);
        let valid = TimeDelta::seconds(i64::try_from(codes.valid_seconds).unwrap_or(600));
        let txn = app.db.begin().await?;
        store::lease::queue(&txn, &address_key).await?;
        let ring = Ring { address_key: &address_key, caller_key: &caller_key };
        if let Some(until) = ring.full_until(&txn, codes, now).await? {
            return Ok(Sent::TooOften(until));
        }
        let mut caller = None;
        if !caller_key.is_empty() {
            let theirs = store::code::count_of_caller(&txn, &caller_key, contact.channel.key(), now).await?;
            let is_flood = misuse::is_flood(theirs.untyped, theirs.typed, codes.untyped_per_caller);
            if is_flood && !misuse::trickles(&txn, &caller_key, now).await? {
                return Ok(Sent::Busy);
            }
            caller = Some(theirs);
        }
        let may = contact.channel != Channel::Sms || misuse::may_text(&txn, app, caller, now).await?;
        if !may || !room::begin(&txn, app, self.round, &caller_key, now).await? {
            return Ok(Sent::Busy);
        }
        ring.count(&txn, now).await?;
        let row = code::ActiveModel {
            id: Set(id.clone()),
            round_id: Set(round_id),
            address_key: Set(address_key),
            address_sealed: Set(app.keys.people().seal(CONTACT, contact)),
            channel: Set(contact.channel.key().to_owned()),
            lang: Set(lang.tag().to_owned()),
            code_key: Set(code_key(app, &id, &code)),
            code_sealed: Set(app.keys.people().seal(CODE, &code)),
            tries: Set(0),
            made_at: Set(now),
            expires_at: Set(now + valid),
            used_at: Set(None),
            caller_key: Set(caller_key),
        };
        store::code::insert(&txn, row).await?;
        let notice = store::notice::planned(round_id, &id, "code", 1, contact.channel.key(), now, valid);
        store::notice::insert_all(&txn, std::iter::once(notice)).await?;
        txn.commit().await?;
        app.outbox.notify_waiters();
        Ok(Sent::On(id, digits))
    }
}

impl<'a> Door for Codes<'a> {
    type Evidence = Typed<'a>;

    async fn admit(&self, evidence: Typed<'a>, now: DateTime<Utc>) -> Result<Person, Refused> {
        let Typed { code_id, contact, typed, digits } = evidence;
        let app = self.app;
        // While somebody guesses at everybody's, a short one is worth nothing; another is a press away.
        if digits < misuse::digits(app.db.read(), app, now).await? {
            return Err(Refused::Spent);
        }
        let most = i32::try_from(app.config.codes.tries).unwrap_or(5);
        let txn = app.db.begin().await?;
        let tried = store::code::settle(&txn, code_id, &code_key(app, code_id, typed), most, now).await?;
        if let Tried::Right(code) = &tried {
            ringing::settle_typed(&txn, code).await?;
        }
        // What came back to this address before was another day: somebody reads it now.
        if matches!(tried, Tried::Right(_)) && contact.channel == Channel::Email {
            let receipt = self.round.receipt(&contact.person_key()).map(|receipt| receipt.to_string());
            let dead = bounce::address_key(app, contact);
            store::mail::revive(&txn, &dead, self.round.row.id, &receipt.unwrap_or_default()).await?;
        }
        // Not what is typed for a code that is used up: nobody looks at that.
        if matches!(tried, Tried::Wrong(_)) {
            misuse::count_wrong(&txn, app, now).await?;
        }
        txn.commit().await?;
        match tried {
            Tried::Right(_) | Tried::Again => Ok(Person::by_contact(contact.clone())),
            Tried::Wrong(left) if left > 0 => Err(Refused::Wrong(u64::try_from(left).unwrap_or_default())),
            Tried::Wrong(_) | Tried::TooMany => Err(Refused::TooMany),
            Tried::Expired => Err(Refused::Spent),
        }
    }
}

/// What is kept of a code: bound to its row, so that a code is worth nothing in another session.
fn code_key(app: &App, id: &str, code: &str) -> String {
    app.keys.digest("code", &format!("{id}:{code}"))
}
