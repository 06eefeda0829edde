//! Passwords of staff: Argon2id with the parameters of OWASP's cheat sheet (19 MiB, 2 passes).
//! Takes some 15 ms of a core: never on a resident's path.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// The PHC string to keep.
///
/// # Errors
/// In words, when the password cannot be hashed (longer than 4 GiB).
pub fn hash_password(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// Whether `password` is the one that `kept` was made from.
pub fn verify_password(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as [`verify_password`] and is never true: so that a name nobody has costs what any other does.
pub fn verify_nobody(password: &str) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password("nobody").unwrap_or_default());
    let _ = verify_password(password, &NOBODY);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_verifies() -> Result<(), String> {
        let kept = hash_password("correct horse")?;
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify_password("correct horse", &kept));
        assert!(!verify_password("battery staple", &kept));
        assert!(!verify_password("correct horse", "not a hash"));
        Ok(())
    }
}
