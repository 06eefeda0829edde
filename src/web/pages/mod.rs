//! The pages, one file each, in the order people meet them.

pub mod home;
pub mod round;

pub mod admit;
pub mod elsewhere;
pub mod identity;

pub mod code;
pub mod consent;

pub mod about;
pub mod details;
pub mod roster;

pub mod check;
pub mod seen;

pub mod fault;
pub mod forget;
pub mod gate;
pub mod mine;
pub mod moment;
pub mod place;
pub mod why;

pub mod join;
pub mod people;
pub mod plain;

pub mod withdraw;

pub mod pool;
pub mod record;

pub mod journal;

pub mod assets;
pub mod erased;
pub mod health;
pub mod sent;
pub mod status;
pub mod stay;
pub mod unsubscribe;
