//! The mails that arrived, by recipient.

use super::Postman;
use mail_parser::MessageParser;
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time};

/// A mail as a resident reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The envelope sender.
    pub from: String,
    /// The envelope recipient.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The plain text, decoded, with `\n` line ends and none at the end.
    pub body: String,
    /// The address in `List-Unsubscribe`, empty if there is none.
    pub unsubscribe: String,
    /// The Message-ID with its angle brackets, empty if there is none.
    pub message_id: String,
    /// When the final dot was read.
    pub received_at: Instant,
    /// Whether it was taken and never got there: nobody has read it.
    pub is_lost: bool,
}

/// The mail a reader waited for did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such mail within {} ms; the recipient has {have}", waited.as_millis())]
pub struct NeverCame {
    /// How long was waited.
    pub waited: Duration,
    /// How many mails the recipient has.
    pub have: usize,
}

/// A mail as it came; decoded when somebody reads it, not while others wait to deliver.
#[derive(Debug)]
pub(super) struct Raw {
    pub from: String,
    pub bytes: Vec<u8>,
    pub received_at: Instant,
}

/// A mail for one recipient.
#[derive(Clone)]
struct Kept {
    raw: Arc<Raw>,
    is_lost: bool,
}

/// What came for one recipient.
#[derive(Default)]
struct Came {
    mails: Vec<Kept>,
    /// One bell for each recipient: thousands of residents wait at the same time, each for one mail.
    bell: Arc<Notify>,
}

pub(super) struct Store {
    postman: Option<Arc<dyn Postman>>,
    boxes: Mutex<HashMap<String, Came>>,
    count: AtomicUsize,
}

impl Store {
    pub fn new(postman: Option<Arc<dyn Postman>>) -> Self {
        Self { postman, boxes: Mutex::default(), count: AtomicUsize::new(0) }
    }

    pub fn knows(&self, recipient: &str) -> bool {
        self.postman.as_ref().is_none_or(|postman| postman.knows(&recipient.to_lowercase()))
    }

    pub fn insert(&self, recipients: &[String], raw: Raw) {
        let raw = Arc::new(raw);
        for recipient in recipients {
            let recipient = recipient.to_lowercase();
            // Read before others are made to wait.
            let is_lost = self.postman.as_ref().is_some_and(|postman| {
                let kept = Kept { raw: Arc::clone(&raw), is_lost: false };
                !postman.brings(&recipient, &read(&kept, &recipient).body)
            });
            let mut boxes = self.boxes();
            let mailbox = boxes.entry(recipient).or_default();
            mailbox.mails.push(Kept { raw: Arc::clone(&raw), is_lost });
            mailbox.bell.notify_waiters();
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn mails(&self, recipient: &str) -> Vec<Mail> {
        let mails = self.boxes().get(&recipient.to_lowercase()).map(|b| b.mails.clone()).unwrap_or_default();
        mails.iter().map(|kept| read(kept, recipient)).collect()
    }

    pub fn nth(&self, recipient: &str, nth: usize) -> Option<Mail> {
        let kept = {
            let boxes = self.boxes();
            let mails = &boxes.get(&recipient.to_lowercase())?.mails;
            mails.get(nth.checked_sub(1)?)?.clone()
        };
        Some(read(&kept, recipient))
    }

    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    pub fn counts(&self) -> HashMap<String, usize> {
        self.boxes()
            .iter()
            .filter(|(_, mailbox)| !mailbox.mails.is_empty())
            .map(|(recipient, mailbox)| (recipient.clone(), mailbox.mails.len()))
            .collect()
    }

    pub async fn wait<T>(
        &self,
        recipient: &str,
        patience: Duration,
        look: impl Fn(&Self) -> Option<T>,
    ) -> Result<T, NeverCame> {
        let bell = Arc::clone(&self.boxes().entry(recipient.to_lowercase()).or_default().bell);
        let looking = async {
            loop {
                // Listening begins before looking, so a mail in between is not missed.
                let mut ring = std::pin::pin!(bell.notified());
                ring.as_mut().enable();
                if let Some(found) = look(self) {
                    return found;
                }
                ring.await;
            }
        };
        time::timeout(patience, looking).await.map_err(|_| NeverCame {
            waited: patience,
            have: self.boxes().get(&recipient.to_lowercase()).map_or(0, |mailbox| mailbox.mails.len()),
        })
    }

    fn boxes(&self) -> MutexGuard<'_, HashMap<String, Came>> {
        // Every change under the lock is a single insertion.
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store").field("count", &self.count()).finish_non_exhaustive()
    }
}

fn read(Kept { raw, is_lost }: &Kept, recipient: &str) -> Mail {
    let parsed = MessageParser::default().parse(&raw.bytes);
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let message = parsed.as_ref();
    let body = message.and_then(|m| m.body_text(0)).unwrap_or_default().replace("\r\n", "\n");
    Mail {
        from: raw.from.clone(),
        to: recipient.to_owned(),
        subject: text(message.and_then(|m| m.subject())),
        body: body.trim_end_matches('\n').to_owned(),
        unsubscribe: message
            .and_then(|m| m.header_raw("List-Unsubscribe"))
            .map(|url| url.trim().trim_matches(['<', '>']).to_owned())
            .unwrap_or_default(),
        message_id: message.and_then(|m| m.message_id()).map(|id| format!("<{id}>")).unwrap_or_default(),
        received_at: raw.received_at,
        is_lost: *is_lost,
    }
}
