//! Staff on the web.

mod acts;
mod alone;
mod ceremony;
mod counter;
mod csrf;
mod day_sheet;
mod exports;
mod find;
mod pack;
mod reconcile;
mod sign_in;
mod table;
mod wizard;

pub use counter::enter;
