//! What every part of the running service shares.

mod answers;
mod arrivals;
mod budgets;
mod complaints;
mod forecasts;
mod gates;
mod guesses;
mod issuers;
mod made;
mod pages;
mod roster;
mod round;
mod rounds;
mod tree;
mod turnouts;
mod waitlists;

use std::{io, ops::Deref, path::PathBuf, sync::Arc};

use sea_orm::DbErr;
use tokio::sync::Notify;

pub use answers::Answers;
pub use arrivals::Arrivals;
pub use budgets::{Budgets, Texts};
pub use complaints::Complaints;
pub use forecasts::Forecasts;
pub use gates::{Callers, Gates, Hours, Lists, Placed, Written};
pub use guesses::Guesses;
pub use issuers::Issuers;
pub use made::Made;
pub use pages::Pages;
pub use roster::{Used, household_key, key_in, listed_fields, member_key, person_key, shared_key};
pub use round::{Round, erases_at, instant, utc};
pub use rounds::{Rounds, shift};
pub use tree::Tree;
pub use turnouts::Turnouts;
pub use waitlists::Waitlists;

use crate::{
    clock::Clock,
    config::{Config, Theme, ThemeError},
    domain::scan::Scan,
    secret::{KeyError, Keys, PassKeyError, PassKeys},
    store::{self, Db, Gathered, inbox::Inbox},
};

/// Where an instance remembers, outside the database, what it has seen signed of the journal.
pub const REMEMBERED: &str = "journal.checkpoint";

/// One instance of the service. Cheap to clone: the router does so several times a request.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an instance consists of.
pub struct Parts {
    /// What the operator decided.
    pub config: Arc<Config>,
    /// A city's own look.
    pub theme: Option<Arc<Theme>>,
    /// The present.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// What everybody's own page asks of it, at the same time.
    pub gathered: Gathered,
    /// The deployment's keys.
    pub keys: Keys,
    /// The keys that sign passes.
    pub pass_keys: PassKeys,
    /// The durable end of the entry path.
    pub inbox: Inbox,
    /// Rounds as last read.
    pub rounds: Rounds,
    /// The journal's tree as last read.
    pub tree: Tree,
    /// Pages as last made.
    pub pages: Pages,
    /// Signed receipts as shown lately.
    pub notes: Made<String>,
    /// Passes as shown lately, with the code to scan.
    pub passes: Made<(String, Option<Scan>)>,
    /// Waitlists as last read.
    pub waitlists: Waitlists,
    /// How people arrived in rounds that are sealed.
    pub arrivals: Arrivals,
    /// How many bought with the places of past rounds.
    pub turnouts: Turnouts,
    /// Forecasts as made or tried lately.
    pub forecasts: Forecasts,
    /// Knocked on when a notice should leave before the next tick.
    pub outbox: Arc<Notify>,
    /// What was said lately and need not be said again.
    pub complaints: Complaints,
    /// How many answers failed lately.
    pub answers: Arc<Answers>,
    /// How often wrong codes were tried lately.
    pub guesses: Guesses,
    /// Knocked on when a seller is to be told something.
    pub webhooks: Arc<Notify>,
    /// Gates that are full for a moment.
    pub gates: Gates,
    /// How often sellers asked lately.
    pub callers: Callers,
    /// Allow-lists that are written.
    pub lists: Lists,
    /// What rounds may ask of identity checks.
    pub budgets: Budgets,
    /// Identity providers as they last described themselves.
    pub issuers: Issuers,
    /// Whose hour it is.
    pub hours: Hours,
    /// Held by the step that has a draw in memory: of ten million people it is most of a gigabyte. A round that finds it held
    /// is drawn by another instance, or at a later knock.
    pub drawing: tokio::sync::Mutex<()>,
    /// Likewise, by the step that reads a pool to seal it.
    pub sealing: tokio::sync::Mutex<()>,
    /// Likewise, by the step that erases a round: many of them at once would leave no writer for those who enter another.
    pub purging: tokio::sync::Mutex<()>,
    /// Names this process in leases.
    pub instance: Arc<str>,
}

/// Why an instance could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The state folder cannot be used.
    #[error("the state folder {path} cannot be used: {source}; check `state_dir` and its permissions")]
    StateDir {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The key file cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The pass key file cannot be used.
    #[error(transparent)]
    PassKeys(#[from] PassKeyError),
    /// The theme would harm somebody.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// The database cannot be reached or migrated.
    #[error("the database cannot be used: {0}; check `database_url` and that the server runs")]
    Database(#[from] DbErr),
    /// The database belongs to another key file.
    #[error("the key file {0} is not the one this database was used with: restore that one from your backup")]
    ForeignKeys(PathBuf),
    /// A database was here, and is gone.
    #[error("the database {0} is gone, though {1} shows that there was one: restore it from your backup")]
    Missing(PathBuf, PathBuf),
    /// The schema is older than this program.
    #[error("the database lacks {0} schema changes: run `jebi migrate` once, then start again")]
    Unmigrated(usize),
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens database and keys. The embedded database is migrated on the way; PostgreSQL, which
    /// other instances may be using, only by `jebi migrate`.
    ///
    /// # Errors
    /// [`StartError`], each saying what to do.
    pub async fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        let path = config.state_dir.clone();
        std::fs::create_dir_all(&path).map_err(|source| StartError::StateDir { path, source })?;
        let remembered = config.state_dir.join(REMEMBERED);
        if let Some(file) = config.database_url().sqlite_file().filter(|file| !file.exists())
            && remembered.exists()
        {
            return Err(StartError::Missing(file, remembered));
        }
        let theme = config.theme_dir.as_deref().map(Theme::load).transpose()?.map(Arc::new);
        let keys = match &config.secret_key_file {
            Some(named) => Keys::load(named)?,
            None => Keys::load_or_make(&config.secret_key_path())?,
        };
        let pass_keys = PassKeys::load(&config.pass_key_path(), config.pass_key_file.is_some())?;
        let db = Db::of(&config).await?;
        if db.is_embedded() {
            store::migrate(&db).await?;
        }
        match store::migrations_pending(&db).await? {
            0 => {}
            pending => return Err(StartError::Unmigrated(pending)),
        }
        let rounds = store::round::list(db.read()).await?;
        if rounds.into_iter().any(|row| Round::open(&keys, row).is_none()) {
            return Err(StartError::ForeignKeys(config.secret_key_path()));
        }
        let inbox = Inbox::start(db.clone(), clock.clone(), config.limits.inbox);
        let gathered = Gathered::new(&db);
        let rounds = Rounds::new(db.clone(), keys.clone(), clock.clone());
        let tree = Tree::new(db.clone());
        let instance = crate::secret::random_id().into();
        let config = config.into();
        let parts = Parts {
            config,
            theme,
            clock,
            db,
            gathered,
            keys,
            pass_keys,
            inbox,
            rounds,
            tree,
            pages: Pages::default(),
            notes: Made::default(),
            passes: Made::default(),
            waitlists: Waitlists::default(),
            arrivals: Arrivals::default(),
            turnouts: Turnouts::default(),
            forecasts: Forecasts::default(),
            outbox: Arc::default(),
            complaints: Complaints::default(),
            answers: Arc::default(),
            guesses: Guesses::default(),
            webhooks: Arc::default(),
            gates: Gates::default(),
            callers: Callers::default(),
            lists: Lists::default(),
            budgets: Budgets::default(),
            issuers: Issuers::default(),
            hours: Hours::default(),
            drawing: tokio::sync::Mutex::default(),
            sealing: tokio::sync::Mutex::default(),
            purging: tokio::sync::Mutex::default(),
            instance,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// The same with another inbox, as long as nobody else has it: for measuring.
    pub fn with_inbox(self, inbox: Inbox) -> Option<Self> {
        Some(Self(Arc::new(Parts { inbox, ..Arc::into_inner(self.0)? })))
    }

    /// Where published records are kept as files.
    pub fn record_dir(&self, slug: &str) -> PathBuf {
        self.config.state_dir.join("record").join(slug)
    }
}
