//! Staff on the web.

mod acts;
mod alone;
mod before;
mod by_door;
mod ceremony;
pub mod counter;
mod csrf;
mod day_parts;
pub(crate) mod day_sheet;
mod drills;
mod exports;
mod find;
mod nobody_bought;
mod pack;
mod purchases;
mod reconcile;
pub mod rosters;
mod sign_in;
mod strike;
mod table;
mod tabs;
mod take_back;
mod team;
mod theirs;
mod wizard;

pub use counter::enter;
