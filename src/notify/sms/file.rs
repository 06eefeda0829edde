//! Texts as JSON lines in a file: for demos, and for rehearsals on a machine without a network.

use super::{Found, Limits, Report, SmsVendor, Text, bytes};
use crate::notify::outcome::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::{fs, io::AsyncWriteExt, sync::Mutex};

/// Appends one line `{"reference":…,"to":…,"body":…}` per text. The file holds telephone numbers and codes:
/// only its owner can read it.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    file: Mutex<fs::File>,
}

#[derive(Deserialize)]
struct Written {
    reference: String,
}

#[derive(Serialize)]
struct Line<'a> {
    reference: &'a str,
    to: &'a str,
    body: &'a str,
}

impl File {
    /// Opens the file for appending, or makes it; in a folder it is called `texts.jsonl`.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub async fn open(path: &Path) -> io::Result<Self> {
        let is_folder = fs::metadata(path).await.is_ok_and(|found| found.is_dir());
        let path = if is_folder { path.join("texts.jsonl") } else { path.to_owned() };
        let mut options = fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = Mutex::new(options.open(&path).await?);
        Ok(Self { path, file })
    }
}

impl File {
    /// All lines with one write: accepted means durable.
    async fn append(&self, texts: &[Text]) -> io::Result<()> {
        let mut bytes = Vec::new();
        for text in texts {
            let line = Line { reference: &text.reference, to: &text.to, body: &text.body };
            serde_json::to_writer(&mut bytes, &line)?;
            bytes.push(b'\n');
        }
        let mut file = self.file.lock().await;
        file.write_all(&bytes).await?;
        file.flush().await?;
        file.sync_data().await
    }
}

impl SmsVendor for File {
    fn name(&self) -> &'static str {
        "file"
    }

    fn limits(&self) -> Limits {
        Limits { batch: 100, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        // A line that was written in part may or may not be read by somebody.
        let outcome = match self.append(texts).await {
            Ok(()) => Outcome::Accepted { reference: None },
            Err(error) => Outcome::unknown(format!("writing the file: {error}")),
        };
        vec![outcome; texts.len()]
    }

    async fn find(&self, text: &Text, _: DateTime<Utc>) -> Found {
        let written = match fs::read_to_string(&self.path).await {
            Ok(written) => written,
            Err(error) => return Found::Silent(error.to_string()),
        };
        let mut lines = written.lines().filter_map(|line| serde_json::from_str::<Written>(line).ok());
        match lines.any(|line| line.reference == text.reference) {
            true => Found::Taken(None),
            false => Found::Missing,
        }
    }

    async fn reports(&self, _: DateTime<Utc>) -> Result<Vec<Report>, String> {
        Ok(Vec::new())
    }
}
