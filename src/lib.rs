//! jebi draws *when*, not *who*: residents register over days, a verifiable seeded draw gives
//! each of them a personal minute, and notices are spread so that no spike can occur.
//!
//! The layers, from the inside out (`ARCHITECTURE.md` says what is absent from each):
//! `public-audit` (the draw itself) ← [`domain`] ← [`store`] ← [`lifecycle`] ← [`jobs`], [`notify`], [`web`]
//! ← [`stage`] ← [`demo`], [`drill`] ← [`cli`].

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
