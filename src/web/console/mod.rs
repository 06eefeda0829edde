//! Staff on the web, under `/console`.
//!
//! One table says for every address who may ask for it, and the router is made from the table: a page without a
//! rule cannot exist. A page is added by a [`Route`] in the `routes()` of its file, and that to [`routes`].

mod access;
mod account;
mod begun;
mod ceremony;
mod compare;
mod counter;
mod day;
mod desk;
mod drafts;
mod drill;
mod drills;
mod enrol;
mod exports;
mod find;
mod home;
mod me;
mod notices;
mod pause;
mod proposals;
mod propose;
mod public_notice;
mod purchases;
mod reconcile;
mod rosters;
mod round;
mod rule;
mod sellers;
mod shown;
mod sign_in;
mod statistics;
mod stay;
mod team;
mod upload;
mod wizard;

use axum::Router;

pub use desk::{Desk, Sent};
pub use rule::{Route, Who};

use crate::app::App;

/// Every address of staff, with who may ask for it.
pub fn routes() -> Vec<Route> {
    let all = [
        sign_in::routes(),
        stay::routes(),
        account::routes(),
        enrol::routes(),
        home::routes(),
        me::routes(),
        access::routes(),
        proposals::routes(),
        propose::routes(),
        pause::routes(),
        drafts::routes(),
        wizard::routes(),
        drills::routes(),
        drill::routes(),
        round::routes(),
        compare::routes(),
        notices::routes(),
        day::routes(),
        counter::routes(),
        find::routes(),
        exports::routes(),
        ceremony::routes(),
        reconcile::routes(),
        purchases::routes(),
        rosters::routes(),
        sellers::routes(),
        team::routes(),
        statistics::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// The pages of staff, each behind its rule.
pub fn router(app: &App) -> Router<App> {
    routes().into_iter().fold(Router::new(), |router, route| route.into_router(router, app))
}
