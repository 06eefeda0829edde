//! What lies in a pack. Nothing of it says who an entrant is: receipts are what the record has published. What people
//! typed as a reason is as they typed it.

use std::{collections::BTreeMap, fs, sync::Arc};

use chrono::{DateTime, SecondsFormat, Utc};
use public_audit::{
    journal::Event,
    record::{AFTER_FILES, POOL, RULES, SEAL},
};

use super::{Content, looked, money, readme};
use crate::{
    app::{App, Round},
    domain::{csv::csv_line, proposal::Act},
    lifecycle::record::{self, Early, events::events},
    staff::{
        export::{Cell, ExportError},
        statistics,
    },
    store,
    words::Lang,
};

type Contents = BTreeMap<String, Content>;

/// Everything there is.
pub async fn of(app: &App, round: &Arc<Round>, now: DateTime<Utc>) -> Result<Contents, ExportError> {
    let mut all = Contents::new();
    record_of(app, round, now, &mut all).await?;
    let mut text = |name: &str, text: String| all.insert(name.to_owned(), Content::Text(text));
    let (excerpt, signed) = events(app, round).await?;
    text("journal/events.txt", excerpt);
    text("journal/checkpoint.txt", signed);
    text("decisions/journal.csv", journal(app, round).await?);
    text("decisions/proposals.csv", proposals(app, round).await?);
    text("money/ledger.csv", money::ledger(app, round).await?);
    text("money/purchases.csv", money::purchases(app, round).await?);
    text("money/sellers.csv", money::sellers(app, round).await?);
    text("decisions/access.csv", looked::access(app, round).await?);
    text("decisions/ceremony.csv", looked::ceremony(app, round).await?);
    text("incidents.csv", incidents(app, round).await?);
    text("statistics.csv", statistics_of(app, round, now).await?);
    if let Some(plan) = store::plan::find(app.db.read(), round.row.id).await? {
        text("plan/plan.json", lined(plan.inputs));
        if let Some(forecast) = plan.forecast {
            text("plan/forecast.json", lined(forecast));
        }
    }
    // What it was rehearsed with, as it was signed: the names are those that the note gives the digests of.
    if let Some(id) = store::drill::find_of(app.db.read(), round.row.id).await?
        && let Some(drill) = store::drill::find(app.db.read(), id).await?
    {
        text("drill/index.html", drill.page);
        text("drill/report.json", drill.report);
        text("drill/report.note", drill.note);
    }
    if let Some(certificate) = store::certificate::find(app.db.read(), round.row.id).await? {
        text("purge-certificate.txt", certificate.note);
    }
    text("README.txt", readme::text(round, &app.config.municipality.name));
    Ok(all)
}

/// The record, with what happened after the draw beside it, so that one command checks both; before it is public
/// what is public of it.
async fn record_of(
    app: &App,
    round: &Arc<Round>,
    now: DateTime<Utc>,
    all: &mut Contents,
) -> Result<(), ExportError> {
    if !round.is_published(now) {
        for name in [RULES, SEAL, POOL] {
            let content = match record::early(app, round, name).await? {
                Some(Early::Text(text)) => Content::Text(text),
                Some(Early::File(path)) => Content::Lies(path),
                None => continue,
            };
            all.insert(format!("record/{name}"), content);
        }
        return Ok(());
    }
    let folder = record::ensure(app, round).await?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        all.insert(format!("record/{name}"), Content::Lies(path));
    }
    if let Some(folder) = record::after::ensure(app, round).await? {
        for name in AFTER_FILES {
            all.insert(format!("record/{name}"), Content::Lies(folder.join(name)));
        }
    }
    Ok(())
}

/// On whose word each event happened. The journal that everybody reads does not say it.
async fn journal(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut text = csv_line(["index", "at", "event", "staff"]);
    for row in store::journal::list(app.db.read(), round.row.id).await? {
        let at = row.line.parse::<Event>().map(|event| event.at.to_string()).unwrap_or_default();
        text += &csv_line([row.index.to_string().as_str(), &at, &row.kind, &row.staff]);
    }
    Ok(text)
}

/// What one of the staff proposed and another decided, and what exactly it was.
async fn proposals(app: &App, round: &Round) -> Result<String, ExportError> {
    let db = app.db.read();
    let people = store::clerk::list(db).await?;
    let name =
        |id: i64| people.iter().find(|person| person.id == id).map_or("", |person| person.name.as_str());
    let mut text = csv_line([
        "number",
        "what",
        "outcome",
        "proposed_by",
        "proposed_at",
        "decided_by",
        "decided_at",
        "words",
        "act",
    ]);
    for row in store::proposal::list_of(db, round.row.id).await? {
        // Announcements have no round before there is one: the draft knows what it became.
        if row.round_id.is_none() {
            let Some(Act::Announce { draft_id: Some(id), .. }) = Act::parse(&row.act) else { continue };
            let draft = store::draft::find(db, id).await?;
            if draft.and_then(|draft| draft.round_id) != Some(round.row.id) {
                continue;
            }
        }
        text += &csv_line([
            row.id.to_string().as_str(),
            &row.kind,
            &row.outcome,
            name(row.proposed_by),
            &second(Some(row.proposed_at)),
            row.decided_by.map_or("", name),
            &second(row.decided_at),
            &row.words,
            &row.act,
        ]);
    }
    Ok(text)
}

/// What went wrong for everybody while the round went on.
async fn incidents(app: &App, round: &Round) -> Result<String, ExportError> {
    let mut text = csv_line(["what", "about", "began_at", "ended_at"]);
    let (from, until) = (round.row.announced_at, round.row.ends_at);
    for row in store::incident::list_between(app.db.read(), from, until).await? {
        text +=
            &csv_line([row.kind.as_str(), &row.about, &second(Some(row.began_at)), &second(row.ended_at)]);
    }
    Ok(text)
}

async fn statistics_of(app: &App, round: &Round, now: DateTime<Utc>) -> Result<String, ExportError> {
    let counted = statistics::tables(app, round, now).await?;
    let heads = statistics::HEADS.map(|head| head.text(Lang::Ko));
    let mut text = format!("\u{feff}{}", csv_line(heads.iter().map(String::as_str)));
    for row in statistics::rows(round, &counted, Lang::Ko) {
        text += &format!("{}\r\n", row.into_iter().map(Cell::csv).collect::<Vec<_>>().join(","));
    }
    Ok(text)
}

pub(super) fn second(at: Option<DateTime<Utc>>) -> String {
    at.map_or(String::new(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn lined(text: String) -> String {
    format!("{text}\n")
}
