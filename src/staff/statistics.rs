//! How many entries, by what they have in common and by what has become of them: no small number in it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Asia::Seoul;
use i18n_embed_fl::fl;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::{
    export::{Cell, Head, field, outcome, value, value_of_channel},
    standing::Stands,
};
use crate::{
    app::{App, Round},
    domain::{
        statistics::{LEAST, Published, Rows, published},
        who::pairs,
    },
    store::{
        self,
        export::{self, Entered, PAGE},
    },
    words::Lang,
};

/// What can have become of an entry, in the order of columns.
pub const OUTCOMES: [&str; 10] = [
    "entered",
    "done",
    "assigned",
    "missed",
    "waitlisted",
    "lapsed",
    "returned",
    "ineligible",
    "ended",
    "withdrawn",
];

/// Headings of the file: one number a line, and until when it counts, which may be some days ago.
pub const HEADS: [Head; 5] = [
    Head("기준 시각", "until"),
    Head("구분", "by"),
    Head("값", "value"),
    Head("결과", "outcome"),
    Head("신청 수", "entries"),
];

/// A table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// `field.region`, `channel`, `lang`, `want`, `seats` or `day`.
    pub by: String,
    /// What of it may be published; `None`: there are too few people.
    pub table: Option<Published>,
}

/// The threshold of a round.
pub fn least(round: &Round) -> u64 {
    LEAST.max(u64::from(round.rules.smallest_cell))
}

/// Until when something has to have happened to be counted at `now`: the last midnight. Whoever looks before and after
/// one person entered or bought would read off the difference what that person is.
pub fn counted_until(now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = now.with_timezone(&Seoul).date_naive().and_time(NaiveTime::MIN);
    midnight.and_local_timezone(Seoul).earliest().map_or(now, |at| at.to_utc())
}

/// How many have what, by what a table is by: nothing of it is published as it is.
type Counts = BTreeMap<String, Rows>;

/// What was counted, and stays until enough has changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// What happened before then is in it.
    pub until: DateTime<Utc>,
    /// No small number in them.
    pub tables: Vec<Table>,
    counts: Counts,
}

/// All tables of a round, as it stood at the last midnight before `now`. They are counted once: a list of purchases that
/// is taken in during the day, of times long past, changes nothing until the next one. And where any number in any of them
/// would differ by a small one from what was published before, the last tables stay, all of them: that is one person. They
/// stay where nothing differs, too, so that an audit pack is the same to the byte whenever it is taken.
///
/// # Errors
/// What the database said.
pub async fn tables(app: &App, round: &Round, now: DateTime<Utc>) -> Result<Counted, DbErr> {
    let until = counted_until(now);
    let kept = store::counted::find(app.db.read(), round.row.id, until).await?;
    if let Some(counted) = kept.as_deref().and_then(read) {
        return Ok(counted);
    }
    let (counts, least) = (count(app, round, until).await?, least(round));
    let counted = Counted { until, tables: publishable(&counts, least), counts };
    let before = store::counted::list_before(app.db.read(), round.row.id, until).await?;
    let mut before: Vec<Counted> = before.iter().filter_map(|kept| read(kept)).collect();
    let tells = before.iter().any(|before| !counted.may_follow(before, least));
    let last = before.pop();
    let counted = last.filter(|last| tells || last.counts == counted.counts).unwrap_or(counted);
    let counted = serde_json::to_string(&counted).map_err(|error| DbErr::Json(error.to_string()))?;
    let txn = app.db.begin().await?;
    if let Some(unread) = kept {
        store::counted::discard(&txn, round.row.id, until, &unread).await?;
    }
    store::counted::insert(&txn, round.row.id, until, counted).await?;
    txn.commit().await?;
    // Of two who counted at the same moment both read what the first has kept.
    let kept = store::counted::find(app.db.read(), round.row.id, until).await?;
    let counted = kept.as_deref().and_then(read);
    counted.ok_or_else(|| DbErr::RecordNotFound("what was just counted".to_owned()))
}

/// What is kept, if it can be read: what an earlier version kept in another form is counted anew.
fn read(kept: &str) -> Option<Counted> {
    serde_json::from_str(kept).ok()
}

impl Counted {
    /// Whether no table of it tells of a few to whoever has `before`.
    fn may_follow(&self, before: &Self, least: u64) -> bool {
        let nothing = Rows::new();
        let of = |counts: &Counts, by: &str| counts.get(by).unwrap_or(&nothing).clone();
        self.tables.iter().all(|Table { by, table }| {
            let (old, new) = (of(&before.counts, by), of(&self.counts, by));
            table.as_ref().is_none_or(|table| table.may_follow(&old, &new, least))
        })
    }
}

fn publishable(counts: &Counts, least: u64) -> Vec<Table> {
    let table = |(by, values): (&String, &Rows)| {
        let rows: Vec<_> = values.iter().map(|(value, cells)| (value.clone(), cells.clone())).collect();
        Table { by: by.clone(), table: published(OUTCOMES.len(), &rows, least) }
    };
    counts.iter().map(table).collect()
}

/// What stood at `now`.
async fn count(app: &App, round: &Round, now: DateTime<Utc>) -> Result<Counts, DbErr> {
    let mut counts = Counts::new();
    let mut last = String::new();
    loop {
        let mut page = export::list_entered_after(app.db.read(), round.row.id, &last).await?;
        let ended = (page.len() as u64) < PAGE;
        if let Some(entry) = page.last() {
            last.clone_from(&entry.receipt);
        }
        // A member of a joint entry has no line in the pool.
        page.retain(|entry| entry.lead.is_none() && entry.entered_at < now);
        for entry in &mut page {
            entry.withdrawn_at = entry.withdrawn_at.filter(|at| *at < now);
        }
        let stands = match round.is_published(now) {
            true => Some(Stands::of(app, round, &page).await?.before(round, now)),
            false => None,
        };
        for entry in &page {
            let key = match &stands {
                Some(stands) => stands.place(round, entry, now).key,
                None if entry.withdrawn_at.is_some() => "withdrawn",
                None => "entered",
            };
            let column = OUTCOMES.iter().position(|known| *known == key).unwrap_or_default();
            for (by, value) in common(round, entry) {
                let cells = counts.entry(by).or_default().entry(value);
                let cells = cells.or_insert_with(|| vec![0; OUTCOMES.len()]);
                if let Some(cell) = cells.get_mut(column) {
                    *cell += 1;
                }
            }
        }
        if ended {
            break;
        }
    }
    Ok(counts)
}

/// What an entry has in common with others.
fn common(round: &Round, entry: &Entered) -> Vec<(String, String)> {
    let cap = i64::try_from(round.rules.goods.cap).unwrap_or(i64::MAX);
    let told = if entry.channel.is_empty() { "letter" } else { &entry.channel };
    let day = entry.entered_at.with_timezone(&Seoul).format("%Y-%m-%d").to_string();
    let mut common = vec![
        ("channel".to_owned(), told.to_owned()),
        ("day".to_owned(), day),
        ("lang".to_owned(), entry.lang.clone()),
        ("seats".to_owned(), entry.seats.to_string()),
        ("want".to_owned(), if entry.want < cap { "less" } else { "cap" }.to_owned()),
    ];
    common.extend(pairs(&entry.fields).map(|(name, value)| (format!("field.{name}"), value.to_owned())));
    common
}

/// What a table is by, in words.
pub fn by_label(round: &Round, by: &str, lang: Lang) -> String {
    let l = lang.loader();
    match (by, by.strip_prefix("field.")) {
        (_, Some(name)) => round.who.field(name).map_or(name.to_owned(), |one| field(one, lang)),
        ("channel", _) => fl!(l, "statistics-by-channel"),
        ("day", _) => fl!(l, "statistics-by-day"),
        ("lang", _) => fl!(l, "statistics-by-lang"),
        ("seats", _) => fl!(l, "statistics-by-seats"),
        ("want", _) => fl!(l, "statistics-by-want"),
        _ => by.to_owned(),
    }
}

/// Values that are counted together, in words.
pub fn values_label(round: &Round, by: &str, values: &[String], lang: Lang) -> String {
    let l = lang.loader();
    let word = |one: &String| match (by, by.strip_prefix("field.")) {
        (_, Some(name)) => value(round, name, one, lang),
        ("channel", _) => value_of_channel(one, lang),
        ("lang", _) => Lang::from_tag(one).map_or(one.clone(), |lang| lang.own_name().to_owned()),
        ("want", _) if one == "cap" => fl!(l, "statistics-want-cap"),
        ("want", _) => fl!(l, "statistics-want-less"),
        _ => one.clone(),
    };
    values.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Outcomes that are counted together, in words.
pub fn outcomes_label(joined: &[usize], lang: Lang) -> String {
    let words = joined.iter().filter_map(|at| OUTCOMES.get(*at)).map(|key| outcome(key, lang));
    words.collect::<Vec<_>>().join(" + ")
}

/// The columns that anybody is in.
pub fn columns(table: &Published) -> impl Iterator<Item = (usize, &Vec<usize>)> {
    let used = |at: usize| table.totals.get(at).is_some_and(|total| *total > 0);
    table.columns.iter().enumerate().filter(move |(at, _)| used(*at))
}

/// The tables as lines of a file.
pub fn rows(round: &Round, counted: &Counted, lang: Lang) -> Vec<Vec<Cell>> {
    let l = lang.loader();
    let (all, left_out) = (fl!(l, "statistics-all"), fl!(l, "statistics-left-out"));
    let number = |count: u64| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let mut lines = Vec::new();
    for Table { by, table } in &counted.tables {
        let label = by_label(round, by, lang);
        let mut line = |value: &str, outcome: &str, cell: Cell| {
            let until = Cell::At(counted.until);
            lines.push(vec![until, Cell::text(label.clone()), Cell::text(value), Cell::text(outcome), cell]);
        };
        let Some(table) = table else {
            line(&all, &all, Cell::text(left_out.clone()));
            continue;
        };
        for row in &table.rows {
            let value = values_label(round, by, &row.values, lang);
            for (at, joined) in columns(table) {
                let count = row.cells.as_ref().and_then(|cells| cells.get(at));
                let cell = count.map_or(Cell::text(left_out.clone()), |count| number(*count));
                line(&value, &outcomes_label(joined, lang), cell);
            }
            line(&value, &all, number(row.total));
        }
        for (at, joined) in columns(table) {
            let total = table.totals.get(at).copied().unwrap_or_default();
            line(&all, &outcomes_label(joined, lang), number(total));
        }
        line(&all, &all, number(table.total));
    }
    lines
}
