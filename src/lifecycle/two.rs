//! The word of two: given in the transaction of what they decided, once, and for what both have looked at.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::{LifecycleError, because};
use crate::{
    domain::{because::Because, proposal::Act},
    store::{self, clerk::known_as},
};

/// The two members of staff on whose word something is done.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who wrote it.
    pub clerk: String,
    /// Who approved it; somebody else.
    pub approver: String,
    /// What they decided on the web; at the command line both give their word at once.
    pub decision: Option<Decision>,
    /// What they have looked at: the act, and the name of what it would have done then.
    pub looked: Option<(Act, String)>,
}

/// A proposal that is approved by doing what it says.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The proposal.
    pub id: i64,
    /// Who approves it.
    pub by: i64,
    /// From which network address.
    pub address: String,
}

impl Staff {
    /// Two people at the command line.
    pub fn new(clerk: &str, approver: &str) -> Self {
        Self { clerk: clerk.to_owned(), approver: approver.to_owned(), decision: None, looked: None }
    }

    /// Gives the word of two, in the transaction of what they decided; their names, for the journal. Ends the proposal
    /// there, if it is one, so that it is done once or not at all. `stands` says what the act follows from, as this
    /// transaction sees it: every act has to say it here, and does nothing if it is not what was looked at.
    ///
    /// # Errors
    /// [`LifecycleError`]; refused when they are one person, when it was decided already, or would be something else.
    pub async fn settle(
        &self,
        txn: &impl ConnectionTrait,
        now: DateTime<Utc>,
        stands: &str,
    ) -> Result<String, LifecycleError> {
        if self.is_one_person() {
            return Err(because(Because::OnePerson));
        }
        if self.looked.as_ref().is_some_and(|(act, seen)| act.seen(stands) != *seen) {
            return Err(because(Because::Changed));
        }
        let names = format!("{}, {}", self.clerk, self.approver);
        let Some(Decision { id, by, address }) = &self.decision else { return Ok(names) };
        let step = store::proposal::Step { from: "waiting", to: "done", by: Some(*by), words: "" };
        if !store::proposal::settle(txn, *id, step, now).await? {
            return Err(because(Because::Decided));
        }
        let (clerk_id, about) = (Some(*by), id.to_string());
        let access = store::access::Access { clerk_id, kind: "approved", about: &about, address, reason: "" };
        store::access::insert(txn, now, access).await?;
        Ok(names)
    }

    /// Whether nobody else looked at it.
    pub fn is_one_person(&self) -> bool {
        known_as(&self.clerk) == known_as(&self.approver)
    }
}
