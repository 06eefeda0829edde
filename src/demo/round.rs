//! The round of the demo, from announce to the verifier's verdict.

use std::{net::Ipv4Addr, path::PathBuf, process::ExitCode, sync::Arc, time::Instant};

use anyhow::{Context, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{
    Options, crowd, scenario,
    summary::{Summary, peak_per_minute},
};
use crate::{
    app::App,
    cli::log,
    clock::Clock,
    domain::state::State,
    lifecycle::announce::{Staff, announce},
    service::{self, Service},
    stage::{GLANCE, folder, mailbox::Mailbox, record, steps, verifier},
    store,
};

/// How much faster than real time the hours of result notices go by.
const HURRY: u32 = 600;
/// How much faster while the computer catches up.
const CALM: u32 = 60;
/// Due for longer than this, on the demo's clock, means that it does not keep up.
const BEHIND: TimeDelta = TimeDelta::minutes(30);
/// Marks a folder as the demo's own, to be emptied without asking.
const MARK: &str = "demo";

pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let dir = folder::fresh(&options.dir, MARK)?;
    let mailbox = Arc::new(Mailbox::bind((Ipv4Addr::LOCALHOST, 0)).await?);
    let listener = listen(options.port).await?;
    let site: Arc<str> = format!("http://{}", listener.local_addr()?).into();
    let config = folder::config(&dir, &site, mailbox.addr().port(), MARK);
    log::init(&config.log).map_err(|error| anyhow!(error))?;
    let vendors = service::vendors(&config).await.map_err(|error| anyhow!(error))?;
    let app = App::start(config, Clock::set(scenario::morning(Clock::wall().now()), 1)).await?;
    let service = Service::start(&app, vendors).await?;
    let closing = CancellationToken::new();
    let server = tokio::spawn({
        let (app, closing) = (app.clone(), closing.clone());
        async move { service::serve(&app, listener, closing.cancelled_owned()).await }
    });

    let demo = Demo { app, mailbox, site, dir, options, began };
    let summary = demo.play().await?;
    match demo.options.json {
        true => println!("{}", serde_json::to_string_pretty(&summary)?),
        false => summary.print(),
    }
    if !demo.options.exit {
        demo.look_around(&summary).await?;
    }
    closing.cancel();
    server.await??;
    service.stop().await;
    Ok(if summary.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Demo {
    app: App,
    mailbox: Arc<Mailbox>,
    site: Arc<str>,
    dir: PathBuf,
    options: Options,
    began: Instant,
}

impl Demo {
    async fn play(&self) -> anyhow::Result<Summary> {
        let clock = &self.app.clock;
        let draft = scenario::tongyeong(clock.now() + TimeDelta::minutes(1), self.options.residents);
        let staff = Staff::new("demo clerk", "demo approver");
        let round = announce(&self.app, &draft, &staff).await?;
        let slug = round.slug.as_str();
        clock.jump_to(round.opens_at);
        self.say(&format!("Site         {}/rounds/{slug}", self.site));

        let entering = Instant::now();
        let bar = self.bar("Entering", u64::from(self.options.residents));
        let crowd =
            crowd::enter(self.site.clone(), self.mailbox.clone(), slug, self.options.residents, &bar).await?;
        bar.finish();
        let entering = entering.elapsed().as_secs_f64();
        steps::confirmed(&self.app, round.id).await?;

        // Nothing happens now until the close but waiting: the clock is moved, and each step is
        // taken by the metronome as it would be on the day.
        for (at, state) in [(round.closes_at, State::Closed), (round.seals_at, State::Sealed)] {
            clock.jump_to(at);
            steps::reached(&self.app, slug, |round| round.state(clock.now()) == state).await?;
        }
        clock.jump_to(round.reveals_at);
        steps::reached(&self.app, slug, |round| round.row.revealed_at.is_some()).await?;
        clock.jump_to(round.pulse_at);
        steps::reached(&self.app, slug, |round| round.row.drawn_at.is_some()).await?;

        steps::planned(&self.app, round.id).await?;
        clock.jump_to(round.results_at);
        clock.run_at(HURRY);
        self.told(round.id).await?;
        clock.run_at(1);

        let record = record::download(&self.site, slug, &self.dir.join("record")).await?;
        let verdict = verifier::verify(&record).await?;
        self.summary(round.id, slug, crowd, entering, record, verdict).await
    }

    async fn told(&self, round_id: i64) -> anyhow::Result<()> {
        let db = self.app.db.read();
        let all = store::notice::list(db, round_id, "result").await?;
        let last = all.iter().map(|notice| notice.planned_at).max();
        let bar = self.bar(&format!("Results (up to {HURRY} times faster)"), all.len() as u64);
        loop {
            let accepted = store::notice::count(db, round_id, "result", "accepted").await?;
            bar.set_position(accepted);
            let mut open = 0;
            for state in ["planned", "sending", "unknown"] {
                open += store::notice::count(db, round_id, "result", state).await?;
            }
            if open == 0 {
                bar.finish();
                return Ok(());
            }
            self.keep_up(last).await?;
            Clock::pause(GLANCE).await;
        }
    }

    /// A computer that cannot keep up with so fast a clock must not make anybody's notice late: time slows down
    /// until what was due has left. Whatever is left after the `last` was planned for was put off, minute by minute:
    /// no minute was long enough to send it in.
    async fn keep_up(&self, last: Option<DateTime<Utc>>) -> anyhow::Result<()> {
        let clock = &self.app.clock;
        let waiting =
            store::notice::count_waiting(self.app.db.read(), "email", "notice", clock.now()).await?;
        let is_behind = waiting.oldest_due_at.is_some_and(|due_at| clock.now() - due_at > BEHIND)
            || last.is_some_and(|last| clock.now() > last);
        clock.run_at(if is_behind { CALM } else { HURRY });
        Ok(())
    }

    async fn summary(
        &self,
        round_id: i64,
        slug: &str,
        crowd: crowd::Entered,
        entering: f64,
        record: PathBuf,
        verdict: verifier::Verdict,
    ) -> anyhow::Result<Summary> {
        let db = self.app.db.read();
        let places = store::assignment::list_by_rank(db, round_id).await?;
        let starts: Vec<DateTime<Utc>> = places.iter().filter_map(|place| place.starts_at).collect();
        let amounts = || {
            places.iter().filter(|place| place.starts_at.is_some()).map(|place| place.amount.unsigned_abs())
        };
        let notices = store::notice::list(db, round_id, "result").await?;
        let sent = store::notice::list_attempted(db, round_id, "result").await?;
        let mut faults = crowd.faults;
        if places.len() as u64 != crowd.entered {
            faults.push(format!("{} entries were acknowledged, {} were drawn", crowd.entered, places.len()));
        }
        let told = self.result_mails();
        let not_exactly_one = told.values().filter(|count| **count != 1).count() as u64
            + crowd.entered.saturating_sub(told.len() as u64);
        let budget = self.app.rounds.find(slug).await?.map_or(0, |round| round.rules.goods.budget);
        Ok(Summary {
            entered: crowd.entered,
            repeated: crowd.repeated,
            withdrawn: crowd.withdrawn,
            assigned: starts.len() as u64,
            waitlisted: (places.len() - starts.len()) as u64,
            amount: (amounts().min().unwrap_or(0), amounts().max().unwrap_or(0)),
            amount_sum: amounts().sum(),
            budget,
            starts_at: starts.iter().min().copied().zip(starts.iter().max().copied()),
            starts_peak: peak_per_minute(starts.iter().copied()),
            notices: notices.iter().filter(|notice| notice.state == "accepted").count() as u64,
            notices_peak: (
                peak_per_minute(notices.iter().map(|notice| notice.planned_at)),
                peak_per_minute(sent.into_iter()),
            ),
            hurry: HURRY,
            not_exactly_one,
            seconds: (entering, self.began.elapsed().as_secs_f64()),
            verified: verdict.matches,
            report: verdict.report,
            faults,
            site: self.site.to_string(),
            slug: slug.to_owned(),
            record,
        })
    }

    /// How many result mails each recipient has in their mailbox, whatever our database says.
    fn result_mails(&self) -> std::collections::HashMap<String, usize> {
        let is_result = |body: &str| body.contains("순번");
        let mut told = std::collections::HashMap::new();
        for (recipient, _) in self.mailbox.counts() {
            let results =
                self.mailbox.messages_for(&recipient).iter().filter(|mail| is_result(&mail.body)).count();
            if results > 0 {
                told.insert(recipient, results);
            }
        }
        told
    }

    async fn look_around(&self, summary: &Summary) -> anyhow::Result<()> {
        let round = format!("{}/rounds/{}", summary.site, summary.slug);
        self.say(&format!(
            "\nLook around:\n  {round}\n  {round}/record\n  {}/status\n\nCtrl-C ends.",
            summary.site
        ));
        tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
    }

    fn bar(&self, what: &str, length: u64) -> ProgressBar {
        let style = ProgressStyle::with_template("{msg:32} {wide_bar} {pos}/{len} {elapsed}");
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what.to_owned());
        bar
    }

    /// To standard error, so that `--json` stays alone on standard output.
    fn say(&self, line: &str) {
        eprintln!("{line}");
    }
}

async fn listen(port: Option<u16>) -> anyhow::Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => {
            bind(port).await.with_context(|| format!("port {port} cannot be used: name another with --port"))
        }
        None => match bind(8080).await {
            Ok(listener) => Ok(listener),
            Err(_) => Ok(bind(0).await?),
        },
    }
}
