//! A notice as it would leave, to be looked at: the same for the command line and the console.

use super::{Kind, SAMPLE_CODE, Wording, sample_of};
use crate::{
    notify::{
        mail,
        message::{self, Sender},
        sms::bytes::{self, Size, Unfit},
    },
    words::Lang,
};

/// One kind of notice in one language.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The text message.
    pub sms: String,
    /// How long it is, and what class; or why it cannot leave.
    pub size: Result<Size, Unfit>,
    /// Whether it is in the clerks' own words.
    pub own_sms: bool,
    /// The mail's subject.
    pub subject: String,
    /// The mail.
    pub body: String,
    /// Whether the mail is in the clerks' own words.
    pub own_mail: bool,
}

/// A notice with long values; of a round, if its title is given.
pub fn preview(wording: &Wording, kind: Kind, lang: Lang, from: &Sender, title: Option<&str>) -> Preview {
    let message = sample_of(kind, lang, title);
    let said = wording.say(&message, lang, from);
    let sms = message::whole_text(&message, said.sms.as_deref(), lang, from, Some(SAMPLE_CODE));
    let mail = mail::whole(&message, &said, lang, from, Some(SAMPLE_CODE));
    Preview {
        size: bytes::measure(&sms),
        sms,
        own_sms: said.sms.is_some(),
        subject: mail.subject,
        body: mail.body,
        own_mail: said.mail.is_some() || said.subject.is_some(),
    }
}
