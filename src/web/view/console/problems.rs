//! What is wrong with a draft, in the reader's language. A draft says it in English, `setting: sentence`: whoever reads
//! drafts at a command line reads that. What is not known here is shown as it was said.

use crate::{web::view::In, words::Lang};

/// A sentence on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What is said.
    pub text: String,
    /// Whether it is in English though the page is not.
    pub english: bool,
    /// The drill whose report says more.
    pub drill: Option<i64>,
}

impl Sentence {
    /// Something that is wrong with a draft, as the draft said it.
    pub fn of(problem: &str, lang: Lang) -> Self {
        let said = if matches!(lang, Lang::En) { None } else { translated(problem, &In { lang }) };
        let english = said.is_none() && !matches!(lang, Lang::En);
        Self { text: said.unwrap_or_else(|| problem.to_owned()), english, drill: failed(problem) }
    }

    /// All of them.
    pub fn list(problems: &[String], lang: Lang) -> Vec<Self> {
        problems.iter().map(|problem| Self::of(problem, lang)).collect()
    }
}

/// What a drill that did not hold says.
const FAILED: &str = "the last drill of these rules and this plan, {}, did not hold: change what its report (/console/drills/{}) names, then run `jebi drill FILE` again ({})";

/// The number of the drill that did not hold, where that is what is wrong.
fn failed(problem: &str) -> Option<i64> {
    let found = holes(FAILED, problem.strip_prefix("drill: ")?)?;
    found.get(1)?.parse().ok()
}

/// `setting: sentence`, or one inside another; the opening it is about stands behind it.
fn translated(problem: &str, page: &In) -> Option<String> {
    if let Some((rest, number)) = problem.rsplit_once(" (in [[opening]] number ") {
        let number = number.trim_end_matches(')').to_owned();
        return Some(t!(page, "problem-of-opening", number = number, what = translated(rest, page)?));
    }
    for (pattern, say) in KNOWN {
        if let Some(holes) = holes(pattern, problem) {
            return Some(say(page, &|at: usize| {
                holes.get(at).map_or(String::new(), |hole| (*hole).to_owned())
            }));
        }
    }
    let (setting, rest) = problem.split_once(": ")?;
    Some(format!("{setting}: {}", translated(rest, page)?))
}

/// What stands in the holes `{}` of a pattern, if this is a sentence of its kind.
fn holes<'s>(pattern: &str, sentence: &'s str) -> Option<Vec<&'s str>> {
    let mut parts = pattern.split("{}");
    let mut rest = sentence.strip_prefix(parts.next()?)?;
    let (mut found, mut parts) = (Vec::new(), parts.peekable());
    while let Some(part) = parts.next() {
        let at = match (parts.peek(), part) {
            // The last one ends the sentence.
            (None, "") => rest.len(),
            (None, part) => rest.strip_suffix(part)?.len(),
            (Some(_), part) => rest.find(part)?,
        };
        let (hole, after) = rest.split_at(at);
        // A setting stands before a sentence, not in it.
        if hole.is_empty() || hole.contains(": ") {
            return None;
        }
        found.push(hole);
        rest = &after[part.len()..];
    }
    rest.is_empty().then_some(found)
}

type Say = fn(&In, &dyn Fn(usize) -> String) -> String;

/// What drafts say, and how it is said to whoever reads pages.
#[rustfmt::skip]
const KNOWN: &[(&str, Say)] = &[
    ("a draft has at most {} lines: more cannot be compared with the round before", |p, a| t!(p, "problem-lines", most = a(0))),
    ("line {}: holds a character that nobody sees; write the line anew", |p, a| t!(p, "problem-hidden", line = a(0))),
    ("is in the past; announce first, then open", |p, _| t!(p, "problem-past")),
    ("is {}; choose a number from {} to {}", |p, a| t!(p, "problem-range", value = a(0), least = a(1), most = a(2))),
    ("write it like {}", |p, a| t!(p, "problem-write-like", example = a(0))),
    ("is beyond all calendars", |p, _| t!(p, "problem-beyond")),
    ("{} does not exist, or exists twice, in Korea", |p, a| t!(p, "problem-no-time", time = a(0))),
    ("`{}` is not one of mon, tue, wed, thu, fri, sat, sun", |p, a| t!(p, "problem-weekday", name = a(0))),
    ("`{}` is not one of am, noon, pm, eve", |p, a| t!(p, "problem-part-name", name = a(0))),
    ("they must follow each other, am, noon, pm, eve", |p, _| t!(p, "problem-part-order")),
    ("there are not so many open days", |p, _| t!(p, "problem-few-days")),
    ("the holidays have none in {}; is the list of another year?", |p, a| t!(p, "problem-holiday-year", year = a(0))),
    ("the file `{}` was not read", |p, a| t!(p, "problem-holiday-file", name = a(0))),
    ("`{}` does not begin with a date like 2027-01-01", |p, a| t!(p, "problem-holiday-line", line = a(0))),
    ("stands twice", |p, _| t!(p, "problem-twice")),
    ("{} stands twice", |p, a| t!(p, "problem-date-twice", date = a(0))),
    ("there is none, so nobody could buy", |p, _| t!(p, "problem-no-opening")),
    ("choose one of slot_capacity, per_minute and sellers", |p, _| t!(p, "problem-one-capacity")),
    ("choose a number from 1 to 1,000,000,000", |p, _| t!(p, "problem-capacity-range")),
    ("belong to per_minute, or to a seller", |p, _| t!(p, "problem-dips-where")),
    ("is how much of its sellers an opening has, 1 to 100", |p, _| t!(p, "problem-percent-range")),
    ("there is no [[seller]] `{}`", |p, a| t!(p, "problem-no-seller", name = a(0))),
    ("on {} at {} openings count on {} percent of it; give each its `percent`", |p, a| t!(p, "problem-shared-seller", day = a(0), time = a(1), percent = a(2))),
    ("say in [after] when those who missed a time are given one", |p, _| t!(p, "problem-no-after")),
    ("{} lies between 21:00 and 08:00, when nobody is told anything", |p, a| t!(p, "problem-quiet", time = a(0))),
    ("{} of {} slots begin before the first offer could give them; begin later or offer earlier", |p, a| t!(p, "problem-early-slots", early = a(0), all = a(1))),
    ("1 to 64 characters of a-z, 0-9 and -", |p, _| t!(p, "problem-roster-name")),
    ("everybody on which roster? write `roster = \"…\"`", |p, _| t!(p, "problem-which-roster")),
    ("who lives together is known from a roster only; write `roster = \"…\"`", |p, _| t!(p, "problem-household-roster")),
    ("`from = \"roster\"` needs a roster; write `roster = \"…\"`", |p, _| t!(p, "problem-field-roster")),
    ("nobody asks for anything, so mode must be `everyone`", |p, _| t!(p, "problem-serves-everyone")),
    ("`together` needs people who come together; with `serves = \"roster\"` write `one`", |p, _| t!(p, "problem-serves-together")),
    ("everybody on the roster is served, also of whom it does not say this, or says something else: write `otherwise = \"…\"`", |p, _| t!(p, "problem-serves-otherwise")),
    ("nobody is asked; write `from = \"roster\"` with each field", |p, _| t!(p, "problem-serves-asked")),
    ("everybody is served, so a weighting says nothing; leave it out", |p, _| t!(p, "problem-serves-weight")),
    ("must be while the round is open", |p, _| t!(p, "problem-enrols-open")),
    ("is for `serves = \"roster\"` only; leave it out", |p, _| t!(p, "problem-enrols-only")),
    ("write them like { from = \"12:00\", to = \"13:00\", percent = 60 }", |p, _| t!(p, "problem-dips-like")),
    ("{} percent is more than all", |p, a| t!(p, "problem-dips-much", percent = a(0))),
    ("two of them at {}", |p, a| t!(p, "problem-dips-two", time = a(0))),
    ("write one line that says where to buy", |p, _| t!(p, "problem-seller-title")),
    ("is an address of this machine", |p, _| t!(p, "problem-seller-own")),
    ("write hours like 09:00", |p, _| t!(p, "problem-seller-hours")),
    ("serves nobody", |p, _| t!(p, "problem-serves-nobody")),
    ("is {}; there are 0 to 3", |p, a| t!(p, "problem-level", level = a(0))),
    ("write one line without / \\ or . and without spaces around it", |p, _| t!(p, "problem-seller-name")),
    ("level 1 leads people to the seller; say where", |p, _| t!(p, "problem-seller-url")),
    ("belongs to level 3", |p, _| t!(p, "problem-seller-webhook")),
    ("write an address that begins with https://, without a password", |p, _| t!(p, "problem-seller-https")),
    ("is a percentage, 0 to 100", |p, _| t!(p, "problem-percentage")),
    ("with last_hour it is more than everybody", |p, _| t!(p, "problem-first-hour")),
    ("is 0 to 1,440", |p, _| t!(p, "problem-outage-range")),
    ("more than a thousand million people", |p, _| t!(p, "problem-people-range")),
    ("is less than the entrants", |p, _| t!(p, "problem-at-most")),
    ("must add up to 100", |p, _| t!(p, "problem-shares")),
    ("needs one of per_second, per_minute and per_day", |p, _| t!(p, "problem-limit-missing")),
    ("a limit is a number above 0", |p, _| t!(p, "problem-limit-number")),
    ("window_seconds is 1 to 60", |p, _| t!(p, "problem-window")),
    ("uses says which steps need it, and how often, like { entering = 1 }", |p, _| t!(p, "problem-uses")),
    ("a label is 1 to {} visible characters in one line", |p, a| t!(p, "problem-label", most = a(0))),
    ("no opening, reserve or fund looks at it; leave it out, what is not needed is not asked", |p, _| t!(p, "problem-unused")),
    ("`{}` is no [[field]] of this round", |p, a| t!(p, "problem-no-field", name = a(0))),
    ("`{}` never is {}", |p, a| t!(p, "problem-no-value", name = a(0), values = a(1))),
    ("under `share` each entry gets one share, however many people are in it, so that those who come together would get less: use `everyone` or `lottery` with [joint], [helped] and `household = \"together\"`", |p, _| t!(p, "problem-share-together")),
    ("a lottery draws who gets something and who gets nothing; `share` gives everybody a part. If it must be, say why in `lottery_because_ko` and `lottery_because_en`: residents read it, 10 to 300 characters each", |p, _| t!(p, "problem-lottery-why")),
    ("a lottery needs at least one, in the order in which places are given out; an open one is `[[reserve]]` with `name = \"open\"` and its `places`", |p, _| t!(p, "problem-lottery-reserve")),
    ("places are set aside in mode `lottery` only; elsewhere everybody is taken", |p, _| t!(p, "problem-reserve-mode")),
    ("funds pay everybody the same for each person, so they need mode `everyone`", |p, _| t!(p, "problem-fund-mode")),
    ("this round is none; leave it out", |p, _| t!(p, "problem-no-lottery")),
    ("is a field of the draw itself; choose another name", |p, _| t!(p, "problem-field-known")),
    ("has values of its own; leave `values` out", |p, _| t!(p, "problem-field-values")),
    ("write `values = [\"0-18\", \"19-34\", \"35-64\", \"65+\"]`, without gaps and in order", |p, _| t!(p, "problem-field-bands")),
    ("write at least two `values` to choose from", |p, _| t!(p, "problem-field-two")),
    ("is asked in both languages: write `label_ko`, `label_en` and, for each value, `{ name = \"…\", ko = \"…\", en = \"…\" }`", |p, _| t!(p, "problem-field-labels")),
    ("a value stands twice", |p, _| t!(p, "problem-value-twice")),
    ("a value is 1 to 64 characters of a-z, 0-9 and . _ + -", |p, _| t!(p, "problem-value-name")),
    ("is asked, so that `otherwise` says nothing; leave it out", |p, _| t!(p, "problem-asked-otherwise")),
    ("whoever enters without a counter has no answer: write `otherwise = \"…\"`", |p, _| t!(p, "problem-counter-otherwise")),
    ("`otherwise` is none of the values", |p, _| t!(p, "problem-otherwise")),
    ("begins and ends with a letter or digit", |p, _| t!(p, "problem-slug-edges")),
    ("does not cover a single unit; nobody could get anything", |p, _| t!(p, "problem-budget")),
    ("write 1 to {} visible characters in one line", |p, a| t!(p, "problem-title", most = a(0))),
    ("the file was not read; only `jebi announce` reads one beside a draft", |p, _| t!(p, "problem-words-file")),
    ("there is a round `{}` already; slugs are never used again", |p, a| t!(p, "problem-slug-taken", slug = a(0))),
    ("no roster `{}` is in use: `jebi roster import {} FILE` first", |p, a| t!(p, "problem-no-roster", name = a(0))),
    ("has no key yet: `jebi seller add \"{}\"` first", |p, _| t!(p, "problem-no-key")),
    ("nobody has said what the seller can take: write a [[dependency]] with `uses = { purchase = 1 }` and its measured limit, or let the [[opening]] take its capacity from [[seller]]s", |p, _| t!(p, "problem-blind")),
    (FAILED, |p, a| t!(p, "problem-drill-failed", at = a(0), id = a(1))),
    ("the last drill of these rules and this plan, {}, had {} people over sockets and {} in process, and {} and {} are asked for: run `jebi drill FILE` without --scale and --sample, which takes as many ({})", |p, a| t!(p, "problem-drill-small", at = a(0), had = a(1), drawn = a(2), sockets = a(3), process = a(4))),
    ("in the last drill of these rules and this plan, {}, nobody met some of the trouble that it makes, so it says nothing about that: run `jebi drill FILE` again with another --seed ({})", |p, a| t!(p, "problem-drill-unmet", at = a(0))),
    ("no report of a drill of these rules and this plan is kept here: run `jebi drill FILE` with this deployment's configuration, which keeps it; after a change of the draft, or with another jebi, again ({})", |p, _| t!(p, "problem-drill-none")),
    ("smallest_cell is 1: what few people have in common stands in the published list receipt by receipt; with smallest_cell = 5 it does not", |p, _| t!(p, "problem-advice-cell")),
    ("a seller below level 3 does not ask us, so one person can buy there and at another seller: it is seen when the lists are compared, and the money is spent then; with one seller, or all at level 3, it cannot happen", |p, _| t!(p, "problem-advice-sellers")),
    ("the openings seat up to {} people a minute, and all [[seller]] together take {}: whoever comes waits at the gate; let the [[opening]] take its capacity from its `sellers`, or say what these can take", |p, a| t!(p, "problem-advice-rates", seat = a(0), take = a(1))),
    ("there can be a waitlist, and without [after] nothing is ever offered to it: what people do not buy or give back stays unused", |p, _| t!(p, "problem-advice-waitlist")),
    ("the last offer is at {}, before the last place has been held to its end at {}: who misses one of the last times is not given a second one", |p, a| t!(p, "problem-advice-last-offer", last = a(0), until = a(1))),
    ("no opening has catch_up = true: who misses a time is given no second one, and the amount goes on", |p, _| t!(p, "problem-advice-no-second")),
    ("one person can have {} entries, one for each of what the open doors know people by ({}): keep the doors that share one in `identity.doors`, or announce with a roster", |p, a| t!(p, "problem-advice-doors", count = a(0), names = a(1))),
    ("one person can have any number of entries by the door `email`, one for each address, and who has a domain has any number of these: leave it out of `identity.doors`, or announce with a roster", |p, _| t!(p, "problem-advice-mail")),
    ("one person can have a second entry at a counter, which knows whoever gives no phone and no address by name and birth date: announce with a roster", |p, _| t!(p, "problem-advice-counter")),
    ("everybody who enters can add {} people whom nobody has seen, under any name: announce with a roster by name, or leave out [helped]", |p, a| t!(p, "problem-advice-helped", most = a(0))),
    ("nobody on the roster `{}` has an address: their times are told at counters alone, by name and birth date, and not on the web; import it with a column of phones or addresses", |p, a| t!(p, "problem-advice-unheard", name = a(0))),
    ("`{}` names no hand-over of this round", |p, a| t!(p, "problem-no-handover", id = a(0))),
    ("the receipt stands in line {} already", |p, a| t!(p, "problem-line-before", line = a(0))),
    ("there is no such entry in this round", |p, _| t!(p, "problem-not-entered")),
    ("somebody is paying with this entry's pass right now: import the list again in some minutes", |p, _| t!(p, "problem-paying")),
    ("the time is in the future", |p, _| t!(p, "problem-future")),
    ("the entry has no place yet", |p, _| t!(p, "problem-no-place")),
    ("the place had ended", |p, _| t!(p, "problem-had-ended")),
    ("more than the entry's amount", |p, _| t!(p, "problem-more")),
    ("before the entry's time began", |p, _| t!(p, "problem-early")),
    ("with this purchase more would be bought than there is: ask the seller what was sold", |p, _| t!(p, "problem-over-budget")),
    ("bought {} won at {} according to {}", |p, a| t!(p, "problem-bought-twice", won = a(0), at = a(1), source = a(2))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_draft_says_is_said_in_korean_with_its_setting() {
        let said = |problem: &str| Sentence::of(problem, Lang::Ko);
        let text = |problem: &str| said(problem).text;
        assert!(
            text("times.opens: is in the past; announce first, then open").starts_with("times.opens: 이미")
        );
        let days = text("opening.days: is 0; choose a number from 1 to 366 (in [[opening]] number 2)");
        assert!(days.contains('2') && days.contains("366") && !days.contains("choose"), "{days}");
        assert!(text("seller `bank`: per_minute: serves nobody").starts_with("seller `bank`: per_minute: 0"));
        assert!(text("holidays: 2027-01-01 stands twice").contains("2027-01-01"));
        assert_eq!(
            said("of another version"),
            Sentence { text: "of another version".into(), english: true, drill: None }
        );
        assert!(!Sentence::of("of another version", Lang::En).english);
    }

    #[test]
    fn a_drill_that_did_not_hold_is_named() {
        let problem = "drill: the last drill of these rules and this plan, 2026-11-28 10:00, did not hold: change what its \
                       report (/console/drills/7) names, then run `jebi drill FILE` again (the draft says `drill = true`)";
        for lang in Lang::ALL {
            let said = Sentence::of(problem, lang);
            assert!(said.text.contains("/console/drills/7") && !said.english, "{said:?}");
            assert_eq!(said.drill, Some(7));
        }
        assert_eq!(Sentence::of("slug: stands twice", Lang::Ko).drill, None);
    }

    /// Every sentence known here is one that something really says: else it is translated for nothing, and what took its
    /// place is not.
    #[test]
    fn every_sentence_known_is_one_that_is_said() {
        let mut said = String::new();
        let mut folders = vec![std::path::PathBuf::from("src/domain/draft"), "src/lifecycle".into()];
        while let Some(folder) = folders.pop() {
            for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                match file.is_dir() {
                    true => folders.push(file),
                    false => said.push_str(&std::fs::read_to_string(file).unwrap()),
                }
            }
        }
        // Strings go on in the next line.
        let plain = |text: &str| text.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" ");
        let said = plain(&said.replace("\\\"", "\"").replace("\\\\", "\\"));
        for (pattern, _) in KNOWN {
            for part in pattern.split("{}").flat_map(|part| part.split(['{', '}'])) {
                let part = plain(part);
                assert!(said.contains(part.trim()), "nobody says `{part}` of `{pattern}`");
            }
        }
    }

    /// And what a draft can say is known here: else whoever reads Korean reads English. Every sentence of its sources is looked
    /// at; what is none stands below.
    #[test]
    fn every_sentence_that_is_said_is_known() {
        // Parts of what is said elsewhere, what only a command line reads, and what the program writes itself.
        const NONE: &[&str] = &[
            "opening.{} (in [[opening]] number {})",
            "the round cannot be announced:\\n  {}",
            "the round is not safe, so it is not announced:\\n  {}",
            // Why a drill is asked for: the sentence that holds it says what to do.
            "the draft says `drill = true`",
            "{} people could take part{}, and from {} on it is asked for ([drill] in the configuration)",
            ", for expect.at_most does not say fewer",
            ", for there are seats for more than expect.at_most says and nothing keeps them out",
        ];
        let mut files = vec![
            std::path::PathBuf::from("src/lifecycle/announce.rs"),
            "src/lifecycle/drilled.rs".into(),
            "src/lifecycle/unheard.rs".into(),
        ];
        let all = std::fs::read_dir("src/domain/draft").unwrap().map(|entry| entry.unwrap().path());
        files.extend(
            all.filter(|path| {
                path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs")
            }),
        );
        let (mut said, mut silent) = (0, Vec::new());
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            for sentence in sentences(source.split("#[cfg(test)]").next().unwrap()) {
                said += 1;
                // In the place of a value there stands a word.
                let example = sentence.replace("{}", "x");
                let only_a_setting = example.ends_with(": x") || example.ends_with("`x`");
                let is_known = translated(&example, &In { lang: Lang::Ko }).is_some();
                if !is_known && !only_a_setting && !NONE.contains(&sentence.as_str()) {
                    silent.push(format!("{}: {sentence}", file.display()));
                }
            }
        }
        assert!(said > 80, "only {said} sentences were found");
        assert!(silent.is_empty(), "nobody has translated:\n{}", silent.join("\n"));
    }

    /// The strings of a source with more than two words in them, values as `{}`.
    fn sentences(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in source.replace("\\\"", "\u{1}").replace("\\\n", "\u{2}").lines() {
            let code = if line.trim_start().starts_with("//") { "" } else { line };
            found.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
        }
        let plain = |text: &String| {
            let text = text
                .replace('\u{1}', "\"")
                .replace("\\\\", "\\")
                .replace("{{", "\u{3}")
                .replace("}}", "\u{4}");
            let text = text.split('\u{2}').map(str::trim_start).collect::<String>();
            let mut parts = text.split('{');
            let first = parts.next().unwrap_or_default().to_owned();
            // A value is one word in its braces; an example has more.
            let rest = parts.map(|part| match part.split_once('}') {
                Some((inner, rest)) if !inner.contains(' ') => format!("{{}}{rest}"),
                _ => format!("{{{part}"),
            });
            (first + &rest.collect::<String>()).replace('\u{3}', "{").replace('\u{4}', "}")
        };
        found.iter().map(plain).filter(|text| text.trim().split(' ').count() > 2).collect()
    }
}
