//! `jebi compare`: who would get what under equal shares, a lottery, and first come, first served.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;
use public_audit::{Digest, Rules, note::Signer};

use super::draft;
use crate::{
    app::App,
    clock::Clock,
    config::Config,
    domain::{
        compare::{Comparison, Way, compare},
        draft::Fixed,
    },
    store::entry,
    words::{
        Lang,
        money::{budget, won},
        number::grouped,
    },
};

/// Whose wants.
#[derive(Debug, Args)]
pub struct Options {
    /// A round: those who have entered it
    #[arg(required_unless_present = "draft", conflicts_with = "draft")]
    slug: Option<String>,
    /// A draft, with as many people as --people, each of whom wants all that one may
    #[arg(long, requires = "people")]
    draft: Option<PathBuf>,
    /// How many people
    #[arg(long)]
    people: Option<u32>,
    /// ko or en
    #[arg(long, default_value = "en")]
    lang: String,
    /// Everything as JSON
    #[arg(long)]
    json: bool,
}

impl Options {
    /// Whether the database must be asked.
    pub fn needs_database(&self) -> bool {
        self.draft.is_none()
    }
}

/// Compares for a draft, without a database.
pub fn of_draft(options: &Options) -> anyhow::Result<ExitCode> {
    let path = options.draft.as_deref().context("no draft was named")?;
    let key = Signer::new("compare", &[1; 32])?.verifier().to_vkey();
    let fixed = Fixed { number: 1, commitment: Digest::ZERO, signing_key: key };
    let rules = draft::read(path)?.rules(fixed).map_err(|problems| anyhow::anyhow!(problems.join("\n  ")))?;
    let people = usize::try_from(options.people.unwrap_or(0))?;
    show(options, &rules, &vec![rules.goods.cap; people])
}

/// Compares for those who have entered a round, in the order in which they did.
pub async fn of_round(config: Config, options: &Options) -> anyhow::Result<ExitCode> {
    let slug = options.slug.as_deref().context("no round was named")?;
    let app = App::start(config, Clock::wall()).await?;
    let round = app.rounds.find(slug).await?.with_context(|| format!("there is no round `{slug}`"))?;
    let mut entries: Vec<entry::Guarded> = Vec::new();
    loop {
        let last = entries.last().map(|entry| entry.receipt.clone()).unwrap_or_default();
        let page = entry::list_guarded_after(app.db.read(), round.row.id, &last).await?;
        if page.is_empty() {
            break;
        }
        entries.extend(page);
    }
    entries.sort_by(|a, b| (a.entered_at, &a.receipt).cmp(&(b.entered_at, &b.receipt)));
    let wants: Vec<u64> = entries.iter().map(|entry| u64::try_from(entry.want).unwrap_or(0)).collect();
    show(options, &round.rules, &wants)
}

fn show(options: &Options, rules: &Rules, wants: &[u64]) -> anyhow::Result<ExitCode> {
    let comparison = compare(rules, wants).map_err(anyhow::Error::msg)?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&comparison)?);
    } else {
        let lang = if options.lang == "ko" { Lang::Ko } else { Lang::En };
        print!("{}", table(&comparison, lang));
    }
    Ok(ExitCode::SUCCESS)
}

fn table(comparison: &Comparison, lang: Lang) -> String {
    let korean = lang == Lang::Ko;
    let people = |count: u64| if korean { format!("{}명", grouped(count)) } else { grouped(count) };
    let mut text = if korean {
        let (wanted, there) = (budget(comparison.wanted, lang), budget(comparison.budget, lang));
        format!("{}이 {wanted}을 원하고, 예산은 {there}입니다.\n", people(comparison.people))
    } else {
        let (wanted, there) = (budget(comparison.wanted, lang), budget(comparison.budget, lang));
        format!("{} people want {wanted}; there are {there}.\n", people(comparison.people))
    };
    for given in &comparison.ways {
        let name = match (given.way, korean) {
            (Way::Share, true) => "균등 배분",
            (Way::Share, false) => "equal shares",
            (Way::Lottery, true) => "추첨",
            (Way::Lottery, false) => "lottery",
            (Way::FirstCome, true) => "선착순",
            (Way::FirstCome, false) => "first come",
        };
        let (nothing, less, all) = (people(given.nothing), people(given.less), people(given.all));
        let (middle, most) = (won(given.middle, lang), won(given.most, lang));
        text += &if korean {
            format!(
                "  {name}: 못 받는 사람 {nothing}, 일부만 받는 사람 {less}, 다 받는 사람 {all}; 중간값 {middle}, 최대 {most}\n"
            )
        } else {
            format!(
                "  {name}: {nothing} get nothing, {less} get less than they want, {all} get all; {middle} in the middle, {most} at most\n"
            )
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_speaks_both_languages() {
        let draft =
            crate::domain::draft::Draft::parse(include_str!("../../docs/round.example.toml")).unwrap();
        let key = Signer::new("x", &[1; 32]).unwrap().verifier().to_vkey();
        let rules = draft.rules(Fixed { number: 1, commitment: Digest::ZERO, signing_key: key }).unwrap();
        let comparison = compare(&rules, &[250_000; 9_000]).unwrap();
        let english = table(&comparison, Lang::En);
        assert!(
            english.starts_with("9,000 people want ₩2.25 billion; there are ₩1.25 billion.\n"),
            "{english}"
        );
        assert!(english.contains("equal shares: 0 get nothing, 9,000 get less"), "{english}");
        assert!(
            english.contains("first come: 4,000 get nothing, 0 get less than they want, 5,000 get all"),
            "{english}"
        );
        let korean = table(&comparison, Lang::Ko);
        assert!(korean.contains("선착순: 못 받는 사람 4,000명"), "{korean}");
        assert!(korean.starts_with("9,000명이 22억 5,000만 원을 원하고"), "{korean}");
    }
}
