//! jebi draws *when*, not *who*: residents register over days, a verifiable seeded draw gives
//! each of them a personal minute, and notices are spread so that no spike can occur.
//!
//! `ARCHITECTURE.md` says what each module is, which may know which, and what is absent from each.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod drill;
pub mod identity;
pub mod jobs;
pub mod lifecycle;
pub mod notify;
pub mod roster;
pub mod secret;
pub mod service;
pub mod staff;
pub mod stage;
pub mod store;
pub mod web;
pub mod words;

/// Thousands of small pieces for each page, from as many threads as there are cores: the system's allocator lets them wait
/// for each other.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
