//! What a claimed notice says, looked up at the moment it leaves: a changed entry or language is
//! never told in old words.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
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
    message::{After, Message, Sender},
    tag::{self, Purpose},
    vendor::Ready,
    wording::{Said, Wording},
};
use crate::{
    app::{App, Round},
    domain::{
        contact::Contact,
        reminding,
        standing::{Place, Step},
    },
    store::{self, readdressed::READDRESSED},
    words::Lang,
};

mod after;
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
    /// `aloud` says that people tell it, who want to know as well who need not be told any more.
    async fn find(app: &App, notices: &[notice::Model], aloud: bool) -> Result<Self, DbErr> {
        let db = app.db.read();
        let mut found = Self {
            codes: HashMap::new(),
            entries: HashMap::new(),
            formers: Vec::new(),
            places: HashMap::new(),
            moves: HashMap::new(),
            facts: HashMap::new(),
            bought: HashSet::new(),
            waiting: HashMap::new(),
            checkpoints: HashMap::new(),
            unmailed: HashSet::new(),
            wordings: HashMap::new(),
        };
        let of = |reason: fn(&str) -> bool| notices.iter().filter(move |notice| reason(&notice.reason));
        let codes: Vec<String> = of(|reason| reason == "code").map(|notice| notice.about.clone()).collect();
        if !codes.is_empty() {
            found
                .codes
                .extend(store::code::list(db, &codes).await?.into_iter().map(|code| (code.id.clone(), code)));
        }
        let mut by_round: HashMap<i64, Vec<String>> = HashMap::new();
        for notice in of(|reason| reason != "code") {
            by_round.entry(notice.round_id).or_default().push(notice.about.clone());
        }
        let sealed: BTreeSet<i64> = of(|reason| reason == "sealed").map(|notice| notice.round_id).collect();
        for round_id in sealed {
            let lines = store::journal::list(db, round_id).await?;
            let seal = lines.iter().rfind(|line| line.kind == "sealed").map_or(i64::MAX, |line| line.index);
            if let Some(checkpoint) = store::checkpoint::find_with(db, seal).await? {
                found.checkpoints.insert(round_id, checkpoint.note);
            }
        }
        let rounds: Vec<i64> = by_round.keys().copied().collect();
        for (round_id, text) in store::wording::list(db, &rounds).await? {
            match Wording::parse(&text) {
                Ok(wording) => drop(found.wordings.insert(round_id, wording)),
                Err(error) => {
                    tracing::error!(round_id, error, "words of a round cannot be read: the usual ones leave")
                }
            }
        }
        for (round_id, receipts) in by_round {
            let unmailed = store::mail::list_unmailed(db, round_id, &receipts).await?;
            found.unmailed.extend(unmailed.into_iter().map(|receipt| (round_id, receipt)));
            let entries = store::entry::list(db, round_id, &receipts).await?;
            let leads = entries.values().filter_map(|entry| entry.lead.clone());
            let placed: Vec<String> = receipts.into_iter().chain(leads).collect();
            found.entries.extend(entries.into_iter().map(|(receipt, entry)| ((round_id, receipt), entry)));
            let places = store::assignment::list(db, round_id, &placed).await?;
            let waits = places.iter().any(|place| place.outcome == "waitlisted");
            let rounds = if waits { app.rounds.list().await? } else { Vec::new() };
            if let Some(round) = rounds.iter().find(|round| round.row.id == round_id) {
                found.waiting.insert(round_id, Waiting(app.waitlists.of(&app.db, round).await?));
            }
            if !places.is_empty() {
                let moves = store::offer::list_all_moves(db, round_id, Some(&placed)).await?;
                found.moves.extend(moves.into_iter().map(|(receipt, moves)| ((round_id, receipt), moves)));
            }
            let has = |reasons: fn(&str) -> bool| of(reasons).any(|notice| notice.round_id == round_id);
            if has(|reason| reason == READDRESSED) {
                found.formers.extend(store::readdressed::list(db, round_id, &placed).await?);
            }
            if aloud || has(|reason| matches!(reason, "eve" | "soon" | "open")) {
                let bought = store::bought::list(db, round_id, &placed).await?;
                found.bought.extend(bought.into_keys().map(|receipt| (round_id, receipt)));
            }
            if aloud
                || has(|reason| matches!(reason, "returned" | "ended" | "struck" | "eve" | "soon" | "open"))
            {
                let facts = store::fact::list(db, round_id, Some(&placed)).await?;
                found.facts.extend(facts.into_iter().map(|(receipt, fact)| ((round_id, receipt), fact)));
            }
            found.places.extend(places.into_iter().map(|place| ((round_id, place.receipt.clone()), place)));
        }
        Ok(found)
    }

    /// The round's own words for a notice, where it has some.
    fn said(&self, app: &App, round_id: i64, message: &Message, lang: Lang) -> Said {
        let wording = self.wordings.get(&round_id);
        wording.map_or_else(Said::default, |wording| {
            wording.say(message, lang, &Sender::of(&app.config.municipality))
        })
    }

    /// Which of the addresses that some notices go to by mail are dead.
    async fn dead(&self, app: &App, notices: &[notice::Model]) -> Result<HashSet<String>, DbErr> {
        let mailed = notices.iter().filter(|notice| notice.channel == "email" && notice.reason != "code");
        let keys: Vec<String> = mailed
            .filter_map(|notice| app.keys.people().open::<Contact>(CONTACT, self.sealed(notice)?))
            .map(|contact| address_key(app, &contact))
            .collect();
        store::mail::list_dead(app.db.read(), &keys).await
    }

    fn code(&self, app: &App, notice: &notice::Model) -> Option<(&str, Lang, Message)> {
        let code = self.codes.get(&notice.about)?;
        let minutes = u64::try_from((code.expires_at - code.made_at).num_minutes()).unwrap_or(1).max(1);
        let message = Message::Code { code: app.keys.people().open(CODE, &code.code_sealed)?, minutes };
        Some((&code.address_sealed, lang(&code.lang), message))
    }

    fn entry(&self, round: &Round, notice: &notice::Model) -> Option<(&str, Lang, Message)> {
        let key = (notice.round_id, notice.about.clone());
        let entry = self.entries.get(&key)?;
        let lang = lang(&entry.lang);
        // A member is told of the entry that they are in: its receipt, its place.
        let receipt = entry.lead.clone().unwrap_or_else(|| entry.receipt.clone());
        let (title, place) = (told_title(round, lang), (notice.round_id, receipt.clone()));
        if round.row.voided_at.is_some() && notice.reason != "voided" {
            return None;
        }
        let message = match notice.reason.as_str() {
            "entered" => {
                let want = u64::try_from(entry.want).unwrap_or_default();
                Message::Entered {
                    title,
                    receipt,
                    want,
                    closes_at: round.row.closes_at,
                    results_at: round.row.results_at,
                }
            }
            "withdrawn" => Message::Withdrawn { title, receipt },
            "sealed" => {
                let checkpoint = self.checkpoints.get(&notice.round_id).cloned().unwrap_or_default();
                Message::Sealed { title, receipt, seal: round.row.seal.clone()?, checkpoint }
            }
            "voided" => Message::Voided { title, receipt },
            "eve" | "soon" | "open" => {
                let held = self.reminded(round, &place)?;
                let has_begun = notice.reason == "open";
                reminder(notice.version, title, receipt, held, has_begun)?
            }
            "result" => self.result(round, title, receipt, self.places.get(&place)?)?,
            _ => Message::After(After {
                title,
                receipt,
                news: self.news(round, notice, &place, entry.lead.is_some())?,
            }),
        };
        Some((&entry.person_sealed, lang, message))
    }

    fn result(
        &self,
        round: &Round,
        title: String,
        receipt: String,
        place: &assignment::Model,
    ) -> Option<Message> {
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let steps = self.steps(&(round.row.id, receipt.clone()))?;
        let Some(held) = round.standing(&steps).place() else {
            let Waiting(ranks) = self.waiting.get(&round.row.id)?;
            let position = ranks.partition_point(|rank| *rank <= place.rank) as u64;
            return Some(Message::Waitlisted { title, receipt, position, count: ranks.len() as u64 });
        };
        Some(Message::Assigned {
            title,
            receipt,
            starts_at: held.turn.starts_at,
            until: held.turn.until,
            amount: held.amount,
            rank: count(place.rank),
            count: count(round.row.entrant_count.unwrap_or_default()),
        })
    }
}

impl Abouts {
    /// What the draw and each offer said about an entry.
    fn steps(&self, key: &(i64, String)) -> Option<Vec<Step>> {
        let moves = self.moves.get(key).map_or(&[][..], Vec::as_slice);
        Some(store::offer::steps(self.places.get(key)?, moves))
    }

    /// The place of which an entry is to be reminded: nobody who bought it, gave it back or is out is.
    fn reminded(&self, round: &Round, key: &(i64, String)) -> Option<Place> {
        let place = round.standing(&self.steps(key)?).place()?;
        let gone = self.facts.get(key).is_some_and(|fact| fact.kind != store::fact::KEPT);
        (!gone && !self.bought.contains(key)).then_some(place)
    }
}

/// A reminder of a start that is still this one's.
fn reminder(version: i32, title: String, receipt: String, held: Place, has_begun: bool) -> Option<Message> {
    let Place { turn, amount, .. } = held;
    let (starts_at, until) = (turn.starts_at, turn.until);
    (reminding::version(starts_at) == version).then_some(match has_begun {
        false => Message::Reminder { title, receipt, starts_at, until, amount },
        true => Message::StillOpen { title, receipt, starts_at, until, amount },
    })
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
