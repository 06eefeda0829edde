//! The pages of a counter.

mod enter;
mod find;
#[cfg(test)]
pub(super) mod samples;
mod sheet;
mod slip;

pub use enter::{CounterCheck, CounterForm, CounterHome, CounterRound};
pub use find::CounterFind;
pub use sheet::{
    CounterBack, CounterSheet, CounterSheets, CounterTicked, SheetLine, SheetReport, SheetRow, TickedRow,
    Waits,
};
pub use slip::{CounterHousehold, CounterSlip, Seen, SlipWhose};
