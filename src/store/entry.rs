//! Entries: folded from the inbox, read by receipt, sealed in order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::entry::{Column, Entity, Model};
use public_audit::Receipt;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{BATCH_BINDS, bulk, mail, notice::LETTER};

/// Rows of one page when a whole round is read.
pub const PAGE: u64 = 10_000;

/// One entry.
///
/// # Errors
/// What the database said.
pub async fn find(db: &impl ConnectionTrait, round_id: i64, receipt: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).one(db).await
}

/// The same, held: nobody changes it before this transaction ends.
///
/// # Errors
/// What the database said.
pub async fn find_held(
    txn: &impl ConnectionTrait,
    round_id: i64,
    receipt: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((round_id, receipt.to_owned())).lock_exclusive().one(txn).await
}

/// Several entries, by receipt; those that do not exist are absent.
///
/// # Errors
/// What the database said.
pub async fn list(
    db: &impl ConnectionTrait,
    round_id: i64,
    receipts: &[String],
) -> Result<HashMap<String, Model>, DbErr> {
    let mut found = HashMap::with_capacity(receipts.len());
    for some in receipts.chunks(BATCH_BINDS - 1) {
        let query = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Receipt.is_in(some));
        found.extend(query.all(db).await?.into_iter().map(|entry| (entry.receipt.clone(), entry)));
    }
    Ok(found)
}

/// How many entries take part.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, round_id: i64) -> Result<u64, DbErr> {
    in_pool(round_id).count(db).await
}

/// Won wanted in all.
///
/// # Errors
/// What the database said.
pub async fn sum_wanted(db: &impl ConnectionTrait, round_id: i64) -> Result<i64, DbErr> {
    let sum = in_pool(round_id).select_only().column_as(Column::Want.sum().cast_as("bigint"), "sum");
    Ok(sum.into_tuple::<Option<i64>>().one(db).await?.flatten().unwrap_or(0))
}

/// The entries of a round that have a line in its pool.
fn in_pool(round_id: i64) -> Select<Entity> {
    let entries = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::WithdrawnAt.is_null());
    entries.filter(Column::Lead.is_null())
}

/// How many entries, and people in them, keep the same values: `(values, entries, people)`.
///
/// # Errors
/// What the database said.
pub async fn list_groups(db: &impl ConnectionTrait, round_id: i64) -> Result<Vec<(String, u64, u64)>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .column(Column::Fields)
        .column_as(Column::Receipt.count(), "entries")
        .column_as(Column::Seats.sum(), "seats")
        .group_by(Column::Fields);
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let rows: Vec<(String, i64, i64)> = query.into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(kept, entries, seats)| (kept, number(entries), number(seats))).collect())
}

/// The entries of a round that keep these values.
///
/// # Errors
/// What the database said.
pub async fn list_keeping(
    db: &impl ConnectionTrait,
    round_id: i64,
    fields: &str,
) -> Result<Vec<Model>, DbErr> {
    in_pool(round_id).filter(Column::Fields.eq(fields)).all(db).await
}

/// New entries.
///
/// # Errors
/// What the database said.
pub async fn insert_all(txn: &impl ConnectionTrait, entries: Vec<Model>) -> Result<(), DbErr> {
    let rows = entries.into_iter().map(|entry| entry.into_active_model().reset_all());
    bulk::insert_models(txn, "", rows).await.map(drop)
}

/// An entry that changed.
///
/// # Errors
/// What the database said.
pub async fn update(txn: &impl ConnectionTrait, entry: Model) -> Result<(), DbErr> {
    let (round_id, receipt) = (entry.round_id, entry.receipt.clone());
    Entity::update_many()
        .set(entry.into_active_model().reset_all())
        .filter(Column::RoundId.eq(round_id))
        .filter(Column::Receipt.eq(receipt))
        .exec(txn)
        .await
        .map(drop)
}

/// What the pool says of the next entries after a receipt, in the order of receipts. Read page by page: a
/// stream would hold its connection, and a whole pool the memory.
///
/// # Errors
/// What the database said.
pub async fn list_pool_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<PoolRow>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .columns([Column::Receipt, Column::Seats, Column::Want, Column::Weight, Column::Wish])
        .column(Column::Fields)
        .filter(Column::Receipt.gt(after));
    query.order_by_asc(Column::Receipt).limit(PAGE).into_tuple().all(db).await
}

/// Receipt and sealed person of the next entries of a channel after a receipt, in the order of receipts; those that are
/// withdrawn or of another's entry too.
///
/// # Errors
/// What the database said.
pub async fn list_people_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    channel: &str,
    after: &str,
) -> Result<Vec<(String, String)>, DbErr> {
    let some = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Channel.eq(channel));
    let some = some.filter(Column::Receipt.gt(after)).order_by_asc(Column::Receipt).limit(PAGE);
    some.select_only().columns([Column::Receipt, Column::PersonSealed]).into_tuple().all(db).await
}

/// What the bias guard looks at.
#[derive(Debug, FromQueryResult)]
pub struct Guarded {
    /// Its public code.
    pub receipt: String,
    /// Won.
    pub want: i64,
    /// Lots.
    pub weight: i32,
    /// Day parts, best first.
    pub wish: String,
    /// Cohort and reserve fields, `key=value`.
    pub fields: String,
    /// How it is told things.
    pub channel: String,
    /// In which language.
    pub lang: String,
    /// When it was entered first.
    pub entered_at: DateTime<Utc>,
}

/// What the bias guard looks at of the next entries after a receipt, in the order of receipts.
///
/// # Errors
/// What the database said.
pub async fn list_guarded_after(
    db: &impl ConnectionTrait,
    round_id: i64,
    after: &str,
) -> Result<Vec<Guarded>, DbErr> {
    let query = in_pool(round_id)
        .select_only()
        .columns([Column::Receipt, Column::Want, Column::Weight, Column::Wish])
        .columns([Column::Fields, Column::Channel, Column::Lang, Column::EnteredAt])
        .filter(Column::Receipt.gt(after));
    query.order_by_asc(Column::Receipt).limit(PAGE).into_model().all(db).await
}

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

/// The pseudonyms of those who asked to be remembered, by receipt.
///
/// # Errors
/// What the database said.
pub async fn list_miss_keys(
    db: &impl ConnectionTrait,
    round_id: i64,
) -> Result<HashMap<String, String>, DbErr> {
    let query = in_pool(round_id).select_only().columns([Column::Receipt, Column::MissKey]);
    let query = query.filter(Column::MissKey.ne(""));
    Ok(query.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
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

/// Whoever is, or was, in the entry of another, in the order of receipts.
///
/// # Errors
/// What the database said.
pub async fn list_led(db: &impl ConnectionTrait, round_id: i64, lead: &str) -> Result<Vec<Model>, DbErr> {
    let led = Entity::find().filter(Column::RoundId.eq(round_id)).filter(Column::Lead.eq(lead));
    led.order_by_asc(Column::Receipt).all(db).await
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

/// Receipt, seats, want, weight, wish, and the fields as an entry keeps them.
pub type PoolRow = (String, i32, i64, i32, String, String);
