//! What a claimed notice says, looked up at the moment it leaves: a changed entry or language is
//! never told in old words.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entities::{assignment, code, entry, fact, moved, notice, readdressed::Model as Former};
use i18n_embed_fl::fl;
use public_audit::rules::Beacon;
use sea_orm::DbErr;

use super::{
    bounce::address_key,
    invite::{self, Version},
    mail,
    message::{Message, Sender},
    tag::{self, Purpose},
    vendor::Ready,
    wording::{Said, Wording},
};
use crate::{
    app::{App, Round},
    domain::contact::Contact,
    store::{self, readdressed::READDRESSED},
    words::Lang,
};

mod after;
mod entries;
mod find;
mod readdressed;
mod told;

pub use told::{Told, told};

pub use crate::domain::contact::CONTACT;
/// Sealed codes open for this purpose.
pub const CODE: &str = "code";

/// Why a notice does not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// There is nobody to tell any more: the round's people are erased, or the code is forgotten.
    Nobody,
    /// Whoever entered wants no mail, or mail to them comes back.
    Unmailed,
    /// Mail to that address comes back.
    Dead,
}

impl Untold {
    /// For the attempt's record and a clerk's screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nobody => "nobody left to tell",
            Self::Unmailed => "no mail for this entry: asked for, or it came back",
            Self::Dead => "mail to this address comes back",
        }
    }
}

/// The message of each notice, or why there is none.
///
/// # Errors
/// What the database said.
pub async fn ready(app: &App, notices: &[notice::Model]) -> Result<Vec<Result<Ready, Untold>>, DbErr> {
    // A round announced a moment ago on another instance must not be unknown here.
    app.rounds.forget();
    let rounds: HashMap<i64, _> =
        app.rounds.list().await?.into_iter().map(|round| (round.row.id, round)).collect();
    let about = Abouts::find(app, notices, false).await?;
    let dead = about.dead(app, notices).await?;
    Ok(notices
        .iter()
        .map(|notice| {
            let key = (notice.round_id, notice.about.clone());
            // Somebody waits for a code at that mailbox; an address of before was asked when it was left.
            let is_news = !["code", READDRESSED].contains(&notice.reason.as_str());
            if is_news && notice.channel == "email" && about.unmailed.contains(&key) {
                return Err(Untold::Unmailed);
            }
            let ready = ready_one(app, &rounds, &about, notice).ok_or(Untold::Nobody)?;
            let is_mailed = notice.channel == "email" && notice.reason != "code";
            match is_mailed && dead.contains(&address_key(app, &ready.contact)) {
                true => Err(Untold::Dead),
                false => Ok(ready),
            }
        })
        .collect())
}

/// Our own name for a notice, the same at every attempt; nobody else can make one up.
fn reference(app: &App, notice: &notice::Model) -> String {
    let digest = app.keys.digest("message", &format!("{}:{}", notice.id, notice.planned_at));
    format!("{}-{}", notice.id, digest.get(..16).unwrap_or_default())
}

/// Whether this is our name for one of our notices.
///
/// # Errors
/// What the database said.
pub async fn is_reference(app: &App, given: &str) -> Result<bool, DbErr> {
    let Some(id) = given.split_once('-').and_then(|(id, _)| id.parse().ok()) else { return Ok(false) };
    let notice = store::mail::find_notice(app.db.read(), id).await?;
    Ok(notice.is_some_and(|notice| reference(app, &notice) == given))
}

fn ready_one(
    app: &App,
    rounds: &HashMap<i64, Arc<Round>>,
    about: &Abouts,
    notice: &notice::Model,
) -> Option<Ready> {
    let round = rounds.get(&notice.round_id)?;
    let (sealed, lang, message) = match notice.reason.as_str() {
        "code" => about.code(app, notice)?,
        READDRESSED => about.readdressed(app, round, notice)?,
        _ => about.entry(round, notice)?,
    };
    let contact: Contact = app.keys.people().open(CONTACT, sealed)?;
    let reference = reference(app, notice);
    let is_code = notice.reason == "code";
    // Nor can an address of before say for whoever is told things now that they want no mail.
    let ends_mail = !is_code && notice.reason != READDRESSED;
    let key = (notice.round_id, notice.about.clone());
    let place = about.places.get(&key);
    let version = Version {
        // Minutes since the announcement: higher for every later notice, whatever its reason.
        sequence: u32::try_from((notice.planned_at - round.row.announced_at).num_minutes())
            .unwrap_or_default(),
        stamped_at: notice.planned_at,
        had_place: place.is_some_and(|place| place.starts_at.is_some()) || about.moves.contains_key(&key),
    };
    let return_path = app.config.mail.as_ref().and_then(|mail| mail.return_path.as_ref());
    let tagged = |purpose| tag::tag(&app.keys, purpose, notice.id);
    Some(Ready {
        calendar: invite::calendar(&message, lang, version),
        said: about.said(app, notice.round_id, &message, lang),
        // Two codes in one message would only confuse, and nobody need ask who sends what they asked for.
        code: if is_code { None } else { tag::code(&app.keys, notice.id) },
        return_path: return_path.and_then(|path| mail::return_path(path, &tagged(Purpose::Bounce))),
        unsubscribe: ends_mail
            .then(|| format!("{}/unsubscribe/{}", app.config.public_url, tagged(Purpose::Unsubscribe))),
        contact,
        lang,
        message,
        reference,
    })
}

/// Everything some notices are about.
struct Abouts {
    codes: HashMap<String, code::Model>,
    entries: HashMap<(i64, String), entry::Model>,
    formers: Vec<Former>,
    places: HashMap<(i64, String), assignment::Model>,
    /// What offers did to them, oldest first.
    moves: HashMap<(i64, String), Vec<moved::Model>>,
    /// The last that was said about a place.
    facts: HashMap<(i64, String), fact::Model>,
    /// Those of whom sellers say that they bought.
    bought: HashSet<(i64, String)>,
    waiting: HashMap<i64, Waiting>,
    /// A signed checkpoint that holds the seal, by round.
    checkpoints: HashMap<i64, String>,
    /// Entries that are told nothing by mail.
    unmailed: HashSet<(i64, String)>,
    /// The rounds' own words.
    wordings: HashMap<i64, Arc<Wording>>,
}

/// The waitlist of a round: ranks in order.
struct Waiting(Arc<Vec<i64>>);

impl Abouts {
    /// The round's own words for a notice, where it has some.
    fn said(&self, app: &App, round_id: i64, message: &Message, lang: Lang) -> Said {
        let wording = self.wordings.get(&round_id);
        wording.map_or_else(Said::default, |wording| {
            wording.say(message, lang, &Sender::of(&app.config.municipality))
        })
    }

    fn code(&self, app: &App, notice: &notice::Model) -> Option<(&str, Lang, Message)> {
        let code = self.codes.get(&notice.about)?;
        let minutes = u64::try_from((code.expires_at - code.made_at).num_minutes()).unwrap_or(1).max(1);
        let message = Message::Code { code: app.keys.people().open(CODE, &code.code_sealed)?, minutes };
        Some((&code.address_sealed, lang(&code.lang), message))
    }
}

/// The title of a round in a language.
pub fn title(round: &Round, lang: Lang) -> &str {
    match lang {
        Lang::Ko | Lang::KoSimple => &round.row.title_ko,
        Lang::En => &round.row.title_en,
    }
}

/// The title as a notice bears it: a rehearsal says so, lest somebody come to buy.
fn told_title(round: &Round, lang: Lang) -> String {
    let title = title(round, lang);
    match round.rules.beacon {
        Beacon::None {} => fl!(lang.loader(), "title-rehearsal", title = title),
        _ => title.to_owned(),
    }
}

fn lang(tag: &str) -> Lang {
    Lang::from_tag(tag).unwrap_or_default()
}
