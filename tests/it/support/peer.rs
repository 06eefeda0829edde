//! A mail server with a will of its own, for what a well-behaved one never does.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Answers each command as it is told to; `None` is silence for ever. The end of a mail is asked
/// for as `.`, the greeting as an empty command.
pub struct SmtpPeer {
    pub port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

type Answers = fn(&str) -> Option<&'static str>;

impl SmtpPeer {
    pub async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::default());
        let seen_by_all = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, answers, Arc::clone(&seen_by_all)));
            }
        });
        Self { port, seen }
    }

    /// How often a command that begins like this was heard.
    pub fn heard(&self, command: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| seen.starts_with(command)).count()
    }
}

async fn converse(stream: TcpStream, answers: Answers, seen: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut command, mut in_mail) = (String::new(), false);
    loop {
        if !in_mail {
            seen.lock().unwrap().push(command.clone());
            let usual = match command.split(' ').next().unwrap_or_default() {
                "" => "220 peer",
                "EHLO" => "250 peer",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            match answers(&command) {
                Some("") => stream.write_all(format!("{usual}\r\n").as_bytes()).await?,
                Some(answer) => stream.write_all(format!("{answer}\r\n").as_bytes()).await?,
                None => std::future::pending().await,
            }
            in_mail = command == "DATA";
        }
        command.clear();
        if stream.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        command.truncate(command.trim_end().len());
        in_mail &= command != ".";
    }
}
