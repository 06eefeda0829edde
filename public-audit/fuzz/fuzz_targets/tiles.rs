#![no_main]

use libfuzzer_sys::fuzz_target;
use public_audit::journal::TilePath;
use public_audit::journal::tiles::{Reader, bundle, parse_bundle};
use public_audit::merkle::Builder;
use public_audit::{Digest, merkle};

fuzz_target!(|data: &[u8]| {
    if let Some(lines) = parse_bundle(data) {
        assert_eq!(bundle(lines.into_iter()).as_deref(), Some(data));
    }
    if let Some(text) = std::str::from_utf8(data).ok()
        && let Ok(path) = text.parse::<TilePath>()
    {
        assert_eq!(path.to_string(), text);
    }
    // A log of any size whose every tile is this: no size makes it hang or fall over.
    let Some((size, tile)) = data.split_first_chunk::<8>() else { return };
    let size = u64::from_be_bytes(*size);
    let mut fetched = 0;
    let mut reader = Reader::new(size, |path: &TilePath| {
        fetched += 1;
        Ok((fetched < 40)
            .then(|| tile.iter().copied().cycle().take(32 * usize::from(path.width())).collect()))
    });
    if tile.is_empty() {
        return;
    }
    let old = size / 3;
    if let (Ok(root), Ok(old_root), Ok(proof)) =
        (reader.root(size), reader.root(old), reader.consistency(old))
    {
        let _ = merkle::is_consistent(old, &old_root, size, &root, &proof);
        let _ = reader.path(old);
        let _ = reader.follow(&Builder::new(), &root, |_| Ok(()));
        let _ = reader.follow(&Builder::new(), &Digest::ZERO, |_| Ok(()));
    }
});
