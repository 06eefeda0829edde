//! The doors: who comes through which, and that one person has one entry.

mod bridge;
mod doors;
mod liar;
mod oidc;
mod spray;
mod staff;
mod walk;
