//! `jebi reconcile`: a seller's list beside our ledger, to the won.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::reconcile::{Difference, Reconciled, What},
    lifecycle::sale::{reconcile::reconciled, told::instant},
    words::{Lang, number::grouped},
};

/// What to compare.
#[derive(Debug, Args)]
pub struct Options {
    /// The round
    slug: String,
    /// The seller's list, CSV: receipt (or hand-over), time, amount
    file: PathBuf,
    /// Only what was bought from this seller through the pass API; else everything we know of
    #[arg(long)]
    seller: Option<String>,
    /// Write the differences there too, for Excel
    #[arg(long)]
    csv: Option<PathBuf>,
    /// ko or en
    #[arg(long, default_value = "ko", value_parser = lang)]
    lang: Lang,
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_tag(text).ok_or_else(|| "ko or en".to_owned())
}

/// Compares. 0: both say the same, to the won; 1: they differ, and how.
pub async fn run(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let text = std::fs::read(&options.file).with_context(|| options.file.display().to_string())?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(&options.slug).await?;
    let round = round.with_context(|| format!("there is no round `{}`", options.slug))?;
    let done = reconciled(&app, &round, &text, options.seller.as_deref()).await?;
    print!("{}", report(&done, options.lang));
    if let Some(path) = &options.csv {
        std::fs::write(path, csv(&done, options.lang)).with_context(|| path.display().to_string())?;
    }
    Ok(if done.is_even() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The report, for people.
pub fn report(done: &Reconciled, lang: Lang) -> String {
    let korean = lang.is_korean();
    let side = |(count, won): (u64, u128)| {
        let won = u64::try_from(won).map_or_else(|_| won.to_string(), grouped);
        if korean {
            format!("{}건 {won}원", grouped(count))
        } else {
            format!("{} purchases, ₩{won}", grouped(count))
        }
    };
    let [ours, theirs, same, even, differ] = if korean {
        ["우리 원장", "판매처", "일치", "원 단위까지 일치합니다.", "다른 항목"]
    } else {
        ["Our ledger", "The seller", "The same", "They agree to the won.", "Differences"]
    };
    let mut text =
        format!("{ours}: {}\n{theirs}: {}\n{same}: {}\n", side(done.ours), side(done.theirs), done.same);
    if done.is_even() {
        text += &format!("{even}\n");
    } else {
        text += &format!("{differ}: {}\n", done.differences.len());
    }
    for one in &done.differences {
        text += &format!("  {}\n", cells(one, lang).join("  "));
    }
    text
}

/// The differences, as Korean Excel opens them: UTF-8 with its mark, and nothing in a cell that it would compute.
pub fn csv(done: &Reconciled, lang: Lang) -> String {
    let heads = if lang.is_korean() {
        ["구분", "줄", "접수번호", "우리 금액", "우리 시각", "판매처 금액", "판매처 시각"]
    } else {
        ["what", "line", "receipt", "our amount", "our time", "their amount", "their time"]
    };
    let mut text = format!("\u{feff}{}\r\n", heads.join(","));
    for one in &done.differences {
        let cells = cells(one, lang).map(|cell| quoted(&cell));
        text += &format!("{}\r\n", cells.join(","));
    }
    text
}

fn quoted(cell: &str) -> String {
    let computes = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if computes { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

fn cells(one: &Difference, lang: Lang) -> [String; 7] {
    let won = |side: &Option<(u64, DateTime<Utc>)>| side.map_or(String::new(), |(won, _)| won.to_string());
    let at = |side: &Option<(u64, DateTime<Utc>)>| side.map_or(String::new(), |(_, at)| instant(at));
    [
        what(one.what, lang).to_owned(),
        one.line.map_or(String::new(), |line| line.to_string()),
        one.receipt.clone(),
        won(&one.ours),
        at(&one.ours),
        won(&one.theirs),
        at(&one.theirs),
    ]
}

fn what(what: What, lang: Lang) -> &'static str {
    match (what, lang.is_korean()) {
        (What::OnlyTheirs, true) => "판매처에만 있음",
        (What::OnlyTheirs, false) => "only the seller has it",
        (What::OnlyOurs, true) => "우리에게만 있음",
        (What::OnlyOurs, false) => "only we have it",
        (What::Amount, true) => "금액이 다름",
        (What::Amount, false) => "another amount",
        (What::Time, true) => "시각이 다름",
        (What::Time, false) => "another time",
        (What::Twice, true) => "판매처에 두 번 있음",
        (What::Twice, false) => "twice in the seller's list",
        (What::Unreadable, true) => "읽을 수 없는 줄",
        (What::Unreadable, false) => "cannot be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_opens_it_and_computes_nothing() {
        let one = Difference {
            what: What::Unreadable,
            line: Some(2),
            receipt: "=cmd|'/c calc'!A0, \"x\"".to_owned(),
            ours: None,
            theirs: None,
        };
        let done = Reconciled { differences: vec![one], ..Reconciled::default() };
        let text = csv(&done, Lang::Ko);
        assert!(text.starts_with("\u{feff}구분,"), "{text}");
        assert!(text.contains("\"'=cmd|'/c calc'!A0, \"\"x\"\"\""), "{text}");
        assert!(report(&done, Lang::En).contains("cannot be read"));
    }
}
