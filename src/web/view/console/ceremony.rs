//! A draw on a big screen, and its minutes.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Bar;
use crate::{
    staff::ceremony::{Kind, Step},
    web::view::{FieldError, In, Page, assets, errors::FieldErrors},
    words::Lang,
};

/// Somebody who watched.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Their name.
    pub name: String,
    /// Whom they stand for.
    pub belongs: String,
    /// How many steps they saw.
    pub steps: u64,
    /// Digest over what these showed.
    pub seen: String,
    /// When they said so.
    pub at: DateTime<Utc>,
}

/// The big screen.
#[derive(Debug, Template)]
#[template(path = "pages/console/ceremony.html")]
pub struct CeremonyPage {
    /// The frame.
    pub page: Page,
    /// The bar.
    pub bar: Bar,
    /// The round.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Step by step.
    pub steps: Vec<Step>,
    /// The one that comes next, from 0.
    pub next: Option<usize>,
    /// Whether nothing comes any more.
    pub voided: bool,
    /// Whether the reader can sign for what is shown.
    pub signs: bool,
    /// What they would sign for.
    pub seen: String,
    /// As typed before.
    pub name: String,
    /// As typed before.
    pub belongs: String,
    /// Who has.
    pub signed: Vec<Signed>,
    /// What to put right.
    pub errors: Vec<FieldError>,
}

impl CeremonyPage {
    fn heading(&self) -> String {
        t!(self.page, "ceremony")
    }

    fn step(&self, step: &Step) -> String {
        step_label(step.kind, self.page.lang)
    }

    fn says(&self, step: &Step) -> String {
        match step.kind {
            Kind::Seal => t!(self.page, "ceremony-seal-text"),
            Kind::Reveal => t!(self.page, "ceremony-reveal-text"),
            Kind::Pulse => t!(self.page, "ceremony-pulse-text"),
            Kind::Draw => t!(self.page, "ceremony-draw-text"),
        }
    }

    fn fact(&self, name: &str) -> String {
        fact_label(name, self.page.lang)
    }

    /// Whether it is to be read from the last row.
    fn is_next(&self, index: &usize) -> bool {
        self.next == Some(*index)
    }
}

fn step_label(kind: Kind, lang: Lang) -> String {
    let here = In { lang };
    match kind {
        Kind::Seal => t!(here, "ceremony-seal"),
        Kind::Reveal => t!(here, "ceremony-reveal"),
        Kind::Pulse => t!(here, "ceremony-pulse"),
        Kind::Draw => t!(here, "ceremony-draw"),
    }
}

fn fact_label(name: &str, lang: Lang) -> String {
    let here = In { lang };
    match name {
        "rules" => t!(here, "ceremony-fact-rules"),
        "entries" => t!(here, "ceremony-fact-entries"),
        "root" => t!(here, "ceremony-fact-root"),
        "commitment" => t!(here, "ceremony-fact-commitment"),
        "seed" => t!(here, "ceremony-fact-seed"),
        "dice" => t!(here, "ceremony-fact-dice"),
        "source" => t!(here, "ceremony-fact-source"),
        "values" => t!(here, "ceremony-fact-values"),
        "pulse" => t!(here, "ceremony-fact-pulse"),
        "draw_seed" => t!(here, "ceremony-fact-draw-seed"),
        "result" => t!(here, "ceremony-fact-result"),
        other => other.to_owned(),
    }
}

/// The minutes (의사록), in Korean: a paper of the municipality.
pub mod minutes {
    use super::{DateTime, Lang, Signed, Step, Utc, fact_label, step_label};
    use crate::words::instant::{clock, long_date};

    fn at(at: DateTime<Utc>) -> String {
        format!("{} {}", long_date(at, Lang::Ko), clock(at, Lang::Ko))
    }

    /// Above it.
    pub fn heading(title: &str) -> String {
        format!("추첨 의사록\n{title}")
    }

    /// By paragraphs.
    pub fn text(
        slug: &str,
        steps: &[Step],
        voided_at: Option<DateTime<Utc>>,
        signed: &[Signed],
    ) -> Vec<String> {
        let mut text = vec![format!("회차 {slug}")];
        if let Some(voided_at) = voided_at {
            text.push(format!("{}에 무효가 되었습니다.", at(voided_at)));
        }
        for (number, step) in (1..).zip(steps) {
            let name = step_label(step.kind, Lang::Ko);
            let when = match (step.is_done, step.done_at) {
                (true, Some(done_at)) => at(done_at),
                (true, None) => format!("{} 예정대로 나옴", at(step.due_at)),
                (false, _) => format!("아직 하지 않음(예정 {})", at(step.due_at)),
            };
            text.push(format!("{number}. {name}: {when}"));
            if step.is_done {
                let facts = step.facts.iter();
                text.extend(facts.map(|(name, value)| format!("{}: {value}", fact_label(name, Lang::Ko))));
            }
        }
        text.push("참관인".to_owned());
        if signed.is_empty() {
            text.push("확인한 참관인이 없습니다.".to_owned());
        }
        for one in signed {
            let belongs = if one.belongs.is_empty() { String::new() } else { format!(" ({})", one.belongs) };
            let seen = one.seen.get(..16).unwrap_or_default();
            text.push(format!(
                "{}{belongs}: {}단계까지 확인, {}, 확인값 {seen}   (서명)",
                one.name,
                one.steps,
                at(one.at)
            ));
        }
        text.push("여기 적힌 값은 공개 일지와 추첨 기록에 있는 값과 같으며, 누구나 다시 계산하여 확인할 수 있습니다.".to_owned());
        text
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::{
        domain::staff::Role,
        web::view::{
            errors,
            samples::{Samples, at},
        },
    };

    /// Calls `add` for each.
    pub fn add_pages(samples: &Samples, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
        let now = at("2026-11-28T01:00:00Z");
        let digest = || "8f0d3a5e".repeat(8);
        let step = |kind, is_done, names: &[&'static str]| Step {
            kind,
            due_at: now,
            is_done,
            done_at: is_done.then_some(now),
            facts: names.iter().map(|name| (*name, samples.word(&digest()))).collect(),
        };
        let page = |role, done: usize, errors: Vec<FieldError>| CeremonyPage {
            page: samples.desk("/console/rounds/tongyeong-2026-12/ceremony"),
            bar: samples.bar(role),
            slug: samples.slug(),
            title: samples.title(),
            steps: vec![
                step(Kind::Seal, done > 0, &["rules", "entries", "root"]),
                step(Kind::Reveal, done > 1, &["commitment", "seed", "dice"]),
                step(Kind::Pulse, done > 2, &["source", "values", "pulse"]),
                step(Kind::Draw, done > 3, &["draw_seed", "result"]),
            ],
            next: (done < 4).then_some(done),
            voided: done == 0,
            signs: role == Role::Observer,
            seen: digest(),
            name: samples.word("김민지"),
            belongs: samples.word("통영시의회"),
            signed: vec![Signed {
                name: samples.word("박서준"),
                belongs: samples.word("시민"),
                steps: 2,
                seen: digest(),
                at: now,
            }],
            errors,
        };
        let lang = samples.lang;
        add("console-ceremony", &page(Role::Observer, 2, Vec::new()));
        add("console-ceremony-done", &page(Role::Auditor, 4, Vec::new()));
        add("console-ceremony-void", &page(Role::Clerk, 0, Vec::new()));
        let wrong =
            vec![errors::observer_missing(lang), errors::ceremony_early(lang), errors::ceremony_moved(lang)];
        add("console-ceremony-wrong", &page(Role::Observer, 3, wrong));
    }
}
