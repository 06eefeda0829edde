//! Rosters: which there are, and one more from a file. What is wrong is said by line; nothing is kept unless all is right or
//! those lines are left out. One that is in use is replaced by two.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use tokio::task::spawn_blocking;

use super::{
    desk::Desk,
    rule::{Route, Who},
    upload::{Fields, Uploaded},
};
use crate::{
    app::App,
    domain::roster::is_name,
    roster::{
        FileError, Import, ImportError, Summary,
        import::{Progress, check, import},
        upload::Upload,
    },
    secret::random_id,
    store,
    web::{
        answer::Answer,
        view::{FieldError, RosterLine, RosterRead, RostersPage, errors},
    },
};

/// The largest file: some 200,000 people. A larger one is for `jebi roster import`.
const FILE: usize = 16 << 20;
/// Lines that are named for each thing that is wrong.
const SHOWN: usize = 20;

/// What this file answers.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/console/rosters", Who::DESK, show),
        Route::take("/console/rosters", Who::DESK, take).with(DefaultBodyLimit::max(FILE)),
    ]
}

async fn show(desk: Desk) -> Result<Answer, Answer> {
    Ok(desk.visit.show(&page(&desk, &Fields::default(), None, Vec::new()).await?))
}

async fn take(Uploaded(desk, fields): Uploaded) -> Result<Answer, Answer> {
    let (visit, lang, name) = (&desk.visit, desk.visit.lang, fields.text("name"));
    let mut wrong = Vec::new();
    if !is_name(name) {
        wrong.push(errors::roster_name(lang));
    }
    if fields.bytes("list").is_empty() {
        wrong.push(errors::roster_file(lang));
    }
    if !wrong.is_empty() {
        return Ok(visit.show_again(&page(&desk, &fields, None, wrong).await?));
    }
    let keeps = fields.text("then") == "keep";
    if keeps {
        desk.noted(["roster_read", name, ""]).await?;
    }
    // Whoever leaves meanwhile leaves no list behind: it is read to its end without them.
    let (app, given) = (visit.app.clone(), fields.clone());
    let reading = tokio::spawn(async move { read(&app, &given, keeps).await });
    match reading.await.unwrap_or_else(|error| Err(ImportError::Refused(error.to_string()))) {
        Ok(summary) => {
            let refused = summary.refusal(!fields.text("leave_out").is_empty()).is_some();
            let read = found(&desk, &summary, refused);
            Ok(visit.show(&page(&desk, &fields, Some(read), Vec::new()).await?))
        }
        Err(ImportError::Lines(_, summary)) => {
            let read = found(&desk, &summary, true);
            Ok(visit.show_again(&page(&desk, &fields, Some(read), vec![errors::roster_lines(lang)]).await?))
        }
        Err(ImportError::Database(error)) => Err(visit.failed(error)),
        Err(error) => {
            let wrong = vec![errors::roster_unread(lang, &error.to_string())];
            Ok(visit.show_again(&page(&desk, &fields, None, wrong).await?))
        }
    }
}

/// Reads the file, which lies beside the spool for as long as that takes, and keeps it if it shall.
async fn read(app: &App, fields: &Fields, keeps: bool) -> Result<Summary, ImportError> {
    let name = fields.text("name").to_owned();
    let (state, of, list) = (app.config.state_dir.clone(), name.clone(), fields.bytes("list").to_vec());
    let lies = spawn_blocking(move || Upload::put(&state, &of, &random_id(), &list)).await;
    let lies = lies.map_err(|error| ImportError::Refused(error.to_string()))?;
    let upload = lies.map_err(FileError::from)?;
    let wanted = Import {
        name,
        file: upload.list(),
        maps: Vec::new(),
        match_by: None,
        leave_out: !fields.text("leave_out").is_empty(),
        resume: false,
    };
    let outcome = match keeps {
        true => import(app, wanted, quiet()).await,
        false => {
            let (keys, spool) = (app.keys.clone(), upload.spool());
            match spawn_blocking(move || check(&keys, &wanted, spool, false, &quiet())).await {
                Ok(checked) => checked.map(|checked| checked.summary),
                Err(error) => Err(ImportError::Refused(error.to_string())),
            }
        }
    };
    if let Err(error) = spawn_blocking(move || upload.end()).await.unwrap_or(Ok(())) {
        tracing::warn!(%error, "a list that was read is still there");
    }
    outcome
}

/// Nobody watches a bar here.
fn quiet() -> Progress {
    Arc::new(|_, _, _| {})
}

fn found(desk: &Desk, summary: &Summary, refused: bool) -> RosterRead {
    let korean = desk.visit.lang.is_korean();
    let wrong = summary.report.counts().iter().map(|(reason, count)| {
        let [ko, en] = reason.words();
        let (what, then) = if korean { ko } else { en };
        let lines = summary.report.first(*reason, SHOWN);
        let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
        (format!("{what}: {then}"), *count, lines.join(", "))
    });
    RosterRead {
        people: summary.people,
        lines: summary.lines,
        wrong: wrong.collect(),
        state: if refused { "refused" } else { summary.state },
    }
}

async fn page(
    desk: &Desk,
    fields: &Fields,
    read: Option<RosterRead>,
    errors: Vec<FieldError>,
) -> Result<RostersPage, Answer> {
    let all = store::roster::list(desk.visit.app.db.read()).await;
    let all = all.map_err(|error| desk.visit.failed(error))?;
    let line = |roster: entities::roster::Model| RosterLine {
        people: u64::try_from(roster.people).unwrap_or_default(),
        at: roster.current_at.unwrap_or(roster.made_at),
        waits: roster.state == "complete",
        current: roster.state == "current",
        name: roster.name,
    };
    let shown = |roster: &entities::roster::Model| matches!(roster.state.as_str(), "complete" | "current");
    Ok(RostersPage {
        page: desk.page_at("/console/rosters"),
        bar: desk.bar(),
        rosters: all.into_iter().filter(shown).map(line).collect(),
        name: fields.text("name").to_owned(),
        leaves_out: !fields.text("leave_out").is_empty(),
        read,
        errors,
    })
}
