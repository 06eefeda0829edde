//! The web: one file for each page, residents' under `pages`, those of staff under `console`; what they look like is
//! under `view`.

mod above;
pub mod accept;
mod answer;
pub mod api;
mod caller;
pub mod console;
mod ended;
mod form;
pub mod headers;
mod held;
mod language;
pub mod live;
mod pages;
mod path;
mod router;
pub mod view;
mod visit;
mod visitor;

pub use held::{Site, site};
pub use pages::home::MOST as MOST_ROUNDS;
pub use router::{Address, addresses, router};
pub use visitor::{Consented, Draft, Proven, Visitor};
