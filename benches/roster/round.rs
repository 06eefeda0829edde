//! The round itself, step by step, with the functions that the service calls.

use std::{path::Path, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use jebi::{
    app::App,
    clock::Clock,
    config::{self, Config, DatabaseUrl},
    demo,
    domain::draft::{BeaconChoice, Draft, Serves},
    lifecycle::{
        announce::{Staff, announce},
        batch, close, draw, enrol, pulse, record, reveal, seal,
    },
    roster::{Import, import::import},
    secret::random_id,
    store::{self, Db},
};
use public_audit::{record::Pulse, rules::Mode};
use sea_orm::{ConnectionTrait, Database};

use super::{comparison, people, waits::Waits};

/// What one size took.
#[derive(Debug, Default)]
pub struct Measured {
    pub count: u64,
    pub file_mib: f64,
    /// Seconds that the comparison took.
    pub comparison: f64,
    pub steps: Vec<Taken>,
}

/// What a step took.
#[derive(Debug)]
pub struct Taken {
    pub name: &'static str,
    pub seconds: f64,
    /// Memory at most.
    pub peak_mib: f64,
    /// How long somebody else who writes had to wait, at most.
    pub waited: f64,
}

const OPENS: &str = "2027-03-01T00:00:00Z";

pub async fn measure(count: u64, folder: &Path, postgres: Option<&str>) -> Measured {
    let file = folder.join("people.csv");
    people::write(&file, count);
    let url = match postgres {
        Some(server) => schema(server).await,
        None => format!("sqlite://{}?mode=rwc", folder.join("jebi.sqlite").display()),
    };
    let config = Config {
        state_dir: folder.join("state"),
        database_url: Some(DatabaseUrl::new(url)),
        mail: None,
        database: config::Database { acquire_ms: 600_000, ..config::Database::default() },
        ..Config::default()
    };
    let opens: DateTime<Utc> = OPENS.parse().expect("an instant");
    let clock = Clock::set(opens - chrono::TimeDelta::days(1), 0);
    let app = App::start(config, clock).await.expect("started");
    let mut measured = Measured {
        count,
        file_mib: std::fs::metadata(&file).expect("the file").len() as f64 / 1_048_576.0,
        comparison: comparison::run(&app.db, &file).await,
        steps: Vec::new(),
    };

    let wanted = Import {
        name: "all".to_owned(),
        file,
        maps: Vec::new(),
        match_by: None,
        leave_out: false,
        resume: false,
    };
    let step = Step::begin("import", &app.db);
    let summary = import(&app, wanted, Arc::new(|_, _, _| {})).await.expect("imported");
    measured.steps.push(step.end().await);
    assert_eq!(summary.people, count);

    let staff = Staff::new("a clerk", "an approver");
    let row = announce(&app, &draft(opens, count), &staff).await.expect("announced");
    app.clock.jump_to(row.opens_at);
    let step = Step::begin("enrol", &app.db);
    while enrol::enrol_some(&app, app.clock.now()).await.expect("enrolled") > 0 {}
    measured.steps.push(step.end().await);

    app.clock.jump_to(row.closes_at);
    close::close(&app, &row, app.clock.now()).await.expect("closed");
    let step = Step::begin("batches", &app.db);
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await.expect("read").expect("there");
    batch::publish(&app, &round, app.clock.now()).await.expect("published");
    measured.steps.push(step.end().await);

    let fresh = async || store::round::find(app.db.read(), &row.slug).await.expect("read").expect("there");
    app.clock.jump_to(row.seals_at);
    let step = Step::begin("seal", &app.db);
    assert!(seal::seal(&app, fresh().await, app.clock.now()).await.expect("sealed"));
    measured.steps.push(step.end().await);

    app.clock.jump_to(row.reveals_at);
    assert!(reveal::reveal(&app, fresh().await, app.clock.now()).await.expect("revealed"));
    app.clock.jump_to(row.pulse_at);
    assert!(pulse::keep(&app, &fresh().await, &Pulse::None {}, "", app.clock.now()).await.expect("kept"));
    let step = Step::begin("draw", &app.db);
    assert!(draw::draw(&app, fresh().await, app.clock.now()).await.expect("drawn"));
    measured.steps.push(step.end().await);
    let drawn = fresh().await;
    app.rounds.forget();
    let round = app.rounds.find(&row.slug).await.expect("read").expect("there");
    let step = Step::begin("record", &app.db);
    record::ensure(&app, &round).await.expect("verified and published");
    measured.steps.push(step.end().await);
    assert_eq!(drawn.entrant_count, Some(i64::try_from(count).expect("a number")));
    if let Some(server) = postgres {
        drop_schemas(server).await;
    }
    measured
}

/// Everybody within ten days, in slots of ten minutes.
fn draft(opens: DateTime<Utc>, count: u64) -> Draft {
    let residents = u32::try_from(count).expect("a number");
    let mut draft = demo::tongyeong(opens, residents);
    draft.mode = Mode::Everyone;
    draft.beacon = BeaconChoice::None;
    draft.roster = Some("all".to_owned());
    draft.serves = Serves::Roster;
    draft.goods.budget = draft.goods.cap * count;
    draft
}

/// A step that is measured.
struct Step {
    name: &'static str,
    begun: Instant,
    waits: Waits,
}

impl Step {
    fn begin(name: &'static str, db: &Db) -> Self {
        // The peak is counted from here on; without that right the peak so far counts.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self { name, waits: Waits::begin(db.clone()), begun: Instant::now() }
    }

    async fn end(self) -> Taken {
        let seconds = self.begun.elapsed().as_secs_f64();
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: f64 = peak
            .and_then(|peak| peak.split_whitespace().next())
            .and_then(|number| number.parse().ok())
            .unwrap_or_default();
        let waited = self.waits.end().await;
        Taken { name: self.name, seconds, peak_mib: kib / 1_024.0, waited }
    }
}

async fn schema(server: &str) -> String {
    let schema = format!("bench_{}", random_id());
    let admin = Database::connect(server).await.expect("the PostgreSQL answers");
    admin.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.expect("a schema");
    let url = format!("{server}?options=-c%20search_path%3D{schema}");
    let db = Db::connect(&url, 1, std::time::Duration::from_secs(60)).await.expect("connected");
    store::migrate(&db).await.expect("migrated");
    url
}

async fn drop_schemas(server: &str) {
    let admin = Database::connect(server).await.expect("the PostgreSQL answers");
    let drop = "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bench_%' LOOP \
                EXECUTE 'DROP SCHEMA ' || s || ' CASCADE'; END LOOP; END $$";
    admin.execute_unprepared(drop).await.expect("dropped");
}
