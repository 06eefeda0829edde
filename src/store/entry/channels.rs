//! How entries are told things: by the channel they chose, or on paper.

use std::collections::HashMap;

use entities::entry::{Column, Entity};
use public_audit::Receipt;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::PAGE;
use crate::store::{BATCH_BINDS, mail, notice::LETTER};

/// How entries are told things: some ten bytes each.
#[derive(Debug, Default)]
pub struct Channels {
    /// The few words there are.
    words: Vec<String>,
    /// Sorted by receipt.
    rows: Vec<(Receipt, u8)>,
}

impl Channels {
    /// How an entry is told things; `None` for one that is not here, or cannot be told anything.
    pub fn find(&self, receipt: &Receipt) -> Option<&str> {
        let at = self.rows.binary_search_by_key(receipt, |(receipt, _)| *receipt).ok()?;
        let word = self.words.get(usize::from(self.rows.get(at)?.1))?;
        (!word.is_empty()).then_some(word)
    }

    /// All of them, in the order of receipts.
    pub fn iter(&self) -> impl Iterator<Item = (Receipt, &str)> {
        let word = |at: u8| self.words.get(usize::from(at)).map_or("", String::as_str);
        self.rows.iter().map(move |(receipt, at)| (*receipt, word(*at))).filter(|(_, word)| !word.is_empty())
    }

    fn push(&mut self, receipt: &str, channel: &str) -> Result<(), DbErr> {
        let receipt = receipt.parse().map_err(|_| DbErr::Custom("an entry without a receipt".to_owned()))?;
        let at = self.word(if channel.is_empty() { LETTER } else { channel });
        self.rows.push((receipt, at));
        Ok(())
    }

    fn word(&mut self, channel: &str) -> u8 {
        let at = self.words.iter().position(|word| *word == channel).unwrap_or_else(|| {
            self.words.push(channel.to_owned());
            self.words.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    /// Those who are told nothing by mail are told on paper.
    fn on_paper(&mut self, unmailed: &[String]) {
        let (mail, paper) = (self.word("email"), self.word(LETTER));
        for receipt in unmailed.iter().filter_map(|receipt| receipt.parse::<Receipt>().ok()) {
            if let Ok(at) = self.rows.binary_search_by_key(&receipt, |(receipt, _)| *receipt)
                && let Some(row) = self.rows.get_mut(at).filter(|row| row.1 == mail)
            {
                row.1 = paper;
            }
        }
    }
}

/// How some people are told things, of what their entries say: on paper whoever gave no address or is told nothing
/// by mail.
async fn told_by(
    db: &impl ConnectionTrait,
    round_id: i64,
    people: Vec<(&str, &mut String)>,
) -> Result<(), DbErr> {
    let receipts: Vec<String> = people.iter().map(|(receipt, _)| (*receipt).to_owned()).collect();
    let unmailed = mail::list_unmailed(db, round_id, &receipts).await?;
    for (receipt, channel) in people {
        if channel.is_empty() || (channel == "email" && unmailed.contains(receipt)) {
            LETTER.clone_into(channel);
        }
    }
    Ok(())
}

/// How each entry of a round that takes part is told things.
///
/// # Errors
/// What the database said.
pub async fn list_channels(db: &impl ConnectionTrait, round_id: i64) -> Result<Channels, DbErr> {
    let mut channels = Channels::default();
    let mut last = String::new();
    loop {
        let query = Entity::find()
            .select_only()
            .columns([Column::Receipt, Column::Channel])
            .filter(Column::RoundId.eq(round_id))
            .filter(Column::WithdrawnAt.is_null())
            .filter(Column::Receipt.gt(last.as_str()));
        let page: Vec<(String, String)> =
            query.order_by_asc(Column::Receipt).limit(PAGE).into_tuple().all(db).await?;
        let ended = page.len() < PAGE as usize;
        for (receipt, channel) in page {
            channels.push(&receipt, &channel)?;
            last = receipt;
        }
        if ended {
            channels.rows.sort_unstable();
            channels.on_paper(&mail::list_all_unmailed(db, round_id).await?);
            return Ok(channels);
        }
    }
}

/// The members of joint entries, by the receipt of the entry: receipt and channel of each.
///
/// # Errors
/// What the database said.
pub async fn list_joined(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<HashMap<String, Vec<(String, String)>>, DbErr> {
    let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
    let query = query.filter(Column::Lead.is_not_null()).select_only();
    let query = query.columns([Column::Lead, Column::Receipt, Column::Channel]);
    let rows: Vec<(String, String, String)> =
        query.order_by_asc(Column::Receipt).into_tuple().all(db).await?;
    by_lead(db, round_id, rows).await
}

async fn by_lead(
    db: &impl ConnectionTrait,
    round_id: i64,
    mut rows: Vec<(String, String, String)>,
) -> Result<HashMap<String, Vec<(String, String)>>, DbErr> {
    let people = rows.iter_mut().map(|(_, receipt, channel)| (receipt.as_str(), channel)).collect();
    told_by(db, round_id, people).await?;
    let mut joined: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for (lead, receipt, channel) in rows {
        joined.entry(lead).or_default().push((receipt, channel));
    }
    Ok(joined)
}

/// The same, of some entries.
///
/// # Errors
/// What the database said.
pub async fn list_joined_to(
    db: &impl ConnectionTrait,
    round_id: i64,
    leads: &[String],
) -> Result<HashMap<String, Vec<(String, String)>>, DbErr> {
    let mut rows = Vec::new();
    for some in leads.chunks(BATCH_BINDS - 1) {
        let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
        let query = query.filter(Column::Lead.is_in(some)).select_only();
        let query = query.columns([Column::Lead, Column::Receipt, Column::Channel]);
        rows.extend(query.into_tuple::<(String, String, String)>().all(db).await?);
    }
    by_lead(db, round_id, rows).await
}

/// How several entries are told things, and how many lots each has, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_hearers(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, (String, i32)>, DbErr> {
    let mut found = HashMap::with_capacity(receipts.len());
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let query = Entity::find().select_only().columns([Column::Receipt, Column::Channel, Column::Weight]);
        let query = query.filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(some));
        let rows: Vec<(String, String, i32)> = query.into_tuple().all(db).await?;
        found.extend(rows.into_iter().map(|(receipt, channel, weight)| (receipt, (channel, weight))));
    }
    let people = found.iter_mut().map(|(receipt, (channel, _))| (receipt.as_str(), channel)).collect();
    told_by(db, round_id, people).await?;
    Ok(found)
}
