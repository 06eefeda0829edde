//! Rosters as they are shown: never who is on one.

use std::{collections::BTreeMap, process::ExitCode};

use serde_json::json;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    roster::Summary,
    store,
    words::{Lang, instant::minute, number::grouped},
};

/// `jebi roster list`
pub async fn list(config: Config, as_json: bool) -> anyhow::Result<ExitCode> {
    let app = App::start(config, Clock::wall()).await?;
    let rosters = store::roster::list(app.db.read()).await?;
    if as_json {
        let rosters: Vec<_> = rosters
            .iter()
            .map(|roster| {
                json!({
                    "name": roster.name, "state": roster.state, "people": roster.people,
                    "left_out": roster.left_out, "match_by": roster.match_by, "digest": roster.digest,
                    "made_at": roster.made_at, "current_at": roster.current_at, "staff": roster.staff,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&rosters)?);
        return Ok(ExitCode::SUCCESS);
    }
    if rosters.is_empty() {
        println!("There is no roster. `jebi roster import NAME FILE` reads one.");
    }
    for roster in rosters {
        let people = grouped(u64::try_from(roster.people).unwrap_or_default());
        let made = minute(roster.made_at, Lang::En);
        println!(
            "{:20} {:10} {people:>12} people, by {}, made {made}",
            roster.name, roster.state, roster.match_by
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// What an import found, for people or as JSON.
pub fn summary(summary: &Summary, report: Option<&str>, refusal: Option<&str>, as_json: bool) {
    let counts: BTreeMap<&str, u64> = summary
        .report
        .counts()
        .iter()
        .map(|(reason, count)| {
            let [_, (english, _)] = reason.words();
            (english, *count)
        })
        .collect();
    let held: Vec<&str> = summary.columns.columns.iter().map(|column| column.key()).collect();
    let state = if refusal.is_some() { "refused" } else { summary.state };
    if as_json {
        let summary = json!({
            "roster": summary.name, "state": state, "refusal": refusal, "encoding": summary.looked.name(),
            "columns": held, "match_by": summary.columns.match_by.key(), "lines": summary.lines,
            "people": summary.people, "left_out": summary.left_out(), "found": counts, "report": report,
            "digest": summary.digest,
        });
        println!("{summary:#}");
        return;
    }
    println!("{}, {} lines below the heading", summary.looked.name(), grouped(summary.lines));
    println!("  columns      {}", held.join(", "));
    let unused = summary.columns.unused();
    if !unused.is_empty() {
        let unused: Vec<String> = unused.iter().map(usize::to_string).collect();
        println!("  not used     column {} (give it a meaning with --map HEADING=field)", unused.join(", "));
    }
    println!("  matched by   {}", summary.columns.match_by.key());
    println!("  people       {}", grouped(summary.people));
    println!("  left out     {}", grouped(summary.left_out()));
    for (what, count) in counts {
        println!("  {:>10}   {what}", grouped(count));
    }
    println!("  digest       {}", summary.digest);
    if let Some(report) = report {
        println!("  report       {report}");
    }
}
