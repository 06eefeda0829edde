//! One connection as the watch sees it: what it is doing, since when, and what it was told.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit};

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Sending the head of a request.
    Head,
    /// Waiting for its turn, with something to be read in its socket.
    Wait,
    /// Sending a body that somebody waits for.
    Body,
    /// Waiting for us.
    Work,
    /// Taking an answer, or doing nothing: after it, or before the first request.
    Answer,
    /// Gone.
    Ended,
}

/// What the watch tells a connection to do.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(super) enum Order {
    /// End after the request in hand, or now if there is none.
    Finish = 1,
    /// Answer now that it took too long.
    Apologise = 2,
    /// End now.
    Cut = 4,
    /// Let go of what is only needed while somebody asks.
    Rest = 8,
}

/// Shared by a connection's task, which writes the phase, and the watch, which reads it.
pub(super) struct Line {
    /// The watch's count of ticks: a clock that costs one load.
    clock: Arc<AtomicU32>,
    /// Phase in the low byte, the tick it began above.
    state: AtomicU64,
    /// Bytes written that have not yet bought a tick.
    unpaid: AtomicU64,
    bytes_per_tick: u64,
    orders: AtomicU8,
    /// A request's body was not read to its end.
    unread: AtomicBool,
    /// Not all that was to be written could be: the reader does not take it.
    full: AtomicBool,
    /// Nothing is kept for it but its socket.
    rests: AtomicBool,
    /// Its place among those who are attended to.
    desk: Mutex<Option<OwnedSemaphorePermit>>,
    pub(super) told: Notify,
}

impl Line {
    pub(super) fn new(clock: Arc<AtomicU32>, bytes_per_tick: u64) -> Self {
        let since = u64::from(clock.load(Relaxed)) << 8;
        Self {
            clock,
            state: AtomicU64::new(since | Phase::Answer as u64),
            unpaid: AtomicU64::new(0),
            bytes_per_tick,
            orders: AtomicU8::new(0),
            unread: AtomicBool::new(false),
            full: AtomicBool::new(false),
            rests: AtomicBool::new(true),
            desk: Mutex::new(None),
            told: Notify::new(),
        }
    }

    /// Begins a phase now.
    pub(super) fn enter(&self, phase: Phase) {
        let now = u64::from(self.clock.load(Relaxed));
        self.state.store(now << 8 | phase as u64, Relaxed);
    }

    /// Changes the phase and lets its time run on: body and work share their beginning.
    pub(super) fn turn(&self, phase: Phase) {
        let (_, since) = self.state();
        self.state.store(u64::from(since) << 8 | phase as u64, Relaxed);
    }

    pub(super) fn state(&self) -> (Phase, u32) {
        let state = self.state.load(Relaxed);
        let phase = match state & 0xff {
            0 => Phase::Head,
            1 => Phase::Wait,
            2 => Phase::Body,
            3 => Phase::Work,
            4 => Phase::Answer,
            _ => Phase::Ended,
        };
        (phase, u32::try_from(state >> 8).unwrap_or(u32::MAX))
    }

    /// Bytes arrived.
    pub(super) fn heard(&self) {
        if self.state().0 == Phase::Answer {
            self.enter(Phase::Head);
        }
    }

    /// Bytes left. Each tick's worth of them buys the reader another tick, so that one who reads
    /// slowly but surely keeps its line, and one who takes a byte now and then does not.
    pub(super) fn gave(&self, bytes: usize) {
        let unpaid = self.unpaid.load(Relaxed) + bytes as u64;
        let (phase, since) = self.state();
        let bought = unpaid / self.bytes_per_tick;
        self.unpaid.store(unpaid % self.bytes_per_tick, Relaxed);
        if bought > 0 && phase == Phase::Answer {
            let now = self.clock.load(Relaxed);
            let since = u64::from(since).saturating_add(bought).min(u64::from(now));
            self.state.store(since << 8 | phase as u64, Relaxed);
        }
    }

    /// A request was answered before it was heard.
    pub(super) fn leave_unread(&self) {
        self.unread.store(true, Relaxed);
    }

    pub(super) fn is_unread(&self) -> bool {
        self.unread.load(Relaxed)
    }

    /// The last write found no room, or did.
    pub(super) fn fill(&self, full: bool) {
        if self.full.load(Relaxed) != full {
            self.full.store(full, Relaxed);
        }
    }

    /// Answered, nothing more is to be written, and nothing was asked since.
    pub(super) fn is_silent(&self) -> bool {
        self.state().0 == Phase::Answer && !self.full.load(Relaxed)
    }

    /// Begins and ends its rest.
    pub(super) fn rest(&self, rests: bool) {
        self.rests.store(rests, Relaxed);
    }

    pub(super) fn is_at_rest(&self) -> bool {
        self.rests.load(Relaxed)
    }

    /// Takes its place among those who are attended to …
    pub(super) fn sit(&self, desk: OwnedSemaphorePermit) {
        *self.desk.lock().unwrap_or_else(PoisonError::into_inner) = Some(desk);
    }

    /// … and leaves it to others, if it has one.
    pub(super) fn stand_up(&self) {
        drop(self.desk.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// An order was carried out, and may come again. Whether it was told at all.
    pub(super) fn forget(&self, order: Order) -> bool {
        self.orders.fetch_and(!(order as u8), Relaxed) & order as u8 != 0
    }

    pub(super) fn tell(&self, order: Order) {
        if self.orders.fetch_or(order as u8, Relaxed) & order as u8 == 0 {
            self.told.notify_one();
        }
    }

    pub(super) fn is_told(&self, order: Order) -> bool {
        self.orders.load(Relaxed) & order as u8 != 0
    }
}
