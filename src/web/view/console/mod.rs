//! The pages of staff.

mod access;
mod bar;
mod because;
mod ceremony;
mod compare;
mod counter;
mod day;
mod draft;
mod drills;
mod enter;
mod exports;
mod find;
mod forecast;
mod home;
mod me;
mod notice;
mod notices;
mod pause;
mod plan;
mod problems;
mod proposal;
mod propose;
mod purchases;
mod reconcile;
mod refusal;
mod rosters;
mod round;
#[cfg(test)]
pub(super) mod samples;
mod statistics;
mod team;
mod wizard;
mod wizard_words;

pub use access::{AccessLine, AccessPage};
pub use bar::{Bar, role_label};
pub use because::because;
pub use ceremony::{CeremonyPage, Signed, minutes};
pub use compare::{ComparePage, CompareRow, CompareView, compare_view};
pub use counter::{
    CounterBack, CounterCheck, CounterFind, CounterForm, CounterHome, CounterHousehold, CounterRound,
    CounterSheet, CounterSheets, CounterSlip, CounterTicked, ListedSheet, Seen, SheetLine, SheetPart,
    SheetReport, SheetRow, SheetStands, SlipWhose, TakenPart, TickedRow, Waiting, Waits,
};
pub use day::{
    AheadRow, DayPage, HourRow, LedgerView, MinutesView, SellerRow, TenRow, ahead_row, minutes_view,
};
pub use draft::{DraftLine, DraftPage, DraftsPage};
pub use drills::{CameOf, DrillLine, DrillsPage};
pub use enter::{Enrol, RecoveryCodes, SecondPage, SignIn, square};
pub use exports::ExportsPage;
pub use find::{FindPage, FoundLine, PersonPage, stands};
pub use forecast::{ForecastView, LoadRow, forecast_view, no_forecast};
pub use home::ConsoleHome;
pub use me::Me;
pub use notice::{Lots, PublicNotice};
pub use notices::{NoticeText, NoticesPage, notice_kind, notice_size};
pub use pause::{PausePage, Paused};
pub use plan::{CurveView, PlanRow, PlanView, Remedy, plan_drawn, plan_view};
pub use problems::Sentence;
pub use proposal::{Against, ProposalLine, ProposalPage, ProposalsPage, Reads, Shown, fact};
pub use propose::ProposePage;
pub use purchases::{PurchasesPage, TakenIn};
pub use reconcile::{Compared, ReconcilePage, SellerKey, SellerLine, SellersPage};
pub use refusal::why_refused;
pub use rosters::{RosterLine, RosterRead, RostersPage};
pub use round::{FillRow, JournalLine, QueueRow, RoundDesk, queue_row};
pub use statistics::{CountRow, CountTable, StatisticsPage};
pub use team::{TeamLine, TeamPage};
pub use wizard::{Input, WizardField, WizardPage, WizardStep};
pub use wizard_words::{step_name, wizard_lead, wizard_words};
