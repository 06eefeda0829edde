//! The log as files: [C2SP tlog-tiles](https://c2sp.org/tlog-tiles).
//!
//! A tile holds up to 256 hashes of one level, a level being eight levels of the tree; a bundle
//! holds up to 256 entries. Whoever has the tiles can compute every root and every proof of the log
//! with a handful of fetches, which is what [`Reader`] does.

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;
use crate::merkle;

pub use super::reader::{Reader, TileError};

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u16 = 256;
pub(super) const WIDE: u64 = WIDTH as u64;
/// The largest tile, in bytes.
pub const MAX_TILE: usize = 32 * WIDTH as usize;
/// The largest bundle of events, in bytes.
pub const MAX_BUNDLE: usize = (2 + super::event::MAX_LINE) * WIDTH as usize;
/// The highest level that a path can name.
pub(super) const MAX_LEVEL: u8 = 63;

/// Where a tile lies, beneath the log's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`: hashes.
    Hashes {
        /// 0 is the leaves, and each level 256 times as high; at most 63.
        level: u8,
        /// The tile in its level, from 0; less than 10¹⁸.
        index: u64,
        /// Hashes in it, 1 to 256; less is a partial tile.
        width: u16,
    },
    /// `tile/entries/<N>[.p/<W>]`: a bundle of entries.
    Entries {
        /// The bundle, from 0; less than 10¹⁸.
        index: u64,
        /// Entries in it, 1 to 256; less is a partial bundle.
        width: u16,
    },
}

impl TilePath {
    /// The same tile when it is full, which may have replaced a partial one.
    #[must_use]
    pub const fn full(self) -> Self {
        match self {
            Self::Hashes { level, index, .. } => Self::Hashes { level, index, width: WIDTH },
            Self::Entries { index, .. } => Self::Entries { index, width: WIDTH },
        }
    }

    /// Hashes or entries in it.
    #[must_use]
    pub const fn width(self) -> u16 {
        match self {
            Self::Hashes { width, .. } | Self::Entries { width, .. } => width,
        }
    }

    /// The most bytes that such a file has.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Hashes { .. } => MAX_TILE,
            Self::Entries { .. } => MAX_BUNDLE,
        }
    }
}

/// `1234067` is `x001/x234/067`.
impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match *self {
            Self::Hashes { level, index, width } => {
                write!(f, "tile/{level}/")?;
                (index, width)
            }
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                (index, width)
            }
        };
        let (mut groups, mut rest) = (vec![index % 1000], index / 1000);
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            match groups.is_empty() {
                true => write!(f, "{group:03}")?,
                false => write!(f, "x{group:03}/")?,
            }
        }
        if width < WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
    }
}

/// The text is not the path of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not tile/LEVEL/NUMBER or tile/entries/NUMBER, with .p/WIDTH if partial")]
pub struct TilePathError;

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        parse(text).filter(|path| path.to_string() == text).ok_or(TilePathError)
    }
}

/// Reads leniently; writing it again is the check.
fn parse(text: &str) -> Option<TilePath> {
    if text.len() > 64 {
        return None;
    }
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok().filter(|w| (1..WIDTH).contains(w))?),
        None => (rest, WIDTH),
    };
    let mut groups = number.split('/').map(|group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let plain = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
        if plain { digits.parse::<u64>().ok() } else { None }
    });
    if number.split('/').count() > 6 {
        return None;
    }
    let index = groups.try_fold(0, |sum: u64, group| Some(sum * 1000 + group?))?;
    match kind {
        "entries" => Some(TilePath::Entries { index, width }),
        level => {
            let level = level.parse().ok().filter(|level| *level <= MAX_LEVEL)?;
            Some(TilePath::Hashes { level, index, width })
        }
    }
}

/// A tile over these leaves: `width` hashes (1 to 256), each the root of 256^`level` leaves; `None`
/// if the log does not have that many.
#[must_use]
pub fn tile(leaves: &[Digest], level: u8, index: u64, width: u16) -> Option<Vec<u8>> {
    if !(1..=WIDTH).contains(&width) {
        return None;
    }
    let each = usize::try_from(1_u64.checked_shl(u32::from(level) * 8)?).ok()?;
    let first = usize::try_from(index).ok()?.checked_mul(usize::from(WIDTH))?.checked_mul(each)?;
    let end = first.checked_add(usize::from(width).checked_mul(each)?)?;
    let roots = leaves.get(first..end)?.chunks_exact(each).map(merkle::root_of_leaves);
    Some(roots.flat_map(|root| root.0).collect())
}

/// A bundle: each entry after its length in two bytes, the larger first; `None` if one is longer
/// than 65,535 bytes.
#[must_use]
pub fn bundle<'l>(lines: impl Iterator<Item = &'l str>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in lines {
        bytes.extend(u16::try_from(line.len()).ok()?.to_be_bytes());
        bytes.extend(line.as_bytes());
    }
    Some(bytes)
}

/// The entries of a bundle; `None` if it is cut off, has more than 256, or one is not UTF-8.
#[must_use]
pub fn parse_bundle(mut bytes: &[u8]) -> Option<Vec<&str>> {
    let mut lines = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (line, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        lines.push(std::str::from_utf8(line).ok()?);
        bytes = rest;
        if lines.len() > usize::from(WIDTH) {
            return None;
        }
    }
    bytes.is_empty().then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_return() {
        let hashes = |level, index, width| TilePath::Hashes { level, index, width };
        for (path, text) in [
            (hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (hashes(63, 0, 255), "tile/63/000.p/255"),
            (hashes(1, 999, 1), "tile/1/999.p/1"),
            (hashes(1, 1000, 256), "tile/1/x001/000"),
            (TilePath::Entries { index: 1_234_067, width: 8 }, "tile/entries/x001/x234/067.p/8"),
            (hashes(2, 999_999_999_999_999_999, 256), "tile/2/x999/x999/x999/x999/x999/999"),
        ] {
            assert_eq!(path.to_string(), text);
            assert_eq!(text.parse(), Ok(path));
        }
        for bad in [
            "tile/0/1",
            "tile/00/001",
            "tile/64/001",
            "tile/-1/001",
            "tile/0/x000/001",
            "tile/0/001/001",
            "tile/0/x001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/01",
            "tile/0/001.p/",
            "tile/0/001.p/1/",
            "tile/0/x001/x001/x001/x001/x001/x001/001",
            "tile/entries/",
            "tile/0/+01",
            "/tile/0/001",
            "tile/0/../001",
            "",
        ] {
            assert_eq!(bad.parse::<TilePath>(), Err(TilePathError), "{bad}");
        }
    }

    #[test]
    fn bundles_return() {
        let lines = ["", "one", "두 번째"];
        let bytes = bundle(lines.into_iter()).unwrap();
        assert_eq!(bytes[..7], *b"\0\0\0\x03one");
        assert_eq!(parse_bundle(&bytes).unwrap(), lines);
        for end in 1..bytes.len() {
            assert!(parse_bundle(&bytes[..end]).is_none_or(|cut| cut.len() < 3), "{end}");
        }
        assert_eq!(parse_bundle(b"\0\x01\xff"), None);
        assert_eq!(parse_bundle(&[0; 2 * 257]), None);
        assert_eq!(bundle(["a".repeat(65_536).as_str()].into_iter()), None);
    }
}
