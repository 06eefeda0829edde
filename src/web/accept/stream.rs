//! The socket, telling its line when bytes move.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::line::{Line, Order, Phase};

/// What we still read of a request that was refused while it was being sent.
const LEFTOVER_BYTES: usize = 16 << 20;

/// A socket whose progress is noted.
pub(super) struct Stream {
    socket: TcpStream,
    line: Arc<Line>,
    /// Read before, and to be read again.
    before: Bytes,
    /// Bytes read and dropped after our side was closed.
    dropped: Option<usize>,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, line: Arc<Line>) -> Self {
        Self { socket, line, before: Bytes::new(), dropped: None }
    }

    /// The same with what was read of it already.
    pub(super) fn with(self, before: Bytes) -> Self {
        Self { before, ..self }
    }

    /// Resolves when there is something to read, or to fail on.
    pub(super) async fn readable(&self) {
        if self.before.is_empty() {
            // Looked at, not only asked about: of a new socket it is said that there is something before anybody knows. What is
            // wrong is seen when it is read.
            let _ = self.socket.peek(&mut [0]).await;
        }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.line.gave(*bytes);
        }
        self.line.fill(written.is_pending());
        written
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let most = self.before.len().min(buf.remaining());
            buf.put_slice(&self.before.split_to(most));
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.line.heard();
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, buf);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, bufs);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    /// Closes our side. If the client is still sending (a form far too long), it is heard out first:
    /// to close with bytes unread is to reset the connection, and our answer would be lost with it.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.dropped.is_none() {
            ready!(Pin::new(&mut this.socket).poll_shutdown(cx))?;
            this.dropped = Some(0);
            this.line.enter(Phase::Head);
        }
        // Who was too slow before does not get to be slow again.
        if !this.line.is_unread() || this.line.is_told(Order::Apologise) {
            return Poll::Ready(Ok(()));
        }
        let dropped = this.dropped.get_or_insert(0);
        while *dropped < LEFTOVER_BYTES {
            let mut scratch = [0; 8_192];
            let mut piece = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut this.socket).poll_read(cx, &mut piece))?;
            if piece.filled().is_empty() {
                break;
            }
            *dropped += piece.filled().len();
        }
        Poll::Ready(Ok(()))
    }
}
