//! Whom Patroni asks who may lead: docs/deploy/etcd three times, with the names and addresses of this test in it, as one
//! cluster on one machine. It can lose one of the three.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    cluster::until,
    patroni::{NAMES, changed},
};
use crate::peer::free_port;

/// An etcd that waits for another takes a question and says nothing.
const ANSWERS: Duration = Duration::from_secs(1);
/// Longer than three need to find each other.
const PATIENCE: Duration = Duration::from_secs(60);

/// They end with it.
pub struct Etcd {
    clients: [u16; 3],
    members: [Option<Child>; 3],
}

impl Etcd {
    pub async fn start(folder: &Path) -> Self {
        let ports = || [free_port(), free_port(), free_port()];
        let (clients, peers) = (ports(), ports());
        let mut all = Self { clients, members: [None, None, None] };
        let logs = NAMES.map(|name| folder.join(format!("etcd-{name}.log")));
        for (which, log) in logs.iter().enumerate() {
            all.members[which] = Some(spawn(which, clients, peers, folder, log));
        }
        let begun = Instant::now();
        until("three etcd are one cluster", || {
            assert!(begun.elapsed() < PATIENCE, "three etcd are no cluster: {}", said(&logs));
            let has_ended = |member: &mut Child| member.try_wait().unwrap().is_some();
            assert!(!all.members.iter_mut().flatten().any(has_ended), "an etcd has ended: {}", said(&logs));
            follow_one(&clients)
        })
        .await;
        all
    }

    /// As patroni.yml names them.
    pub fn hosts(&self) -> String {
        self.clients.map(|port| format!("127.0.0.1:{port}")).join(",")
    }

    /// Power off, for the one whose loss costs most: without it nobody leads, until the others have chosen another.
    pub async fn kill_leader(&mut self) {
        until("an etcd leads", || async { self.leader().await.is_some() }).await;
        let leads = self.leader().await.unwrap();
        let mut member = self.members[leads].take().unwrap();
        member.kill().unwrap();
        member.wait().unwrap();
    }

    /// Who says of itself that it leads.
    async fn leader(&self) -> Option<usize> {
        for (which, port) in self.clients.into_iter().enumerate() {
            if status(port).await.is_some_and(|(member, leader)| member == leader) {
                return Some(which);
            }
        }
        None
    }

    /// Once one of the two that are left leads both.
    pub async fn go_on_without_one(&self) {
        let members = self.clients.into_iter().zip(&self.members);
        let left: Vec<u16> = members.filter_map(|(port, member)| member.as_ref().map(|_| port)).collect();
        assert_eq!(left.len(), 2);
        until("two etcd are one cluster without the third", || follow_one(&left)).await;
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        for member in self.members.iter_mut().flatten() {
            let _ = member.kill();
            let _ = member.wait();
        }
    }
}

/// The example of docs/deploy, for one of the three.
fn spawn(which: usize, clients: [u16; 3], peers: [u16; 3], folder: &Path, log: &Path) -> Child {
    let name = NAMES[which];
    let url = |port| format!("http://127.0.0.1:{port}");
    let text = changed(
        "etcd",
        &[
            ("ETCD_NAME=one", format!("ETCD_NAME={name}")),
            ("/var/lib/etcd/jebi", folder.join(format!("etcd-{name}")).display().to_string()),
            ("http://10.0.0.11:2379", url(clients[which])),
            // What is said of all three, before the first one's address becomes that of whoever this is.
            ("one=http://10.0.0.11:2380", format!("one={}", url(peers[0]))),
            ("two=http://10.0.0.12:2380", format!("two={}", url(peers[1]))),
            ("three=http://10.0.0.13:2380", format!("three={}", url(peers[2]))),
            ("http://10.0.0.11:2380", url(peers[which])),
        ],
    );
    let settings = text.lines().filter(|line| !line.starts_with('#'));
    let log = File::create(log).unwrap();
    let mut etcd = Command::new("etcd");
    etcd.envs(settings.filter_map(|line| line.split_once('=')));
    etcd.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
    etcd.spawn().expect("etcd is missing: run `tests/run`, which installs it")
}

fn said(logs: &[PathBuf]) -> String {
    logs.iter().map(|log| fs::read_to_string(log).unwrap()).collect()
}

/// Whether each answers for all, and all of them follow one among them: three that are alone are healthy too.
async fn follow_one(clients: &[u16]) -> bool {
    let (mut members, mut leaders) = (BTreeSet::new(), BTreeSet::new());
    for port in clients {
        let Some((member, leader)) = status(*port).await else { return false };
        if !is_healthy(*port).await {
            return false;
        }
        members.insert(member);
        leaders.insert(leader);
    }
    members.len() == clients.len() && leaders.len() == 1 && leaders.is_subset(&members)
}

async fn is_healthy(port: u16) -> bool {
    let asked = reqwest::Client::new().get(format!("http://127.0.0.1:{port}/health"));
    asked.timeout(ANSWERS).send().await.is_ok_and(|answer| answer.status() == 200)
}

/// Who one of them is, and who leads as it knows.
async fn status(port: u16) -> Option<(String, String)> {
    let asked = reqwest::Client::new().post(format!("http://127.0.0.1:{port}/v3/maintenance/status"));
    let said = asked.timeout(ANSWERS).body("{}").send().await.ok()?.text().await.ok()?;
    let said: Value = serde_json::from_str(&said).ok()?;
    // Where nobody leads it says nothing of it.
    Some((said["header"]["member_id"].as_str()?.to_owned(), said["leader"].as_str()?.to_owned()))
}
