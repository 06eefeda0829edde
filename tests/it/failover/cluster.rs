//! A primary, a standby that every commit waits for, and HAProxy in front, as docs/deploy says; in a folder of the
//! test's own.

use std::{
    fs::{self, File},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use jebi::clock::Clock;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};

use crate::peer::free_port;

/// Two PostgreSQL and one HAProxy; they end with it.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    /// Who PostgreSQL runs as: it refuses to be root.
    user: Option<u32>,
    ports: [u16; 2],
    servers: [Option<Child>; 2],
    proxy: Option<Child>,
    port: u16,
}

pub const ONE: usize = 0;
pub const TWO: usize = 1;
const NAMES: [&str; 2] = ["one", "two"];

impl Cluster {
    pub async fn start(folder: &Path) -> Self {
        let ports = [free_port(), free_port()];
        let mut cluster = Self {
            folder: folder.join("cluster"),
            bin: newest_bin(),
            user: postgres_user(),
            ports,
            servers: [None, None],
            proxy: None,
            port: free_port(),
        };
        fs::create_dir(&cluster.folder).unwrap();
        // PostgreSQL's user has to get through to its own folder.
        for passed in [folder, cluster.folder.as_path()] {
            fs::set_permissions(passed, fs::Permissions::from_mode(0o755)).unwrap();
        }
        if let Some(user) = cluster.user {
            std::os::unix::fs::chown(&cluster.folder, Some(user), None).unwrap();
        }
        let data = cluster.data(ONE);
        cluster.run("initdb", &["-D", &data, "-U", "jebi", "-A", "trust", "--no-locale", "-E", "UTF8"]);
        cluster.launch(ONE, &[]).await;
        // Before there is a standby: HAProxy leads to either until it has asked both.
        let one = cluster.direct(ONE).await;
        for statement in ["CREATE DATABASE jebi", "CREATE ROLE jebi_check LOGIN"] {
            one.execute_unprepared(statement).await.unwrap();
        }
        let (data, port) = (cluster.data(TWO), ports[ONE].to_string());
        let from = format!("host=127.0.0.1 port={port} user=jebi application_name=two");
        cluster.run("pg_basebackup", &["-D", &data, "-d", &from, "-R", "-C", "-S", "two", "-c", "fast"]);
        cluster.launch(TWO, &[]).await;
        cluster.wait_for(ONE, NAMES[TWO]).await;
        cluster.start_proxy();
        cluster
    }

    /// Through HAProxy: the address that stays.
    pub fn url(&self) -> String {
        format!("postgres://jebi@127.0.0.1:{}/jebi", self.port)
    }

    /// A connection to one of the two, whatever it is.
    pub async fn direct(&self, which: usize) -> DatabaseConnection {
        self.connect(which, "postgres").await
    }

    pub async fn connect(&self, which: usize, database: &str) -> DatabaseConnection {
        let url = format!("postgres://jebi@127.0.0.1:{}/{database}", self.ports[which]);
        until("PostgreSQL answers", || async { Database::connect(&url).await.is_ok() }).await;
        Database::connect(&url).await.unwrap()
    }

    /// Power off: the server and every process of it, without a word to anybody.
    pub fn kill(&mut self, which: usize) {
        let mut server = self.servers[which].take().unwrap();
        let pid = server.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        let all = children.split_whitespace().map(str::to_owned).chain([pid.to_string()]);
        // Those that ended by themselves meanwhile are not there any more.
        Command::new("kill").arg("-KILL").args(all).stderr(Stdio::null()).status().unwrap();
        server.wait().unwrap();
    }

    /// Nobody stands behind it from now on, so no commit of it waits.
    pub async fn promote(&self, which: usize) {
        self.run("pg_ctl", &["promote", "-D", &self.data(which), "-w"]);
        let primary = self.direct(which).await;
        primary.execute_unprepared("ALTER SYSTEM RESET synchronous_standby_names").await.unwrap();
        primary.execute_unprepared("SELECT pg_reload_conf()").await.unwrap();
    }

    /// The one that died begins anew as the standby of the other, and every commit waits for it.
    pub async fn rejoin(&mut self, which: usize) {
        let (data, other) = (self.data(which), 1 - which);
        fs::remove_dir_all(&data).unwrap();
        let (port, name) = (self.ports[other], NAMES[which]);
        let from = format!("host=127.0.0.1 port={port} user=jebi application_name={name}");
        self.run("pg_basebackup", &["-D", &data, "-d", &from, "-R", "-C", "-S", name, "-c", "fast"]);
        self.launch(which, &[]).await;
        self.wait_for(other, name).await;
    }

    async fn wait_for(&self, primary: usize, standby: &str) {
        let primary = self.direct(primary).await;
        let every = format!("ALTER SYSTEM SET synchronous_standby_names = '{standby}'");
        primary.execute_unprepared(&every).await.unwrap();
        primary.execute_unprepared("SELECT pg_reload_conf()").await.unwrap();
        until("every commit waits for the standby", || async {
            ask(&primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").await == 1
        })
        .await;
    }

    /// Starts one of the two as it was, with more settings.
    pub async fn launch(&mut self, which: usize, settings: &[&str]) {
        let (data, port) = (self.data(which), self.ports[which].to_string());
        // What a crash of the whole machine leaves behind of a server that is gone.
        let _ = fs::remove_file(Path::new(&data).join("postmaster.pid"));
        let log = File::options().create(true).append(true).open(self.folder.join(NAMES[which])).unwrap();
        let mut server = self.command("postgres");
        server.args(["-D", &data, "-p", &port, "-c", "listen_addresses=127.0.0.1"]);
        server.args([
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=60",
            "-c",
            "shared_buffers=32MB",
        ]);
        for setting in settings {
            server.args(["-c", setting]);
        }
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.servers[which] = Some(server.spawn().unwrap());
        self.direct(which).await;
    }

    /// The example of docs/deploy, with the addresses of this test in it.
    fn start_proxy(&mut self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy");
        let example = fs::read_to_string(root.join("haproxy.cfg")).unwrap();
        let mut config = example.clone();
        for (theirs, ours) in [
            // Whoever tests need not be root, and only they get into their folders.
            ("    user haproxy\n    group haproxy\n".to_owned(), String::new()),
            ("127.0.0.1:5432".to_owned(), format!("127.0.0.1:{}", self.port)),
            ("10.0.0.11:5432".to_owned(), format!("127.0.0.1:{}", self.ports[ONE])),
            ("10.0.0.12:5432".to_owned(), format!("127.0.0.1:{}", self.ports[TWO])),
            ("/usr/local/lib/jebi/is-primary".to_owned(), root.join("is-primary").display().to_string()),
            ("/usr/lib/postgresql/15/bin".to_owned(), self.bin.display().to_string()),
        ] {
            assert!(config.contains(&theirs), "docs/deploy/haproxy.cfg says {theirs} no more");
            config = config.replace(&theirs, &ours);
        }
        let file = self.folder.join("haproxy.cfg");
        fs::write(&file, config).unwrap();
        let log = File::create(self.folder.join("haproxy.log")).unwrap();
        let mut proxy = Command::new("/usr/sbin/haproxy");
        proxy.arg("-db").arg("-f").arg(file);
        proxy.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.proxy = Some(proxy.spawn().expect("haproxy is missing: run `tests/run`, which installs it"));
    }

    fn data(&self, which: usize) -> String {
        self.folder.join(format!("data-{}", NAMES[which])).display().to_string()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.current_dir("/");
        if let Some(user) = self.user {
            command.uid(user).gid(user_group());
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let done = self.command(program).args(arguments).output().unwrap();
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        done
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut proxy) = self.proxy.take() {
            let _ = proxy.kill();
            let _ = proxy.wait();
        }
        for which in [ONE, TWO] {
            if self.servers[which].is_some() {
                self.kill(which);
            }
        }
    }
}

/// Waits for it, a minute at most.
pub async fn until<F: Future<Output = bool>>(what: &str, is_so: impl FnMut() -> F) {
    within(1, what, is_so).await;
}

/// Waits for it, so many minutes at most.
pub async fn within<F: Future<Output = bool>>(minutes: usize, what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..1_200 * minutes {
        if is_so().await {
            return;
        }
        Clock::pause(Duration::from_millis(50)).await;
    }
    panic!("not within {minutes} min: {what}");
}

/// A number.
pub async fn ask(db: &DatabaseConnection, question: &str) -> i64 {
    asked(db, question).await.unwrap()
}

/// The same of somebody who may hang up: HAProxy does as soon as it finds that it led to a standby.
pub async fn asked(db: &DatabaseConnection, question: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), question);
    db.query_one_raw(statement).await?.unwrap().try_get_by_index(0)
}

pub fn newest_bin() -> PathBuf {
    let mut versions: Vec<u32> = fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is missing: run `tests/run`, which installs it")
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable();
    Path::new("/usr/lib/postgresql").join(versions.last().unwrap().to_string()).join("bin")
}

fn id(arguments: &[&str]) -> Option<u32> {
    let done = Command::new("id").args(arguments).output().unwrap();
    done.status.success().then(|| String::from_utf8(done.stdout).unwrap().trim().parse().unwrap())
}

pub fn postgres_user() -> Option<u32> {
    (id(&["-u"]) == Some(0)).then(|| id(&["-u", "postgres"]).expect("Debian's PostgreSQL brings its user"))
}

pub fn user_group() -> u32 {
    id(&["-g", "postgres"]).unwrap()
}
