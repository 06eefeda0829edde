//! `jebi drill`: a rehearsal of one of the five incidents, or of a draft, with a report.
//!
//! The whole size runs in process: the real draw places everybody, or one in so many, and what they then do is counted
//! against every limit, beside the same people under two other rules. A stated part of them runs the whole round over
//! real sockets, in hurried time and with trouble. docs/drills.md says what of it is real.

mod ages;
mod counted;
mod delivery;
mod each;
mod entering;
mod faults;
mod folder;
mod gateway;
mod halted;
mod leftovers;
mod line;
mod names;
mod options;
mod outcome;
mod people;
mod reasons;
mod report;
mod round;
mod running;
mod seller;
mod selling;
mod serving;
mod stages;
mod stand_in;
mod telling;
mod time;
mod trouble;
mod which;
mod whole;
mod worth;

use std::io;

use anyhow::{Context, anyhow};

use crate::{
    domain::{
        draft::{Draft, Starts},
        drill::{rehearsing, subject},
        plan::{Scenario, plan},
    },
    secret::Keys,
};

use folder::Folder;
use report::{Report, Whose, printed};
use stages::{Stage, say};
use which::Drill;

pub use halted::Halted;
pub use options::{Options, SCENARIOS};
pub use outcome::Outcome;
pub use reasons::Reason;
pub use trouble::TroubleKind;

/// Whose signature the report gets: the deployment's, where there is one.
pub struct Signature {
    /// Its keys.
    pub keys: Keys,
    /// Its name, as in its seals.
    pub name: String,
}

/// What a drill left: what came of it, and its report.
pub struct Drilled {
    /// The figures.
    pub outcome: Outcome,
    /// Its report.
    pub report: Report,
}

impl Drilled {
    /// Says what came of it: in words, or the figures.
    ///
    /// # Errors
    /// What standard output said.
    pub fn print(&self, json: bool) -> io::Result<()> {
        self.report.print(json, |to, page| printed::outcome(to, &self.outcome, page))
    }
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
    folder::check(&options.report)?;
    let whole = whole::Whole::new(&draft, &as_it_was, options)?;
    say(&Stage::InProcess { people: whole.people, one_in: whole.one_in });
    let folder = Folder::begin(&options.report)?;
    let (announced, own) = round::announced(&whole, scale, options, folder.next()).await?;
    let signer = match signature {
        Some(deployment) => (deployment, Whose::Deployment),
        None => (own, Whose::Drill),
    };
    // What goes wrong in the round from here on is found by the drill.
    let played = round::play(announced, folder.next()).await;
    let drill = Drill::new(options, subject, &whole.draft, scale);
    match played {
        Ok(played) => {
            let outcome = outcome::outcome(drill, whole, &played);
            let report = Report::write(report::files(&outcome, &signer)?, &folder);
            Ok(Drilled { outcome, report })
        }
        Err(error) => {
            let mut halted = Halted::new(drill, folder.next(), &error);
            halted.report = Report::write(report::halted(&halted, &signer)?, &folder);
            Err(halted.into())
        }
    }
}
