//! The same with Patroni and etcd, which decide by themselves: docs/deploy/patroni.yml, etcd and haproxy.cfg with the
//! addresses of this test in them, three PostgreSQL and three etcd on one machine. Who died comes back as it was, and
//! Patroni makes a standby of it.

use std::{
    fs::{self, File},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use jebi::clock::Clock;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::Value;

use super::{
    CLIENTS, SOME, Seen, Stage,
    cluster::{ask, newest_bin, postgres_user, until, user_group, within},
    etcd::Etcd,
    first_after,
    steps::Databases,
};
use crate::peer::free_port;

pub const NAMES: [&str; 3] = ["one", "two", "three"];
const RESIDENTS: usize = 3_000;

/// Three etcd, three Patroni and HAProxy; they end with it.
pub struct Patroni {
    folder: PathBuf,
    bin: PathBuf,
    databases: [u16; 3],
    apis: [u16; 3],
    members: [Option<Child>; 3],
    proxy: Option<Child>,
    etcd: Etcd,
    port: u16,
    /// Who leads, as we have last seen it.
    leader: usize,
}

impl Patroni {
    pub async fn start(folder: &Path) -> Self {
        let ports = || [free_port(), free_port(), free_port()];
        let own = folder.join("patroni");
        fs::create_dir(&own).unwrap();
        for passed in [folder, own.as_path()] {
            fs::set_permissions(passed, fs::Permissions::from_mode(0o755)).unwrap();
        }
        if let Some(user) = postgres_user() {
            std::os::unix::fs::chown(&own, Some(user), None).unwrap();
        }
        let mut all = Self {
            etcd: Etcd::start(&own).await,
            folder: own,
            bin: newest_bin(),
            databases: ports(),
            apis: ports(),
            members: [None, None, None],
            proxy: None,
            port: free_port(),
            leader: 0,
        };
        for which in 0..3 {
            all.start_member(which);
            // The first makes the cluster; the others join it.
            let here = all.apis[which];
            until("a member of Patroni's runs", || async { state(here, "").await.is_some() }).await;
        }
        all.are_three().await;
        all.leader = all.leader().await.unwrap();
        let db = all.look("postgres", all.leader).await;
        let example = changed("patroni.yml", &[]);
        let commands = example.split("--command \"").skip(1).filter_map(|rest| rest.split('"').next());
        assert_eq!(commands.clone().count(), 2, "{example}");
        for statement in commands {
            db.execute_unprepared(statement).await.unwrap();
        }
        all.start_proxy();
        all
    }

    pub fn url(&self) -> String {
        format!("postgres://jebi:a-password@127.0.0.1:{}/jebi", self.port)
    }

    /// A connection to one of them that sees everything, also what others do there.
    async fn look(&self, database: &str, which: usize) -> DatabaseConnection {
        let port = self.databases[which];
        let url = format!("postgres://postgres:change-me@127.0.0.1:{port}/{database}");
        Database::connect(url).await.unwrap()
    }

    /// Whoever comes back as the primary of before is first made one that can follow.
    async fn are_three(&self) {
        within(3, "two stand behind a leader, one of them synchronous", || async {
            let members = self.members().await;
            let is = |role: &str| members.iter().filter(|(_, said)| said == role).count();
            is("leader") == 1 && is("sync_standby") == 1 && is("replica") == 1
        })
        .await;
    }

    /// The example of docs/deploy, with the addresses of this test in it.
    fn start_member(&mut self, which: usize) {
        let name = NAMES[which];
        let text = changed("patroni.yml", &[
            ("name: one", format!("name: {name}")),
            ("listen: 10.0.0.11:8008", format!("listen: 127.0.0.1:{}", self.apis[which])),
            ("connect_address: 10.0.0.11:8008", format!("connect_address: 127.0.0.1:{}", self.apis[which])),
            ("hosts: 10.0.0.11:2379,10.0.0.12:2379,10.0.0.13:2379", format!("hosts: {}", self.etcd.hosts())),
            ("listen: 10.0.0.11:5432", format!("listen: 127.0.0.1:{}", self.databases[which])),
            ("connect_address: 10.0.0.11:5432", format!("connect_address: 127.0.0.1:{}", self.databases[which])),
            ("/var/lib/postgresql/jebi", self.folder.join(name).display().to_string()),
            ("/usr/lib/postgresql/15/bin", self.bin.display().to_string()),
            ("10.0.0.0/24", "127.0.0.1/32".to_owned()),
            (
                "  authentication:\n",
                "  parameters: { unix_socket_directories: '', shared_buffers: 32MB }\n  authentication:\n".to_owned(),
            ),
        ]);
        let file = self.folder.join(format!("{name}.yml"));
        fs::write(&file, text).unwrap();
        let log = self.folder.join(format!("{name}.log"));
        let log = File::options().create(true).append(true).open(log).unwrap();
        let mut patroni = Command::new("patroni");
        patroni.arg(&file).current_dir("/").env("HOME", &self.folder).process_group(0);
        if let Some(user) = postgres_user() {
            patroni.uid(user).gid(user_group());
        }
        patroni.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.members[which] =
            Some(patroni.spawn().expect("patroni is missing: run `tests/run`, which installs it"));
    }

    /// haproxy.cfg with the lines for Patroni instead of those for a person who promotes.
    fn start_proxy(&mut self) {
        let mut changes = vec![
            // Whoever tests need not be root.
            ("    user haproxy\n    group haproxy\n", String::new()),
            ("127.0.0.1:5432", format!("127.0.0.1:{}", self.port)),
            ("    #   option httpchk GET /primary", "    option httpchk GET /primary".to_owned()),
            ("    option external-check\n", String::new()),
            ("    default-server inter 2s fall 3 fastinter 1s downinter 1s\n", String::new()),
            ("    external-check path \"/usr/lib/postgresql/15/bin:/usr/bin:/bin\"\n", String::new()),
            ("    external-check command /usr/local/lib/jebi/is-primary\n", String::new()),
            ("    server one 10.0.0.11:5432\n", String::new()),
            ("    server two 10.0.0.12:5432", String::new()),
        ];
        for (which, name) in NAMES.into_iter().enumerate() {
            let theirs = format!("    #   server {name} 10.0.0.1{}:5432 port 8008", which + 1);
            let theirs: &str = theirs.leak();
            let ours =
                format!("    server {name} 127.0.0.1:{} port {}", self.databases[which], self.apis[which]);
            changes.insert(0, (theirs, ours));
        }
        let file = self.folder.join("haproxy.cfg");
        fs::write(&file, changed("haproxy.cfg", &changes)).unwrap();
        let log = File::create(self.folder.join("haproxy.log")).unwrap();
        let mut proxy = Command::new("/usr/sbin/haproxy");
        proxy
            .arg("-db")
            .arg("-f")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.proxy = Some(proxy.spawn().expect("haproxy is missing: run `tests/run`, which installs it"));
    }

    /// What each says it is, as the first that answers knows.
    async fn members(&self) -> Vec<(usize, String)> {
        for api in self.apis {
            let Some(said) = state(api, "cluster").await else { continue };
            let members = said["members"].as_array().cloned().unwrap_or_default();
            let place = |member: &Value| NAMES.iter().position(|name| member["name"] == *name);
            let role = |member: &Value| member["role"].as_str().unwrap_or_default().to_owned();
            let running = members
                .iter()
                .filter(|member| matches!(member["state"].as_str(), Some("running" | "streaming")));
            return running.filter_map(|member| Some((place(member)?, role(member)))).collect();
        }
        Vec::new()
    }

    async fn leader(&self) -> Option<usize> {
        for (which, api) in self.apis.into_iter().enumerate() {
            let asked = reqwest::get(format!("http://127.0.0.1:{api}/primary")).await;
            if asked.is_ok_and(|answer| answer.status() == 200) {
                return Some(which);
            }
        }
        None
    }

    /// Power off: Patroni, its PostgreSQL and every process of both.
    fn kill_member(&mut self, which: usize) {
        let mut member = self.members[which].take().unwrap();
        let pids =
            fs::read_to_string(self.folder.join(NAMES[which]).join("postmaster.pid")).unwrap_or_default();
        let postgres = pids.lines().next().unwrap_or_default().trim().to_owned();
        let children =
            fs::read_to_string(format!("/proc/{postgres}/task/{postgres}/children")).unwrap_or_default();
        let all = children.split_whitespace().map(str::to_owned);
        let all = [member.id().to_string(), postgres].into_iter().chain(all).filter(|pid| !pid.is_empty());
        Command::new("kill").arg("-KILL").args(all).stderr(Stdio::null()).status().unwrap();
        member.wait().unwrap();
    }
}

impl Databases for Patroni {
    async fn primary(&self) -> DatabaseConnection {
        self.look("jebi", self.leader).await
    }

    async fn standby(&self) -> DatabaseConnection {
        let members = self.members().await;
        let (next, _) = members.iter().find(|(_, role)| role == "sync_standby").unwrap();
        self.look("jebi", *next).await
    }

    fn kill(&mut self) {
        self.kill_member(self.leader);
    }

    async fn replaced(&mut self) {
        until("another leads", || async { self.leader().await.is_some_and(|now| now != self.leader) }).await;
        self.leader = self.leader().await.unwrap();
        // Patroni says so when it has the right to, which is before PostgreSQL has come out of recovery.
        let primary = self.primary().await;
        let leads = "SELECT count(*) FROM (SELECT 1 WHERE NOT pg_is_in_recovery()) AS found";
        until("PostgreSQL is promoted", || async { ask(&primary, leads).await == 1 }).await;
    }

    async fn rejoin(&mut self) {
        let gone = (0..3).find(|which| self.members[*which].is_none()).unwrap();
        self.start_member(gone);
        let begun = Instant::now();
        self.are_three().await;
        println!(
            "{} stands behind the leader {:.1} s after its start",
            NAMES[gone],
            begun.elapsed().as_secs_f64()
        );
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        for which in 0..3 {
            if self.members[which].is_some() {
                self.kill_member(which);
            }
        }
        if let Some(proxy) = &mut self.proxy {
            let _ = proxy.kill();
            let _ = proxy.wait();
        }
    }
}

/// What a member says; `None` when it says nothing that can be read.
async fn state(api: u16, path: &str) -> Option<Value> {
    let said = reqwest::get(format!("http://127.0.0.1:{api}/{path}")).await.ok()?.text().await.ok()?;
    serde_json::from_str(&said).ok()
}

/// An example of docs/deploy with other words in it, all of which it must have.
pub fn changed(name: &str, changes: &[(&str, String)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy").join(name);
    changes.iter().fold(fs::read_to_string(path).unwrap(), |text, (theirs, ours)| {
        assert!(text.contains(theirs), "docs/deploy/{name} says {theirs} no more");
        text.replace(theirs, ours)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patroni_puts_another_in_the_place_of_a_primary_that_died_with_one_of_three_etcd() {
    let folder = tempfile::tempdir().unwrap();
    let mut patroni = Patroni::start(folder.path()).await;
    let stage = Stage::set(folder.path(), &patroni.url(), RESIDENTS).await;
    let seen = Arc::new(Seen::default());
    let people = stage.come(&seen);
    until("a crowd enters", || async { seen.count() >= SOME }).await;

    // What is left are two PostgreSQL, and two etcd that nobody leads yet.
    patroni.etcd.kill_leader().await;
    patroni.kill();
    let killed = Instant::now();
    // Whoever was on the way is acknowledged yet; after this nobody is, until another leads.
    Clock::pause(Duration::from_secs(1)).await;
    let before = seen.count();
    until("entries are taken again", || async { seen.count() >= before + CLIENTS + SOME }).await;
    let first = first_after(&seen, killed + Duration::from_secs(1));
    println!(
        "{before} acknowledged before the primary was killed, the next {:.1} s after that, {} times 503",
        (first - killed).as_secs_f64(),
        seen.turned_away.load(Relaxed),
    );
    patroni.replaced().await;
    patroni.etcd.go_on_without_one().await;

    seen.is_over.store(true, Relaxed);
    for one in people {
        one.await.unwrap();
    }
    let db = Database::connect(patroni.url()).await.unwrap();
    stage.lost_nothing(&db, &seen).await;
}
