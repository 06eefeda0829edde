//! What an act would do, as both of the two read it.

use chrono::{DateTime, Utc};

use super::desk::Desk;
pub use crate::web::view::Shown;
use crate::{
    app::Round,
    domain::{ineligible::Reason, proposal::Act, staff::Role},
    lifecycle::{advice::advice, after::shift::Concerned, announce::Looked},
    notify::{
        content::title,
        message::{After, Held, Message, News, Sender, compose, reason_in_words, text},
    },
    staff::{
        acts::{Announcing, Preview},
        before::stem,
        diff::{diff, near},
        proposals::Proposal,
    },
    web::view::{
        Against, Page, PlanView, Reads, Sentence, days_lines, fact, group_label, plan_drawn, plan_view,
        role_label,
    },
    words::Lang,
};

/// Lines around a change.
const AROUND: usize = 3;

/// The parameters of an act. What the second of two types for themselves is not shown to them.
pub fn facts(desk: &Desk, act: &Act, all: bool) -> Vec<(String, String)> {
    let page = desk.page();
    match act {
        Act::Announce { text, .. } => {
            title_of(text).map(|title| (fact(&page, "title"), title)).into_iter().collect()
        }
        Act::Void { reason } => vec![(fact(&page, "reason"), reason.clone())],
        Act::Release { reason, shift_days } => vec![
            (fact(&page, "found"), reason.clone()),
            (fact(&page, "days"), page.count(u64::from(*shift_days))),
        ],
        Act::Shift { from, minutes, reason } => vec![
            (fact(&page, "from"), page.minute(*from)),
            (fact(&page, "length"), page.minutes(*minutes)),
            (fact(&page, "reason"), reason.clone()),
        ],
        Act::Extend { from, until, minutes, reason } => vec![
            (fact(&page, "from"), page.minute(*from)),
            (fact(&page, "until"), page.minute(*until)),
            (fact(&page, "longer"), page.minutes(*minutes)),
            (fact(&page, "reason"), reason.clone()),
        ],
        Act::Ineligible { receipt, category } => {
            let why = category.as_deref().and_then(Reason::from_key);
            let why = why.map_or_else(|| fact(&page, "eligible"), |why| reason_in_words(why, page.lang));
            vec![(fact(&page, "receipt"), receipt.clone()), (fact(&page, "reason"), why)]
        }
        Act::TakeBack { receipts, reason } => {
            vec![(fact(&page, "receipts"), receipts.join(", ")), (fact(&page, "reason"), reason.clone())]
        }
        Act::Strike { receipt, category } => {
            let why = category.as_deref().and_then(Reason::from_key);
            let why = why.map_or_else(|| fact(&page, "back"), |why| reason_in_words(why, page.lang));
            vec![(fact(&page, "receipt"), receipt.clone()), (fact(&page, "reason"), why)]
        }
        Act::Declare { values } if all => vec![(fact(&page, "values"), values.clone())],
        Act::Declare { .. } => Vec::new(),
        Act::Role { name, role } => {
            let role = Role::from_key(role).map(|role| role_label(role, &page));
            vec![(fact(&page, "person"), name.clone()), (fact(&page, "role"), role.unwrap_or_default())]
        }
        Act::Confirm { roster, digest } => vec![
            (fact(&page, "roster"), roster.clone()),
            (fact(&page, "digest"), digest.chars().take(16).collect()),
        ],
    }
}

/// What it is about, where there is no round yet.
pub fn about(act: &Act) -> Option<String> {
    match act {
        Act::Announce { text, .. } => title_of(text),
        Act::Confirm { roster, .. } => Some(roster.clone()),
        Act::Role { name, .. } => Some(name.clone()),
        _ => None,
    }
}

/// The title a draft gives itself, also where the rest of it cannot be read yet.
pub fn title_of(draft: &str) -> Option<String> {
    if let Ok(table) = draft.parse::<toml::Table>() {
        let title = table.get("title_ko").and_then(toml::Value::as_str);
        return title.filter(|title| !title.is_empty()).map(str::to_owned);
    }
    let line = draft.lines().find(|line| line.trim_start().starts_with("title_ko"))?;
    line.split('"').nth(1).filter(|title| !title.is_empty()).map(str::to_owned)
}

/// The plan of a draft, drawn as far as it can be.
pub fn drawn(looked: &Looked, page: &Page) -> Option<PlanView> {
    let plan = looked.plan.as_ref()?;
    Some(match (&looked.rules, &looked.inputs) {
        (Some(rules), Some(inputs)) => plan_drawn(plan, rules, inputs, page),
        _ => plan_view(plan, page),
    })
}

/// What it would do.
pub fn shown(desk: &Desk, proposal: &Proposal, preview: &Preview) -> Shown {
    match preview {
        Preview::Announce(announcing) => announced(desk, announcing, &proposal.act),
        Preview::Shift(shifting) => {
            let (later, longer): (Vec<&Concerned>, Vec<&Concerned>) =
                shifting.concerned.iter().partition(|one| one.before.starts_at != one.then.starts_at);
            let reason = &shifting.shift().reason;
            let mut reads = Vec::new();
            for (some, is_later) in [(&later, true), (&longer, false)] {
                if let Some(one) = some.first() {
                    reads.extend(Lang::ALL.map(|lang| read(desk, proposal, one, is_later, reason, lang)));
                }
            }
            Shown {
                counts: Some((later.len() as u64, longer.len() as u64, shifting.ends_at)),
                reads,
                ..Shown::default()
            }
        }
        Preview::Release(releasing) => Shown { releasing: Some(releasing.clone()), ..Shown::default() },
        Preview::Ineligible(stands) => Shown {
            stands: Some(*stands),
            reads: found(desk, proposal, stands.next_offer),
            ..Shown::default()
        },
        Preview::TakeBack(all) => Shown {
            page_says: all.first().map_or_else(Vec::new, |one| {
                let (amount, bought_at) = (one.purchase.amount.unsigned_abs(), one.purchase.at);
                let page = |lang| Page { lang, ..desk.page() };
                let says = |lang| page(lang).taken_back(amount, bought_at, desk.visit.now);
                Lang::ALL.map(|lang| (lang, says(lang))).into()
            }),
            taken_back: all.clone(),
            ..Shown::default()
        },
        Preview::Strike(people) => {
            Shown { struck: people.clone(), reads: found(desk, proposal, None), ..Shown::default() }
        }
        Preview::Confirm(replacing) => Shown { replacing: Some(*replacing), ..Shown::default() },
        Preview::Role(before) => {
            let before = Role::from_key(before).map(|role| role_label(role, &desk.page()));
            Shown { role_before: before, ..Shown::default() }
        }
        Preview::Plain => Shown::default(),
    }
}

/// What whoever is found to be wrong reads; nothing of whoever is right after all.
fn found(desk: &Desk, proposal: &Proposal, until: Option<DateTime<Utc>>) -> Vec<Reads> {
    let (Act::Ineligible { receipt, category } | Act::Strike { receipt, category }) = &proposal.act else {
        return Vec::new();
    };
    let (Some(round), Some(why)) = (&proposal.round, category.as_deref().and_then(Reason::from_key)) else {
        return Vec::new();
    };
    let message = |lang| {
        let title = title(round, lang).to_owned();
        Message::After(After { title, receipt: receipt.clone(), news: News::Ended(why, until) })
    };
    Lang::ALL.map(|lang| reads(desk, &message(lang), lang)).into()
}

/// What everybody in a round reads that does not count.
pub fn voided(desk: &Desk, round: &Round) -> Vec<Reads> {
    // Any receipt: each reads their own.
    let receipt = "xxxx-xxxx-xxxx-xxxx".to_owned();
    let message = |lang| Message::Voided { title: title(round, lang).to_owned(), receipt: receipt.clone() };
    Lang::ALL.map(|lang| reads(desk, &message(lang), lang)).into()
}

fn reads(desk: &Desk, message: &Message, lang: Lang) -> Reads {
    let from = Sender::of(&desk.visit.app.config.municipality);
    let mail = compose(message, lang, &from);
    let sms = text(message, lang, &from);
    Reads { lang, moved: None, subject: mail.subject, body: mail.body, sms }
}

fn read(
    desk: &Desk,
    proposal: &Proposal,
    one: &Concerned,
    is_later: bool,
    reason: &str,
    lang: Lang,
) -> Reads {
    let held = Held { starts_at: one.then.starts_at, until: one.then.until, amount: one.amount };
    let news = match is_later {
        true => News::Later(held, reason.to_owned()),
        false => News::Longer(held, reason.to_owned()),
    };
    let title = proposal.round.as_ref().map(|round| title(round, lang).to_owned()).unwrap_or_default();
    let message = Message::After(After { title, receipt: one.receipt.clone(), news });
    Reads { moved: Some((is_later, one.before.starts_at)), ..reads(desk, &message, lang) }
}

fn announced(desk: &Desk, announcing: &Announcing, act: &Act) -> Shown {
    let lang = desk.visit.lang;
    let (rules, who) = (&announcing.rules, announcing.draft.who());
    let text = if let Act::Announce { text, .. } = act { text.clone() } else { String::new() };
    let before = announcing.before.as_ref();
    let compared = before.and_then(|before| before.text.as_ref());
    let compared = compared.map(|before| near(diff(before, &text), AROUND));
    let against = match before {
        Some(before) => Against::Round(before.slug.clone(), before.announced_at),
        None => Against::Nothing(stem(&announcing.draft.slug).to_owned()),
    };
    let hours = rules.cohorts().into_iter().map(|cohort| {
        let days = crate::domain::who::cohort::days(rules, cohort);
        (group_label(&who, cohort, lang), days_lines(&days, lang))
    });
    Shown {
        hours: hours.collect(),
        plan: Some(plan_drawn(&announcing.plan, rules, &announcing.inputs, &desk.page())),
        drill: announcing.drill,
        against: Some(against),
        compared,
        people: announcing.people.clone(),
        text,
        advice: Sentence::list(&advice(&desk.visit.app, &announcing.draft, rules), lang),
        ..Shown::default()
    }
}
