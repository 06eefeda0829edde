//! Where a resident reads what the city sends: a mailbox, or a telephone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{anyhow, bail};

use super::{GLANCE, mailbox::Mailbox};
use crate::clock::Clock;

/// How long a resident waits for the code before giving up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Telephones, by number. What was taken by a gateway and never arrived is kept as nothing.
#[derive(Debug, Default)]
pub struct Phones(Mutex<HashMap<String, Vec<Option<String>>>>);

impl Phones {
    /// A text arrives, or is lost on the way.
    pub fn insert(&self, number: &str, text: Option<String>) {
        self.lock().entry(number.to_owned()).or_default().push(text);
    }

    /// What came for a number, oldest first.
    pub fn list(&self, number: &str) -> Vec<Option<String>> {
        self.lock().get(number).cloned().unwrap_or_default()
    }

    /// Texts of all numbers, the lost ones too.
    pub fn count(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Option<String>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One resident's.
#[derive(Clone, Debug)]
pub enum Post {
    /// Mail for an address.
    Mail(Arc<Mailbox>, String),
    /// Texts for a number in E.164 form.
    Phone(Arc<Phones>, String),
}

impl Post {
    /// The address, as one types it.
    pub fn address(&self) -> &str {
        match self {
            Self::Mail(_, address) | Self::Phone(_, address) => address,
        }
    }

    /// What has come so far, oldest first; nothing for what was lost.
    pub fn list(&self) -> Vec<Option<String>> {
        match self {
            Self::Mail(mailbox, address) => {
                let all = mailbox.messages_for(address).into_iter();
                all.map(|mail| (!mail.is_lost).then_some(mail.body)).collect()
            }
            Self::Phone(phones, number) => phones.list(number),
        }
    }

    /// The first code after so many messages, and how many there are up to it; none if that message was lost on the way,
    /// which a resident takes to be so after a minute, and we know at once.
    ///
    /// # Errors
    /// When nothing comes.
    pub async fn code_after(&self, before: usize) -> anyhow::Result<(usize, Option<String>)> {
        match self {
            Self::Mail(mailbox, address) => {
                for nth in before + 1.. {
                    let mail = mailbox.wait_for(address, nth, PATIENCE).await?;
                    if mail.is_lost {
                        return Ok((nth, None));
                    }
                    if let Some(code) = code_in(&mail.body) {
                        return Ok((nth, Some(code)));
                    }
                }
                Err(anyhow!("no mail with a code"))
            }
            Self::Phone(..) => {
                for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
                    for (nth, text) in (before + 1..).zip(self.list().into_iter().skip(before)) {
                        match text {
                            None => return Ok((nth, None)),
                            Some(text) if code_in(&text).is_some() => return Ok((nth, code_in(&text))),
                            Some(_) => {}
                        }
                    }
                    Clock::pause(GLANCE).await;
                }
                bail!("no text with a code within {} s", PATIENCE.as_secs())
            }
        }
    }
}

/// Whether a text or a mail brings the code of an identity check.
pub fn brings_code(text: &str) -> bool {
    code_in(text).is_some() && text.contains("인증번호")
}

/// Six digits standing by themselves.
pub fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    words.find(|word| word.len() == 6).map(str::to_owned)
}
