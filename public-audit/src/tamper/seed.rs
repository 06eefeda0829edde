//! Seeds that were chosen, and pulses that were not waited for.

use super::{Base, Case, Forge};
use crate::digest::Digest;
use crate::record::{PULSE, Pulse, SEED_INPUT};

/// Publishes another pulse, and has it in the seed and in the draw.
fn pulse(forge: &mut Forge, change: fn(&mut Pulse) -> Option<()>) -> Option<()> {
    let mut pulse = Pulse::parse(&forge.text(PULSE)?).ok()?;
    change(&mut pulse)?;
    forge.set(PULSE, &pulse.to_json())?;
    forge.change_seed(|seed| {
        seed.pulse = pulse.value();
        Some(())
    })?;
    forge.redraw()
}

/// Publishes another signature of the pulse, with the randomness that follows from it.
fn signature(forge: &mut Forge, with: fn(&str) -> String) -> Option<()> {
    let Pulse::Drand { round, signature, .. } = Pulse::parse(&forge.text(PULSE)?).ok()? else {
        return None;
    };
    let signature = with(&signature);
    let bytes: [u8; 48] = crate::hex::decode(&signature).ok()?;
    let other = Pulse::Drand { round, signature, randomness: Digest::of(bytes) };
    forge.set(PULSE, &other.to_json())?;
    forge.change_seed(|seed| {
        seed.pulse = other.value();
        Some(())
    })?;
    forge.redraw()
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "seed-of-another-round",
        story: "the seed is made for another round",
        base: Base::Drand,
        check: "seed-input",
        tamper: |f| {
            f.change_seed(|seed| {
                seed.round = "selftest-2023".parse().ok()?;
                Some(())
            })?;
            f.redraw()
        },
    },
    Case {
        name: "seed-with-more",
        story: "the seed has an eighth line",
        base: Base::Drand,
        check: "seed-form",
        tamper: |f| {
            let text = f.text(SEED_INPUT)?;
            f.set(SEED_INPUT, &format!("{text}lucky\n"))
        },
    },
    Case {
        name: "dice-in-words",
        story: "the dice are not digits",
        base: Base::Drand,
        check: "seed-form",
        tamper: |f| f.edit(SEED_INPUT, "52416", "5 2 4 1 6"),
    },
    Case {
        name: "seed-in-capitals",
        story: "the organiser seed is spelled in a second way",
        base: Base::Drand,
        check: "seed-form",
        tamper: |f| {
            let text = f.text(SEED_INPUT)?;
            let tag = "jebi-seed-1\n";
            let (round, rest) = text.strip_prefix(tag)?.split_once('\n')?;
            f.set(SEED_INPUT, &format!("{tag}{round}\n{}", rest.to_uppercase()))
        },
    },
    Case {
        name: "seed-chosen",
        story: "the organiser tries seeds until one pleases",
        base: Base::Drand,
        check: "commitment",
        tamper: |f| {
            f.change_seed(|seed| {
                seed.organiser_seed = Digest([3; 32]);
                Some(())
            })?;
            f.redraw()
        },
    },
    Case {
        name: "dice-edited",
        story: "other dice are written down than those that were drawn from",
        base: Base::Drand,
        check: "result-recomputed",
        tamper: |f| f.edit(SEED_INPUT, "52416", "52415"),
    },
    Case {
        name: "pulse-chosen",
        story: "the seed has another pulse than the one published",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            f.change_seed(|seed| {
                seed.pulse.0[31] ^= 1;
                Some(())
            })?;
            f.redraw()
        },
    },
    Case {
        name: "pulse-of-another-round",
        story: "the valid pulse of an earlier round is published as its own",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            pulse(f, |pulse| {
                let signature = "83ad29e4c409f9470fc2ef02f90214df49e02b441a1a241a82d622d9f608ef98\
                                 fd8b11a029f1bee9d9e83b45088abe72";
                let randomness = "b22aad4794f7451896f7a371aa46106fd84d919f3f569acd5b2fddf1d1440af3";
                let (signature, randomness) = (signature.to_owned(), randomness.parse().ok()?);
                *pulse = Pulse::Drand { round: 1_000_000, signature, randomness };
                Some(())
            })
        },
    },
    Case {
        name: "pulse-mislabelled",
        story: "the pulse of an earlier round is published as that of the announced one",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            signature(f, |_| {
                "83ad29e4c409f9470fc2ef02f90214df49e02b441a1a241a82d622d9f608ef98fd8b11a029f1bee9d9e83b45088abe72"
                    .to_owned()
            })
        },
    },
    Case {
        name: "pulse-next-round",
        story: "the pulse is called that of the next round",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            pulse(f, |pulse| match pulse {
                Pulse::Drand { round, .. } => {
                    *round += 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "pulse-sign-flipped",
        story: "the signature is the negative of the right one",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| signature(f, |good| format!("b2{}", &good[2..])),
    },
    Case {
        name: "pulse-outside-subgroup",
        story: "the signature is a point of order 3",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| signature(f, |_| format!("80{}", "00".repeat(47))),
    },
    Case {
        name: "pulse-infinity",
        story: "the signature is the point at infinity",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| signature(f, |_| format!("c0{}", "00".repeat(47))),
    },
    Case {
        name: "randomness-chosen",
        story: "the signature is right and the randomness is not its digest",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            pulse(f, |pulse| match pulse {
                Pulse::Drand { randomness, .. } => {
                    randomness.0[0] ^= 1;
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "pulse-left-out",
        story: "a round that announced drand is drawn as a rehearsal",
        base: Base::Drand,
        check: "pulse",
        tamper: |f| {
            pulse(f, |pulse| {
                *pulse = Pulse::None {};
                Some(())
            })
        },
    },
    Case {
        name: "values-edited",
        story: "one of the seed's declared values is another than the published one",
        base: Base::Declared,
        check: "pulse",
        tamper: |f| f.edit(PULSE, "21.", "22."),
    },
    Case {
        name: "values-unsorted",
        story: "the declared values are in an order that was chosen",
        base: Base::Declared,
        check: "pulse-form",
        tamper: |f| f.edit(PULSE, "7.11.", "11.7."),
    },
    Case {
        name: "pulse-with-more",
        story: "the pulse has a key that nobody checks",
        base: Base::Drand,
        check: "pulse-form",
        tamper: |f| f.edit(PULSE, "\"round\"", "\"note\":\"\",\"round\""),
    },
    Case {
        name: "pulse-second-spelling",
        story: "the pulse is written with spaces",
        base: Base::Drand,
        check: "pulse-form",
        tamper: |f| f.edit(PULSE, ",", ", "),
    },
];
