//! A port of one's own, also while nobody listens there.
//!
//! Whoever stops and comes back at the same address finds that the system has given its port to somebody else meanwhile,
//! as one that listens or as the near end of a connection; and whoever knocks then is answered by a stranger. A socket that
//! is bound and never listens keeps it (Linux, ip(7) and socket(7), `SO_REUSEADDR`): another one may listen there beside it if both
//! say so, those who connect meanwhile are refused, and nobody else is given that port.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted; the system's own bound is lower.
const BACKLOG: u32 = 4_096;

/// A port of this machine that is ours until this is dropped.
#[derive(Debug)]
pub struct Port {
    _kept: TcpSocket,
    /// Where.
    pub address: SocketAddr,
}

impl Port {
    /// Any that is free.
    ///
    /// # Errors
    /// What the system said.
    pub fn take() -> io::Result<Self> {
        let kept = bound((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = kept.local_addr()?;
        Ok(Self { _kept: kept, address })
    }

    /// Listens there; one at a time.
    ///
    /// # Errors
    /// What the system said.
    pub fn listen(&self) -> io::Result<TcpListener> {
        bound(self.address)?.listen(BACKLOG)
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn one_listens_again_where_nobody_else_may() {
        let port = Port::take().unwrap();
        for _ in 0..2 {
            let refused = TcpStream::connect(port.address).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
            let listener = port.listen().unwrap();
            assert_eq!(port.listen().unwrap_err().kind(), ErrorKind::AddrInUse);
            let (connected, accepted) = tokio::join!(TcpStream::connect(port.address), listener.accept());
            drop((connected.unwrap(), accepted.unwrap()));
        }
        let stranger = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert_ne!(stranger.local_addr().unwrap(), port.address);
    }
}
