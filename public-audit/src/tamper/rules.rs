//! Rules that are none, and rules changed when it was known who had registered.

use super::{Base, Case};
use crate::beacon;
use crate::note::Signer;
use crate::record::RULES;
use crate::rules::Beacon;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "rules-unknown-key",
        story: "the rules have a key that nobody checks",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "\"number\"", "\"note\": \"\", \"number\""),
    },
    Case {
        name: "rules-said-twice",
        story: "the budget stands twice, for two kinds of readers",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "\"budget\"", "\"budget\": 9990000, \"budget\""),
    },
    Case {
        name: "cohort-said-twice",
        story: "a cohort's field stands twice, for two kinds of readers",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "\"household\": [", "\"household\": [\"9\"], \"household\": ["),
    },
    Case {
        name: "rules-fraction",
        story: "an amount is written as a fraction",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| f.edit(RULES, "1555000", "1555000.5"),
    },
    Case {
        name: "reveal-after-pulse",
        story: "the rules put the reveal after the pulse, so that it can be withheld with profit",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| {
                r.times.reveals_at = r.times.pulse_at;
                Some(())
            })
        },
    },
    Case {
        name: "pulse-before-due",
        story: "the rules name a drand round that was over before the reveal",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| {
                r.beacon = beacon::quicknet(1_000_000);
                Some(())
            })
        },
    },
    Case {
        name: "beacon-key-infinity",
        story: "the rules name the public key under which everything is signed",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| match &mut r.beacon {
                Beacon::Drand { public_key, .. } => {
                    *public_key = format!("c0{}", "00".repeat(95));
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "quicknet-by-name",
        story: "the rules name quicknet and give the key of somebody else",
        base: Base::Drand,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| match &mut r.beacon {
                Beacon::Drand { public_key, .. } => {
                    // The generator of G2: the key of whoever chose 1 as their secret.
                    *public_key = "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049\
                                   334cf11213945d57e5ac7d055d042b7e024aa2b2f08f0a91260805272dc51051\
                                   c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
                        .to_owned();
                    Some(())
                }
                _ => None,
            })
        },
    },
    Case {
        name: "spill-backwards",
        story: "places spill to a reserve that is over already",
        base: Base::Rehearsal,
        check: "rules-form",
        tamper: |f| {
            f.change_rules(|r| {
                r.reserves.get_mut(2)?.spill = Some("island".to_owned());
                Some(())
            })
        },
    },
    Case {
        name: "budget-after-announce",
        story: "the budget is cut after announce, and the draw made again",
        base: Base::Drand,
        check: "seal-rules",
        tamper: |f| {
            f.change_rules(|r| {
                r.goods.budget -= 500_000;
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "slot-after-announce",
        story: "a slot is moved after announce, and the draw made again",
        base: Base::Drand,
        check: "seal-rules",
        tamper: |f| {
            f.change_rules(|r| {
                let slot = r.slots.get_mut(0)?;
                slot.starts_at = slot.starts_at.plus(600);
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "reserves-after-announce",
        story: "two reserves change places after announce, and the draw is made again",
        base: Base::Rehearsal,
        check: "seal-rules",
        tamper: |f| {
            f.change_rules(|r| {
                r.reserves.swap(1, 2);
                Some(())
            })?;
            f.seed_again()?;
            f.redraw()
        },
    },
    Case {
        name: "rules-after-seal",
        story: "the rules are changed and sealed again, but the seed was of the old ones",
        base: Base::Drand,
        check: "seed-input",
        tamper: |f| {
            f.change_rules(|r| {
                r.goods.budget -= 500_000;
                Some(())
            })?;
            f.seal_again()
        },
    },
    Case {
        name: "key-exchanged",
        story: "the rules name another signing key than the one that sealed",
        base: Base::Drand,
        check: "seal-signature",
        tamper: |f| {
            f.change_rules(|r| {
                r.signing_key = Signer::new("selftest.example/jebi", &[6; 32]).ok()?.verifier().to_vkey();
                Some(())
            })
        },
    },
];
