//! What is wrong with who may take part, beside what the rules themselves refuse.

use std::collections::BTreeSet;

use public_audit::rules::{Match, Mode, Slot};

use super::field::{LABEL, is_label};
use crate::domain::draft::{Draft, is_hidden};

/// More people than this in one entry is a crowd.
const PEOPLE: u32 = 20;

impl Draft {
    /// What is wrong with it, beside what the rules themselves refuse.
    pub(in crate::domain::draft) fn who_problems(&self, slots: &[Slot]) -> Vec<String> {
        let mut problems = Vec::new();
        for field in &self.field {
            problems.extend(field.problems());
        }
        let reserves = self.reserve.iter().map(|reserve| ("reserve", &reserve.label_ko, &reserve.label_en));
        let funds = self.fund.iter().map(|fund| ("fund", &fund.label_ko, &fund.label_en));
        for (of, label) in reserves.chain(funds).flat_map(|(of, ko, en)| [(of, ko), (of, en)]) {
            if label.as_ref().is_some_and(|label| !is_label(label)) {
                problems.push(format!("{of}: a label is 1 to {LABEL} visible characters in one line"));
            }
        }
        let cohorts: BTreeSet<&Match> = slots.iter().map(|slot| &slot.cohort).collect();
        let matches = cohorts
            .iter()
            .map(|cohort| ("opening.for", *cohort))
            .chain(self.reserve.iter().map(|reserve| ("reserve.match", &reserve.matching)))
            .chain(self.fund.iter().map(|fund| ("fund.match", &fund.matching)));
        let mut used = BTreeSet::new();
        for (of, matching) in matches {
            problems.extend(self.match_problems(of, matching));
            used.extend(matching.0.keys().cloned());
        }
        for field in self.field.iter().filter(|field| !used.contains(&field.name)) {
            problems.push(format!(
                "field `{}`: no opening, reserve or fund looks at it; leave it out, what is not needed is not asked",
                field.name
            ));
        }
        problems.extend(self.people_problems());
        problems.extend(self.mode_problems());
        problems
    }

    fn match_problems(&self, of: &str, matching: &Match) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, values) in &matching.0 {
            let Some(field) = self.field.iter().find(|field| field.name == *name) else {
                problems.push(format!("{of}: `{name}` is no [[field]] of this round"));
                continue;
            };
            let known = field.field();
            let unknown: Vec<&str> =
                values.iter().filter(|value| !known.has(value)).map(String::as_str).collect();
            if !unknown.is_empty() {
                problems.push(format!("{of}: `{name}` never is {}", unknown.join(" or ")));
            }
        }
        problems
    }

    fn people_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut within = |key: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                problems.push(format!("{key}: is {value}; choose a number from {least} to {most}"));
            }
        };
        if let Some(joint) = self.joint {
            within("joint.most", joint.most, 2, PEOPLE);
        }
        if let Some(helped) = self.helped {
            within("helped.minors", helped.minors, 0, PEOPLE);
            within("helped.adults", helped.adults, 0, PEOPLE);
        }
        within("smallest_cell", self.smallest_cell, 1, 1_000_000);
        let who = self.who();
        if who.is_shared() && self.mode == Mode::Share {
            problems.push(
                "mode: under `share` each entry gets one share, however many people are in it, so that those who \
                 come together would get less: use `everyone` or `lottery` with [joint], [helped] and \
                 `household = \"together\"`"
                    .to_owned(),
            );
        }
        problems
    }

    fn mode_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let because = [&self.lottery_because_ko, &self.lottery_because_en];
        let said = because.iter().all(|text| text.as_ref().is_some_and(|text| is_sentence(text)));
        match self.mode {
            Mode::Lottery if !said => problems.push(
                "mode: a lottery draws who gets something and who gets nothing; `share` gives everybody a part. If \
                 it must be, say why in `lottery_because_ko` and `lottery_because_en`: residents read it, 10 to 300 \
                 characters each"
                    .to_owned(),
            ),
            Mode::Lottery if self.reserve.is_empty() => problems.push(
                "reserve: a lottery needs at least one, in the order in which places are given out; an open one is \
                 `[[reserve]]` with `name = \"open\"` and its `places`"
                    .to_owned(),
            ),
            Mode::Share | Mode::Everyone if !self.reserve.is_empty() => problems
                .push("reserve: places are set aside in mode `lottery` only; elsewhere everybody is taken".to_owned()),
            Mode::Share | Mode::Lottery if !self.fund.is_empty() => problems.push(
                "fund: funds pay everybody the same for each person, so they need mode `everyone`".to_owned(),
            ),
            Mode::Share | Mode::Everyone if because.iter().any(|text| text.is_some()) => {
                problems.push("lottery_because: this round is none; leave it out".to_owned());
            }
            _ => {}
        }
        problems
    }
}

fn is_sentence(text: &str) -> bool {
    (10..=300).contains(&text.trim().chars().count()) && !text.contains(is_hidden)
}
