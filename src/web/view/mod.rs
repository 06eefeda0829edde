//! The pages: what each template needs, in one struct each.
//!
//! Nothing here knows of the database, of HTTP or of the draw: handlers fill in plain values and
//! call `.render()` from [`askama::Template`]. Every page holds a [`Page`] with what all share.

/// `t!(page, "key", name = value)`: a text in the page's language, checked when compiled.
macro_rules! t {
    ($page:expr, $key:literal) => {{
        static SAID: $crate::words::Said = $crate::words::Said::new();
        SAID.text($page.lang, || i18n_embed_fl::fl!($page.lang.loader(), $key))
    }};
    ($page:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        static SAID: $crate::words::Gapped = $crate::words::Gapped::new($key);
        let lang = $page.lang;
        match ($($value,)+) {
            ($($name,)+) => {
                let say = || {
                    let gap = $crate::words::Gapped::gap;
                    i18n_embed_fl::fl!(lang.loader(), $key, $($name = gap(stringify!($name))),+)
                };
                let variables: &[(&str, &dyn std::fmt::Display)] = &[$((stringify!($name), &$name)),+];
                let text = SAID.text(lang, say, variables);
                text.unwrap_or_else(|| i18n_embed_fl::fl!(lang.loader(), $key, $($name = $name),+))
            }
        }
    }};
    ($page:expr, $($text:tt)+) => { i18n_embed_fl::fl!($page.lang.loader(), $($text)+) };
}

use crate::words::Lang;

/// A language by itself, where no page is at hand: `t!` asks for something that has one.
struct In {
    lang: Lang,
}

mod about;
pub mod assets;
mod chart;
mod consent;
mod console;
mod crossing;
mod details;
mod ending;
pub mod errors;
mod gate;
mod home;
mod identity;
mod incident;
mod kinds;
mod live;
mod mine;
mod page;
mod pass;
mod people;
mod plain;
mod pool;
mod record;
mod roster;
mod round;
mod sent;
mod status;
mod trouble;
mod unsubscribe;
mod who;
mod why;
mod withdraw;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use about::{About, Question};
pub use assets::{
    CONSOLE_STYLESHEET, CONSOLE_STYLESHEET_PATH, FAVICON, FAVICON_PATH, STYLESHEET, STYLESHEET_PATH, asset,
};
pub use consent::Consent;
pub use console::{
    AccessLine, AccessPage, Against, Bar, ConsoleHome, DayPage, DraftLine, DraftPage, DraftsPage, Enrol,
    FillRow, FindPage, ForecastView, FoundLine, HourRow, JournalLine, LedgerView, LoadRow, Lots, Me,
    PersonPage, PlanRow, PlanView, ProposalLine, ProposalPage, ProposalsPage, ProposePage, PublicNotice,
    QueueRow, Reads, RecoveryCodes, RoundDesk, SecondPage, SellerRow, Shown, SignIn, fact, forecast_view,
    no_forecast, plan_view, queue_row, square, stands,
};
pub use console::{AheadRow, MinutesView, TenRow, ahead_row, minutes_view};
pub use console::{CameOf, DrillLine, DrillsPage};
pub use console::{
    CeremonyPage, Compared, CountRow, CountTable, ExportsPage, ReconcilePage, SellerKey, SellerLine,
    SellersPage, Signed, StatisticsPage, minutes,
};
pub use console::{
    ComparePage, CompareRow, CompareView, CurveView, Input, Remedy, WizardField, WizardPage, WizardStep,
};
pub use console::{
    CounterBack, CounterCheck, CounterFind, CounterForm, CounterHome, CounterHousehold, CounterRound,
    CounterSheet, CounterSheets, CounterSlip, CounterTicked, ListedSheet, Seen, SheetLine, SheetPart,
    SheetReport, SheetRow, SheetStands, SlipWhose, TakenPart, TickedRow, Waiting, Waits,
};
pub use console::{NoticeText, NoticesPage, notice_kind, notice_size};
pub use console::{PausePage, Paused};
pub use console::{PurchasesPage, RosterLine, RosterRead, RostersPage, TakenIn};
pub use console::{
    Sentence, TeamLine, TeamPage, because, compare_view, plan_drawn, role_label, step_name, why_refused,
    wizard_lead, wizard_words,
};
pub use crossing::Crossing;
pub use details::{Check, Details};
pub use ending::{Ending, EndingKind, Stay};
pub use errors::FieldError;
pub use gate::GateWait;
pub use home::{Home, RoundLine};
pub use identity::{Code, Identity};
pub use incident::{IncidentLine, incident_words};
pub use kinds::{Beacon, Channel, DayPart, Mode, Purpose, State, StatusWord};
pub use live::Live;
pub use mine::{Change, Fault, Mine, MineState, Moment, NoEntry, ToldAt};
pub use page::{Leave, Page};
pub use pass::ShownPass;
pub use people::{Join, People, Person};
pub use plain::{Accessibility, Keeping, Privacy};
pub use pool::{PoolAnswer, PoolPage, PoolState};
pub use record::{Record, RecordFile};
pub use roster::RosterPage;
pub use round::{AfterDraw, Goods, OfferLine, RoundPage, StoodStill, Times};
pub use sent::{Sent, SentAnswer, ToldOf};
pub use status::{NextEvent, Status, StatusLine, event_label};
pub use trouble::{Busy, DoorTrouble, Problem};
pub use unsubscribe::Unsubscribe;
pub use who::{answers, called, days_lines, field_label, group_label, own_days, value_label};
pub use why::{Why, WhyLot};
pub use withdraw::{Others, Withdraw};
