//! drand pulses: the signature is what counts, not who delivered it (protocol §4).
//!
//! A round's signature is BLS over BLS12-381 with signatures in G1 and the key in G2, on
//! `sha256(round as 8 bytes, big end first)` hashed to the curve as in RFC 9380 – the scheme
//! `bls-unchained-g1-rfc9380` of the chain *quicknet*. The pulse is `sha256(signature)`, and there
//! is exactly one valid signature for a round, so nobody can choose among pulses.

use bls12_381::hash_to_curve::{ExpandMsgXmd, HashToCurve};
use bls12_381::{G1Affine, G1Projective, G2Affine, G2Prepared, Gt, multi_miller_loop};

use crate::digest::Digest;
use crate::hex;
use crate::rules::Beacon;

/// The domain separation tag of the scheme.
const TAG: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// The hash of the chain *quicknet* of the League of Entropy.
pub const QUICKNET_CHAIN_HASH: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
/// The public key of *quicknet*.
pub const QUICKNET_PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c\
                                       8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb\
                                       5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
/// Unix seconds of round 1 of *quicknet*.
pub const QUICKNET_GENESIS: u64 = 1_692_803_367;
/// Seconds between the rounds of *quicknet*.
pub const QUICKNET_PERIOD: u64 = 3;

/// Why a pulse is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    /// The public key is not 96 bytes of hex.
    #[error("the public key is not 96 bytes of lower-case hex")]
    KeyForm,
    /// The public key is not a point of the group, or is the one that signs anything.
    #[error("the public key is not a point of its group")]
    Key,
    /// Rounds begin at 1.
    #[error("there is no round 0")]
    Round,
    /// The signature is not 48 bytes of hex.
    #[error("the signature is not 48 bytes of lower-case hex")]
    Form,
    /// The bytes are not a compressed point of the group G1.
    #[error("the signature is not a point of its group")]
    Point,
    /// The point is not this key's signature of this round.
    #[error("the signature is not the chain's signature of this round")]
    Signature,
}

/// *quicknet*, as rules name it, with this round.
#[must_use]
pub fn quicknet(round: u64) -> Beacon {
    Beacon::Drand {
        chain_hash: QUICKNET_CHAIN_HASH.parse().unwrap_or(Digest::ZERO),
        public_key: QUICKNET_PUBLIC_KEY.to_owned(),
        genesis_time: QUICKNET_GENESIS,
        period: QUICKNET_PERIOD,
        round,
    }
}

/// Reads a public key of 96 compressed bytes.
fn key(public_key: &str) -> Result<G2Affine, PulseError> {
    let bytes: [u8; 96] = hex::decode(public_key).map_err(|_| PulseError::KeyForm)?;
    // Checked decompression: flags, x below the field's order, on the curve, in the subgroup.
    let key = Option::<G2Affine>::from(G2Affine::from_compressed(&bytes)).ok_or(PulseError::Key)?;
    if key.is_identity().into() { Err(PulseError::Key) } else { Ok(key) }
}

/// Whether rules may name this public key.
///
/// # Errors
/// [`PulseError::KeyForm`] or [`PulseError::Key`].
pub fn check_key(public_key: &str) -> Result<(), PulseError> {
    key(public_key).map(drop)
}

/// The randomness of a round of the chain with this public key, if the signature is valid.
///
/// # Errors
/// Why it is refused.
pub fn verify(public_key: &str, round: u64, signature: &str) -> Result<Digest, PulseError> {
    let key = key(public_key)?;
    if round == 0 {
        return Err(PulseError::Round);
    }
    let bytes: [u8; 48] = hex::decode(signature).map_err(|_| PulseError::Form)?;
    let point = Option::<G1Affine>::from(G1Affine::from_compressed(&bytes)).ok_or(PulseError::Point)?;
    if point.is_identity().into() {
        return Err(PulseError::Point);
    }
    let message = Digest::of(round.to_be_bytes());
    let hashed =
        <G1Projective as HashToCurve<ExpandMsgXmd<sha2_010::Sha256>>>::hash_to_curve([message.0], TAG);
    // e(signature, −g₂) · e(H(message), key) = 1
    let (negated, key) = (G2Prepared::from(-G2Affine::generator()), G2Prepared::from(key));
    let product = multi_miller_loop(&[(&point, &negated), (&hashed.into(), &key)]);
    if product.final_exponentiation() == Gt::identity() {
        Ok(Digest::of(bytes))
    } else {
        Err(PulseError::Signature)
    }
}
