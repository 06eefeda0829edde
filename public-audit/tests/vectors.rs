//! The published vectors, which were made by an implementation independent of this one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use public_audit::note::{NoteError, Verifier};
use public_audit::{Digest, Receipt, lot, merkle, seed};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors-public.json")).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

fn digest(value: &Value, key: &str) -> Digest {
    text(value, key).parse().unwrap()
}

#[test]
fn receipts() {
    for vector in vectors()["receipts"].as_array().unwrap() {
        let salt = digest(vector, "salt");
        let receipt = Receipt::derive(text(vector, "round"), &salt.0, text(vector, "person_key"));
        assert_eq!(receipt.unwrap().to_string(), text(vector, "receipt"));
    }
}

#[test]
fn lots() {
    for vector in vectors()["lots"].as_array().unwrap() {
        let (seed, receipt) = (digest(vector, "draw_seed"), text(vector, "receipt").parse().unwrap());
        let weight = u32::try_from(vector["weight"].as_u64().unwrap()).unwrap();
        let expected: Vec<u64> = vector["lots"]
            .as_array()
            .unwrap()
            .iter()
            .map(|lot| lot.as_str().unwrap().parse().unwrap())
            .collect();
        assert_eq!(lot::lots(&seed, &receipt, weight), expected);
        assert_eq!(lot::lot(&seed, &receipt, weight).to_string(), text(vector, "lot"));
        for (n, number) in expected.iter().enumerate() {
            assert_eq!(lot::stream_number(&seed, &receipt, u32::try_from(n).unwrap()), *number);
        }
    }
}

#[test]
fn roots() {
    for vector in vectors()["roots"].as_array().unwrap() {
        let pool = text(vector, "pool");
        assert_eq!(merkle::root_of_lines(pool.as_bytes()), digest(vector, "root"));
        assert_eq!(pool.lines().count() as u64, vector["count"].as_u64().unwrap());
    }
}

#[test]
fn seeds_and_ranks() {
    let vectors = vectors();
    let last = vectors["roots"].as_array().unwrap().last().unwrap();
    for vector in vectors["seeds"].as_array().unwrap() {
        let organiser_seed = digest(vector, "organiser_seed");
        assert_eq!(seed::commitment(&organiser_seed), digest(vector, "commitment"));
        let input = seed::SeedInput {
            round: text(vector, "round").parse().unwrap(),
            rules_digest: Digest::of(text(vector, "rules")),
            root: digest(last, "root"),
            organiser_seed,
            dice: Some(text(vector, "dice").to_owned()).filter(|dice| dice != "-"),
            pulse: digest(vector, "pulse"),
        };
        assert_eq!(input.to_text(), text(vector, "seed_input"));
        assert_eq!(seed::SeedInput::parse(&input.to_text()).as_ref(), Ok(&input));
        assert_eq!(input.draw_seed(), digest(vector, "draw_seed"));

        let mut ranked: Vec<Receipt> =
            text(last, "pool").lines().map(|line| line[..19].parse().unwrap()).collect();
        ranked.sort_by_key(|receipt| (lot::lot(&input.draw_seed(), receipt, 1), *receipt));
        let expected: Vec<&str> =
            vector["ranked"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
        assert_eq!(ranked.iter().map(Receipt::to_string).collect::<Vec<_>>(), expected);
    }
}

/// Where implementations of Ed25519 differ: SPEC §6 says exactly what holds.
#[test]
fn signed_notes() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("note-vectors.json")).unwrap();
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let verifier = Verifier::parse(text(vector, "key"));
        let outcome = match verifier.and_then(|key| key.open(text(vector, "note")).map(drop)) {
            Ok(()) => "holds",
            Err(NoteError::Key) => "key",
            Err(NoteError::Signature) => "signature",
            Err(other) => panic!("{other}: {}", text(vector, "story")),
        };
        assert_eq!(outcome, text(vector, "expected"), "{}", text(vector, "story"));
    }
}
