//! The parameters of an act, read as they were proposed: from text to what is done with it.

use super::error::ActError;
use crate::{
    app::Round,
    domain::{because::Because, contact::is_registration_number, draft::Draft, ineligible::Reason},
};

/// A draft from its text alone: on the web there is no file beside it.
pub(super) fn read(text: &str, words: Option<&String>) -> Result<Draft, ActError> {
    let draft = Draft::parse(text).map_err(|problem| ActError::because(Because::Draft(problem)))?;
    Ok(Draft { words_text: words.cloned(), ..draft })
}

/// A reason that everybody can read.
pub(super) fn public(reason: &str) -> Result<(), ActError> {
    match reason {
        _ if !public_audit::journal::event::is_reason(reason) => Err(ActError::because(Because::Reason)),
        _ if is_registration_number(reason) => Err(ActError::because(Because::Number)),
        _ => Ok(()),
    }
}

pub(super) fn needed(round: Option<&Round>) -> Result<&Round, ActError> {
    round.ok_or_else(|| ActError::because(Because::NoRound))
}

pub(super) fn category_of(key: Option<&str>) -> Result<Option<Reason>, ActError> {
    let reason = key.map(|key| {
        Reason::from_key(key).ok_or_else(|| ActError::because(Because::NoCategory(key.to_owned())))
    });
    reason.transpose()
}

/// Receipts as they are kept, each once.
pub(super) fn listed(receipts: &[String]) -> Result<Vec<String>, ActError> {
    let mut all: Vec<String> = receipts.iter().map(|one| canonical(one)).collect::<Result<_, _>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

pub(super) fn canonical(receipt: &str) -> Result<String, ActError> {
    let receipt: Result<public_audit::Receipt, _> = receipt.trim().to_ascii_lowercase().parse();
    receipt.map(|receipt| receipt.to_string()).map_err(|_| ActError::because(Because::NotReceipt))
}
