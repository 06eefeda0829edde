//! The seed: from the organiser's 32 bytes, the sealed pool and the pulse to the draw seed
//! (protocol §4).

use crate::digest::Digest;
use crate::slug::Slug;

/// What is published at announce: `sha256("jebi-commit-1\n" hex(organiser seed) "\n")`.
#[must_use]
pub fn commitment(organiser_seed: &Digest) -> Digest {
    Digest::of(format!("jebi-commit-1\n{organiser_seed}\n"))
}

/// The seven lines of `seed-input.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedInput {
    /// The round.
    pub round: Slug,
    /// SHA-256 of `rules.json`.
    pub rules_digest: Digest,
    /// The root of the sealed pool.
    pub root: Digest,
    /// Revealed in time, or [`Digest::ZERO`].
    pub organiser_seed: Digest,
    /// Digits as rolled in public, 1 to 256 of them, if the city likes a ceremony.
    pub dice: Option<String>,
    /// The beacon's output; [`Digest::ZERO`] in a rehearsal.
    pub pulse: Digest,
}

/// The text is not a `seed-input.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// It does not begin with `jebi-seed-1`, or does not have seven lines ended by LF.
    #[error("not seven lines of which the first is jebi-seed-1")]
    Lines,
    /// The second line is no slug.
    #[error("line 2 is not a round's slug")]
    Round,
    /// A line that should be 64 hex characters, counted from 1.
    #[error("line {0} is not 64 characters of lower-case hex")]
    Hex(u8),
    /// The dice are neither `-` nor 1 to 256 digits.
    #[error("line 6 is neither - nor 1 to 256 digits")]
    Dice,
}

/// Whether these are dice as they may be written down.
#[must_use]
pub fn is_dice(dice: &str) -> bool {
    (1..=256).contains(&dice.len()) && dice.bytes().all(|b| b.is_ascii_digit())
}

impl SeedInput {
    /// The file, whose SHA-256 is the draw seed.
    #[must_use]
    pub fn to_text(&self) -> String {
        let Self { round, rules_digest, root, organiser_seed, pulse, .. } = self;
        let dice = self.dice.as_deref().unwrap_or("-");
        format!("jebi-seed-1\n{round}\n{rules_digest}\n{root}\n{organiser_seed}\n{dice}\n{pulse}\n")
    }

    /// Reads the file.
    ///
    /// # Errors
    /// On everything that [`SeedInput::to_text`] would not have written.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let mut lines = text.strip_suffix('\n').ok_or(SeedError::Lines)?.split('\n');
        let mut line = || lines.next().ok_or(SeedError::Lines);
        if line()? != "jebi-seed-1" {
            return Err(SeedError::Lines);
        }
        let round = line()?.parse().map_err(|_| SeedError::Round)?;
        let rules_digest = line()?.parse().map_err(|_| SeedError::Hex(3))?;
        let root = line()?.parse().map_err(|_| SeedError::Hex(4))?;
        let organiser_seed = line()?.parse().map_err(|_| SeedError::Hex(5))?;
        let dice = match line()? {
            "-" => None,
            dice if is_dice(dice) => Some(dice.to_owned()),
            _ => return Err(SeedError::Dice),
        };
        let pulse = line()?.parse().map_err(|_| SeedError::Hex(7))?;
        if line().is_ok() {
            return Err(SeedError::Lines);
        }
        Ok(Self { round, rules_digest, root, organiser_seed, dice, pulse })
    }

    /// `sha256(seed-input.txt)`: what everything is drawn from.
    #[must_use]
    pub fn draw_seed(&self) -> Digest {
        Digest::of(self.to_text())
    }
}
