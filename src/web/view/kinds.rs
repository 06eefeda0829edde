//! The words that stand for a few fixed things, as the database and the API spell them.

use super::In;
use crate::words::Lang;

use crate::domain::status::Status;
pub use crate::domain::{contact::Channel, state::State, status::Status as StatusWord};

/// Declares an enum with one stable key per variant and the reading of that key.
macro_rules! keyed {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $key:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// As the database, the API and form fields spell it.
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)+ }
            }

            /// The value a key stands for.
            pub fn from_key(key: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.key() == key)
            }
        }
    };
}

keyed! {
    /// Who gets how much.
    Mode {
        /// Everybody gets an equal share at most.
        Share = "share",
        /// Everybody gets what they asked for.
        Everyone = "everyone",
        /// In the order of lots until the budget is used.
        Lottery = "lottery",
    }
}

keyed! {
    /// Where the public part of the chance comes from.
    Beacon {
        /// Nowhere: a rehearsal.
        None = "none",
        /// The drand network.
        Drand = "drand",
        /// Values that the whole town will know.
        Declared = "declared",
    }
}

keyed! {
    /// Why somebody passes the identity check.
    Purpose {
        /// To enter the round.
        Enter = "enter",
        /// To look at their own entry.
        My = "my",
        /// To join the entry of others by their code.
        Join = "join",
    }
}

impl State {
    /// As residents read it.
    pub fn label(self, lang: Lang) -> String {
        let here = In { lang };
        match self {
            State::Announced => t!(here, "state-announced"),
            State::Open => t!(here, "state-open"),
            State::Closed => t!(here, "state-closed"),
            State::Sealed => t!(here, "state-sealed"),
            State::Drawn => t!(here, "state-drawn"),
            State::Serving => t!(here, "state-serving"),
            State::Archived => t!(here, "state-archived"),
            State::Voided => t!(here, "state-voided"),
        }
    }

    /// Whether the pool may still change.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Open)
    }
}

impl Status {
    /// The word itself.
    pub fn label(self, lang: Lang) -> String {
        let here = In { lang };
        match self {
            Status::NotYet => t!(here, "status-not-yet"),
            Status::YourTurn => t!(here, "status-your-turn"),
            Status::Done => t!(here, "status-done"),
            Status::Ended => t!(here, "status-ended"),
            Status::Fault => t!(here, "status-fault"),
        }
    }
}

/// A part of the day that entrants may wish for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPart {
    /// `am`, `noon`, `pm`, `eve`, or whatever the rules call it.
    pub key: String,
    /// Its hours, such as `09:00~12:00`; the same in every language.
    pub hours: String,
}

impl DayPart {
    /// `오전 (09:00~12:00)`.
    pub fn label(&self, lang: Lang) -> String {
        format!("{} ({})", part_label(&self.key, lang), self.hours)
    }
}

/// The name of a day part; one that has no name of its own is shown as its key.
pub(super) fn part_label(key: &str, lang: Lang) -> String {
    let here = In { lang };
    match key {
        "am" => t!(here, "part-am"),
        "noon" => t!(here, "part-noon"),
        "pm" => t!(here, "part-pm"),
        "eve" => t!(here, "part-eve"),
        "any" | "" => t!(here, "part-any"),
        other => other.to_owned(),
    }
}

/// Wishes, best first, in one phrase: `오전, 그다음 저녁`.
pub(super) fn wishes_in_words(wishes: &[String], lang: Lang) -> String {
    let here = In { lang };
    let named: Vec<String> = wishes
        .iter()
        .filter(|key| !key.is_empty() && *key != "any")
        .map(|key| part_label(key, lang))
        .collect();
    match named.is_empty() {
        true => part_label("any", lang),
        false => named.join(&t!(here, "wish-then")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        assert_eq!(Beacon::from_key("none"), Some(Beacon::None));
        assert_eq!(Mode::from_key("raffle"), None);
    }
}
