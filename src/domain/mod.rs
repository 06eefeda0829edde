//! What a round, an entry and a status are. Pure: no clock, no database, no network; functions
//! that depend on time receive `now`.

pub mod because;
pub mod bias;
pub mod chance;
pub mod compare;
pub mod contact;
pub mod counter;
pub mod csv;
pub mod draft;
pub mod drill;
pub mod event;
pub mod form;
pub mod incident;
pub mod ineligible;
pub mod pass;
pub mod plan;
pub mod proposal;
pub mod purchase;
pub mod receipt;
pub mod reconcile;
pub mod reminding;
pub mod roster;
pub mod scan;
pub mod spread;
pub mod staff;
pub mod standing;
pub mod state;
pub mod statistics;
pub mod status;
pub mod who;
