//! Forms that others would write, running already: benches/peers starts them.
//!
//! They are processes of their own, so their processor time is not in the table.

use std::{net::SocketAddr, str::FromStr};

/// A form with one transaction for each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// As in the table, with its letter first: `g Django`.
    pub name: &'static str,
    pub addr: SocketAddr,
}

impl FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, addr) = text.split_once('=').ok_or("not NAME=ADDRESS")?;
        let addr = addr.parse().map_err(|_| format!("{addr} is not an address"))?;
        // The table keeps names for as long as it runs.
        Ok(Self { name: Box::leak(name.to_owned().into_boxed_str()), addr })
    }
}
