//! jebi itself: the real router, accept loop, cookies, forms and database.

use std::{net::SocketAddr, path::Path};

use chrono::TimeDelta;
use entities::{entry, notice};
use jebi::{
    app::App,
    clock::Clock,
    config::{Config, DatabaseUrl},
    demo::tongyeong,
    domain::{
        contact::{Channel, Contact},
        draft::{BeaconChoice, Draft, Seller},
    },
    identity::Person,
    lifecycle::{
        announce::{Staff, announce},
        fold::fold,
        forecast::forecast_due,
        sale::WEBHOOK_SECRET,
    },
    notify::content::CONTACT,
    secret::random_bytes,
    service::{self, Service},
    store::{self, inbox::Inbox},
    web::{self, Consented, Proven, Visitor},
};
use public_audit::Receipt;
use sea_orm::ActiveValue::Set;
use tokio::net::TcpListener;

use crate::generator::Requests;

/// Entries of one transaction when the table is filled.
const FILL: usize = 10_000;
/// Entries that are put there in order.
const RUN: usize = 2_500_000;

/// One instance with an open round.
pub struct Jebi {
    pub app: App,
    pub addr: SocketAddr,
    pub round_id: i64,
    pub slug: String,
}

impl Jebi {
    /// Starts an instance on `url`, or on SQLite in `folder`, and announces a round.
    pub async fn start(folder: &Path, url: Option<&str>) -> Self {
        Self::start_with(folder, url, true).await
    }

    /// The same path up to the inbox, which says at once that it has kept what it has not.
    pub async fn unkept(folder: &Path) -> Self {
        Self::start_with(folder, None, false).await
    }

    async fn start_with(folder: &Path, url: Option<&str>, keeps: bool) -> Self {
        let sqlite = format!("sqlite://{}?mode=rwc", folder.join("jebi.sqlite").display());
        let config = Config {
            state_dir: folder.to_owned(),
            database_url: Some(DatabaseUrl::new(url.unwrap_or(&sqlite))),
            ..Config::default()
        };
        if let Some(url) = url {
            let db =
                store::Db::connect(url, 1, std::time::Duration::from_secs(60)).await.expect("the database");
            store::migrate(&db).await.expect("migrated");
        }
        let opens = Clock::wall().now();
        let clock = Clock::set(opens - TimeDelta::hours(1), 1);
        let app = App::start(config, clock.clone()).await.expect("an instance");
        let app = match keeps {
            true => app,
            false => app.with_inbox(Inbox::unkept(clock.clone())).expect("nobody else has it"),
        };
        // Without a public pulse a bench can go on to the draw.
        let draft = Draft { beacon: BeaconChoice::None, ..tongyeong(opens, 10_000_000) };
        // Whoever reads passes, so that pages have one.
        let market =
            Seller { name: "market".to_owned(), per_minute: 1_000_000, level: 2, ..Seller::default() };
        let draft = Draft { seller: vec![market], ..draft };
        let txn = app.db.begin().await.expect("a transaction");
        let secret = app.keys.people().seal(WEBHOOK_SECRET, &"whsec_c2VjcmV0");
        store::seller::insert(&txn, "market", secret, app.clock.now()).await.expect("a seller");
        txn.commit().await.expect("committed");
        let staff = Staff::new("clerk", "approver");
        let round = announce(&app, &draft, &staff).await.expect("an open round");
        clock.jump_to(opens);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let serving = app.clone();
        tokio::spawn(async move { service::serve(&serving, listener, std::future::pending()).await });
        Self { app, addr, round_id: round.id, slug: round.slug }
    }

    /// Starts the background work, as `jebi serve` does.
    pub async fn background(&self) -> Service {
        Service::start(&self.app, Vec::new()).await.expect("background work")
    }

    /// Puts `count` entries into the table, each with its notice, as the fold would. In runs of millions, each in the
    /// order of receipts: in no order at all every transaction would touch nearly every page of the indexes. The runs lie
    /// between each other, so that the pages are as full as those of people who come in no order.
    pub async fn fill(&self, count: usize) {
        let person_sealed = self.app.keys.people().seal(CONTACT, &address(0));
        for begin in (0..count).step_by(RUN) {
            let run = RUN.min(count - begin);
            let mut receipts: Vec<[u8; 10]> = (0..run).map(|_| random_bytes()).collect();
            receipts.sort_unstable();
            for some in receipts.chunks(FILL) {
                self.put(some, &person_sealed).await;
            }
        }
        // Once a day it counts all of them; here that would be in every round, which is seconds and begins anew.
        forecast_due(&self.app, self.app.clock.now()).await.expect("the forecast of the day");
    }

    async fn put(&self, receipts: &[[u8; 10]], person_sealed: &str) {
        let now = self.app.clock.now();
        let receipts: Vec<String> =
            receipts.iter().map(|bytes| Receipt::from_bytes(*bytes).to_string()).collect();
        let entries = receipts.iter().map(|receipt| entry::Model {
            round_id: self.round_id,
            receipt: receipt.clone(),
            seats: 1,
            want: 250_000,
            weight: 1,
            wish: "pm+am".to_owned(),
            fields: String::new(),
            person_sealed: person_sealed.to_owned(),
            channel: "email".to_owned(),
            lang: "ko".to_owned(),
            entered_at: now,
            changed_at: now,
            withdrawn_at: None,
            version: 1,
            inbox_id: 0,
            lead: None,
            miss_key: String::new(),
            consent_digest: String::new(),
            attended: false,
        });
        let txn = self.app.db.begin().await.expect("a transaction");
        store::entry::insert_all(&txn, entries.collect()).await.expect("entries");
        let (round_id, notices) = (Set(self.round_id), receipts.into_iter());
        let notices = notices.map(|receipt| notice::ActiveModel {
            round_id: round_id.clone(),
            about: Set(receipt),
            reason: Set("entered".to_owned()),
            version: Set(1),
            channel: Set("email".to_owned()),
            planned_at: Set(now),
            due_at: Set(now),
            deadline_at: Set(now),
            state: Set("accepted".to_owned()),
            claim: Set(1),
            claimed_until: Set(None),
            ended_at: Set(Some(now)),
            ..Default::default()
        });
        store::notice::insert_all(&txn, notices).await.expect("notices");
        txn.commit().await.expect("committed");
    }

    /// Folds what is left. Returns how much there was.
    pub async fn settle(&self) -> usize {
        fold(&self.app).await.expect("folded")
    }

    /// The last step of `count` people who have proven who they are and given their answers.
    pub fn requests(&self, people: std::ops::Range<usize>) -> Requests {
        let path = format!("/rounds/{}/entry", self.slug);
        let answer = format!("location: /rounds/{}/my\r\n", self.slug);
        let mut number = people.start;
        Requests::new(&path, answer, people.len(), |head| {
            let visitor = self.visitor(number, &self.slug);
            number += 1;
            head.extend_from_slice(self.browser(&visitor).as_bytes());
            self.form(&visitor)
        })
    }

    /// The form of somebody's last step, as the page before has it.
    pub fn form(&self, visitor: &Visitor) -> String {
        let draft = visitor.draft.as_ref().expect("answers");
        let seen = draft.seen(&self.app, self.app.clock.now(), None);
        format!("csrf={}&seen={seen}", self.app.keys.csrf(&visitor.id))
    }

    /// The header lines of a browser with somebody's cookie.
    pub fn browser(&self, visitor: &Visitor) -> String {
        let cookie = visitor.header(&self.app).expect("a cookie");
        let cookie = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
        format!(
            "cookie: {cookie}\r\norigin: http://127.0.0.1\r\naccept: text/html\r\naccept-language: ko-KR,ko;q=0.9\r\n"
        )
    }

    /// Somebody who has proven who they are, and entered before.
    pub fn known(&self, number: usize) -> Visitor {
        Visitor { draft: None, ..self.visitor(number, &self.slug) }
    }

    /// Somebody who has proven who they are and given their answers for a round.
    pub fn visitor(&self, number: usize, slug: &str) -> Visitor {
        let contact = Contact::parse(Channel::Email, &address(number)).expect("an address");
        let person = Person::by_contact(contact);
        let new = web::Draft::new(slug.to_owned(), person.mark());
        let draft = web::Draft { want: Some(250_000), wish: "pm+am".to_owned(), ..new };
        let consented = Some(Consented { slug: slug.to_owned(), digest: "5e".repeat(32) });
        Visitor {
            proven: Some(Proven { person, at: self.app.clock.now(), consented, listed: None }),
            draft: Some(draft),
            ..Visitor::new()
        }
    }
}

/// An address nobody has.
pub fn address(number: usize) -> String {
    format!("resident-{number}@example.invalid")
}

/// The receipt of the same person in a round.
pub fn receipt_of(round: &jebi::app::Round, number: usize) -> String {
    let contact = Contact::parse(Channel::Email, &address(number)).expect("an address");
    round.receipt(&contact.person_key()).expect("a key").to_string()
}
