//! What an act would do, as both of the two read it.

use super::desk::Desk;
pub use crate::web::view::Shown;
use crate::{
    domain::{ineligible::Reason, plan::Inputs, proposal::Act},
    lifecycle::{
        after::shift::Concerned,
        announce::{Looked, advice},
    },
    notify::{
        letter::{After, Held, News, Sender, Words, compose, reason_in_words, text},
        words::title,
    },
    staff::{
        acts::{Announcing, Preview},
        diff::{diff, near},
        proposals::Proposal,
    },
    web::view::{Page, PlanView, Reads, Sentence, days_lines, fact, group_label, plan_drawn, plan_view},
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
        Act::Declare { values } if all => vec![(fact(&page, "values"), values.clone())],
        Act::Declare { .. } => Vec::new(),
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
        Preview::Plain => Shown::default(),
    }
}

fn read(
    desk: &Desk,
    proposal: &Proposal,
    one: &Concerned,
    is_later: bool,
    reason: &str,
    lang: Lang,
) -> Reads {
    let from = Sender::of(&desk.visit.app.config.municipality);
    let held = Held { starts_at: one.then.starts_at, until: one.then.until, amount: one.amount };
    let news = match is_later {
        true => News::Later(held, reason.to_owned()),
        false => News::Longer(held, reason.to_owned()),
    };
    let title = proposal.round.as_ref().map(|round| title(round, lang).to_owned()).unwrap_or_default();
    let words = Words::After(After { title, receipt: one.receipt.clone(), news });
    let letter = compose(&words, lang, &from);
    Reads {
        lang,
        later: is_later,
        before: one.before.starts_at,
        subject: letter.subject,
        body: letter.body,
        sms: text(&words, lang, &from),
    }
}

fn announced(desk: &Desk, announcing: &Announcing, act: &Act) -> Shown {
    let lang = desk.visit.lang;
    let (rules, who) = (&announcing.rules, announcing.draft.who());
    let text = if let Act::Announce { text, .. } = act { text.clone() } else { String::new() };
    let compared = announcing.before.as_deref().map(|before| near(diff(before, &text), AROUND));
    let hours = rules.cohorts().into_iter().map(|cohort| {
        let days = crate::domain::who::cohort::days(rules, cohort);
        (group_label(&who, cohort, lang), days_lines(&days, lang))
    });
    Shown {
        hours: hours.collect(),
        plan: Some(plan_drawn(&announcing.plan, rules, &Inputs::of(&announcing.draft), &desk.page())),
        drill: announcing.drill,
        compared,
        text,
        advice: Sentence::list(&advice(&desk.visit.app, &announcing.draft, rules), lang),
        ..Shown::default()
    }
}
