//! The link code of an entry, and joining by it.

use entities::member::{ActiveModel, Model};
use sea_orm::ActiveValue::Set;

use super::{Done, Refused, join_within, queued};
use crate::{
    app::{App, Round},
    domain::event::Wanted,
    secret::random_bytes,
    store::member,
};

/// Sealed link codes open for this purpose.
const CODE: &str = "link code";
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The link code of an entry, made at the first asking.
///
/// # Errors
/// [`Refused`].
pub async fn code(app: &App, round: &Round, receipt: &str) -> Result<String, Refused> {
    let (txn, _) = queued(app, round, receipt).await?;
    let row = member::find(&txn, round.row.id, receipt).await?.filter(|row| row.kind == "own");
    let row = row.ok_or(Refused::NoEntry)?;
    if let Some(code) = opened(app, &row) {
        return Ok(code);
    }
    let number = random_bytes::<5>().into_iter().fold(0_u64, |number, byte| (number << 8) | u64::from(byte));
    let letter = |at: u32| LETTERS.get(((number >> (5 * at)) & 31) as usize).copied().map_or('0', char::from);
    let code: String = (0..8).map(letter).collect();
    let change = ActiveModel {
        code_key: Set(Some(code_key(app, round, &code))),
        code_sealed: Set(app.keys.people().seal(CODE, &code)),
        ..Default::default()
    };
    member::update(&txn, round.row.id, receipt, change).await?;
    txn.commit().await?;
    Ok(code)
}

/// The link code of a row, if one was made.
pub fn opened(app: &App, row: &Model) -> Option<String> {
    app.keys.people().open(CODE, &row.code_sealed)
}

/// Joins the entry that a code opens. Tries are counted, right or wrong.
///
/// # Errors
/// [`Refused`].
pub async fn join(
    app: &App,
    round: &Round,
    receipt: &str,
    typed: &str,
    wanted: Wanted,
) -> Result<Done, Refused> {
    let now = app.clock.now();
    let counting = app.db.begin().await?;
    let may = member::count_try(&counting, round.row.id, receipt, now).await?;
    counting.commit().await?;
    if !may {
        return Err(Refused::TooMany);
    }
    let key = code_key(app, round, &plain(typed));
    let found = member::find_by_code(app.db.read(), &key).await?;
    let found = found.filter(|row| row.round_id == round.row.id).ok_or(Refused::NoCode)?;
    if found.receipt == receipt {
        return Err(Refused::Own);
    }
    let begun = queued(app, round, &found.entry).await?;
    join_within(app, round, begun, &found.entry, receipt, wanted).await
}

fn code_key(app: &App, round: &Round, code: &str) -> String {
    app.keys.digest("link code", &format!("{}:{code}", round.row.id))
}

/// A code as people type it: any case, with or without a dash, with the letters that look like digits.
fn plain(typed: &str) -> String {
    let letter = |c: char| match c.to_ascii_lowercase() {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    typed.chars().take(40).filter_map(letter).collect()
}
