//! Staff on the web.

mod sign_in;
mod table;
