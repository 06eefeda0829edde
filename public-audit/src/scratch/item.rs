//! What can lie on a tape.

use std::io::{self, Read};

/// Something that is written down and read again.
pub(crate) trait Item: Clone {
    /// Bytes of memory that it takes.
    fn weight(&self) -> usize {
        size_of::<Self>()
    }

    fn write(&self, to: &mut Vec<u8>);

    /// What [`Item::write`] wrote.
    fn read(from: &mut impl Read) -> io::Result<Self>;
}

/// So many bytes.
pub(crate) fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

impl Item for u16 {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        array(from).map(Self::from_le_bytes)
    }
}

impl Item for u32 {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut impl Read) -> io::Result<Self> {
        array(from).map(Self::from_le_bytes)
    }
}
