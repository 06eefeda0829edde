//! Texts as JSON lines in a file: for demos, and for rehearsals on a machine without a network.

use super::{SmsVendor, Text};
use crate::notify::outcome::Outcome;
use serde::Serialize;
use std::{io, path::Path};
use tokio::{fs, io::AsyncWriteExt, sync::Mutex};

/// Appends one line `{"reference":…,"to":…,"body":…}` per text. The file holds telephone numbers and codes:
/// only its owner can read it.
#[derive(Debug)]
pub struct File {
    file: Mutex<fs::File>,
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
        Ok(Self { file: Mutex::new(options.open(path).await?) })
    }
}

impl SmsVendor for File {
    fn name(&self) -> &str {
        "file"
    }

    async fn send(&self, text: &Text) -> Outcome {
        if let Some(refusal) = text.refusal() {
            return Outcome::permanent(refusal);
        }
        let line = Line { reference: &text.reference, to: &text.to, body: &text.body };
        let mut bytes = match serde_json::to_vec(&line) {
            Ok(bytes) => bytes,
            Err(error) => return Outcome::permanent(error.to_string()),
        };
        bytes.push(b'\n');
        let mut file = self.file.lock().await;
        // Accepted means durable; a line that was written in part may or may not be read by somebody.
        let written = async {
            file.write_all(&bytes).await?;
            file.flush().await?;
            file.sync_data().await
        };
        match written.await {
            Ok(()) => Outcome::Accepted { reference: None },
            Err(error) => Outcome::unknown(format!("writing the file: {error}")),
        }
    }
}
