//! What an entrant asks for, as it comes from a form.

/// What is wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantError {
    /// None was chosen.
    Missing,
    /// Not one of those offered.
    NotOffered,
}

/// What is wrong with the wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishError {
    /// The same part of the day twice. The number of the field, 1 to 3.
    Twice(usize),
    /// Not a part of the day of this round. The number of the field.
    Unknown(usize),
}

/// The amounts on offer in won, smallest first: every multiple of the unit up to the cap.
pub fn wants_offered(unit: u64, cap: u64) -> impl DoubleEndedIterator<Item = u64> {
    let unit = unit.max(1);
    (1..=cap / unit).map(move |units| units * unit)
}

/// Reads an amount in won; spaces, commas and a leading ₩ are forgiven.
///
/// # Errors
/// [`WantError`].
pub fn parse_want(typed: &str, unit: u64, cap: u64) -> Result<u64, WantError> {
    let plain: String =
        typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '₩' | '원')).collect();
    if plain.is_empty() {
        return Err(WantError::Missing);
    }
    let want: u64 = plain.parse().map_err(|_| WantError::NotOffered)?;
    let offered = want > 0 && want <= cap && want.is_multiple_of(unit.max(1));
    if offered { Ok(want) } else { Err(WantError::NotOffered) }
}

/// Reads up to three wishes, best first, into the form of the pool line: `eve+am`, or `any`.
/// An empty or `any` field is no wish; what follows still counts.
///
/// # Errors
/// Everything that is wrong, field by field.
pub fn parse_wish(typed: &[&str], parts: &[String]) -> Result<String, Vec<WishError>> {
    let (mut wish, mut errors) = (Vec::new(), Vec::new());
    for (at, part) in typed.iter().enumerate().filter(|(_, part)| !part.is_empty() && **part != "any") {
        match () {
            () if !parts.iter().any(|known| known == part) => errors.push(WishError::Unknown(at + 1)),
            () if wish.contains(part) => errors.push(WishError::Twice(at + 1)),
            () => wish.push(*part),
        }
    }
    match () {
        () if !errors.is_empty() => Err(errors),
        () if wish.is_empty() => Ok("any".to_owned()),
        () => Ok(wish.join("+")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_multiple_of_the_unit_up_to_the_cap() {
        assert_eq!(parse_want("₩250,000", 10_000, 250_000), Ok(250_000));
        assert_eq!(parse_want(" 10000원 ", 10_000, 250_000), Ok(10_000));
        assert_eq!(parse_want("", 10_000, 250_000), Err(WantError::Missing));
        for typed in ["0", "260000", "15000", "-10000", "1e5", "99999999999999999999"] {
            assert_eq!(parse_want(typed, 10_000, 250_000), Err(WantError::NotOffered), "{typed}");
        }
        assert_eq!(wants_offered(10_000, 35_000).collect::<Vec<_>>(), [10_000, 20_000, 30_000]);
    }

    #[test]
    fn wishes_keep_their_order_and_every_mistake_is_named() {
        let parts: Vec<String> = ["am", "noon", "pm", "eve"].map(str::to_owned).into();
        assert_eq!(parse_wish(&["eve", "", "am"], &parts).as_deref(), Ok("eve+am"));
        assert_eq!(parse_wish(&["any", "", ""], &parts).as_deref(), Ok("any"));
        let mistakes = vec![WishError::Twice(2), WishError::Unknown(3)];
        assert_eq!(parse_wish(&["eve", "eve", "night"], &parts), Err(mistakes));
    }
}
