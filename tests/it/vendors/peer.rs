//! The programs of `tests/peers/sms`, started for one test and gone after it.

use serde::Deserialize;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time,
};

use crate::peer::{free_port, program};

/// A Node program that says its port first and then one line for whatever it sees.
pub struct NodePeer {
    pub port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    child: Child,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

impl NodePeer {
    pub async fn start(name: &str, options: serde_json::Value) -> Self {
        Self::start_in("sms", name, options).await
    }

    /// A program of another folder.
    pub async fn start_in(folder: &str, name: &str, options: serde_json::Value) -> Self {
        let mut child = Command::new("node")
            .arg(program(folder).join(name))
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node cannot be started: run `tests/run`, which installs it");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = time::timeout(Duration::from_secs(30), lines.next_line()).await.unwrap().unwrap();
        let line = line.expect("the peer ended at once; run `tests/run`, which installs its packages");
        let Ready { port } = serde_json::from_str(&line).unwrap();
        Self { port, lines, child }
    }

    /// What it saw next.
    pub async fn saw(&mut self) -> serde_json::Value {
        let line = time::timeout(Duration::from_secs(20), self.lines.next_line()).await;
        serde_json::from_str(&line.expect("the peer sees nothing").unwrap().unwrap()).unwrap()
    }

    /// SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Prism with Twilio's published description of its Messages resource: it refuses what that does not allow.
pub struct Prism {
    pub port: u16,
    _child: Child,
}

impl Prism {
    pub async fn start() -> Self {
        let (port, folder) = (free_port(), program("sms"));
        let child = Command::new(folder.join("node_modules/.bin/prism"))
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(folder.join("twilio_messages.json"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("prism cannot be started: run `tests/run`, which installs it");
        for _ in 0..600 {
            if time::timeout(Duration::from_secs(1), tokio::net::TcpStream::connect(("127.0.0.1", port)))
                .await
                .is_ok_and(|connected| connected.is_ok())
            {
                return Self { port, _child: child };
            }
            time::sleep(Duration::from_millis(50)).await;
        }
        panic!("prism does not listen");
    }
}
