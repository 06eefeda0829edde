//! `jebi drill`: a rehearsal of one of the five incidents, with a report.
//!
//! The whole size runs in process: the real draw places everybody, or one in so many, and what they then do is counted
//! against every limit, beside the same people under two other rules. A stated part of them runs the whole round over
//! real sockets, in hurried time and with trouble. docs/drills.md says what of it is real.

mod ages;
mod each;
mod entering;
mod faults;
mod gate;
mod gateway;
mod halted;
mod leftovers;
mod line;
mod outcome;
mod people;
mod reasons;
mod report;
mod round;
mod running;
mod seller;
mod selling;
mod serving;
mod telling;
mod time;
mod trouble;
mod whole;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use clap::Args;

use crate::{
    domain::{
        draft::{Draft, Starts},
        drill::{IN_PROCESS, Size, rehearsing, subject},
        plan::{Scenario, plan},
    },
    secret::Keys,
    stage::folder,
};

use halted::Begun;
use report::Whose;

pub use halted::Halted;
pub use outcome::{Held, Outcome};
pub use reasons::Reason;

/// The scenarios that are drilled.
pub const SCENARIOS: [&str; 6] = ["tongyeong", "sejong", "busan", "onnuri", "gyeonggi", "gyeonggi-entering"];

/// People of a scenario over sockets if nobody says how many; of a draft as many as an announcement asks for.
const PEOPLE: u64 = 200;
/// People of a scenario who are drawn in process, likewise.
const SAMPLE: u32 = 100_000;

/// What to drill.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The incident: tongyeong, sejong, busan, onnuri, gyeonggi, gyeonggi-entering; or a draft, TOML
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// That draft, read.
    #[arg(skip)]
    pub draft: Option<Box<Draft>>,
    /// The part of the people that runs over real sockets, above 0 and up to 1 [default: 200 people; of a draft as many
    /// as an announcement asks for: 2,000 or everybody, one in 360 of more than 720,000, 10,000 at most]
    #[arg(long)]
    pub scale: Option<f64>,
    /// Chance of everything that people do
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for the report and everything else that is made; emptied first if an earlier drill made it
    #[arg(long, value_name = "DIR", default_value = "jebi-drill")]
    pub report: PathBuf,
    /// Print the report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// In process, draw at most so many people; of more, a sample in windows as much longer [default: 100,000; of a draft
    /// 1,000,000, as an announcement asks for]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1_000..))]
    pub sample: Option<u32>,
    /// So many percent of what the seller says it takes are what it takes: what if it is mistaken?
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub capacity: u32,
}

impl Options {
    /// The scenario; of a draft the name of its file, for where that lies is nobody's business.
    pub fn name(&self) -> String {
        let name = Path::new(&self.scenario)
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into());
        // A note that is signed has no other lines than its own.
        if self.draft.is_some() { name.replace(char::is_control, " ") } else { self.scenario.clone() }
    }

    /// People who are drawn in process at most.
    pub fn most(&self) -> u32 {
        let otherwise = match self.draft {
            Some(_) => u32::try_from(IN_PROCESS).unwrap_or(u32::MAX),
            None => SAMPLE,
        };
        self.sample.unwrap_or(otherwise)
    }

    /// The part of so many people that runs over sockets.
    #[allow(clippy::cast_precision_loss, reason = "people")]
    fn part(&self, people: u64) -> f64 {
        let otherwise = match self.draft {
            Some(_) => Size::asked_for(people).over_sockets,
            None => people.min(PEOPLE),
        };
        self.scale.unwrap_or(otherwise as f64 / people.max(1) as f64)
    }
}

/// Whose signature the report gets: the deployment's, where there is one.
pub struct Signature {
    /// Its keys.
    pub keys: Keys,
    /// Its name, as in its seals.
    pub name: String,
}

/// What a drill left: what came of it, its report, and its folder.
pub struct Drilled {
    /// The figures.
    pub outcome: Outcome,
    /// Figures, page and signed note.
    pub files: [String; 3],
    /// Its folder.
    pub dir: PathBuf,
    /// Whether the report lies there.
    pub is_written: bool,
}

impl Drilled {
    /// Says what came of it: in words, or the figures.
    ///
    /// # Errors
    /// What standard output said.
    pub fn print(&self, json: bool) -> io::Result<()> {
        let [figures, ..] = &self.files;
        let (mut to, page) = (io::stdout().lock(), self.dir.join(report::PAGE));
        match json {
            true => to.write_all(figures.as_bytes())?,
            false => report::print(&mut to, &self.outcome, self.is_written.then_some(page.as_path()))?,
        }
        to.flush()
    }
}

/// Writes a report. That it cannot be written says nothing about the round; who keeps it has it all the same.
fn written(dir: &Path, files: &[String; 3]) -> bool {
    let written = report::write(dir, files);
    if let Err(error) = &written {
        tracing::error!(%error, "the report cannot be written");
    }
    written.is_ok()
}

/// The draft to drill, and the same people with one moment for all.
fn drafts(options: &Options) -> anyhow::Result<(Draft, Draft)> {
    let problem = |problem: String| anyhow!(problem);
    if let Some(draft) = &options.draft {
        let mut common = Draft::clone(draft);
        common.expect.starts = Starts::Shared;
        return Ok((Draft::clone(draft), common));
    }
    let name = options.scenario.as_str();
    let scenario = Scenario::find(name).filter(|_| SCENARIOS.contains(&name));
    let scenario = scenario.with_context(|| format!("there is no scenario {name}"))?;
    let as_it_was = scenario.as_it_was().with_context(|| format!("nobody says how {name} was"))?;
    Ok((scenario.draft().map_err(problem)?, as_it_was.draft().map_err(problem)?))
}

/// Drills, and writes the report.
///
/// # Errors
/// When the drill cannot begin. [`Halted`] when the round comes to a halt after that: then that is written instead.
pub async fn drill(options: &Options, signature: Option<Signature>) -> anyhow::Result<Drilled> {
    let (mut draft, mut as_it_was) = drafts(options)?;
    let problems = |problems: Vec<String>| anyhow!(problems.join("\n  "));
    let subject = subject(&draft).map_err(problems)?;
    // Where nobody says how many will come, as many as the plan reckons with; an announcement asks for as many.
    let people = rehearsing(&plan(&draft).map_err(problems)?.people, &draft.expect);
    draft.expect.entrants = Some(people);
    // That a draft says fewer does not keep those away who have a seat.
    draft.expect.at_most = draft.expect.at_most.map(|most| most.max(people));
    if options.draft.is_some() {
        // The same people come to the other rules. A scenario says itself how many came.
        (as_it_was.expect.entrants, as_it_was.expect.at_most) = (Some(people), draft.expect.at_most);
    }
    let scale = options.part(people);
    anyhow::ensure!(scale > 0.0 && scale <= 1.0, "--scale is above 0 and up to 1");
    if let Some(deployment) = &signature {
        // A name that cannot sign is found now, and not when the report is there.
        deployment.keys.signer(&deployment.name)?;
    }
    people::check(&draft)?;
    folder::check(&options.report, "drill")?;
    let whole = whole::Whole::new(&draft, &as_it_was, options)?;
    // Only now is it known that there is something to drill: before that the last report stays.
    let dir = folder::fresh(&options.report, "drill")?;
    let (announced, own) = round::announced(&whole, scale, options, &dir).await?;
    let signer = match signature {
        Some(deployment) => (deployment, Whose::Deployment),
        None => (own, Whose::Drill),
    };
    // What goes wrong in the round from here on is found by the drill.
    let title = (whole.draft.title_ko.clone(), whole.draft.title_en.clone());
    let error = match round::play(announced, &dir).await {
        Ok(played) => {
            let outcome = outcome::outcome(options, subject, scale, whole, &played);
            let files = report::files(&outcome, &signer)?;
            let is_written = written(&dir, &files);
            return Ok(Drilled { outcome, files, dir, is_written });
        }
        Err(error) => error,
    };
    let mut halted = Halted::new(Begun { options, subject, title, scale, dir: &dir }, &error);
    halted.files = report::halted(&halted, &signer)?;
    written(&dir, &halted.files);
    Err(halted.into())
}
