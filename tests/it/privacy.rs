//! Personal data stays where it belongs: in sealed columns, in the mail to its owner, nowhere else.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entities::consent;
use jebi::{
    domain::draft::Draft,
    words::{Lang, instant},
};
use public_audit::Digest;
use sea_orm::EntityTrait;

use crate::support::{Engine, TestApp, both, verified};

both!(an_address_is_nowhere_but_with_its_owner, what_was_agreed_to_can_be_shown_and_lasts_so_long_as_it_says);

/// Everything this process logs from the first use on.
static LOG: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(|| {
    let log = Arc::default();
    let writer = Writer(Arc::clone(&log));
    // As loud as an operator could make it without asking other crates to speak.
    let quiet = "trace,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,reqwest=warn,rustls=warn,\
                 lettre=warn,tokio_cron_scheduler=warn,i18n_embed=warn,mailin=off";
    let logger = tracing_subscriber::fmt().with_env_filter(quiet).with_writer(move || writer.clone());
    // Another test may have started a log of its own; then there is nothing to look at here.
    let _ = logger.try_init();
    log
});

#[derive(Clone)]
struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push((path.display().to_string(), fs::read(&path).unwrap())),
        }
    }
}

fn holds(bytes: &[u8], canary: &str) -> bool {
    let bytes: Vec<u8> = bytes.iter().map(u8::to_ascii_lowercase).collect();
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

async fn an_address_is_nowhere_but_with_its_owner(engine: Engine) {
    LazyLock::force(&LOG);
    let (t, round) = TestApp::open(engine).await;
    let canary = format!("canary-{}", format!("{engine:?}").to_lowercase());
    let mut visited = Vec::new();
    let mut crowd = Vec::new();
    for number in 0..4 {
        let address = format!("{canary}-{number}@nest.example");
        let mut resident = t.resident(&round.slug, &address).await;
        resident.enter(100_000, &["am"]).await;
        let page = resident.mine().await;
        // On the pages, too, only enough of it for its owner.
        assert!(!page.body().contains(&canary), "{}", page.body());
        crowd.push(resident);
    }
    crowd[0].enter(50_000, &[]).await;
    crowd[1].withdraw().await;
    // Mistakes are logged as well, without what was typed.
    let mut clumsy = t.stranger_at(&round.slug, &format!("{canary}-5@nest"));
    clumsy.get("enter").await;
    let typed = format!("{canary}-5@nest example");
    for fields in
        [&[("email", typed.as_str()), ("channel", "email")][..], &[("phone", &typed), ("channel", "sms")]]
    {
        assert_eq!(clumsy.post("enter", fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // A code whose mail cannot leave stays for a while, sealed.
    let mut unlucky = t.stranger_at(&round.slug, &format!("{canary}-6@nest.example"));
    unlucky.ask("enter").await.to();
    t.send_by(&t.app, &t.vendor_at(crate::peer::free_port())).await;
    let refusing =
        |command: &str| Some(if command.starts_with("RCPT") { "550 no such user here" } else { "" });
    t.tick().await;
    t.send_by(&t.app, &t.vendor_at(crate::support::SmtpPeer::start(refusing).await.port)).await;
    t.draw(&round).await;
    t.jump(round.results_at);
    t.tick().await;
    for (name, bytes) in verified(&t, &round).await {
        assert!(!holds(&bytes, &canary), "{name} of the record");
    }
    t.send_until(round.ends_at).await;
    for resident in crowd.iter_mut().chain([&mut clumsy, &mut unlucky]) {
        visited.append(&mut resident.browser.visited);
        for cookie in resident.browser.cookies.values() {
            assert!(!holds(cookie.as_bytes(), &canary), "a cookie shows it");
        }
    }
    for address in &visited {
        assert!(!holds(address.as_bytes(), &canary), "{address}");
    }
    for (table, rows) in t.dump().await {
        assert!(!holds(rows.as_bytes(), &canary), "table {table}: {rows}");
    }
    let mut written = Vec::new();
    files(t.folder(), &mut written);
    assert!(
        written.len() >= 8
            && (engine == Engine::Postgres || written.iter().any(|(f, _)| f.ends_with("sqlite")))
    );
    for (file, bytes) in written {
        assert!(!holds(&bytes, &canary), "{file}");
    }
    let log = LOG.lock().unwrap();
    assert!(holds(&log, "step taken"), "nothing was logged, so this shows nothing");
    assert!(!holds(&log, &canary), "the log");
}

async fn what_was_agreed_to_can_be_shown_and_lasts_so_long_as_it_says(engine: Engine) {
    let t = TestApp::start(engine).await;
    let round = t.announced(Draft { retention_days: 7, ..t.draft(10) }).await;
    t.jump(round.opens_at);
    let mut minji = t.resident(&round.slug, "minji@example.org").await;
    minji.enter(100_000, &[]).await;
    t.tick().await;
    let digest = t.entries(&round).await.remove(0).consent_digest;
    assert!(minji.mine().await.body().contains(&format!("/consent/{digest}")));
    let words = minji.browser.get(&format!("/consent/{digest}")).await;
    assert_eq!(Digest::of(words.body()).to_string(), digest);
    let until = instant::long_date(round.ends_at + TimeDelta::days(7), Lang::Ko);
    assert!(words.body().contains(&until), "{}", words.body());
    assert!(minji.browser.get("/privacy").await.body().contains(&until));
    // Changing an entry asks nothing again; who agreed in another language agreed to other words.
    minji.enter(50_000, &[]).await;
    // Nor does it in another session, which has agreed to nothing.
    t.tick().await;
    let mut later = t.stranger_at(&round.slug, "minji@example.org");
    later.identify(&t, "my").await;
    later.enter(70_000, &[]).await;
    t.tick().await;
    let entry = t.entries(&round).await.remove(0);
    assert_eq!((entry.want, entry.consent_digest), (70_000, digest.clone()));
    let mut jane = t.stranger_at(&round.slug, "jane@example.org");
    jane.browser = jane.browser.in_english();
    jane.identify(&t, "enter").await;
    jane.enter(50_000, &[]).await;
    t.tick().await;
    let mut agreed: Vec<String> =
        t.entries(&round).await.into_iter().map(|entry| entry.consent_digest).collect();
    agreed.sort();
    agreed.dedup();
    assert!(agreed.len() == 2 && agreed.contains(&digest), "{agreed:?}");
    assert_eq!(consent::Entity::find().all(t.db()).await.unwrap().len(), 2);

    t.draw(&round).await;
    let row = t.row(&round).await;
    t.jump(row.ends_at + TimeDelta::days(7) - TimeDelta::seconds(1));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_none());
    t.pass(TimeDelta::seconds(1));
    t.tick().await;
    assert!(t.row(&round).await.purged_at.is_some());
}
