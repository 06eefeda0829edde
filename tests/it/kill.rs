//! `kill -9` in the middle of entering, ten times: what was acknowledged is there, once.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::{StatusCode, header};
use chrono::{TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Seoul;
use entities::inbox;
use jebi::{
    app::{App, Round},
    clock::Clock,
    config::{Config, DatabaseUrl},
    demo,
    domain::contact::{Channel, Contact},
    identity::Person,
    lifecycle::{
        self,
        announce::{Staff, announce},
    },
    secret::random_below,
    stage::mailbox::Mailbox,
    store,
    web::{self, Consented, Proven, Visitor},
};
use sea_orm::EntityTrait;

use crate::{
    peer::free_port,
    support::{Browser, Engine, both, config, database},
};

both!(whatever_was_acknowledged_survives_kill_9_ten_times);

const KILLS: usize = 10;
const RESIDENTS: usize = 3_000;
const CONNECTIONS: usize = 24;

/// `jebi serve` as an operator starts it.
pub(crate) struct Served(Child);

impl Served {
    pub(crate) async fn start(file: &Path, address: SocketAddr, log: &Path) -> Self {
        Self::spawn("serve", file, log, &[]).ready(address).await
    }

    /// Once it takes visitors.
    pub(crate) async fn ready(self, address: SocketAddr) -> Self {
        for _ in 0..3_000 {
            if reqwest::get(format!("http://{address}/readyz")).await.is_ok_and(|ready| ready.status() == 200)
            {
                return self;
            }
            Clock::pause(Duration::from_millis(10)).await;
        }
        panic!("jebi serve does not get ready");
    }

    /// `jebi serve`, or what else runs until it is stopped, with these variables.
    pub(crate) fn spawn(what: &str, file: &Path, log: &Path, variables: &[(&str, String)]) -> Self {
        let log = File::options().create(true).append(true).open(log).unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_jebi"));
        program.envs(variables.iter().map(|(name, value)| (name, value)));
        program.arg(what).arg("--config").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self(program.spawn().unwrap())
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What an operator writes down.
pub(crate) fn file(config: &Config, address: SocketAddr) -> String {
    let mail = config.mail.as_ref().unwrap();
    format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\nstate_dir = \"{}\"\ndatabase_url = \"{}\"\n\
         [municipality]\nname = \"통영시\"\ncontact = \"055-000-0000\"\nsite_in_words = \"통영시 누리집\"\n\
         [mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"jebi@tongyeong.example\"\nper_second = 1000\nsend_seal = {}\n\
         [log]\nlevel = \"trace\"\n",
        config.state_dir.display(),
        config.database_url().expose(),
        mail.port,
        mail.send_seal,
    )
}

/// A resident up to the last button: cookie and token, which outlive the process.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) receipt: String,
    pub(crate) cookie: String,
    pub(crate) token: String,
}

pub(crate) async fn ready(app: &App, site: &Browser, round: &Round, number: usize) -> Ready {
    let address = format!("canary{number}@survivors.example");
    let contact = Contact::parse(Channel::Email, &address).unwrap();
    let receipt = round.receipt(&contact.person_key()).unwrap().to_string();
    let mut visitor = Visitor::new();
    let consented = Some(Consented { slug: "survivors".to_owned(), digest: "5e".repeat(32) });
    let person = Person::by_contact(contact);
    visitor.proven = Some(Proven { person, at: app.clock.now(), consented, listed: None });
    let header = visitor.header(app).unwrap();
    let (pair, _) = header.to_str().unwrap().split_once(';').unwrap();
    let mut browser = site.clone();
    browser.cookies.insert("jebi".to_owned(), pair.strip_prefix("jebi=").unwrap().to_owned());
    browser.csrf = app.keys.csrf(&visitor.id);
    let fields = [("want", "100000"), ("wish_1", "am")];
    browser.post("/rounds/survivors/details", &fields).await.to();
    Ready { receipt, cookie: format!("jebi={}", browser.cookies["jebi"]), token: browser.csrf }
}

async fn whatever_was_acknowledged_survives_kill_9_ten_times(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::bind("127.0.0.1:0").await.unwrap();
    let url: DatabaseUrl = database(engine, folder.path()).await;
    let config = config(folder.path(), url, mailbox.addr().port());
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (toml, log) = (folder.path().join("jebi.toml"), folder.path().join("log"));
    fs::write(&toml, file(&config, address)).unwrap();

    // Announced in the same database, with the same key file.
    let minute = Utc::now().with_timezone(&Seoul).with_second(0).unwrap() - TimeDelta::minutes(1);
    let app = App::start(config, Clock::set(minute.to_utc() - TimeDelta::minutes(1), 0)).await.unwrap();
    let mut draft = demo::tongyeong(minute.to_utc(), 10_000);
    draft.slug = "survivors".to_owned();
    let staff = Staff::new("a clerk", "an approver");
    let row = announce(&app, &draft, &staff).await.unwrap();
    app.clock.jump_to(Utc::now());
    let round = app.rounds.find(&row.slug).await.unwrap().unwrap();
    let site = Browser::new(web::router(app.clone()));
    let mut crowd = Vec::new();
    for number in 0..RESIDENTS {
        crowd.push(ready(&app, &site, &round, number).await);
    }
    let crowd: Arc<[Ready]> = crowd.into();

    let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
    let next = Arc::new(AtomicUsize::new(0));
    let mut kills_under_load = 0;
    for _ in 0..KILLS {
        let served = Served::start(&toml, address, &log).await;
        let before = acknowledged.lock().unwrap().len();
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let (crowd, next, acknowledged) = (crowd.clone(), next.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
                    let client = client.build().unwrap();
                    while let Some(one) = crowd.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let post = client.post(format!("http://{address}/rounds/survivors/entry"));
                        let post =
                            post.header(header::COOKIE.as_str(), &one.cookie).form(&[("csrf", &one.token)]);
                        // Whose connection breaks does not know, and may come again: not counted.
                        let Ok(answer) = post.send().await else { return };
                        assert_eq!(answer.status(), StatusCode::SEE_OTHER.as_u16());
                        acknowledged.lock().unwrap().push(one.receipt.clone());
                    }
                })
            })
            .collect();
        // After some hundred answers at most, and then somewhere between two of them.
        let enough = before + 20 + random_below(200) as usize;
        while acknowledged.lock().unwrap().len() < enough
            && clients.iter().any(|client| !client.is_finished())
        {
            tokio::task::yield_now().await;
        }
        Clock::pause(Duration::from_micros(random_below(20_000))).await;
        kills_under_load += usize::from(clients.iter().any(|client| !client.is_finished()));
        served.kill();
        for client in clients {
            client.await.unwrap();
        }
        // The application of before knows nothing of it; the database alone does.
        let acknowledged = acknowledged.lock().unwrap();
        println!("{engine:?}: {} acknowledged before this kill", acknowledged.len() - before);
    }
    assert_eq!(kills_under_load, KILLS, "the crowd was through before the kill: more residents are needed");

    lifecycle::fold::fold(&app).await.unwrap();
    assert!(inbox::Entity::find().one(app.db.read()).await.unwrap().is_none());
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() >= 20 * KILLS, "only {} were acknowledged", acknowledged.len());
    let kept = store::entry::list(app.db.read(), row.id, &acknowledged).await.unwrap();
    let lost: Vec<&String> = acknowledged.iter().filter(|receipt| !kept.contains_key(*receipt)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged entries are lost", lost.len(), acknowledged.len());
    // Nothing is there that nobody sent, nobody is there twice, and everybody is told once.
    let tried = next.load(Ordering::Relaxed).min(RESIDENTS);
    let all = store::entry::count(app.db.read(), row.id).await.unwrap() as usize;
    assert!((acknowledged.len()..=tried).contains(&all), "{all} entries, {tried} tries");
    let told = store::notice::list(app.db.read(), row.id, "entered").await.unwrap();
    assert_eq!(told.len(), all);

    // The address of nobody is in the log, however much was asked to be logged.
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("serving") && !log.contains("survivors.example"), "{log}");
}
