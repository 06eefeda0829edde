//! Chance for secrets, from the operating system. Nothing of the draw comes from here except the
//! organiser's seed.

/// `N` bytes nobody can guess.
///
/// # Panics
/// When the operating system has no randomness to give; nothing safe can be done then.
#[allow(clippy::expect_used, reason = "without randomness there is no safe way to go on")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// 128 random bits in hex: the name of a session or a process.
pub fn random_id() -> String {
    public_audit::hex::encode(&random_bytes::<16>())
}

/// A whole number below `limit`. The bias of taking a 64-bit number modulo a small limit is below
/// 2⁻⁴⁰: of no use to a guesser, but this never decides who goes when.
pub fn random_below(limit: u64) -> u64 {
    u64::from_le_bytes(random_bytes()) % limit.max(1)
}

/// A one-time code of so many digits, leading zeros kept.
pub fn random_code(digits: u8) -> String {
    let digits = usize::from(digits.min(18));
    format!("{:0digits$}", random_below(10_u64.pow(u32::try_from(digits).unwrap_or(18))))
}
