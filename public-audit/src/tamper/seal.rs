//! Seals without a signature, of something else, or at the wrong time.

use base64ct::{Base64, Encoding as _};

use super::{Base, Case, Forge};
use crate::note::{self, Signer};
use crate::record::SEAL;
use crate::seal::PulseToCome;

/// Signs a text that is not a seal the organiser could otherwise sign.
fn sign(forge: &mut Forge, change: impl FnOnce(&str) -> String) -> Option<()> {
    let note = forge.text(SEAL)?;
    let text = change(note::split(&note).ok()?.0);
    forge.set(SEAL, &super::base::signer()?.sign(&text).ok()?)
}

/// Changes the signature line's key id and signature.
fn signature(forge: &mut Forge, change: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    let note = forge.text(SEAL)?;
    let (text, signatures) = note::split(&note).ok()?;
    let (name, mut blob) = signatures.into_iter().next()?;
    change(&mut blob)?;
    let note = format!("{text}\n— {name} {}\n", Base64::encode_string(&blob));
    forge.set(SEAL, &note)
}

/// s + ℓ is the same signature to a careless verifier (RFC 8032 §8.4).
fn add_group_order(blob: &mut [u8]) -> Option<()> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in blob.get_mut(36..68)?.iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (u8::try_from(sum & 255).ok()?, sum >> 8);
    }
    Some(())
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "seal-unsigned",
        story: "the seal has no signature",
        base: Base::Drand,
        check: "seal-form",
        tamper: |f| {
            let note = f.text(SEAL)?;
            let text = note::split(&note).ok()?.0.to_owned();
            f.set(SEAL, &text)
        },
    },
    Case {
        name: "rehearsal-unlabelled",
        story: "a rehearsal's seal does not say that the organiser could have known the result",
        base: Base::Rehearsal,
        check: "seal-form",
        tamper: |f| sign(f, |text| text.replace(" rehearsal: the organiser could have known the result", "")),
    },
    Case {
        name: "seal-version-zero",
        story: "the seal counts its versions from 0, so that one can be slipped in",
        base: Base::Drand,
        check: "seal-form",
        tamper: |f| sign(f, |text| text.replace("version 1\n", "version 0\n")),
    },
    Case {
        name: "seal-with-more",
        story: "the seal has a tenth line",
        base: Base::Drand,
        check: "seal-form",
        tamper: |f| sign(f, |text| format!("{text}except the mayor's friends\n")),
    },
    Case {
        name: "seal-other-spelling",
        story: "the signature's base64 is spelled in a second way",
        base: Base::Drand,
        check: "seal-form",
        tamper: |f| {
            let note = f.text(SEAL)?;
            let last = note.strip_suffix("=\n")?;
            // The last character before the padding carries two bits that mean nothing.
            let (head, tail) = last.split_at(last.len() - 1);
            let next = char::from(tail.bytes().next()? + 1);
            f.set(SEAL, &format!("{head}{next}=\n"))
        },
    },
    Case {
        name: "seal-edited",
        story: "the seal's count is edited",
        base: Base::Drand,
        check: "seal-signature",
        tamper: |f| f.edit(SEAL, "entries 24", "entries 25"),
    },
    Case {
        name: "seal-by-another",
        story: "somebody else signed, under the same name",
        base: Base::Drand,
        check: "seal-signature",
        tamper: |f| {
            let note = f.text(SEAL)?;
            let other = Signer::new("selftest.example/jebi", &[6; 32]).ok()?;
            f.set(SEAL, &other.sign(note::split(&note).ok()?.0).ok()?)
        },
    },
    Case {
        name: "seal-malleable",
        story: "the signature's second half is replaced by its twin beyond the group's order",
        base: Base::Drand,
        check: "seal-signature",
        tamper: |f| signature(f, |blob| add_group_order(blob)),
    },
    Case {
        name: "seal-signature-bit",
        story: "one bit of the signature is flipped",
        base: Base::Drand,
        check: "seal-signature",
        tamper: |f| {
            signature(f, |blob| {
                *blob.get_mut(40)? ^= 1;
                Some(())
            })
        },
    },
    Case {
        name: "seal-of-another-round",
        story: "the seal is of another round",
        base: Base::Drand,
        check: "seal-rules",
        tamper: |f| {
            f.reseal(|seal| {
                seal.round = "selftest-2023".parse().ok()?;
                Some(())
            })
        },
    },
    Case {
        name: "seal-of-another-pulse",
        story: "the seal waits for the drand round after the announced one",
        base: Base::Drand,
        check: "seal-rules",
        tamper: |f| {
            f.reseal(|seal| match &mut seal.pulse {
                PulseToCome::Drand { round, .. } => {
                    *round += 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "seal-after-pulse",
        story: "the pool was sealed when the pulse was known",
        base: Base::Drand,
        check: "seal-time",
        tamper: |f| {
            let pulse_at = f.rules()?.times.pulse_at;
            f.reseal(|seal| {
                seal.sealed_at = pulse_at;
                Some(())
            })
        },
    },
    Case {
        name: "seal-before-close",
        story: "the pool was sealed while people could still enter",
        base: Base::Drand,
        check: "seal-time",
        tamper: |f| {
            let opens_at = f.rules()?.times.opens_at;
            f.reseal(|seal| {
                seal.sealed_at = opens_at;
                Some(())
            })
        },
    },
];
