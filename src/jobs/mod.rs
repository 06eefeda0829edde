//! What is due is asked of the database; the metronome only knocks.
//!
//! Every part here may be killed anywhere, run twice or skip ticks: the next tick asks again.

mod metronome;
mod records;
mod relays;
mod sales;
mod steps;
mod sweep;
mod webhooks;
mod witnesses;

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;

pub use metronome::{Metronome, MetronomeError};
pub use records::records;
pub use sales::sales;
pub use steps::{check_published, log, remind, steps};
pub use sweep::sweep;
pub use webhooks::Teller;
pub use witnesses::Asked;

use crate::{
    app::App,
    clock::Clock,
    lifecycle,
    notify::{sending, vendor::Vendor},
};

/// One round of everything that is due but sending: for tests, and what each knock does.
pub async fn tick(app: &App) {
    fold(app).await;
    enrol(app).await;
    steps(app, app.clock.now()).await;
    records(app, app.clock.now()).await;
    log(app, app.clock.now()).await;
    forecast(app, app.clock.now()).await;
    remind(app, app.clock.now()).await;
    sales(app, app.clock.now()).await;
    sweep(app, app.clock.now()).await;
    incidents(app, app.clock.now()).await;
}

/// Starts the background work of an instance. It ends when `stop` is cancelled; await the handles
/// to know that it has.
pub fn start(
    app: &App,
    vendors: Vec<Arc<Vendor>>,
    knocks: &watch::Receiver<u64>,
    stop: &CancellationToken,
) -> Vec<JoinHandle<()>> {
    let mut tasks = vec![
        spawn(until(stop.clone(), folding(app.clone(), knocks.clone()))),
        spawn(stepping(app.clone(), knocks.clone(), stop.clone())),
        spawn(until(stop.clone(), logging(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), forecasting(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), recording(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), enrolling(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), selling(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), telling(app.clone(), knocks.clone()))),
        spawn(until(stop.clone(), looking(app.clone(), knocks.clone()))),
    ];
    for witness in Asked::all(&app.config.journal) {
        tasks.push(spawn(until(stop.clone(), witnessing(app.clone(), witness, knocks.clone()))));
    }
    tasks.extend(start_sending(app, vendors, knocks, stop));
    tasks
}

/// Starts only what sends: claims that ran out are freed by whoever works.
pub fn start_sending(
    app: &App,
    vendors: Vec<Arc<Vendor>>,
    knocks: &watch::Receiver<u64>,
    stop: &CancellationToken,
) -> Vec<JoinHandle<()>> {
    let mut tasks = vec![spawn(until(stop.clone(), sweeping(app.clone(), knocks.clone())))];
    for vendor in vendors {
        tasks.push(spawn(until(stop.clone(), tending(app.clone(), vendor.clone(), knocks.clone()))));
        // Sending ends between two handfuls, so that no outcome is lost on an orderly stop.
        tasks.push(spawn(sending(app.clone(), vendor, knocks.clone(), stop.clone())));
    }
    tasks
}

/// A panic in background work ends the process: whoever started it starts it again, and it asks
/// the database what is due. To go on without folding or sending would be worse, and unseen.
pub fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(async move {
        if std::panic::AssertUnwindSafe(work).catch_unwind().await.is_err() {
            tracing::error!("background work panicked, the process ends");
            std::process::abort();
        }
    })
}

async fn until(stop: CancellationToken, work: impl Future<Output = ()>) {
    stop.run_until_cancelled(work).await;
}

async fn folding(app: App, mut knocks: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            () = app.inbox.written() => {}
            knocked = knocks.changed() => if knocked.is_err() { return },
        }
        fold(&app).await;
    }
}

async fn fold(app: &App) {
    if let Err(error) = lifecycle::fold::fold(app).await {
        tracing::error!(%error, "inbox not folded");
    }
}

async fn enrolling(app: App, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        enrol(&app).await;
    }
}

/// Until nobody is left to be enrolled: millions take minutes, in which everything else goes on.
async fn enrol(app: &App) {
    loop {
        match lifecycle::enrol::enrol_some(app, app.clock.now()).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if app.complaints.may("enrol", app.clock.now()) => {
                return tracing::error!(%error, "nobody enrolled, will be tried again");
            }
            Err(_) => return,
        }
    }
}

/// What entrants so far make of the plan, once a day.
async fn forecast(app: &App, now: DateTime<Utc>) {
    if let Err(error) = lifecycle::forecast::forecast_due(app, now).await
        && app.complaints.may("forecast", now)
    {
        tracing::error!(%error, "no forecast made, will be tried again");
    }
}

/// What goes wrong, once a minute; by itself, so that a step which hangs is seen too.
async fn looking(app: App, mut knocks: watch::Receiver<u64>) {
    let mut second = 0;
    while knocks.changed().await.is_ok() {
        second = (second + 1) % 60;
        // Not at the first knock: what was due while nobody ran is being done just then.
        if second == 0 {
            incidents(&app, app.clock.now()).await;
        }
    }
}

async fn incidents(app: &App, now: DateTime<Utc>) {
    if let Err(error) = lifecycle::incidents::look(app, now).await
        && app.complaints.may("incidents", now)
    {
        tracing::error!(%error, "nobody looked for incidents, will be tried again");
    }
}

/// Each round by itself: while millions are drawn in one, another is sealed in time.
async fn stepping(app: App, mut knocks: watch::Receiver<u64>, stop: CancellationToken) {
    let (mut taking, mut busy) = (JoinSet::new(), HashSet::new());
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(taken) = taking.join_next() => {
                match taken.map_err(JoinError::try_into_panic) {
                    Ok(id) => busy.remove(&id),
                    // A panic there is one here.
                    Err(Ok(panic)) => std::panic::resume_unwind(panic),
                    Err(Err(_)) => break,
                };
                continue;
            }
            knocked = knocks.changed() => if knocked.is_err() { break },
        }
        let now = app.clock.now();
        let Some(due) = stop.run_until_cancelled(steps::due(&app, now)).await else { break };
        for due in due {
            if busy.insert(due.id) {
                let app = app.clone();
                taking.spawn(async move {
                    steps::take_due(&app, &due, now).await;
                    due.id
                });
            }
        }
    }
    taking.shutdown().await;
    for id in busy {
        lifecycle::leased::give_back(&app, id).await;
    }
}

/// Beside the steps, which take as long as they take: the journal goes on.
async fn logging(app: App, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        log(&app, app.clock.now()).await;
        remind(&app, app.clock.now()).await;
    }
}

/// By itself: to count millions takes a while, and nobody waits for it. What a stop interrupts another instance begins after
/// a minute.
async fn forecasting(app: App, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        forecast(&app, app.clock.now()).await;
    }
}

/// Knocks until files that could not be made are tried again: at first, and at most.
const FIRST_PAUSE: u32 = 60;
const LONGEST_PAUSE: u32 = 3_600;

/// Beside the steps: the files of millions take minutes, in which other rounds go on.
async fn recording(app: App, mut knocks: watch::Receiver<u64>) {
    let (mut wait, mut pause, mut checked) = (0_u32, FIRST_PAUSE, false);
    while knocks.changed().await.is_ok() {
        wait = wait.saturating_sub(1);
        if wait > 0 {
            continue;
        }
        if records(&app, app.clock.now()).await {
            pause = FIRST_PAUSE;
        } else {
            // To find out that something is wrong took as long as making it, and others wait meanwhile.
            wait = pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        // After what somebody may be waiting for.
        if !std::mem::replace(&mut checked, true) {
            check_published(&app).await;
        }
    }
}

async fn selling(app: App, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        sales(&app, app.clock.now()).await;
    }
}

async fn telling(app: App, mut knocks: watch::Receiver<u64>) {
    let teller = Teller::new();
    let mut telling = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = app.webhooks.notified() => {}
            knocked = knocks.changed() => if knocked.is_err() { return },
            Some(_) = telling.next() => continue,
        }
        // Not after what goes on: one that is slow to answer would keep all others waiting.
        telling.push(teller.tell_due(&app));
    }
}

async fn sweeping(app: App, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        sweep(&app, app.clock.now()).await;
    }
}

/// Each by itself: one that does not answer keeps nobody waiting.
async fn witnessing(app: App, mut witness: Asked, mut knocks: watch::Receiver<u64>) {
    while knocks.changed().await.is_ok() {
        witness.ask(&app).await;
    }
}

/// Codes by themselves: somebody waits for one at a page, and must not wait for a vendor that is slow with a
/// handful of something else.
async fn sending(app: App, vendor: Arc<Vendor>, knocks: watch::Receiver<u64>, stop: CancellationToken) {
    let (codes, others) = sending::CLASSES.split_at(1);
    tokio::join!(
        sending_some(&app, &vendor, codes, knocks.clone(), &stop),
        sending_some(&app, &vendor, others, knocks, &stop),
    );
    vendor.close().await;
}

async fn sending_some(
    app: &App,
    vendor: &Vendor,
    classes: &[&str],
    mut knocks: watch::Receiver<u64>,
    stop: &CancellationToken,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            () = app.outbox.notified() => {}
            knocked = knocks.changed() => if knocked.is_err() { break },
        }
        if let Err(error) = sending::send_due_of(app, vendor, classes, stop).await {
            tracing::error!(%error, channel = vendor.channel().key(), "notices not sent");
            Clock::pause(sending::AHEAD).await;
        }
    }
}

/// Looks up what is unknown at every knock, and once a minute how vendors do.
async fn tending(app: App, vendor: Arc<Vendor>, mut knocks: watch::Receiver<u64>) {
    let mut minute = 0;
    while knocks.changed().await.is_ok() {
        if let Err(error) = vendor.look_up(&app).await
            && app.complaints.may("look-up", app.clock.now())
        {
            tracing::error!(%error, "texts not looked up");
        }
        minute = (minute + 1) % 60;
        if minute != 1 {
            continue;
        }
        if let Err(error) = vendor.tend(&app).await
            && app.complaints.may("vendors' reports", app.clock.now())
        {
            tracing::error!(%error, "reports not read");
        }
    }
}
