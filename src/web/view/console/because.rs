//! Why something is not done, in the reader's language.

use super::Sentence;
use crate::{
    domain::because::Because,
    web::view::In,
    words::{Lang, instant::minute},
};

/// A reason, as a sentence.
pub fn because(why: &Because, lang: Lang) -> Sentence {
    let page = In { lang };
    let text = match why {
        Because::Draft(said) => return Sentence::of(said, lang),
        Because::Unsafe => t!(page, "because-unsafe"),
        Because::NoRound => t!(page, "because-no-round"),
        Because::NotReceipt => t!(page, "because-not-receipt"),
        Because::NotDrawnIn => t!(page, "because-not-drawn-in"),
        Because::Member => t!(page, "because-member"),
        Because::NotEntered => t!(page, "because-not-entered"),
        Because::Reason => t!(page, "because-reason"),
        Because::Number => t!(page, "because-number"),
        Because::RoleProposesNothing => t!(page, "because-role"),
        Because::NotTheirs => t!(page, "because-not-theirs"),
        Because::ProposerGone => t!(page, "because-proposer-gone"),
        Because::Decided => t!(page, "because-decided"),
        Because::OnePerson => t!(page, "because-one-person"),
        Because::NothingTicked => t!(page, "because-nothing-ticked"),
        Because::OtherTicks => t!(page, "because-other-ticks"),
        Because::OwnTicks => t!(page, "because-own-ticks"),
        Because::TickerGone => t!(page, "because-ticker-gone"),
        Because::PartIn => t!(page, "because-part-in"),
        Because::NoPurchases => t!(page, "because-no-purchases"),
        Because::PurchaseCount => t!(page, "because-purchase-count"),
        Because::NoPurchase(receipt) => t!(page, "because-no-purchase", receipt = receipt.clone()),
        Because::PurchaseOfSystem(receipt) => {
            t!(page, "because-purchase-of-system", receipt = receipt.clone())
        }
        Because::PlaceGone(receipt) => t!(page, "because-place-gone", receipt = receipt.clone()),
        Because::Code => t!(page, "because-code"),
        Because::Wait(at) => t!(page, "because-wait", at = minute(*at, lang)),
        Because::NobodysTime => t!(page, "because-nobodys-time"),
        Because::NobodyThen => t!(page, "because-nobody-then"),
        Because::PauseLength => t!(page, "because-pause-length"),
        Because::PausedEnough => t!(page, "because-paused-enough"),
        Because::PausedAlready => t!(page, "because-paused-already"),
        Because::PausePastOffers { at } => {
            t!(page, "because-pause-past-offers", at = minute(*at, lang))
        }
        Because::NobodyMeanwhile => t!(page, "because-nobody-meanwhile"),
        Because::ShiftLength => t!(page, "because-shift-length"),
        Because::NotDrawn => t!(page, "because-not-drawn"),
        Because::Over => t!(page, "because-over"),
        Because::Telling => t!(page, "because-telling"),
        Because::Overtaken => t!(page, "because-overtaken"),
        Because::NotHeld => t!(page, "because-not-held"),
        Because::ShiftDays { first, told, days } => t!(
            page,
            "because-shift-days",
            first = minute(*first, lang),
            told = minute(*told, lang),
            days = days.to_string()
        ),
        Because::Stands => t!(page, "because-stands"),
        Because::Ended => t!(page, "because-ended"),
        Because::Bought => t!(page, "because-bought"),
        Because::Paying => t!(page, "because-paying"),
        Because::NoOffer => t!(page, "because-no-offer"),
        Because::KnownAlready => t!(page, "because-known-already"),
        Because::NeverFound => t!(page, "because-never-found"),
        Because::NoCategory(key) => t!(page, "because-no-category", key = key.clone()),
        Because::NotDeclared => t!(page, "because-not-declared"),
        Because::Differ => t!(page, "because-differ"),
        Because::NoNumber => t!(page, "because-no-number"),
        Because::Numbers => t!(page, "because-numbers"),
        Because::PulseEarly(at) => t!(page, "because-pulse-early", at = minute(*at, lang)),
        Because::PulseKept => t!(page, "because-pulse-kept"),
        Because::NoRoster(name) => t!(page, "because-no-roster", name = name.clone()),
        Because::RosterServes { round } => t!(page, "because-roster-serves", round = round.clone()),
        Because::NoPerson(name) => t!(page, "because-no-person", name = name.clone()),
        Because::NobodyBought => t!(page, "because-nobody-bought"),
        Because::UntilFuture => t!(page, "because-until-future"),
        Because::NoRole => t!(page, "because-no-role"),
        Because::Changed => t!(page, "console-error-changed"),
        Because::Faster => t!(page, "because-faster"),
        Because::Closing => t!(page, "because-closing"),
        Because::Sealed => t!(page, "because-sealed"),
        Because::KeyFile => t!(page, "because-key-file"),
        Because::Clock { journal, machine } => {
            t!(page, "because-clock", journal = minute(*journal, lang), machine = minute(*machine, lang))
        }
        Because::Other(said) => t!(page, "because-other", said = said.clone()),
    };
    // What nobody translated is said as it was.
    let english = matches!(why, Because::Other(_)) && !matches!(lang, Lang::En);
    Sentence { text, english, drill: None }
}
