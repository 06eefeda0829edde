//! The pages of staff.

mod access;
mod bar;
mod counter;
mod day;
mod draft;
mod enter;
mod find;
mod home;
mod me;
mod notice;
mod plan;
mod proposal;
mod propose;
mod round;
#[cfg(test)]
pub(super) mod samples;

pub use access::{AccessLine, AccessPage};
pub use bar::Bar;
pub use counter::{
    CounterBack, CounterCheck, CounterFind, CounterForm, CounterHome, CounterHousehold, CounterRound,
    CounterSheet, CounterSheets, CounterSlip, Seen, SheetLine, SheetReport, SheetRow,
};
pub use day::{DayPage, HourRow, LedgerView, SellerRow};
pub use draft::{DraftLine, DraftPage, DraftsPage};
pub use enter::{Enrol, RecoveryCodes, SecondPage, SignIn, square};
pub use find::{FindPage, FoundLine, PersonPage, stands};
pub use home::ConsoleHome;
pub use me::Me;
pub use notice::PublicNotice;
pub use plan::{PlanRow, PlanView, plan_view};
pub use proposal::{ProposalLine, ProposalPage, ProposalsPage, Reads, Shown, fact};
pub use propose::ProposePage;
pub use round::{FillRow, ForecastView, JournalLine, QueueRow, RoundDesk, queue_row};
