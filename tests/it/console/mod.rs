//! Staff on the web.

mod acts;
mod counter;
mod day_sheet;
mod find;
mod sign_in;
mod table;
mod wizard;

pub use counter::enter;
