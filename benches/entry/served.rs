//! `jebi serve` as an operator starts it: a process of its own, whose memory and end are its own.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use jebi::clock::Clock;

use crate::{processor, real::Jebi};

/// A running `jebi serve`; it ends with this.
pub struct Served {
    child: Child,
    log: PathBuf,
    pub addr: SocketAddr,
    begun: Instant,
}

/// What its configuration says.
pub struct Place {
    file: PathBuf,
    log: PathBuf,
    pub addr: SocketAddr,
}

impl Place {
    /// Beside `jebi`, whose database and keys it uses.
    pub fn new(jebi: &Jebi, name: &str, more: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let addr = free.local_addr().expect("an address");
        let config = &jebi.app.config;
        let folder = config.state_dir.join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let text = format!(
            "listen = \"{addr}\"\npublic_url = \"http://{addr}\"\nmetrics = \"127.0.0.1:0\"\nstate_dir = {folder:?}\n\
             database_url = \"{}\"\nsecret_key_file = {:?}\npass_key_file = {:?}\n{more}\n\
             [municipality]\nname = \"통영시\"\ncontact = \"055-000-0000\"\nsite_in_words = \"통영시 누리집\"\n\
             [mail]\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nfrom = \"jebi@tongyeong.example\"\nper_second = 1\n\
             [log]\nlevel = \"error\"\n",
            config.database_url().expose(),
            config.secret_key_path(),
            config.pass_key_path(),
        );
        let file = folder.join("jebi.toml");
        fs::write(&file, text).expect("written");
        Self { file, log: folder.join("log"), addr }
    }

    /// Starts it there, and again after it has ended.
    pub fn start(&self) -> Served {
        let log = File::options().create(true).append(true).open(&self.log).expect("a log");
        let mut serve = Command::new(env!("CARGO_BIN_EXE_jebi"));
        serve.arg("serve").arg("--config").arg(&self.file);
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let log = self.log.clone();
        Served { child: serve.spawn().expect("started"), log, addr: self.addr, begun: Instant::now() }
    }

    /// What it said.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Served {
    /// Waits until it may be sent visitors. Returns how long that took.
    pub async fn ready(&mut self) -> Duration {
        let url = format!("http://{}/readyz", self.addr);
        while !reqwest::get(&url).await.is_ok_and(|answer| answer.status() == 200) {
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(self.child.try_wait().expect("a child").is_none(), "jebi serve ended: {}", log());
            Clock::pause(Duration::from_millis(2)).await;
        }
        self.begun.elapsed()
    }

    /// Memory at most so far, in MiB.
    pub fn peak_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|peak| peak.split_whitespace().next()).and_then(|kib| kib.parse().ok());
        kib.map_or(f64::NAN, |kib: f64| kib / 1_024.0)
    }

    /// Processor time so far.
    pub fn processor(&self) -> Duration {
        processor::of(self.child.id())
    }

    /// SIGKILL: nothing is finished.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// SIGTERM, as systemd does; returns when it has ended.
    pub fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told");
        self.child.wait().expect("ended");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
