//! Files taken away, and manifests that lie.

use super::{Base, Case, Forge};
use crate::record::{MANIFEST, POOL, PULSE, RESULT, SEAL};

fn manifest(forge: &mut Forge, change: fn(&mut Vec<String>) -> Option<()>) -> Option<()> {
    forge.own_manifest = true;
    forge.lines(MANIFEST, change)
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "pool-withheld",
        story: "the pool is not published",
        base: Base::Drand,
        check: "files-present",
        tamper: |f| f.files.remove(POOL).map(drop),
    },
    Case {
        name: "seal-withheld",
        story: "the seal is not published",
        base: Base::Drand,
        check: "files-present",
        tamper: |f| f.files.remove(SEAL).map(drop),
    },
    Case {
        name: "result-exchanged",
        story: "the result is edited and the manifest forgotten",
        base: Base::Drand,
        check: "manifest",
        tamper: |f| {
            f.own_manifest = true;
            f.edit(RESULT, "0000\n", "1000\n")
        },
    },
    Case {
        name: "manifest-shortened",
        story: "the manifest leaves the pulse out",
        base: Base::Drand,
        check: "manifest",
        tamper: |f| {
            manifest(f, |lines| {
                lines.retain(|line| !line.ends_with(PULSE));
                Some(())
            })
        },
    },
    Case {
        name: "manifest-out-of-order",
        story: "the manifest is not sorted",
        base: Base::Drand,
        check: "manifest",
        tamper: |f| {
            manifest(f, |lines| {
                lines.reverse();
                Some(())
            })
        },
    },
    Case {
        name: "manifest-outside",
        story: "the manifest points out of its folder",
        base: Base::Drand,
        check: "manifest",
        tamper: |f| {
            manifest(f, |lines| {
                let first = lines.first()?.clone();
                lines.insert(0, format!("{}  ../{POOL}", first.get(..64)?));
                Some(())
            })
        },
    },
    Case {
        name: "manifest-of-nothing",
        story: "the manifest lists a file that is not there",
        base: Base::Drand,
        check: "manifest",
        tamper: |f| {
            manifest(f, |lines| {
                let first = lines.first()?.clone();
                lines.insert(0, format!("{}  corrections.txt", first.get(..64)?));
                Some(())
            })
        },
    },
];
