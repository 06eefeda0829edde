//! drand: all rounds of the vectors are accepted, all forgeries refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use public_audit::beacon::{self, PulseError, QUICKNET_PUBLIC_KEY, verify};
use public_audit::record::Pulse;
use public_audit::rules::{Beacon, Mode, Rules};
use public_audit::{Digest, hex};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("drand-vectors.json")).unwrap()
}

/// (round, signature, randomness)
fn rounds() -> Vec<(u64, String, Digest)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let round = |value: &Value| {
        let randomness = text(&value["randomness"]).parse().unwrap();
        (value["round"].as_u64().unwrap(), text(&value["signature"]), randomness)
    };
    vectors()["rounds"].as_array().unwrap().iter().map(round).collect()
}

#[test]
fn the_chain_is_the_one_of_the_vectors() {
    let chain = &vectors()["chain"];
    assert_eq!(chain["public_key"], QUICKNET_PUBLIC_KEY);
    assert_eq!(chain["chain_hash"], beacon::QUICKNET_CHAIN_HASH);
    assert_eq!(chain["genesis_time"], beacon::QUICKNET_GENESIS);
    assert_eq!(chain["period"], beacon::QUICKNET_PERIOD);
    assert!(matches!(beacon::quicknet(1), Beacon::Drand { chain_hash, .. } if chain_hash != Digest::ZERO));
}

#[test]
fn all_rounds_are_accepted() {
    for (round, signature, randomness) in rounds() {
        assert_eq!(verify(QUICKNET_PUBLIC_KEY, round, &signature), Ok(randomness), "round {round}");
    }
}

#[test]
fn a_signature_of_another_round_is_refused() {
    for (round, signature, _) in rounds() {
        assert_eq!(verify(QUICKNET_PUBLIC_KEY, 0, &signature), Err(PulseError::Round));
        for other in [round + 1, u64::MAX, round.swap_bytes(), round + (1 << 32)] {
            assert_eq!(verify(QUICKNET_PUBLIC_KEY, other, &signature), Err(PulseError::Signature));
        }
    }
}

/// p, the order of the base field.
const P: &str =
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";

/// x with the flag bits set, as 96 hex characters.
fn compressed(x: [u8; 48], flags: u8) -> String {
    let mut bytes = x;
    bytes[0] |= flags;
    hex::encode(&bytes)
}

#[test]
fn forgeries_are_refused() {
    let (round, signature, _) = rounds().swap_remove(4);
    let good: [u8; 48] = hex::decode(&signature).unwrap();
    let p: [u8; 48] = hex::decode(P).unwrap();
    let small = |last: u8| {
        let mut x = [0; 48];
        x[47] = last;
        x
    };
    let with = |at: usize, change: u8| {
        let mut bytes = good;
        bytes[at] ^= change;
        hex::encode(&bytes)
    };
    let next_to_p = |add: i8| {
        let mut x = p;
        x[47] = x[47].wrapping_add_signed(add);
        x
    };
    let mut forged = vec![
        signature.to_uppercase(),
        format!("0x{signature}"),
        format!("{signature}{signature}"),
        with(0, 0x80),             // compression flag cleared
        with(0, 0x40),             // infinity flag set
        compressed([0; 48], 0xc0), // the point at infinity
        compressed([0; 48], 0xe0),
        "00".repeat(48),
        "ff".repeat(48),
        compressed([0; 48], 0x80), // of order 3, on the curve and outside the subgroup
        compressed([0; 48], 0xa0),
        with(0, 0x20), // sign flipped
        with(47, 1),   // lowest bit of x
        with(0, 0x10), // highest bit of x
        // the generator of G1
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
            .to_owned(),
    ];
    for flags in [0x80, 0xa0] {
        forged.push(compressed(small(1), flags)); // not on the curve
        forged.extend([-1, 0, 1].map(|add| compressed(next_to_p(add), flags)));
    }
    forged.extend([0, 1, 32, 47, 49, 96].map(|length| "8a".repeat(length)));
    forged.extend([0, 1, 32, 47].map(|length| signature[..2 * length].to_owned()));
    for forged in forged {
        assert!(verify(QUICKNET_PUBLIC_KEY, round, &forged).is_err(), "{forged}");
    }
}

#[test]
fn keys_are_checked() {
    let (round, signature, _) = rounds().swap_remove(0);
    let infinity = format!("c0{}", "00".repeat(95));
    for key in ["", "83", &infinity, &"00".repeat(96), &"ff".repeat(96), &QUICKNET_PUBLIC_KEY.to_uppercase()]
    {
        assert!(verify(key, round, &signature).is_err(), "{key}");
        assert!(beacon::check_key(key).is_err());
    }
    // The generator of G2 is a key, but not the one that signed.
    let generator = "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e\
        024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";
    assert_eq!(verify(generator, round, &signature), Err(PulseError::Signature));
}

/// A whole record that waits for a drand round, and what is done to its pulse.
#[test]
fn a_record_stands_and_falls_with_its_pulse() {
    let (round, signature, randomness) = rounds().swap_remove(11);
    let mut rules = common::rules(Mode::Share);
    rules.beacon = beacon::quicknet(round);
    // The rules of these tests are of 2026 and the round is of 2024.
    let back = |at: public_audit::Instant, by: i64| public_audit::Instant::from_unix(at.unix() - by).unwrap();
    let by = rules.times.pulse_at.unix() - 1_728_926_013;
    let times = &mut rules.times;
    for at in [
        &mut times.opens_at,
        &mut times.closes_at,
        &mut times.seals_at,
        &mut times.reveals_at,
        &mut times.pulse_at,
        &mut times.results_at,
    ] {
        *at = back(*at, by);
    }
    assert_eq!(rules.problems(), []);
    let pool = common::pool(&rules, 12, 4);
    let pulse = |round: u64, signature: &str, randomness: Digest| Pulse::Drand {
        round,
        signature: signature.to_owned(),
        randomness,
    };
    let failed = |pulse: &Pulse| {
        let record = common::record_with(&rules, &pool, None, pulse);
        let report = public_audit::verify::verify(&record).unwrap();
        report.failed().map(|check| check.name).collect::<Vec<_>>()
    };
    assert!(failed(&pulse(round, &signature, randomness)).is_empty());
    assert_eq!(failed(&pulse(round + 1, &signature, randomness)), ["pulse"]);
    assert_eq!(failed(&pulse(round, &signature, Digest::ZERO)), ["pulse"]);
    assert_eq!(failed(&Pulse::None {}), ["pulse"]);
    let (_, other, other_randomness) = rounds().swap_remove(10);
    assert_eq!(failed(&pulse(round, &other, other_randomness)), ["pulse"]);
    assert_eq!(failed(&pulse(round, &signature[2..], randomness)), ["pulse-form"]);

    // Whose chain it was is told: who has its key knows every pulse beforehand.
    let told = |rules: &Rules, pulse: &Pulse| {
        let record = common::record_with(rules, &common::pool(rules, 12, 4), None, pulse);
        let report = public_audit::verify::verify(&record).unwrap();
        assert!(report.matches, "{report}");
        report.checks.into_iter().find(|check| check.name == "pulse").unwrap().reason
    };
    let pulse = pulse(round, &signature, randomness);
    assert!(told(&rules, &pulse).contains("drand's quicknet"));
    if let Beacon::Drand { chain_hash, .. } = &mut rules.beacon {
        *chain_hash = Digest::ZERO;
    }
    let own = told(&rules, &pulse);
    assert!(own.contains("not quicknet") && own.ends_with("could have known the result"), "{own}");
    let source = "the lottery of that day".to_owned();
    rules.beacon = Beacon::Declared { source };
    let declared = told(&rules, &Pulse::Declared { values: "7./".to_owned() });
    assert_eq!(declared, "declared values 7./; compare them with their source: the lottery of that day");
}
