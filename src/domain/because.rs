//! Why something that staff want is not done. Each reason is said in the reader's language where they read it; in
//! English in logs and at the command line.

use std::fmt;

use chrono::{DateTime, Utc};

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The round is not there.
    NoRound,
    /// What was typed is no receipt.
    NotReceipt,
    /// Nobody of this receipt is in the draw.
    NotDrawnIn,
    /// Nobody of this receipt takes part.
    NotEntered,
    /// It is of one of several who come together; they leave with the one who opened the entry.
    Member,
    /// It takes one line that everybody can read.
    Reason,
    /// There is a resident registration number in it.
    Number,
    /// The role.
    RoleProposesNothing,
    /// Somebody else wrote it.
    NotTheirs,
    /// Whoever proposed it is gone, or in another role by now.
    ProposerGone,
    /// It is settled, or not put forward.
    Decided,
    /// The second of two is another than the first.
    OnePerson,
    /// Nothing is ticked on a day sheet.
    NothingTicked,
    /// What was looked at is not what waits now.
    OtherTicks,
    /// Who ticked is the one who would confirm.
    OwnTicks,
    /// Who ticked is gone, or in another role by now.
    TickerGone,
    /// Of a part of a day sheet that is taken in nobody says any more that nobody bought.
    PartIn,
    /// Purchases of a round that is void, erased, or whose results are not out.
    NoPurchases,
    /// None, or more than two people read.
    PurchaseCount,
    /// Nobody has told of a purchase with this receipt.
    NoPurchase(String),
    /// A seller's own system told of it.
    PurchaseOfSystem(String),
    /// Its place has gone on, or goes on at the next offer.
    PlaceGone(String),
    /// The code of the second factor is not right, or was used.
    Code,
    /// Too many codes in a row; the next is looked at then.
    Wait(DateTime<Utc>),
    /// Nobody's time would change.
    NobodysTime,
    /// Nobody could buy then.
    NobodyThen,
    /// Longer than one person's word is good for.
    PauseLength,
    /// The sale stands still already.
    PausedAlready,
    /// One person has let it stand still for long enough.
    PausedEnough,
    /// Places would be held past the last offer.
    PausePastOffers {
        /// The offer that would pass them over.
        at: DateTime<Utc>,
    },
    /// Nobody could buy while it stood still.
    NobodyMeanwhile,
    /// Longer than time can stand still.
    ShiftLength,
    /// Its times are not known yet.
    NotDrawn,
    /// The round has ended by then.
    Over,
    /// Notices of results are still being planned.
    Telling,
    /// An offer or a shift was made at this moment.
    Overtaken,
    /// The guard holds nothing.
    NotHeld,
    /// First times begin before people can be told.
    ShiftDays {
        /// The first of them.
        first: DateTime<Utc>,
        /// When the last is told.
        told: DateTime<Utc>,
        /// Whole days, at least.
        days: u32,
    },
    /// A result stands.
    Stands,
    /// It has ended already.
    Ended,
    /// Who has bought is not moved.
    Bought,
    /// A pass is being paid with.
    Paying,
    /// Nothing is offered any more.
    NoOffer,
    /// It was found before.
    KnownAlready,
    /// It was never found.
    NeverFound,
    /// No such reason.
    NoCategory(String),
    /// The rules name no values.
    NotDeclared,
    /// The two typed different values.
    Differ,
    /// No number at all.
    NoNumber,
    /// More than the protocol takes.
    Numbers,
    /// Not before its time.
    PulseEarly(DateTime<Utc>),
    /// It has one, or cannot have one yet.
    PulseKept,
    /// No new file of this roster.
    NoRoster(String),
    /// Its members are entries already.
    RosterServes {
        /// The round they are entries of.
        round: String,
    },
    /// Results are not out.
    NobodyBought,
    /// A list cannot be complete until a time that is still to come.
    UntilFuture,
    /// Nobody of the staff is called so.
    NoPerson(String),
    /// There is no such role, or they have it.
    NoRole,
    /// Somebody was faster.
    Faster,
    /// It would do something else than what was looked at.
    Changed,
    /// The pool is sealed: nobody leaves it.
    Sealed,
    /// It closed just now: what was handed in before is being written down.
    Closing,
    /// The key file is another.
    KeyFile,
    /// The clock of this machine is behind.
    Clock {
        /// What the journal says.
        journal: DateTime<Utc>,
        /// What the machine says.
        machine: DateTime<Utc>,
    },
    /// What is wrong with a draft, as the draft says it.
    Draft(String),
    /// Its plan is refused; the page of the draft says for what.
    Unsafe,
    /// Something that only happens where something else is broken, as it was said.
    Other(String),
}

impl From<&str> for Because {
    fn from(said: &str) -> Self {
        Self::Other(said.to_owned())
    }
}

impl From<String> for Because {
    fn from(said: String) -> Self {
        Self::Other(said)
    }
}

impl fmt::Display for Because {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRound => "there is no such round",
            Self::NotReceipt => "this is not a receipt",
            Self::NotDrawnIn => "there is no such entry in the draw of this round",
            Self::Member => "this receipt is of one of several who come together: one of them alone cannot be taken out; the receipt of whoever opened the entry takes out all of them",
            Self::NotEntered => "nobody with this receipt takes part in this round",
            Self::Reason => "say why in one line of at most 1,000 characters: everybody can read it",
            Self::Number => "a resident registration number is never kept: everybody could read it",
            Self::RoleProposesNothing => "this role proposes nothing",
            Self::NotTheirs => "only who wrote it puts it forward or takes it back",
            Self::ProposerGone => "who proposed it may propose nothing any more: propose it anew",
            Self::Decided => "this proposal is decided already, or not put forward",
            Self::OnePerson => "somebody else decides: an approver who did not propose it",
            Self::NothingTicked => "nothing is ticked: tick who bought, or that nobody did",
            Self::OtherTicks => "what is ticked has changed since this was looked at, was sent back or is entered already: look at it again",
            Self::OwnTicks => "somebody else confirms what you ticked: another member of staff at a counter",
            Self::TickerGone => "who ticked this serves at no counter any more: compare it with the paper and put it forward yourself, and somebody else confirms",
            Self::PartIn => "this part is entered already: tick who else bought, or take back a purchase that came in wrongly",
            Self::NoPurchases => "a purchase is taken back while its round counts and its results are out: this one is void, erased or not published",
            Self::PurchaseCount => "name 1 to 20 receipts, one a line: both of you read every one",
            Self::NoPurchase(receipt) => return write!(f, "no purchase is known of {receipt}: look at the receipt again"),
            Self::PurchaseOfSystem(receipt) => return write!(
                f,
                "the purchase of {receipt} was told by the seller's own system, signed and at once: the seller gives the money back, and it stays a purchase here"
            ),
            Self::PlaceGone(receipt) => return write!(
                f,
                "the place of {receipt} was given back, taken away or has gone on to somebody else: nobody could buy with it again, and it is settled by itself"
            ),
            Self::Code => "the code is not right, or was used already: take the next one of the app",
            Self::Wait(at) => return write!(f, "too many codes that were not right: the next is looked at from {at} on"),
            Self::NobodysTime => "this would change nobody's time: choose an earlier moment, at which somebody can still buy",
            Self::NobodyThen => "nobody could buy then, so nobody would be waited for: choose an earlier moment",
            Self::PauseLength => "one person can let the sale stand still for a minute to an hour at once",
            Self::PausedEnough => "one person can let the sale stand still for an hour a day: let somebody else go on, or two extend",
            Self::PausedAlready => "the sale stands still already; when it goes on, it can again",
            Self::PausePastOffers { at } => return write!(
                f,
                "so long a pause would hold places past the last offer ({at}), and nobody who waits would be given them any \
                 more: let it stand still for less, or let two extend"
            ),
            Self::NobodyMeanwhile => "nobody could buy meanwhile: there is nothing to let stand still",
            Self::ShiftLength => "time can stand still for a second to 31 days",
            Self::NotDrawn => "only the times of a drawn round can move",
            Self::Over => "the round is over by then, and nothing would move",
            Self::Telling => "the notices of the result are still being written down: the running service does it, in a few minutes",
            Self::Overtaken => "an offer or another shift was made at this moment: do it again",
            Self::NotHeld => "nothing of this round is held",
            Self::ShiftDays { first, told, days } => return write!(
                f,
                "the first times begin at {first}, before everybody can be told (until {told}): move all times by whole \
                 days, at least {days} (--shift-days), to days on which is sold"
            ),
            Self::Stands => "the round is void or drawn already, or the pulse of its sealed pool is out: its result stands \
                 then, there is no second draw",
            Self::Ended => "this entry has ended already; nothing would follow",
            Self::Bought => "this entry has bought, and who has bought is never moved: settle it by itself",
            Self::Paying => "somebody is paying with this entry's pass right now: look again in some minutes",
            Self::NoOffer => "no offer of this round is to come, so nothing would follow",
            Self::KnownAlready => "that is known already",
            Self::NeverFound => "nobody has said so",
            Self::NoCategory(key) => return write!(f, "there is no reason `{key}`"),
            Self::NotDeclared => "the rules of this round do not name values to be typed in",
            Self::Differ => "the two do not agree: look at the source again, both; nothing was kept",
            Self::NoNumber => "a source without a number",
            Self::Numbers => "too many or too large numbers: RFC 3797 values have at most 1,000 characters",
            Self::PulseEarly(at) => return write!(f, "the pulse of this round is due at {at}, not before"),
            Self::PulseKept => "the round has its pulse already, or its seed is not revealed yet",
            Self::NoRoster(name) => return write!(f, "no roster `{name}` from this file waits to be used: `jebi roster list` shows all"),
            Self::RosterServes { round } => return write!(
                f,
                "the members of the roster in use are entries of the round `{round}` already; it can be replaced when that \
                 round is drawn. Who is missing from it can be on the roster of the next round"
            ),
            Self::NoPerson(name) => return write!(f, "nobody is called {name}: `jebi clerk list` shows all"),
            Self::NobodyBought => "nobody can have bought before the results are out",
            Self::UntilFuture => "what will be bought until then is not known yet",
            Self::NoRole => "there is no such role, or this person has it already",
            Self::Changed => "something has changed since this was looked at: look at it again, then decide",
            Self::Faster => "somebody else was faster: look again",
            Self::Closing => "the round closed just now, and what was sent before is still being recorded: nothing was done; try again in a minute",
            Self::Sealed => "the pool is sealed, or the round is not open yet: nobody is taken out of it; who turns out ineligible later ends after the draw",
            Self::KeyFile => "the key file does not open this round",
            Self::Clock { journal, machine } => return write!(
                f,
                "the journal is at {journal}, the clock of this machine at {machine}: set it right (NTP)"
            ),
            Self::Unsafe => "the round is not safe: its plan is refused",
            Self::Draft(said) | Self::Other(said) => said,
        })
    }
}
