//! The steps from a program to a round that can be announced, one idea each.

use toml::Table;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What is sold, and what the round is called.
    Goods,
    /// Who gets how much.
    Mode,
    /// When each step of the round happens.
    Dates,
    /// Who comes together.
    Groups,
    /// Days, hours and places of one opening, counted from 0.
    Hours(usize),
    /// Who is expected, and what everything behind it can take.
    Load,
    /// How long people are told, and what happens to places that are left.
    Notices,
}

impl Step {
    /// All of a draft, in order.
    pub fn all(table: &Table) -> Vec<Self> {
        let openings = openings(table).max(1);
        let mut steps = vec![Self::Goods, Self::Mode, Self::Dates, Self::Groups];
        steps.extend((0..openings).map(Self::Hours));
        steps.extend([Self::Load, Self::Notices]);
        steps
    }

    /// In addresses.
    pub fn key(self) -> String {
        match self {
            Self::Goods => "goods".to_owned(),
            Self::Mode => "mode".to_owned(),
            Self::Dates => "dates".to_owned(),
            Self::Groups => "groups".to_owned(),
            Self::Hours(at) => format!("hours-{}", at + 1),
            Self::Load => "load".to_owned(),
            Self::Notices => "notices".to_owned(),
        }
    }

    /// The step that a sentence about a draft is about, by the setting it begins with.
    pub fn of(sentence: &str) -> Option<Self> {
        let (key, _) = sentence.split_once([':', ' ', '`'])?;
        Some(match key.split('.').next()? {
            "slug" | "title_ko" | "title_en" | "goods" | "price_percent" => Self::Goods,
            "mode" | "lottery_because" | "reserve" | "fund" => Self::Mode,
            "times" | "beacon" => Self::Dates,
            // `opening at …` is the spike of that name.
            "opening" if sentence.starts_with("opening.") || sentence.starts_with("opening:") => {
                let number = sentence.rsplit_once("number ").and_then(|(_, rest)| rest.strip_suffix(')'));
                Self::Hours(
                    number
                        .and_then(|number| number.parse::<usize>().ok())
                        .map_or(0, |at| at.saturating_sub(1)),
                )
            }
            "holidays" => Self::Hours(0),
            "expect" | "dependency" | "seller" => Self::Load,
            "spread_hours" | "grace_hours" | "still_open_hours" | "after" | "words" => Self::Notices,
            _ => return None,
        })
    }
}

/// How many openings a draft has.
pub fn openings(table: &Table) -> usize {
    table.get("opening").and_then(toml::Value::as_array).map_or(0, Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_leads_to_the_step_that_asks_for_it() {
        let of = |sentence| Step::of(sentence).map(Step::key).unwrap_or_default();
        assert_eq!(of("times.opens: is in the past; announce first, then open"), "dates");
        assert_eq!(of("opening.days: is 0; choose a number (in [[opening]] number 2)"), "hours-2");
        assert_eq!(of("opening at Mon 2027-01-04 09:00: mail relay must take 9 a minute"), "");
        assert_eq!(of("dependency `bank`: a limit is a number above 0"), "load");
        assert_eq!(of("expect.show: is a percentage, 0 to 100"), "load");
        let table: Table = include_str!("../../../../docs/round.example.toml").parse().unwrap();
        let keys: Vec<_> = Step::all(&table).into_iter().map(Step::key).collect();
        assert_eq!(keys, ["goods", "mode", "dates", "groups", "hours-1", "hours-2", "load", "notices"]);
    }
}
