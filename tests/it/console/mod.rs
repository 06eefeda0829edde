//! Staff on the web.

mod acts;
mod sign_in;
mod table;
